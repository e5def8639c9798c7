package io.ecssteward.socket;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.slack.SlackSecrets;
import io.ecssteward.slack.SocketListener;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps a connection to Slack's Socket Mode: opens one, replaces it before Slack closes it, and opens another when it
 * is lost. Slack sends each envelope to one of an app's connections, at most ten, so each replica has its own. For the
 * reasons, see docs/decisions/2026-11-28-socket-mode.md.
 *
 * <p>All decisions are made on the scheduler's only thread, so there are no locks.
 *
 * @see <a href="https://docs.slack.dev/apis/events-api/using-socket-mode">Slack: using Socket Mode</a>
 */
final class SocketClient implements SocketConnection.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(SocketClient.class);

    static final String QUEUED = "queued";
    static final String IGNORED = "ignored";
    static final String FAILED = "failed";
    private static final String LATE = "late";

    private final String api;
    private final SlackSecrets secrets;
    private final SocketTimes times;
    private final ScheduledExecutorService scheduler;
    private final Collection<SocketListener> listeners;
    private final Function<JsonNode, CompletableFuture<String>> taker;
    private final HttpClient http;
    private final ReconnectDelay pace;

    private final Set<SocketConnection> said = ConcurrentHashMap.newKeySet();
    private SocketConnection current;
    private SocketConnection opening;
    private boolean asking;
    private boolean replacing;
    private boolean ended;
    private String problem;
    private ScheduledFuture<?> next;

    /**
     * Creates it without connecting.
     *
     * @param api the URL of Slack's API
     * @param scheduler a scheduler with one thread
     * @param taker handles an envelope, and returns the outcome, one of the constants here; never fails
     */
    SocketClient(
            String api,
            SlackSecrets secrets,
            SocketTimes times,
            ScheduledExecutorService scheduler,
            Collection<SocketListener> listeners,
            Function<JsonNode, CompletableFuture<String>> taker) {
        this.api = api;
        this.secrets = secrets;
        this.times = times;
        this.scheduler = scheduler;
        this.listeners = listeners;
        this.taker = taker;
        pace = new ReconnectDelay(times);
        http = HttpClient.newBuilder()
                .connectTimeout(times.answer())
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** Connects in the background. */
    void start() {
        run(() -> {
            ended = false;
            connect();
        });
    }

    /** After this delay, closes the connections as soon as their envelopes are handled, and opens no others. */
    void leave(Duration delay) {
        later(() -> leave(), delay);
    }

    private CompletableFuture<Void> leave() {
        ended = true;
        current = null;
        if (opening != null) {
            opening.end("this process no longer needs it");
        }
        return CompletableFuture.allOf(
                said.stream().map(SocketConnection::leave).toArray(CompletableFuture[]::new));
    }

    /** Closes the connections, and waits at most a second for their envelopes. */
    void stop() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        run(() -> leave().whenComplete((left, failure) -> over.complete(null)));
        over.completeOnTimeout(null, 1, TimeUnit.SECONDS).join();
        said.forEach(connection -> connection.end("Steward stops"));
    }

    private void run(Runnable task) {
        try {
            scheduler.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("It has stopped", e);
        }
    }

    private ScheduledFuture<?> later(Runnable task, Duration delay) {
        return scheduler.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean needed() {
        return !ended && !asking && opening == null && (current == null || replacing);
    }

    private void connect() {
        if (!needed()) {
            return;
        }
        asking = true;
        String token = secrets.appToken();
        ConnectionUrl.ask(http, api, token == null ? "" : token, times.answer())
                .whenComplete((url, failure) -> run(() -> {
                    asking = false;
                    if (failure == null) {
                        open(url);
                    } else {
                        failed(ConnectionUrl.problem(failure), token);
                    }
                }));
    }

    private void open(URI url) {
        if (!needed()) {
            return;
        }
        SocketConnection connection = new SocketConnection(this, scheduler, times);
        opening = connection;
        http.newWebSocketBuilder()
                .connectTimeout(times.answer())
                .buildAsync(url, connection)
                .whenComplete((socket, failure) -> {
                    if (failure != null) {
                        connection.end(ConnectionUrl.describe(failure));
                    }
                });
        later(
                () -> {
                    if (opening == connection) {
                        connection.end("Slack does not say hello");
                    }
                },
                times.answer());
    }

    @Override
    public void received(SocketConnection connection, JsonNode message) {
        switch (message.path("type").asText()) {
            case "hello" -> run(() -> hello(connection, message));
            case "disconnect" ->
                run(() -> disconnect(connection, message.path("reason").asText()));
            default -> envelope(connection, message);
        }
    }

    private void envelope(SocketConnection connection, JsonNode envelope) {
        if (!envelope.hasNonNull("envelope_id")) {
            LOG.debug("ignoring a message from Slack without an envelope_id: {}", Envelope.describe(envelope));
            return;
        }
        connection.begun();
        taker.apply(envelope).whenComplete((outcome, failure) -> {
            boolean acknowledge = failure == null && !outcome.equals(FAILED);
            connection
                    .done(acknowledge ? envelope.path("envelope_id").asText() : null)
                    .whenComplete((sent, lost) -> {
                        String word = failure != null ? FAILED : acknowledge && lost != null ? LATE : outcome;
                        LOG.debug("{}: {}", Envelope.describe(envelope), word);
                        listeners.forEach(listener -> listener.envelope(Envelope.type(envelope), word));
                    });
        });
    }

    private void hello(SocketConnection connection, JsonNode hello) {
        if (connection != opening || connection.isOver()) {
            return;
        }
        SocketConnection previous = current;
        opening = null;
        current = connection;
        replacing = false;
        pace.opened();
        problem = null;
        listeners.forEach(SocketListener::opened);
        said.add(connection);
        if (connection.isOver()) {
            ended(connection, "it ended as soon as it was opened");
        }
        LOG.info(
                "connected to Slack by Socket Mode as app {} (its open connections: {}); Slack renews this one in about"
                        + " {} s",
                hello.at("/connection_info/app_id").asText("?"),
                hello.path("num_connections").asText("?"),
                hello.at("/debug_info/approximate_connection_time").asText("?"));
        if (previous != null) {
            later(previous::leave, times.linger());
        }
    }

    /** Slack is about to close a connection. */
    private void disconnect(SocketConnection connection, String reason) {
        LOG.debug("Slack says disconnect: {}", reason);
        switch (reason) {
            case "link_disabled" -> refused(connection, SocketProblem.disabled());
            case "too_many_websockets" -> refused(connection, SocketProblem.tooMany());
            default -> {
                if (connection == current && !replacing && !ended) {
                    replacing = true;
                    connectIn(pace.replacing());
                }
            }
        }
    }

    private void refused(SocketConnection connection, SocketProblem why) {
        boolean mattered = connection == opening || connection == current;
        // So that its end does not count as a lost connection.
        opening = connection == opening ? null : opening;
        current = connection == current ? null : current;
        connection.end(why.text());
        if (mattered) {
            failed(why, null);
        }
    }

    @Override
    public void ended(SocketConnection connection, String why) {
        if (said.remove(connection)) {
            listeners.forEach(SocketListener::closed);
        }
        run(() -> {
            if (connection == opening) {
                opening = null;
                failed(SocketProblem.passing("the connection that Slack offers cannot be opened (" + why + ")"), null);
            } else if (connection == current) {
                current = null;
                if (!ended && !replacing) {
                    LOG.info("the connection to Slack was lost: {}", why);
                    // All replicas may have lost their connections at once.
                    connectIn(pace.lost());
                }
            }
        });
    }

    private void failed(SocketProblem why, String token) {
        if (ended) {
            return;
        }
        // A repeated problem is only logged at DEBUG.
        boolean passing = why.kind() == SocketProblem.Kind.TRANSIENT;
        LOG.atLevel(why.text().equals(problem) ? Level.DEBUG : passing ? Level.WARN : Level.ERROR)
                .log("buttons and commands of Slack do not work here: {}", why.text());
        problem = why.text();
        listeners.forEach(listener -> listener.failed(why.text()));
        connectIn(pace.failed(why));
        if (why.kind() == SocketProblem.Kind.TOKEN && token != null) {
            // On another thread, because it may take seconds.
            CompletableFuture.runAsync(secrets::renew)
                    .thenRun(() -> run(() -> {
                        if (!token.equals(secrets.appToken())) {
                            connectIn(Duration.ZERO);
                        }
                    }));
        }
    }

    private void connectIn(Duration delay) {
        if (next != null) {
            next.cancel(false);
        }
        next = later(this::connect, delay);
    }
}
