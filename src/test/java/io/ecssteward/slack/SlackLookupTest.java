package io.ecssteward.slack;

import static io.ecssteward.slack.SampleIncident.OPENED;
import static io.ecssteward.slack.SampleIncident.PLACEMENT;
import static io.ecssteward.slack.SlackRoute.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.RetryAfterException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.Step;
import io.ecssteward.incident.StoryLine;
import io.ecssteward.testing.FakeSlack;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.Gate;
import io.ecssteward.testing.ManualClock;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What was posted by somebody who died before that was noted. */
@Timeout(60)
class SlackLookupTest {
    private final Clock clock = ManualClock.at(OPENED.toString());
    private final MemoryClaimStore store = new MemoryClaimStore(clock);
    private final SlackRoute route = SlackRoute.withToken();

    @BeforeEach
    void start() throws Exception {
        route.slack.clock(clock);
        route.camel.getRegistry().bind("store", store);
        route.start();
    }

    @AfterEach
    void close() {
        route.close();
    }

    private static SampleIncident open(String id) {
        return SampleIncident.with(PLACEMENT).id(id).line(StoryLine.Kind.OPENED, "prod/web cannot place a task");
    }

    private Step.Posted post(Step step) throws Exception {
        Exchange exchange = route.post(step);
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody(Step.Posted.class);
    }

    private Step.Posted post(String id, int attempt) throws Exception {
        SampleIncident incident = open(id);
        return post(new Step.NewMessage(incident.build(), incident.story(), attempt));
    }

    private Step.Posted find(Incident incident) throws Exception {
        return route.component.find(incident).toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void aMessageIsFoundByItsIncidentAndAttempt() throws Exception {
        post("web-1", 1);
        Step.Posted posted = post("web-2", 3);
        post("web-2", 4);

        assertThat(find(open("web-2").attempt(3, false).build())).isEqualTo(posted);
        assertThat(find(open("web-2").attempt(5, false).build())).isNull();
        assertThat(find(open("web-3").attempt(1, false).build())).isNull();
    }

    @Test
    void aMessageIsFoundOnAnyPageAndWhenItWasEdited() throws Exception {
        Step.Posted posted = post("web-1", 1);
        post(new Step.Edit(open("web-1").shown(posted.channel(), posted.ts()).build()));
        for (int i = 0; i < 210; i++) {
            post("other", i);
        }
        assertThat(find(open("web-1").attempt(1, false).build())).isEqualTo(posted);
        assertThat(route.slack.asked()).hasSize(2);
    }

    @Test
    void aReplyIsFoundInItsThread() throws Exception {
        Step.Posted posted = post("web-1", 1);
        SampleIncident shown = open("web-1").shown(posted.channel(), posted.ts());
        Step.Posted told = post(new Step.Reply(shown.build(), shown.story(), false, 2));

        assertThat(find(shown.attempt(2, true).build())).isEqualTo(told);
        assertThat(find(shown.attempt(3, true).build())).isNull();
    }

    @Test
    void aDigestTellsOfItsIncidentsButIsNoMessageOfTheirs() throws Exception {
        List<CompletableFuture<Exchange>> sent = new ArrayList<>();
        try (Gate gate = route.slack.hold()) {
            IntStream.range(0, 8)
                    .forEach(i -> sent.add(route.send(new Step.NewMessage(
                            open("web-" + i).build(), open("x").story(), i))));
        }
        for (CompletableFuture<Exchange> each : sent) {
            each.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(find(open("web-5").attempt(5, false).build()))
                .isEqualTo(new Step.Posted(route.slack.channelId("ops"), null));
        assertThat(find(open("web-5").attempt(6, false).build())).isNull();
    }

    @Test
    void withoutTheScopeItSaysWhichToAdd() throws Exception {
        post("web-1", 1);
        route.slack.scopes("chat:write");
        assertThatThrownBy(() -> find(open("web-1").attempt(1, false).build()))
                .hasCauseInstanceOf(PermanentFailureException.class)
                .hasMessageContaining("looking for incident web-1 in Slack channel #ops: missing_scope "
                        + "(needs channels:history); add the scope to the Slack app and install it again");
    }

    @Test
    void whatSlackDoesNotSayNowItMaySayLater() throws Exception {
        post("web-1", 1);
        route.slack.nextAt(FakeSlack.HISTORY, Answer.tooFast(30), Answer.error("internal_error"), Answer.HANG_UP);
        Incident incident = open("web-1").attempt(1, false).build();
        assertThatThrownBy(() -> find(incident)).hasCauseInstanceOf(RetryAfterException.class);
        assertThatThrownBy(() -> find(incident)).hasCauseInstanceOf(TransientFailureException.class);
        assertThatThrownBy(() -> find(incident)).hasCauseInstanceOf(TransientFailureException.class);
        assertThat(find(incident)).isNotNull();
    }

    @Test
    void theChannelsIdIsKeptForTheNextProcess() throws Exception {
        Step.Posted posted = post("web-1", 1);
        await().atMost(SOON).until(() -> store.read("slack-channel/ops").text() != null);
        assertThat(store.read("slack-channel/ops").text()).isEqualTo(posted.channel());

        try (SlackRoute next = SlackRoute.withToken()) {
            next.component.setServerUrl(route.slack.apiUrl());
            next.camel.getRegistry().bind("store", store);
            next.start();
            assertThat(next.component
                            .find(open("web-1").attempt(1, false).build())
                            .toCompletableFuture()
                            .get(SOON.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(posted);
            assertThat(route.slack.asked()).extracting(FakeSlack.Post::path).containsExactly(FakeSlack.HISTORY);
        }
    }

    @Test
    void aChannelThatNobodyPostedToIsLookedUpByItsName() throws Exception {
        route.slack.channelId("ops");
        assertThat(find(open("web-1").attempt(1, false).build())).isNull();
        assertThat(route.slack.asked())
                .extracting(FakeSlack.Post::path)
                .containsExactly(FakeSlack.LIST, FakeSlack.HISTORY);

        assertThatThrownBy(() ->
                        find(open("web-1").channel("#nowhere").attempt(1, false).build()))
                .hasCauseInstanceOf(PermanentFailureException.class)
                .hasMessageContaining("Slack lists no such channel");
    }

    @Test
    void aWebhookEditsNothingAndADryRunFindsNothing() throws Exception {
        assertThat(route.component.edits("#ops")).isTrue();
        route.component.setDryRun(true);
        assertThat(find(open("web-1").attempt(1, false).build())).isNull();
        try (SlackRoute webhook = SlackRoute.withWebhook()) {
            assertThat(webhook.component.edits("#ops")).isFalse();
        }
    }
}
