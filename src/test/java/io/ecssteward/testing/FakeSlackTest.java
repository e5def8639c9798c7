package io.ecssteward.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.FakeSlack.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeSlackTest {
    private final FakeSlack slack = new FakeSlack();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        slack.close();
    }

    /** Whether a message was answered with 200 and without an error. */
    private boolean posts(int number) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(slack.url() + FakeSlack.POST_MESSAGE))
                .POST(HttpRequest.BodyPublishers.ofString("{\"text\": \"" + number + "\"}"))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 && !answer.body().contains("\"ok\":false");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void disturbsAShareOfThePostsAndTakesNoneOfThem() throws InterruptedException {
        slack.disturb(
                7, 0.3, 0, Answer.of(500, "oops"), Answer.error("internal_error"), Answer.HANG_UP, Answer.tooFast(1));
        int taken = 0;
        for (int i = 0; i < 100; i++) {
            taken += posts(i) ? 1 : 0;
        }

        assertThat(slack.posts()).hasSize(100);
        assertThat(slack.taken()).hasSize(taken);
        assertThat(slack.disturbed()).hasSize(4);
        assertThat(slack.disturbed().values().stream().mapToInt(i -> i).sum())
                .isEqualTo(100 - taken)
                .isBetween(15, 45);
    }

    @Test
    void whatAScriptRefusesIsNotTaken() throws InterruptedException {
        slack.next(Answer.of(503, "later"), Answer.OK);
        assertThat(posts(1)).isFalse();
        assertThat(posts(2)).isTrue();
        assertThat(slack.taken()).extracting(FakeSlack.Post::text).containsExactly("2");
    }
}
