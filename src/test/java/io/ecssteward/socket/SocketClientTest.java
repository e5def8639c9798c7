package io.ecssteward.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.slack.SlackSecrets;
import io.ecssteward.slack.SocketListener;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.FakeSlack;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.FakeSocketMode;
import io.ecssteward.testing.FakeWebSocket;
import io.ecssteward.testing.RunningSteward;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** What keeps the connection to Slack, against a server that speaks Socket Mode. */
@Timeout(60)
class SocketClientTest {

    private static final Duration LONG = Duration.ofHours(1);

    private final FakeSlack slack = new FakeSlack();
    private final CapturedLog log = new CapturedLog().level("io.ecssteward", Level.TRACE);
    private final Heard heard = new Heard();
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final List<SocketClient> clients = new ArrayList<>();
    private final List<ScheduledExecutorService> schedulers = new ArrayList<>();
    private volatile String token = FakeSocketMode.TOKEN;
    private volatile String renewed;
    private volatile CompletableFuture<String> outcome = CompletableFuture.completedFuture(SocketClient.QUEUED);

    private static final class Heard implements SocketListener {
        final AtomicInteger open = new AtomicInteger();
        final List<String> problems = new CopyOnWriteArrayList<>();
        final List<String> envelopes = new CopyOnWriteArrayList<>();

        @Override
        public void opened() {
            open.incrementAndGet();
        }

        @Override
        public void closed() {
            open.decrementAndGet();
        }

        @Override
        public void failed(String problem) {
            problems.add(problem);
        }

        @Override
        public void envelope(String type, String outcome) {
            envelopes.add(type + " " + outcome);
        }
    }

    private final SlackSecrets secrets = new SlackSecrets() {
        @Override
        public String webhook() {
            return null;
        }

        @Override
        public Map<String, String> webhooks() {
            return Map.of();
        }

        @Override
        public String token() {
            return null;
        }

        @Override
        public String appToken() {
            return token;
        }

        @Override
        public void renew() {
            token = renewed == null ? token : renewed;
        }
    };

    /** Waits for nothing long; every connection has lasted, and none is silent for too long. */
    private static SocketTimes quick() {
        return new SocketTimes(
                Duration.ofSeconds(10),
                Duration.ofMillis(20),
                LONG,
                Duration.ofMillis(100),
                Duration.ZERO,
                Duration.ofMillis(20),
                Duration.ofMillis(50));
    }

    private static SocketTimes patient() {
        SocketTimes quick = quick();
        return new SocketTimes(
                quick.answer(), quick.ping(), quick.silence(), quick.linger(), quick.steady(), quick.backoff(), LONG);
    }

    private SocketClient client(SocketTimes times) {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        schedulers.add(scheduler);
        SocketClient client = new SocketClient(slack.apiUrl(), secrets, times, scheduler, List.of(heard), envelope -> {
            taken.add(envelope.path("envelope_id").asText());
            return outcome;
        });
        clients.add(client);
        client.start();
        return client;
    }

    private FakeWebSocket connected(SocketTimes times) {
        client(times);
        return slack.socket.awaitConnections(1).get(0);
    }

    private static void await(BooleanSupplier condition) {
        RunningSteward.await(condition);
    }

    private static ObjectNode payload() {
        return JsonNodeFactory.instance.objectNode();
    }

    @AfterEach
    void close() {
        clients.forEach(SocketClient::stop);
        schedulers.forEach(ScheduledExecutorService::shutdownNow);
        await(() -> heard.open.get() == 0);
        slack.close();
        log.close();
        assertThat(log.text()).as("tickets and tokens").doesNotContain("hush", "ticket", "xapp-1");
    }

    @Test
    void anEnvelopeIsAcknowledgedWhenItWasTaken() throws Exception {
        connected(quick());
        slack.socket.send("interactive", payload()).get(20, TimeUnit.SECONDS);

        assertThat(slack.socket.acknowledged()).isEqualTo(taken);
        await(() -> heard.envelopes.equals(List.of("interactive queued")));
        assertThat(heard.open).hasValue(1);
    }

    @Test
    void anEnvelopeThatWasNotTakenIsNotAcknowledged() throws Exception {
        connected(quick());
        outcome = CompletableFuture.completedFuture(SocketClient.FAILED);
        CompletableFuture<Void> lost = slack.socket.send("slash_commands", payload());
        await(() -> heard.envelopes.equals(List.of("slash_commands failed")));
        outcome = CompletableFuture.completedFuture(SocketClient.IGNORED);
        slack.socket.send("hello_world", payload()).get(20, TimeUnit.SECONDS);

        assertThat(lost).isNotDone();
        await(() -> heard.envelopes.contains("other ignored"));
    }

    @Test
    void aSlowQueueIsAcknowledgedLate() throws Exception {
        connected(quick());
        outcome = new CompletableFuture<>();
        CompletableFuture<Void> slow = slack.socket.send("interactive", payload());
        await(() -> taken.size() == 1);
        assertThat(slow).isNotDone();
        outcome.complete(SocketClient.QUEUED);

        slow.get(20, TimeUnit.SECONDS);
    }

    @Test
    void messagesInPiecesArePutTogetherAndPingsAnswered() {
        FakeWebSocket connection = connected(quick());
        connection.sendInPieces(
                FakeSocketMode.envelope("pieces", "interactive", payload().put("text", "grüße 日本 ".repeat(100))), 7);

        await(() -> slack.socket.acknowledged().contains("pieces"));
        await(() -> connection.pongs() > 0);
    }

    @Test
    void aHugeMessageEndsTheConnectionAndTheNextOneWorks() throws Exception {
        FakeWebSocket connection = connected(quick());
        connection.sendInPieces("{\"envelope_id\":\"" + "x".repeat(SocketConnection.MAX_MESSAGE) + "\"}", 100_000);
        await(() -> connection.ended());
        assertThat(taken).isEmpty();

        await(() -> slack.socket.opened() == 2 && !slack.socket.connections().isEmpty());
        slack.socket.send("interactive", payload()).get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "[1]", "null", "{}", "{\"type\":\"events_api\"}", "{\"envelope_id\":null}"})
    void whatIsNoEnvelopeIsIgnored(String message) throws Exception {
        FakeWebSocket connection = connected(quick());
        connection.send(message);
        slack.socket.send("interactive", payload()).get(20, TimeUnit.SECONDS);

        assertThat(taken).hasSize(1);
        assertThat(slack.socket.opened()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"warning", "refresh_requested"})
    void theNewConnectionIsThereBeforeTheOldOneIsLeft(String reason) throws Exception {
        FakeWebSocket old = connected(quick());
        outcome = new CompletableFuture<>();
        CompletableFuture<Void> midway = slack.socket.send("interactive", payload());
        await(() -> taken.size() == 1);
        old.disconnect(reason);
        old.disconnect("refresh_requested");
        slack.socket.awaitConnections(2);
        old.send(FakeSocketMode.envelope("last", "interactive", payload()));
        await(() -> taken.contains("last"));
        outcome.complete(SocketClient.QUEUED);

        midway.get(20, TimeUnit.SECONDS);
        await(() -> slack.socket.acknowledged().contains("last"));
        await(() -> old.ended());
        assertThat(slack.socket.opened()).isEqualTo(2);
        await(() -> heard.open.get() == 1);
    }

    @Test
    void aDroppedConnectionIsReplacedAndWhatItBroughtIsLate() {
        FakeWebSocket old = connected(quick());
        outcome = new CompletableFuture<>();
        CompletableFuture<Void> midway = slack.socket.send("interactive", payload());
        await(() -> taken.size() == 1);
        old.drop();
        await(() -> slack.socket.opened() == 2);
        outcome.complete(SocketClient.QUEUED);

        await(() -> heard.envelopes.equals(List.of("interactive late")));
        assertThat(midway).isCompletedExceptionally();
    }

    @Test
    void aConnectionThatSlackClosesIsReplaced() {
        FakeWebSocket old = connected(quick());
        old.close();
        await(() -> slack.socket.opened() == 2);
        await(() -> heard.open.get() == 1);
        assertThat(old.ended()).isTrue();
    }

    @Test
    void aSilentConnectionIsNoticedAndReplaced() {
        SocketTimes quick = quick();
        FakeWebSocket old = connected(new SocketTimes(
                quick.answer(),
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                quick.linger(),
                quick.steady(),
                quick.backoff(),
                quick.slow()));
        await(() -> old.pings() > 1);
        old.fallSilent();
        await(() -> slack.socket.opened() == 2);
        await(() -> old.ended());
        assertThat(log.text()).contains("the connection to Slack was lost: nothing came for 1 s");
    }

    @Test
    void aConnectionWithoutHelloIsGivenUp() {
        slack.socket.mute(true);
        SocketTimes quick = quick();
        client(new SocketTimes(
                Duration.ofMillis(500), quick.ping(), LONG, quick.linger(), quick.steady(), quick.backoff(), LONG));
        await(() -> heard.problems.size() == 1);
        slack.socket.mute(false);

        slack.socket.awaitConnections(1);
        assertThat(heard.problems.get(0)).contains("Slack does not say hello");
    }

    @Test
    void withTooManyConnectionsItWaitsForLong() {
        slack.socket.limit(0);
        client(patient());
        await(() -> heard.problems.size() == 1);

        assertThat(heard.problems.get(0)).contains("more connections than the ten", "run fewer replicas");
        assertThat(slack.socket.opened()).isEqualTo(1);
        assertThat(log.text()).contains("buttons and commands of Slack do not work here");
    }

    @Test
    void oneTooManyForARefreshLeavesTheOldOneAtWork() throws Exception {
        FakeWebSocket old = connected(patient());
        slack.socket.limit(1);
        old.disconnect("refresh_requested");
        await(() -> heard.problems.size() == 1);

        slack.socket.send("interactive", payload()).get(20, TimeUnit.SECONDS);
        assertThat(old.isOpen()).isTrue();
        assertThat(heard.open).hasValue(1);
    }

    @Test
    void whenSocketModeIsSwitchedOffItSaysSoAndTriesAgain() {
        FakeWebSocket old = connected(quick());
        old.disconnect("link_disabled");
        await(() -> heard.problems.size() == 1);
        assertThat(heard.problems.get(0)).contains("switched off", "switch it on again");

        await(() -> slack.socket.opened() == 2);
        await(() -> heard.open.get() == 1);
    }

    @ParameterizedTest
    @CsvSource({
        "invalid_auth, set STEWARD_SLACK_APP_TOKEN_SECRET to one that begins with xapp",
        "token_revoked, is not valid",
        "not_allowed_token_type, is not valid",
        "missing_scope, connections:write",
        "forbidden_team, switch Socket Mode on"
    })
    void aRefusalSaysOnceWhatToDo(String word, String remedy) {
        slack.nextAt(FakeSocketMode.OPEN, Answer.error(word), Answer.error(word), Answer.error(word));
        client(quick());
        slack.socket.awaitConnections(1);

        assertThat(heard.problems)
                .hasSize(3)
                .allSatisfy(problem -> assertThat(problem).contains("(" + word + ")", remedy));
        assertThat(log.text().split("do not work here", -1))
                .as("times in the log")
                .hasSize(2);
    }

    @Test
    void aRotatedTokenIsUsedAtOnce() {
        slack.socket.onlyToken("xapp-1-A0FAKE-2-new");
        renewed = "xapp-1-A0FAKE-2-new";
        client(patient());

        slack.socket.awaitConnections(1);
        assertThat(heard.problems).hasSize(1);
    }

    @Test
    void slackIsAskedAgainWhenItSaysSo() {
        slack.nextAt(FakeSocketMode.OPEN, Answer.tooFast(3_600));
        client(quick());
        await(() -> heard.problems.size() == 1);

        assertThat(heard.problems.get(0)).contains("429");
        assertThat(slack.socket.opened()).isZero();
        assertThat(slack.asked()).hasSize(1);
    }

    @Test
    void whateverElseSlackAnswersPasses() {
        slack.nextAt(
                FakeSocketMode.OPEN,
                Answer.of(500, "oops"),
                Answer.of(200, "<html>"),
                Answer.of(200, ""),
                Answer.HANG_UP,
                Answer.error("internal_error"),
                Answer.of(200, "{\"ok\":true,\"url\":\"https://example.com/?ticket=hush\"}"),
                Answer.of(200, "{\"ok\":true,\"url\":\"ws://127.0.0.1:1/?ticket=hush\"}"),
                Answer.of(200, "{\"ok\":true,\"url\":\"" + slack.url().replace("http", "ws") + "/?ticket=hush\"}"));
        client(quick());

        slack.socket.awaitConnections(1);
        assertThat(heard.problems)
                .hasSize(8)
                .allSatisfy(problem -> assertThat(problem).doesNotContain("hush", "ticket"));
    }

    @Test
    void whoLeavesFinishesWhatIsInFlight() throws Exception {
        SocketClient client = client(quick());
        FakeWebSocket connection = slack.socket.awaitConnections(1).get(0);
        outcome = new CompletableFuture<>();
        CompletableFuture<Void> midway = slack.socket.send("interactive", payload());
        await(() -> taken.size() == 1);
        client.leave(Duration.ZERO);
        outcome.complete(SocketClient.QUEUED);

        midway.get(20, TimeUnit.SECONDS);
        await(() -> connection.ended());
        assertThat(slack.socket.opened()).isEqualTo(1);
        await(() -> heard.open.get() == 0);
    }

    @Test
    void severalConnectAtOnceAndEachEnvelopeGoesToOne() throws Exception {
        client(quick());
        client(quick());
        client(quick());
        slack.socket.awaitConnections(3);
        for (int i = 0; i < 9; i++) {
            slack.socket.send("interactive", payload()).get(20, TimeUnit.SECONDS);
        }
        assertThat(taken).hasSize(9).doesNotHaveDuplicates();
    }

    @Test
    void flappingConnectionsAreOpenedMoreAndMoreSlowly() {
        SocketTimes quick = quick();
        List<Long> at = new ArrayList<>();
        client(new SocketTimes(
                quick.answer(),
                quick.ping(),
                LONG,
                quick.linger(),
                LONG,
                Duration.ofMillis(40),
                Duration.ofSeconds(10)));
        for (int i = 1; i <= 6; i++) {
            int count = i;
            await(() -> slack.socket.opened() == count
                    && !slack.socket.connections().isEmpty());
            at.add(System.nanoTime());
            slack.socket.connections().forEach(FakeWebSocket::drop);
        }
        assertThat(Duration.ofNanos(at.get(5) - at.get(4)))
                .as("the fifth pause")
                .isGreaterThan(Duration.ofMillis(300));
    }
}
