package io.ecssteward.slack;

import static io.ecssteward.slack.SlackRoute.SOON;
import static io.ecssteward.slack.SlackRoute.alert;
import static io.ecssteward.slack.SlackRoute.effects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.RetryAfterException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.Action;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.FakeSlack;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.Gate;
import io.ecssteward.testing.ManualScheduler;
import io.ecssteward.testing.YamlRoutes;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SlackComponentTest {

    @Test
    void postsToAWebhook() throws Exception {
        try (SlackRoute route = SlackRoute.withWebhook().start()) {
            Exchange posted = route.post(alert("hello"));

            assertThat(posted.getException()).isNull();
            assertThat(route.slack.posts()).singleElement().satisfies(post -> {
                assertThat(post.path()).endsWith("/wh-s3cr3t");
                assertThat(post.bearer()).isNull();
                assertThat(post.contentType()).isEqualTo("application/json; charset=utf-8");
                assertThat(post.body()).isEqualTo(SlackMessage.of(alert("hello")));
                assertThat(effects(posted))
                        .containsExactly(new Action("slack", "webhook", "#ops", post.body(), alert("hello")));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/api", "/api/"})
    void postsWithATokenAndTheChannel(String path) throws Exception {
        try (SlackRoute route = SlackRoute.withToken()) {
            route.component.setServerUrl(route.slack.url() + path);
            Exchange posted = route.start().post(alert("hello \u00e4", "C123"));

            assertThat(route.slack.posts()).singleElement().satisfies(post -> {
                assertThat(post.path()).isEqualTo(FakeSlack.POST_MESSAGE);
                assertThat(post.bearer()).isEqualTo("xoxb-s3cr3t");
                assertThat(post.body().path("channel").asText()).isEqualTo("C123");
                assertThat(post.text()).isEqualTo("hello \u00e4");
                assertThat(effects(posted))
                        .containsExactly(new Action(
                                "slack", "chat.postMessage", "C123", post.body(), alert("hello \u00e4", "C123")));
            });
        }
    }

    @Test
    void choosesTheWebhookByTheChannel() throws Exception {
        try (SlackRoute route = SlackRoute.withWebhook()) {
            route.component.setWebhooks(
                    Map.of("team-a", route.slack.webhook("a"), "#team-b", route.slack.webhook("b")));
            route.start();
            route.post(alert("to a", "#team-a"));
            route.post(alert("to b", "team-b"));
            route.post(alert("to the rest", "#elsewhere"));

            assertThat(route.slack.postsAt("a")).singleElement().returns("to a", FakeSlack.Post::text);
            assertThat(route.slack.postsAt("b")).singleElement().returns("to b", FakeSlack.Post::text);
            assertThat(route.slack.postsAt("wh-s3cr3t")).singleElement().returns("to the rest", FakeSlack.Post::text);
        }
    }

    @Test
    void takesCamelSlacksOptions() throws Exception {
        try (SlackRoute fake = new SlackRoute("");
                SlackRoute route =
                        new SlackRoute("slack:#web?username=Steward&iconEmoji=:robot_face:&iconUrl=http://x/y.png"
                                + "&webhookUrl=" + fake.slack.webhook("own"))) {
            Exchange posted = route.start().post(alert("hello"));

            assertThat(effects(posted)).singleElement().returns("#web", Action::about);
            assertThat(fake.slack.postsAt("own")).singleElement().satisfies(post -> {
                assertThat(post.body().path("username").asText()).isEqualTo("Steward");
                assertThat(post.body().path("icon_emoji").asText()).isEqualTo(":robot_face:");
                assertThat(post.body().path("icon_url").asText()).isEqualTo("http://x/y.png");
            });
        }
    }

    @Test
    void sendsJsonAsItIsAndTextEscaped() throws Exception {
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree("{\"text\":\"<!here>\",\"blocks\":[]}");
        try (SlackRoute route = SlackRoute.withWebhook().start()) {
            route.post(json);
            route.post(json.toString());
            assertThat(route.slack.posts())
                    .extracting(FakeSlack.Post::body)
                    .containsOnly(json)
                    .hasSize(2);

            route.post(alert("x").change().slackPayload(json).build());
            assertThat(route.slack.texts())
                    .as("somebody else wrote it, and may page nobody unless a setting says so")
                    .last()
                    .isEqualTo("&lt;!here&gt;");

            route.post("{\"text\":1} <!here>");
            assertThat(route.slack.texts()).last().isEqualTo("{\"text\":1} &lt;!here&gt;");
            assertThat(route.post(" ").getException())
                    .isInstanceOf(PermanentFailureException.class)
                    .hasMessage("posting to Slack channel #ops: there is no message");
        }
        try (SlackRoute route = SlackRoute.withToken()) {
            route.camel.getPropertiesComponent().addInitialProperty("steward.slack.payload-mentions", "true");
            route.start().post(alert("x").change().slackPayload(json).build());
            assertThat(route.slack.posts())
                    .singleElement()
                    .satisfies(post ->
                            assertThat(post.body()).isEqualTo(json.deepCopy().put("channel", "#ops")));
        }
    }

    @Test
    void saysWhatToSetWhenThereIsNowhereToPost() throws Exception {
        try (SlackRoute route = new SlackRoute("slack:default").start()) {
            assertThat(route.post(alert("x")).getException())
                    .isInstanceOf(PermanentFailureException.class)
                    .hasMessage("posting to Slack channel #ops: no webhook or token is set; "
                            + "set steward.slack.webhook.secret or steward.slack.token.secret");
        }
        try (SlackRoute route = SlackRoute.withToken()) {
            route.component.setChannel("");
            assertThat(route.start().post(alert("x")).getException())
                    .isInstanceOf(PermanentFailureException.class)
                    .hasMessage("posting to Slack channel default: no channel is set; set steward.slack.channel");
        }
    }

    @Test
    void notesDownWhatItWouldPostInADryRun() throws Exception {
        try (SlackRoute real = SlackRoute.withToken().start();
                SlackRoute dry = SlackRoute.withToken()) {
            dry.component.setDryRun(true);
            assertThat(effects(dry.start().post(alert("x"))))
                    .isEqualTo(effects(real.post(alert("x"))))
                    .isNotEmpty();
            assertThat(dry.slack.posts()).isEmpty();
        }
        try (SlackRoute nothingSet = new SlackRoute("slack:default")) {
            nothingSet.component.setDryRun(true);
            nothingSet.component.setChannel(null);
            assertThat(effects(nothingSet.start().post(alert("x"))))
                    .singleElement()
                    .as("what people get who follow the README")
                    .returns("chat.postMessage", Action::operation);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_payload, invalid_payload",
        "403, action_prohibited, action_prohibited",
        "404, channel_not_found, channel_not_found",
        "410, channel_is_archived, channel_is_archived",
        "302, '', HTTP 302",
        "404, <html>not here</html>, HTTP 404",
        "200, <html>sign in</html>, HTTP 200 where ok was expected",
    })
    void givesUpWhenAWebhookRefuses(int status, String body, String word) throws Exception {
        try (SlackRoute route = SlackRoute.withWebhook().start()) {
            route.slack.next(Answer.of(status, body));
            Exchange refused = route.post(alert("x"));
            assertThat(refused.getException())
                    .isExactlyInstanceOf(PermanentFailureException.class)
                    .hasMessage("posting to Slack channel #ops: " + word);
            assertThat(route.slack.posts()).hasSize(1);
            assertThat(effects(refused)).isEmpty();
            assertThat(route.post(alert("next")).getException()).isNull();
        }
    }

    /** They take Slack's messages, and have posted it, whatever they answer. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | ''",
                "204 | ''",
                "200 | OK",
                "200 | {\"success\":true}",
                "200 | {\"ok\":true}",
                "202 | ''",
                "200 | 1",
                "201 | {\"id\":\"42\",\"error\":null}"
            })
    void anyTwoHundredOfAnotherServerIsPosted(int status, String body) throws Exception {
        for (String path : List.of("/hooks/abcdef", "/triggers/T1/2/3", "/api/webhooks/1/x/slack", "/ok")) {
            try (SlackRoute route = SlackRoute.withWebhook()) {
                route.component.setWebhookUrl(route.slack.url() + path);
                route.start();
                route.slack.next(Answer.of(status, body));
                Exchange posted = route.once(alert("x"));
                assertThat(posted.getException()).as(path).isNull();
                assertThat(effects(posted)).hasSize(1);
                assertThat(route.slack.posts()).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {\"ok\":false,\"error\":\"no_text\"} | no_text",
                "200 | no_service | no_service where ok was expected",
                "200 | {\"success\":false} | HTTP 200 where ok was expected",
                "400 | {\"ok\":false,\"error\":\"invalid_workflow_input\"} | invalid_workflow_input"
            })
    void whatAnotherServerRefusesIsNotPosted(int status, String body, String word) throws Exception {
        try (SlackRoute route = SlackRoute.withWebhook()) {
            route.component.setWebhookUrl(route.slack.url() + "/triggers/T1/2/3");
            route.start();
            route.slack.next(Answer.of(status, body));
            assertThat(route.once(alert("x")).getException())
                    .isExactlyInstanceOf(PermanentFailureException.class)
                    .hasMessage("posting to Slack channel #ops: " + word);
        }
    }

    @Test
    void theAnswerIsJudgedBeforeSecretsAreHidden() throws Exception {
        try (SlackRoute route = SlackRoute.withWebhook()) {
            route.component.setWebhookUrl(route.slack.url() + "/services/T0FAKE000/B0FAKE000/ok");
            route.start();
            route.slack.next(Answer.of(200, "ok"), Answer.of(404, "no B0FAKE000 at /services/T0FAKE000/B0FAKE000/ok"));
            assertThat(route.once(alert("x")).getException()).isNull();
            assertThat(route.once(alert("y")).getException()).hasMessageEndingWith("#ops: no B0FAKE000 at ***");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"invalid_blocks", "invalid_attachments", "too_many_attachments"})
    void whatIsRefusedForItsBlocksIsPostedAsText(String word) throws Exception {
        try (SlackRoute route = SlackRoute.withWebhook().start()) {
            route.slack.next(Answer.of(400, word));
            Alert alert = alert("web <!channel> is down")
                    .change()
                    .text("Look at *this*")
                    .field("Cluster", "prod")
                    .link("Runbook", "https://wiki.example.com/web")
                    .mention("here")
                    .build();
            assertThat(route.post(alert).getException()).isNull();
            assertThat(route.slack.posts()).hasSize(2);
            JsonNode posted = route.slack.posts().get(1).body();
            assertThat(posted.has("blocks") || posted.has("attachments")).isFalse();
            assertThat(posted.path("text").asText())
                    .contains("web &lt;!channel&gt; is down", "Look at *this*", "Cluster", "prod")
                    .contains("Runbook: https://wiki.example.com/web")
                    .endsWith("\n<!here>");

            route.slack.next(Answer.of(400, word), Answer.of(400, word));
            assertThat(route.post(alert("again")).getException())
                    .as("once")
                    .isExactlyInstanceOf(PermanentFailureException.class)
                    .hasMessage("posting to Slack channel #ops: " + word);
            assertThat(route.slack.posts()).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"channel_not_found", "not_in_channel", "invalid_auth", "msg_blocks_too_long"})
    void givesUpWhenTheApiRefuses(String error) throws Exception {
        try (SlackRoute route = SlackRoute.withToken().start()) {
            route.slack.next(Answer.error(error));
            assertThat(route.post(alert("x")).getException())
                    .isExactlyInstanceOf(PermanentFailureException.class)
                    .hasMessage("posting to Slack channel #ops: " + error);
            assertThat(route.slack.posts()).hasSize(1);
        }
    }

    @Test
    void passesOnWhatElseTheApiSays() throws Exception {
        try (SlackRoute route = SlackRoute.withToken().start()) {
            route.slack.next(
                    Answer.of(200, "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"chat:write\"}"),
                    Answer.of(
                            200,
                            "{\"ok\":false,\"error\":\"invalid_blocks\",\"response_metadata\":{\"messages\":[\"[ERROR] too long\"]}}"),
                    Answer.of(
                            200,
                            "{\"ok\":false,\"error\":\"invalid_blocks\",\"response_metadata\":{\"messages\":[\"[ERROR] too long\"]}}"),
                    Answer.error("e".repeat(500)));
            assertThat(route.post(alert("x")).getException())
                    .hasMessageEndingWith("#ops: missing_scope (needs chat:write)");
            assertThat(route.post(alert("x")).getException())
                    .hasMessageEndingWith("#ops: invalid_blocks [ERROR] too long");
            assertThat(route.post(alert("x")).getException())
                    .message()
                    .hasSize("posting to Slack channel #ops: ".length() + 200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "500, rollup_error, rollup_error",
        "502, <html>bad gateway</html>, HTTP 502",
        "503, '', HTTP 503",
        "408, '', HTTP 408",
        "200, '', HTTP 200 where ok was expected"
    })
    void mayTryAgainWhenAWebhookFails(int status, String body, String word) throws Exception {
        try (SlackRoute route = SlackRoute.withWebhook().start()) {
            route.slack.next(Answer.of(status, body));
            assertThat(route.once(alert("x")).getException())
                    .isExactlyInstanceOf(TransientFailureException.class)
                    .hasMessage("posting to Slack channel #ops: " + word)
                    .hasNoCause();
            route.slack.next(Answer.of(status, body), Answer.of(status, body));
            Exchange retried = route.post(alert("y"));
            assertThat(retried.getException()).isNull();
            assertThat(effects(retried)).hasSize(1);
            assertThat(route.slack.texts()).containsExactly("x", "y", "y", "y");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"})
    void mayTryAgainWhenTheApiFails(String error) throws Exception {
        try (SlackRoute route = SlackRoute.withToken().start()) {
            route.slack.next(Answer.error(error));
            assertThat(route.once(alert("x")).getException())
                    .isExactlyInstanceOf(TransientFailureException.class)
                    .hasMessage("posting to Slack channel #ops: " + error);
        }
    }

    @Test
    void mayTryAgainWhenNoAnswerComes() throws Exception {
        try (SlackRoute route = SlackRoute.withWebhook()) {
            route.component.setRequestTimeout(Duration.ofMillis(300));
            route.start();
            route.slack.next(Answer.HANG_UP, Answer.NEVER, Answer.HEADERS_ONLY);
            assertThat(route.once(alert("x")).getException())
                    .isExactlyInstanceOf(TransientFailureException.class)
                    .hasMessageStartingWith("posting to Slack channel #ops: no answer (")
                    .hasNoCause();
            for (int i = 0; i < 2; i++) {
                assertThat(route.once(alert("x")).getException())
                        .isExactlyInstanceOf(TransientFailureException.class)
                        .hasMessage("posting to Slack channel #ops: no answer within 0.3 s")
                        .hasNoCause();
            }
            assertThat(route.once(alert("x")).getException()).isNull();
        }
    }

    @Test
    void mayTryAgainWhenNobodyListens() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (SlackRoute route = new SlackRoute("slack:default")) {
            route.component.setWebhookUrl("http://127.0.0.1:" + port + "/services/x");
            assertThat(route.start().once(alert("x")).getException())
                    .isExactlyInstanceOf(TransientFailureException.class)
                    .hasMessage("posting to Slack channel #ops: no connection (ConnectException)")
                    .hasNoCause();
        }
    }

    @Test
    void postsAgainAfterAsLongAsSlackSays() throws Exception {
        ManualScheduler time = new ManualScheduler();
        try (SlackRoute route = SlackRoute.withWebhook()) {
            route.component.setPacer(new SlackPacer(time, time::nanoTime));
            route.component.setWebhooks(Map.of("other", route.slack.webhook("other")));
            route.start();
            route.slack.next(Answer.tooFast(30));
            CompletableFuture<Exchange> limited = route.send(alert("limited"));
            await().atMost(SOON).until(() -> Duration.ofSeconds(30).equals(time.next()));
            CompletableFuture<Exchange> behind = route.send(alert("behind"));
            assertThat(route.post(alert("elsewhere", "other")).getException()).isNull();
            assertThat(limited).isNotDone();

            time.advance(Duration.ofSeconds(30));
            assertThat(limited.get(SOON.toSeconds(), TimeUnit.SECONDS).getException())
                    .isNull();
            await().atMost(SOON).until(() -> Duration.ofSeconds(1).equals(time.next()));
            time.advance(Duration.ofSeconds(1));
            assertThat(behind.get(SOON.toSeconds(), TimeUnit.SECONDS).getException())
                    .isNull();
            assertThat(route.slack.texts()).containsExactly("limited", "elsewhere", "limited", "behind");
        }
    }

    @ParameterizedTest
    @CsvSource({"600, 600", "86400, 600", "0, 1", "-5, 1", "Wed 21 Oct 2026, 1", ", 1"})
    void readsRetryAfter(String header, long seconds) throws Exception {
        ManualScheduler time = new ManualScheduler();
        try (SlackRoute route = SlackRoute.withToken()) {
            route.component.setPacer(new SlackPacer(time, time::nanoTime));
            route.start();
            Answer limited = Answer.error("ratelimited");
            route.slack.next(header == null ? limited : limited.header("Retry-After", header));
            CompletableFuture<Exchange> posted = route.send(alert("x"));
            await().atMost(SOON).until(() -> Duration.ofSeconds(seconds).equals(time.next()));
            time.advance(Duration.ofSeconds(seconds));
            assertThat(posted.get(SOON.toSeconds(), TimeUnit.SECONDS).getException())
                    .isNull();
        }
    }

    @Test
    void givesAMessageBackThatIsTooFastSixTimes() throws Exception {
        try (SlackRoute route = SlackRoute.withWebhook().start()) {
            IntStream.range(0, 6).forEach(i -> route.slack.next(Answer.tooFast(0)));
            assertThat(route.once(alert("x")).getException())
                    .isExactlyInstanceOf(TransientFailureException.class)
                    .hasMessage("posting to Slack channel #ops: rate_limited, 6 times");
            assertThat(route.slack.posts()).hasSize(6);
        }
    }

    @Test
    void keepsTheOrderWhenTheFirstFailsAndIsRetried() throws Exception {
        try (SlackRoute route = SlackRoute.withWebhook().start()) {
            route.slack.next(Answer.of(500, "").after(Duration.ofMillis(100)), Answer.tooFast(0), Answer.HANG_UP);
            List<CompletableFuture<Exchange>> sent = IntStream.range(0, 20)
                    .mapToObj(i -> route.send(alert("message " + i)))
                    .collect(Collectors.toList());
            for (CompletableFuture<Exchange> one : sent) {
                assertThat(one.get(SOON.toSeconds(), TimeUnit.SECONDS).getException())
                        .isNull();
            }
            List<String> told = route.slack.posts().stream()
                    .map(FakeSlack.Post::body)
                    .flatMap(SlackRoute::titles)
                    .toList();
            assertThat(told).startsWith("message 0").endsWith("message 19");
            assertThat(told.stream().distinct())
                    .containsExactlyElementsOf(
                            IntStream.range(0, 20).mapToObj(i -> "message " + i).toList());
        }
    }

    @Test
    void countsChannelsOfOneWebhookAsOne() throws Exception {
        try (SlackRoute route = SlackRoute.withWebhook().start()) {
            route.slack.next(Answer.NEVER);
            route.send(alert("x", "one"));
            await().atMost(SOON).until(() -> route.slack.posts().size() == 1);
            route.component.getPacer().setMaxWaiting(0);
            assertThat(route.once(alert("y", "two")).getException())
                    .isExactlyInstanceOf(RetryAfterException.class)
                    .hasMessage("posting to Slack channel two: 0 messages already wait for this channel");
        }
    }

    @Test
    void letsGoOfWhatWaitsWhenCamelStops() throws Exception {
        ManualScheduler time = new ManualScheduler();
        try (SlackRoute route = SlackRoute.withWebhook()) {
            route.component.setPacer(new SlackPacer(time, time::nanoTime));
            route.start();
            route.slack.next(Answer.tooFast(600));
            CompletableFuture<Exchange> limited = route.send(alert("limited"));
            await().atMost(SOON).until(() -> time.next() != null);
            CompletableFuture<Exchange> behind = route.send(alert("behind"));
            route.camel.stop();
            for (CompletableFuture<Exchange> one : List.of(limited, behind)) {
                assertThat(one.get(SOON.toSeconds(), TimeUnit.SECONDS).getException())
                        .isExactlyInstanceOf(RetryAfterException.class)
                        .hasMessage("posting to Slack channel #ops: it is stopping");
            }
            assertThat(route.slack.posts()).hasSize(1);
        }
    }

    @Test
    void postsABacklogAsADigestThatEachExchangeKnowsOf() throws Exception {
        try (SlackRoute route = SlackRoute.withToken()) {
            route.start();
            List<CompletableFuture<Exchange>> sent = backlog(route, 8);

            List<Action> effects = allEffects(sent);
            JsonNode digest = route.slack.posts().get(1).body();
            assertThat(route.slack.posts()).hasSize(2);
            assertThat(SlackRoute.titles(digest))
                    .containsExactlyElementsOf(
                            IntStream.range(1, 8).mapToObj(i -> "message " + i).toList());
            assertThat(digest.path("channel").asText()).isEqualTo("#ops");
            assertThat(effects.subList(1, 8))
                    .containsExactlyElementsOf(IntStream.range(1, 8)
                            .mapToObj(
                                    i -> new Action("slack", "chat.postMessage", "#ops", digest, alert("message " + i)))
                            .toList());
        }
    }

    @Test
    void notesDownWhichChannelEachAlertOfADigestWasFor() throws Exception {
        try (SlackRoute route = SlackRoute.withWebhook().start()) {
            Gate gate = route.slack.hold();
            List<CompletableFuture<Exchange>> sent = IntStream.range(0, 8)
                    .mapToObj(i -> route.send(alert("x" + i, "#c" + i)))
                    .toList();
            gate.open();

            assertThat(allEffects(sent))
                    .extracting(Action::about)
                    .containsExactly("#c0", "#c1", "#c2", "#c3", "#c4", "#c5", "#c6", "#c7");
            assertThat(route.slack.posts()).hasSize(2);
        }
    }

    @Test
    void givesADigestTheSenderOfItsAlerts() throws Exception {
        try (SlackRoute route = new SlackRoute("slack:default?username=Steward")) {
            route.component.setWebhookUrl(route.slack.webhook("x"));
            route.start();
            allEffects(backlog(route, 8));
            assertThat(route.slack.posts())
                    .hasSize(2)
                    .allSatisfy(post ->
                            assertThat(post.body().path("username").asText()).isEqualTo("Steward"));
        }
    }

    @Test
    void putsNothingReadyMadeIntoADigest() throws Exception {
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree("{\"text\":\"ready-made\"}");
        try (SlackRoute route = SlackRoute.withWebhook().start()) {
            Gate gate = route.slack.hold();
            List<CompletableFuture<Exchange>> sent = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                sent.add(route.send(alert("message " + i)));
            }
            sent.add(route.send(alert("x").change().slackPayload(json).build()));
            sent.add(route.send("plain text"));
            sent.add(route.send(alert("last")));
            gate.open();
            allEffects(sent);
            assertThat(route.slack.texts())
                    .containsExactly("message 0", "6 alerts: 6 info: message 1", "ready-made", "plain text", "last");
        }
    }

    @Test
    void saysThatADigestWasRefusedAndJudgesEachAlertByItself() throws Exception {
        try (CapturedLog log = new CapturedLog();
                SlackRoute route = SlackRoute.withToken().start()) {
            route.slack.next(
                    Answer.of(200, "{\"ok\":true}"),
                    Answer.error("restricted_action"),
                    Answer.of(200, "{\"ok\":true}"),
                    Answer.error("restricted_action"));
            List<CompletableFuture<Exchange>> sent = backlog(route, 8);
            for (int i = 0; i < 8; i++) {
                Exception failure =
                        sent.get(i).get(SOON.toSeconds(), TimeUnit.SECONDS).getException();
                if (i == 2) {
                    assertThat(failure)
                            .isExactlyInstanceOf(PermanentFailureException.class)
                            .hasMessageEndingWith("restricted_action");
                } else {
                    assertThat(failure).isNull();
                }
            }
            assertThat(route.slack.texts()).hasSize(9).endsWith("message 6", "message 7");
            assertThat(log.text())
                    .contains(
                            "posting to Slack channel #ops: restricted_action; that was a digest, so its 7 alerts are "
                                    + "posted one by one");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uri: slack:default?gather=200",
                "uri: slack:default\n            parameters:\n              gather: 200"
            })
    void gathersWhatComesTogetherWhenAskedTo(String uri) throws Exception {
        ManualScheduler time = new ManualScheduler();
        PacedSlackComponent component = new PacedSlackComponent();
        component.setPacer(new SlackPacer(time, time::nanoTime));
        try (FakeSlack slack = new FakeSlack();
                YamlRoutes routes = new YamlRoutes().bind("slack", component)) {
            component.setWebhookUrl(slack.webhook("x"));
            routes.start("- route:\n    from:\n      uri: direct:in\n      steps:\n        - to:\n            " + uri
                    + "\n");
            AsyncProducer producer = routes.camel().getEndpoint("direct:in").createAsyncProducer();
            producer.start();
            List<CompletableFuture<Exchange>> sent = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                Exchange exchange = new DefaultExchange(routes.camel());
                exchange.getMessage().setBody(alert("x" + i));
                sent.add(producer.processAsync(exchange));
            }
            time.advance(Duration.ofMillis(199));
            assertThat(slack.posts()).isEmpty();
            time.advance(Duration.ofMillis(1));
            allEffects(sent);
            assertThat(slack.texts()).singleElement().asString().startsWith("7 alerts: ");
        }
    }

    /** Hands over so many, while Slack does not answer to the first; then it does. */
    private static List<CompletableFuture<Exchange>> backlog(SlackRoute route, int alerts) {
        try (Gate gate = route.slack.hold()) {
            return IntStream.range(0, alerts)
                    .mapToObj(i -> route.send(alert("message " + i)))
                    .toList();
        }
    }

    /** What became of each: one effect. */
    private static List<Action> allEffects(List<CompletableFuture<Exchange>> sent) throws Exception {
        List<Action> all = new ArrayList<>();
        for (CompletableFuture<Exchange> one : sent) {
            Exchange exchange = one.get(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(exchange.getException()).isNull();
            assertThat(effects(exchange)).hasSize(1);
            all.addAll(effects(exchange));
        }
        return all;
    }
}
