package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ecssteward.settings.Settings;
import io.ecssteward.slack.ActionValue;
import io.ecssteward.testing.FakeSlack;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.FakeSocketMode;
import io.ecssteward.testing.FakeWebSocket;
import io.ecssteward.testing.FaultySqs;
import io.ecssteward.testing.Gate;
import io.ecssteward.testing.RunningSteward;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** What people do in Slack, from the socket through the queue to a route. */
@Timeout(120)
class SlackIntakeTest {

    private static final String BUTTON = """
            {"channel": "#try", "text": "a message", "blocks": [{"type": "actions", "block_id": "b7", "elements": [
              {"type": "button", "action_id": "try", "text": {"type": "plain_text", "text": "Try"}, "value": %s},
              {"type": "button", "action_id": "link", "text": {"type": "plain_text", "text": "See"}, "url": "https://x"},
              {"type": "button", "action_id": "other", "text": {"type": "plain_text", "text": "O"}, "value": "3"}]},
             {"type": "section", "text": {"type": "mrkdwn", "text": "or"}, "block_id": %s, "accessory":
              {"type": "static_select", "action_id": "try", "options": [
                {"text": {"type": "plain_text", "text": "4 hours"}, "value": "4h"}]}}]}
            """;

    private static final String ROUTE = """
            - route:
                id: try
                from:
                  uri: event:try
                  parameters:
                    pattern: |
                      {"source": ["ecs-steward"], "detail-type": ["Slack Action"], "detail": {"action": ["try"]}}
                  steps:
                    - setBody:
                        simple: "${body.userName} tried ${body.text} on ${body.service} of ${body.incident}"
                    - to: slack:default
            """;

    @TempDir
    private Path folder;

    private final RunningSteward steward = RunningSteward.create().postingWithAToken();

    @AfterEach
    void close() {
        steward.close();
    }

    private RunningSteward connected(Object... more) throws IOException {
        Files.writeString(folder.resolve("try.camel.yaml"), ROUTE);
        return steward.with(
                        Settings.APP_TOKEN,
                        FakeSocketMode.TOKEN,
                        "steward.routes",
                        "classpath:routes/*.camel.yaml,file:" + folder + "/*.camel.yaml")
                .with(more);
    }

    private FakeSlack.Message message() throws Exception {
        ActionValue value = ActionValue.of("web-7f3a", "service/111122223333/eu-west-1/prod/web");
        String body = BUTTON.formatted(quoted(value.value()), quoted(value.blockId(1)));
        HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(steward.slack.apiUrl() + "/chat.postMessage"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
        return steward.slack.channel("try").get(0);
    }

    private static String quoted(String json) {
        return '"' + json.replace("\"", "\\\"") + '"';
    }

    private List<String> done() {
        return steward.slack.channel("ops").stream()
                .map(message -> message.text().strip())
                .toList();
    }

    @Test
    void whatAPersonDoesReachesItsRoute() throws Exception {
        connected().start();
        FakeSlack.Message message = message();
        steward.slack.socket.press(message, "try", "U1ALEX");
        RunningSteward.await(() -> done().size() == 1);
        steward.slack.socket.choose(message, "try", "4h", "U2KIM");
        RunningSteward.await(() -> done().size() == 2);
        steward.slack.socket.command("/steward Try  prod/api now", "U1ALEX");
        RunningSteward.await(() -> done().size() == 3);

        assertThat(done())
                .containsExactly(
                        "alex tried  on web of web-7f3a",
                        "kim tried 4h on web of web-7f3a",
                        "alex tried prod/api now on api of");
        steward.awaitDone();
    }

    @Test
    void aCopyOfAClickActsOnce() throws Exception {
        connected().start();
        message();
        String payload = """
                {"type": "block_actions", "user": {"id": "U1", "username": "alex"}, "actions": [{"action_id": "try",
                 "action_ts": "1763373600.123456", "value": %s}]}
                """.formatted(quoted(ActionValue.of("web-7f3a", null).value()));
        FakeWebSocket connection = steward.slack.socket.awaitConnections(1).get(0);
        for (String id : List.of("first", "second")) {
            connection.send("{\"envelope_id\":\"" + id + "\",\"type\":\"interactive\",\"payload\":" + payload + "}");
        }
        RunningSteward.await(() -> steward.slack.socket.acknowledged().containsAll(List.of("first", "second")));
        steward.awaitDone();

        assertThat(done()).hasSize(1);
    }

    @Test
    void whatIsForNobodyHereIsAcknowledgedAndIgnored() throws Exception {
        connected().start();
        FakeSlack.Message message = message();
        steward.slack.socket.press(message, "link", "U1ALEX");
        steward.slack.socket.press(message, "other", "U1ALEX");
        for (String type : List.of("view_submission", "shortcut")) {
            steward.slack
                    .socket
                    .send("interactive", JsonNodeFactory.instance.objectNode().put("type", type))
                    .get(20, TimeUnit.SECONDS);
        }
        assertThat(steward.sqs.counts(steward.queue).total()).isZero();
        assertThat(done()).isEmpty();
    }

    @Test
    void withAnUrgentQueueItGoesThere() throws Exception {
        connected();
        steward.withUrgentQueue().start();
        steward.slack.socket.press(message(), "try", "U1ALEX");
        RunningSteward.await(() -> done().size() == 1);

        assertThat(steward.sqsRequests.of(SendMessageRequest.class))
                .extracting(SendMessageRequest::queueUrl)
                .containsExactly(steward.urgentQueue());
    }

    @Test
    void whatSqsRefusesIsNotAcknowledgedAndMayBePressedAgain() throws Exception {
        try (FaultySqs faults = new FaultySqs(steward.sqs)) {
            connected();
            steward.through(faults).observed().start();
            FakeSlack.Message message = message();
            steward.slack.socket.awaitConnections(1);
            faults.fail("SendMessage", 1, FaultySqs.DENIED);
            CompletableFuture<Void> lost = steward.slack.socket.click(message, "try", null, "U1ALEX");
            RunningSteward.await(() -> counted("type=\"interactive\"", "outcome=\"failed\""));
            assertThat(lost).isNotDone();

            steward.slack.socket.press(message, "try", "U1ALEX");
            RunningSteward.await(() -> done().size() == 1);
        }
    }

    private boolean counted(String... labels) {
        return steward.observe("metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("steward_slack_envelopes_total") && line.endsWith(" 1.0"))
                .anyMatch(line -> List.of(labels).stream().allMatch(line::contains));
    }

    @Test
    void withoutAConnectionItIsReadyAndSaysWhy() throws Exception {
        connected();
        steward.slack.nextAt(FakeSocketMode.OPEN, Answer.error("invalid_auth"));
        steward.observed().start();

        RunningSteward.await(() -> steward.observe("health/ready").body().contains("invalid_auth"));
        assertThat(steward.observe("health/ready").statusCode()).isEqualTo(200);
        assertThat(steward.observe("health/live").body()).doesNotContain("slack-socket");
        assertThat(steward.observe("metrics").body())
                .contains("steward_slack_socket_connected 0.0")
                .contains("steward_slack_socket_connects_total{outcome=\"failed\"} 1.0");
    }

    @Test
    void aConnectionShowsInHealthAndMetrics() throws Exception {
        connected();
        steward.observed().start();
        steward.slack.socket.awaitConnections(1);

        RunningSteward.await(() -> steward.observe("metrics").body().contains("steward_slack_socket_connected 1.0"));
        assertThat(steward.observe("health/ready").body())
                .contains("slack-socket")
                .doesNotContain("do not come in");
    }

    @Test
    void aStopFinishesAClickOnItsWay() throws Exception {
        try (FaultySqs faults = new FaultySqs(steward.sqs)) {
            connected();
            steward.through(faults).start();
            FakeSlack.Message message = message();
            FakeWebSocket connection = steward.slack.socket.awaitConnections(1).get(0);
            Gate gate = faults.hold("SendMessage", 1);
            CompletableFuture<Void> midway = steward.slack.socket.click(message, "try", null, "U1ALEX");
            gate.awaitArrivals(1, RunningSteward.PATIENCE);
            CompletableFuture<Void> stop = CompletableFuture.runAsync(steward::stop);
            gate.open();

            midway.get(20, TimeUnit.SECONDS);
            stop.get(60, TimeUnit.SECONDS);
            RunningSteward.await(connection::ended);
            assertThat(steward.slack.socket.opened()).isEqualTo(1);
        }
    }

    @Test
    void aClickThatSqsIsSlowWithHoldsUpNoOther() throws Exception {
        connected();
        try (FaultySqs faults = new FaultySqs(steward.sqs)) {
            steward.through(faults).start();
            FakeSlack.Message message = message();
            steward.slack.socket.awaitConnections(1);
            Gate gate = faults.hold("SendMessage", 4);
            List<CompletableFuture<Void>> clicks = Stream.of("U1", "U2", "U3", "U4")
                    .map(user -> steward.slack.socket.click(message, "try", null, user))
                    .toList();
            gate.awaitArrivals(4, RunningSteward.PATIENCE);
            gate.open();
            for (CompletableFuture<Void> click : clicks) {
                click.get(20, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void editedRoutesHaveAConnectionOfTheirOwn() throws Exception {
        connected().start();
        FakeSlack.Message message = message();
        steward.slack.socket.awaitConnections(1);
        Files.writeString(folder.resolve("try.camel.yaml"), ROUTE.replace("tried", "has tried"));
        RunningSteward.await(() -> steward.slack.socket.opened() == 2
                && steward.slack.socket.connections().size() == 1
                && steward.routeSets() == 1);
        steward.slack.socket.press(message, "try", "U1ALEX");

        RunningSteward.await(() -> done().size() == 1);
        assertThat(done().get(0)).contains("has tried");
    }

    @Test
    void aDryRunDoesNotConnect() throws Exception {
        connected(Settings.DRY_RUN, "true").start();
        steward.sendSample("service-start-impaired");
        RunningSteward.await(() -> steward.over().size() == 1);

        assertThat(steward.camel().getComponentNames()).doesNotContain("slack-socket");
        assertThat(steward.slack.asked()).isEmpty();
    }

    @Test
    void withoutAnAppLevelTokenNothingConnects() {
        steward.start();

        assertThat(steward.camel().getComponentNames()).contains("slack").doesNotContain("slack-socket");
        assertThat(steward.slack.asked()).isEmpty();
    }
}
