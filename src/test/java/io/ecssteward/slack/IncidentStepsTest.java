package io.ecssteward.slack;

import static io.ecssteward.slack.SampleIncident.PLACEMENT;
import static io.ecssteward.slack.SampleIncident.STOPPED;
import static io.ecssteward.slack.SlackRoute.SOON;
import static io.ecssteward.slack.SlackRoute.effects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.MessageGoneException;
import io.ecssteward.incident.Step;
import io.ecssteward.incident.StoryLine;
import io.ecssteward.outcome.Action;
import io.ecssteward.testing.FakeSlack;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.FakeSlack.Message;
import io.ecssteward.testing.Gate;
import io.ecssteward.testing.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Slack gets of an incident's steps, over HTTP, and what the steps get of Slack. */
@Timeout(60)
class IncidentStepsTest {

    private static Step.NewMessage opens(Incident incident) {
        return new Step.NewMessage(incident, incident.story(), 1);
    }

    private static Step.Posted answer(Exchange exchange) {
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody(Step.Posted.class);
    }

    private static SampleIncident open() {
        return SampleIncident.with(PLACEMENT).line(StoryLine.Kind.OPENED, "prod/web cannot place a task");
    }

    @Test
    void aMessageIsPostedEditedAndRepliedTo() throws Exception {
        try (SlackRoute route = SlackRoute.withToken().start()) {
            Step.Posted posted = answer(route.post(opens(open().build())));
            assertThat(posted.channel()).isEqualTo(route.slack.channelId("ops"));

            SampleIncident joined = open().alert(STOPPED, 2, null)
                    .line(StoryLine.Kind.JOINED, "web stopped in prod/web")
                    .shown(posted.channel(), posted.ts());
            Step.Posted edited = answer(route.post(new Step.Edit(joined.build())));
            Step.Posted told = answer(
                    route.post(new Step.Reply(joined.build(), joined.story().subList(1, 2), false, 2)));

            assertThat(edited).isEqualTo(posted);
            assertThat(told.ts()).isNotEqualTo(posted.ts());
            assertThat(route.slack.channel("ops")).singleElement().satisfies(message -> {
                assertThat(message.ts()).isEqualTo(posted.ts());
                assertThat(message.edits()).isEqualTo(1);
                assertThat(message.text()).isEqualTo("[FIRING] prod/web cannot place a task");
                assertThat(message.says("web stopped in prod/web \u00d72")).isTrue();
                assertThat(message.payload().at("/metadata/event_payload").toString())
                        .isEqualTo("{\"incident\":\"web-7f3a\",\"attempt\":1}");
                assertThat(message.replies()).singleElement().satisfies(reply -> {
                    assertThat(reply.text()).isEqualTo("web stopped in prod/web");
                    assertThat(reply.payload().at("/metadata").toString())
                            .isEqualTo("{\"event_type\":\"ecs_steward_incident_reply\",\"event_payload\":"
                                    + "{\"incident\":\"web-7f3a\",\"attempt\":2}}");
                });
            });
        }
    }

    @Test
    void aReplyThatTheChannelSees() throws Exception {
        try (SlackRoute route = SlackRoute.withToken().start()) {
            Step.Posted posted = answer(route.post(opens(open().build())));
            SampleIncident rose =
                    open().line(StoryLine.Kind.ROSE, "It is critical now").shown(posted.channel(), posted.ts());
            route.post(new Step.Reply(rose.build(), rose.story().subList(1, 2), true, 2));

            assertThat(route.slack.channel("#ops"))
                    .extracting(Message::text)
                    .containsExactly("[FIRING] prod/web cannot place a task", "It is critical now");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"message_not_found", "cant_update_message", "edit_window_closed", "is_archived"})
    void whatCannotBeEditedAnyMoreIsGone(String word) throws Exception {
        try (SlackRoute route = SlackRoute.withToken().start()) {
            route.slack.nextAt(FakeSlack.UPDATE, Answer.error(word));
            Incident incident = open().shown("C0FAKE", "1.1").build();
            assertThat(route.post(new Step.Edit(incident)).getException())
                    .isInstanceOf(MessageGoneException.class)
                    .hasMessage("posting to Slack channel #ops: " + word);
            assertThat(route.slack.edits()).hasSize(1);
        }
    }

    @Test
    void aMessageThatSomebodyDeletedIsGoneForEditsAndReplies() throws Exception {
        try (SlackRoute route = SlackRoute.withToken().start()) {
            Step.Posted posted = answer(route.post(opens(open().build())));
            route.slack.delete(route.slack.channel("ops").get(0));
            SampleIncident incident = open().shown(posted.channel(), posted.ts());

            assertThat(route.post(new Step.Edit(incident.build())).getException())
                    .isInstanceOf(MessageGoneException.class);
            assertThat(route.post(new Step.Reply(incident.build(), incident.story(), false, 2))
                            .getException())
                    .isInstanceOf(MessageGoneException.class)
                    .hasMessageEndingWith("thread_not_found");
        }
    }

    @ParameterizedTest
    @CsvSource({"channel_not_found", "is_archived", "not_in_channel"})
    void aNewMessageIsNeverGone(String word) throws Exception {
        try (SlackRoute route = SlackRoute.withToken().start()) {
            route.slack.next(Answer.error(word));
            assertThat(route.post(opens(open().build())).getException())
                    .isExactlyInstanceOf(PermanentFailureException.class)
                    .hasMessageEndingWith(word);
        }
    }

    @Test
    void whatMayPassMayBeTriedAgainAndHoldsNothingUp() throws Exception {
        try (SlackRoute route = SlackRoute.withToken().start()) {
            route.slack.nextAt(FakeSlack.UPDATE, Answer.error("internal_error"));
            Incident incident = open().shown("C0FAKE", "1.1").build();
            assertThat(route.once(new Step.Edit(incident)).getException())
                    .isExactlyInstanceOf(TransientFailureException.class);
            answer(route.post(opens(open().build())));
        }
    }

    @Test
    void anEditThatIsRefusedForItsBlocksIsMadeAsText() throws Exception {
        try (SlackRoute route = SlackRoute.withToken().start()) {
            Step.Posted posted = answer(route.post(opens(open().build())));
            route.slack.nextAt(FakeSlack.UPDATE, Answer.error("invalid_blocks"));
            answer(route.post(
                    new Step.Edit(open().shown(posted.channel(), posted.ts()).build())));

            assertThat(route.slack.channel("ops")).singleElement().satisfies(message -> {
                assertThat(message.payload().path("blocks")).isEmpty();
                assertThat(message.payload().path("attachments")).isEmpty();
                assertThat(message.text()).contains("prod/web cannot place a task", "web-7f3a");
            });
        }
    }

    @Test
    void aMessageThatIsRefusedForItsMetadataIsPostedWithout() throws Exception {
        try (SlackRoute route = SlackRoute.withToken().start()) {
            route.slack.next(Answer.error("metadata_must_be_sent_from_app"));
            assertThat(answer(route.post(opens(open().build()))).ts()).isNotNull();
            assertThat(route.slack.channel("ops"))
                    .singleElement()
                    .matches(message -> !message.payload().has("metadata"));
        }
    }

    @Test
    void editsHaveALaneOfTheirOwnFiftyAMinute() throws Exception {
        ManualScheduler time = new ManualScheduler();
        try (SlackRoute route = SlackRoute.withToken()) {
            route.component.setPacer(new SlackPacer(time, time::nanoTime));
            route.start();
            Step.Posted posted = answer(route.post(opens(open().build())));
            Step.Edit edit =
                    new Step.Edit(open().shown(posted.channel(), posted.ts()).build());
            route.slack.nextAt(FakeSlack.UPDATE, Answer.tooFast(30));
            CompletableFuture<Exchange> first = route.send(edit);
            await().atMost(SOON).until(() -> Duration.ofSeconds(30).equals(time.next()));
            CompletableFuture<Exchange> second = route.send(edit);

            time.advance(Duration.ofSeconds(2));
            answer(route.send(opens(open().id("web-2").build())).get(SOON.toSeconds(), TimeUnit.SECONDS));
            assertThat(first).isNotDone();

            time.advance(Duration.ofSeconds(28));
            answer(first.get(SOON.toSeconds(), TimeUnit.SECONDS));
            await().atMost(SOON).until(() -> Duration.ofMillis(1200).equals(time.next()));
            time.advance(Duration.ofMillis(1199));
            assertThat(second).isNotDone();
            time.advance(Duration.ofMillis(1));
            answer(second.get(SOON.toSeconds(), TimeUnit.SECONDS));
        }
    }

    @Test
    void manyNewIncidentsThatWaitAreToldInOneDigestThatNamesThem() throws Exception {
        try (SlackRoute route = SlackRoute.withToken().start()) {
            List<CompletableFuture<Exchange>> sent = new ArrayList<>();
            try (Gate gate = route.slack.hold()) {
                IntStream.range(0, 8)
                        .forEach(i -> sent.add(route.send(
                                new Step.NewMessage(open().id("web-" + i).build(), open().story(), i))));
            }
            List<Step.Posted> answers = new ArrayList<>();
            for (CompletableFuture<Exchange> each : sent) {
                answers.add(answer(each.get(SOON.toSeconds(), TimeUnit.SECONDS)));
            }

            assertThat(answers.get(0).ts()).isNotNull();
            assertThat(answers.subList(1, 8)).containsOnly(new Step.Posted(null, null));
            assertThat(route.slack.channel("ops")).hasSize(2);
            JsonNode digest = route.slack.channel("ops").get(1).payload();
            assertThat(digest.at("/metadata/event_type").asText()).isEqualTo("ecs_steward_incident");
            assertThat(digest.at("/metadata/event_payload/incidents").findValuesAsText("incident"))
                    .containsExactly("web-1", "web-2", "web-3", "web-4", "web-5", "web-6", "web-7");
        }
    }

    @Test
    void aWebhookGetsTheMessageAndWhatIsNewAndNoMetadata() throws Exception {
        try (SlackRoute route = SlackRoute.withWebhook().start()) {
            SampleIncident joined =
                    open().alert(STOPPED, 1, null).line(StoryLine.Kind.JOINED, "Another alert: web stopped");
            Step.Posted posted = answer(route.post(
                    new Step.NewMessage(joined.build(), joined.story().subList(1, 2), 2)));

            assertThat(posted).isEqualTo(new Step.Posted(null, null));
            assertThat(route.slack.posts()).singleElement().satisfies(post -> {
                assertThat(post.body().has("metadata")).isFalse();
                assertThat(post.body().at("/attachments/0/blocks/0/text/text").asText())
                        .endsWith("Another alert: web stopped");
                assertThat(post.says("web-7f3a")).isTrue();
            });
        }
    }

    @Test
    void aDryRunTellsWhatItWouldDo() throws Exception {
        try (SlackRoute route = SlackRoute.withToken()) {
            route.component.setDryRun(true);
            route.start();
            Exchange opened = route.post(opens(open().build()));
            assertThat(answer(opened)).isEqualTo(new Step.Posted("ops", "1.000001"));
            Exchange edited =
                    route.post(new Step.Edit(open().shown("ops", "1.000001").build()));
            assertThat(answer(edited)).isEqualTo(new Step.Posted("ops", "1.000001"));
            Exchange told =
                    route.post(new Step.Reply(open().shown("ops", "1.000001").build(), open().story(), false, 2));
            assertThat(answer(told)).isEqualTo(new Step.Posted("ops", "1.000002"));

            assertThat(effects(opened)).extracting(Action::operation).containsExactly("chat.postMessage");
            assertThat(effects(edited)).singleElement().satisfies(action -> {
                assertThat(action.operation()).isEqualTo("chat.update");
                assertThat(action.about()).isEqualTo("#ops");
                assertThat(action.request().path("ts").asText()).isEqualTo("1.000001");
                assertThat(action.alert()).isEqualTo(PLACEMENT);
            });
            assertThat(effects(told))
                    .extracting(action -> action.request().path("thread_ts").asText())
                    .containsExactly("1.000001");
            assertThat(route.slack.posts()).isEmpty();
        }
    }
}
