package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.outcome.Action;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.FakeSlack.Post;
import io.ecssteward.testing.Gate;
import io.ecssteward.testing.RunningSteward;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backlog of alerts for one channel, from the queue to Slack. */
class DigestsTest {

    /** The common pool may have one thread only, and the JDK's HTTP client needs it from JDK 25 on. */
    private static final Executor OWN_THREAD = task -> new Thread(task, "stop").start();

    private final RunningSteward steward = RunningSteward.deliveringAtMost(5);
    private Gate slack;

    @BeforeEach
    void start() {
        slack = steward.slack.hold();
        steward.start();
    }

    @AfterEach
    void close() {
        steward.close();
    }

    @Test
    void aBacklogGoesOutInAFewMessages() {
        backlog(25);
        slack.open();
        steward.awaitDone();

        assertThat(steward.slack.posts())
                .as("one by itself, two times ten, and the rest")
                .hasSizeBetween(4, 8);
        assertThat(titles())
                .allSatisfy(title -> assertThat(saying(title, steward.slack.posts()))
                        .as(title)
                        .hasSize(1));
        allDone(25);
        assertThat(steward.over())
                .allSatisfy(over -> assertThat(over.eventOutcome().performed())
                        .extracting(Action::operation)
                        .containsExactly("Opened", "webhook"));
    }

    @Test
    void aDigestThatSlackRefusesIsPostedOneByOne() {
        steward.slack.next(Answer.OK, Answer.of(400, "invalid_blocks"));
        backlog(25);
        slack.open();
        steward.awaitDone();

        List<Post> posts = steward.slack.posts();
        assertThat(posts.get(1).text()).startsWith("10 alerts: ");
        assertThat(posts.subList(2, 12))
                .allSatisfy(post -> assertThat(post.text()).startsWith("[FIRING] "));
        List<Post> taken = IntStream.range(0, posts.size())
                .filter(i -> i != 1)
                .mapToObj(posts::get)
                .toList();
        assertThat(titles())
                .allSatisfy(title -> assertThat(saying(title, taken)).as(title).hasSize(1));
        allDone(25);
    }

    @Test
    void onlyTheAlertThatSlackRefusesByItselfGoesToTheDeadLetterQueue() {
        steward.slack.next(Answer.OK, Answer.of(400, "invalid_payload"), Answer.OK, Answer.of(400, "invalid_payload"));
        backlog(11);
        slack.open();
        steward.awaitDone();

        assertThat(steward.slack.posts()).hasSize(1 + 1 + 10);
        assertThat(steward.onlyReason()).contains("invalid_payload");
        assertThat(steward.over())
                .hasSize(11)
                .filteredOn(over -> over.failure() == null)
                .hasSize(10);
    }

    @Test
    void aDigestThatIsTooFastIsMadeAnewWhenItsTimeComes() {
        steward.slack.next(Answer.OK, Answer.tooFast(2));
        backlog(8);
        slack.open();
        RunningSteward.await(() -> steward.slack.posts().size() == 2);
        steward.send(impaired(200));
        steward.awaitDone();

        List<Post> posts = steward.slack.posts();
        assertThat(posts).hasSize(3);
        assertThat(posts.get(1).text()).startsWith("7 alerts: ");
        assertThat(posts.get(2).text()).as("with the one that came meanwhile").startsWith("8 alerts: ");
        assertThat(Duration.ofNanos(posts.get(2).arrived() - posts.get(1).arrived()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        allDone(9);
    }

    @Test
    void aDigestThatFailsIsTriedAgain() {
        steward.slack.next(Answer.OK, Answer.of(500, ""), Answer.HANG_UP);
        backlog(8);
        slack.open();
        steward.awaitDone();

        assertThat(steward.slack.posts()).hasSizeBetween(4, 12);
        assertThat(titles())
                .allSatisfy(title -> assertThat(saying(title, steward.slack.taken()))
                        .as(title)
                        .hasSize(1));
        allDone(8);
    }

    @Test
    void aDigestThatIsOnItsWayWhenItStopsIsDone() throws Exception {
        backlog(17);
        Gate digest = steward.slack.hold();
        slack.open();
        RunningSteward.await(() -> steward.slack.posts().size() == 2);
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(steward::stop, OWN_THREAD);
        RunningSteward.await(() ->
                steward.over().stream().filter(over -> over.failure() != null).count() == 6);
        digest.open();
        stopped.get(RunningSteward.PATIENCE.toSeconds(), TimeUnit.SECONDS);

        assertThat(steward.slack.texts()).hasSize(2).last().asString().startsWith("10 alerts: ");
        assertThat(steward.over())
                .hasSize(17)
                .filteredOn(over -> over.failure() == null)
                .hasSize(11);
        assertThat(steward.sqs.counts(steward.queue).total())
                .as("those behind it are left to the queue")
                .isEqualTo(6);
        steward.start();
        steward.awaitDone();
        assertThat(titles())
                .hasSize(17)
                .allSatisfy(title -> assertThat(saying(title, steward.slack.posts()))
                        .as(title)
                        .hasSize(1));
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void thoseInADigestThatFailsWhenItStopsAreDeliveredAgain() throws Exception {
        steward.slack.next(Answer.OK, Answer.of(503, ""));
        backlog(8);
        Gate digest = steward.slack.hold();
        slack.open();
        RunningSteward.await(() -> steward.slack.posts().size() == 2);
        steward.send(impaired(200));
        awaitWaiting(8);
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(steward::stop, OWN_THREAD);
        RunningSteward.await(() -> steward.over().size() >= 2);
        digest.open();
        stopped.get(RunningSteward.PATIENCE.toSeconds(), TimeUnit.SECONDS);

        assertThat(steward.over()).filteredOn(over -> over.failure() != null).hasSize(8);
        assertThat(steward.sqs.counts(steward.queue).total()).isEqualTo(8);
        steward.start();
        steward.awaitDone();
        List<Post> taken = IntStream.range(0, steward.slack.posts().size())
                .filter(i -> i != 1)
                .mapToObj(steward.slack.posts()::get)
                .toList();
        assertThat(titles())
                .hasSize(9)
                .allSatisfy(title -> assertThat(saying(title, taken)).as(title).hasSize(1));
        assertThat(steward.deadLetters()).isEmpty();
    }

    /** Holds Slack's answer to the first of so many alerts, while the others wait behind it. */
    private void backlog(int alerts) {
        steward.send(impaired(100));
        RunningSteward.await(() -> steward.slack.posts().size() == 1);
        for (int i = 1; i < alerts; i++) {
            steward.send(impaired(100 + i));
        }
        awaitWaiting(alerts);
    }

    /** Waits until so many alerts have come to the route that posts them, and have not left it. */
    private void awaitWaiting(int alerts) {
        RunningSteward.await(() -> steward.camel().getInflightRepository().size("slack") == alerts);
    }

    private void allDone(int events) {
        assertThat(steward.over())
                .hasSize(events)
                .allSatisfy(over -> assertThat(over.failure()).isNull());
        assertThat(steward.deadLetters()).isEmpty();
    }

    private static List<Post> saying(String title, List<Post> posts) {
        return posts.stream().filter(post -> post.says(title)).toList();
    }

    private Set<String> titles() {
        return steward.over().stream().map(over -> over.event().alert().title()).collect(Collectors.toSet());
    }

    private static String impaired(int service) {
        return RunningSteward.sample("service-start-impaired")
                .replace("service/prod/checkout", "service/prod/shop-" + service)
                .replace("cbf089cd", "cbf08" + service);
    }
}
