package io.ecssteward.socket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * One WebSocket: assembles messages, acknowledges them, and detects a dead connection. It ends once, for any reason;
 * {@link SocketClient} then decides what to do.
 *
 * <p>The JDK answers Slack's pings. It does not detect a connection that died silently: for that, we send our own pings
 * and expect pongs.
 */
final class SocketConnection implements WebSocket.Listener {

    /** In characters. Slack's messages have about ten thousand at most. */
    static final int MAX_MESSAGE = 1_000_000;

    /** Slack leaves the TCP connection open after the closing handshake, so we do not wait for its end. */
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Receives its events; called on the threads of the HTTP client and of the scheduler. */
    interface Owner {
        /** A message arrived that is a JSON object. */
        void received(SocketConnection connection, JsonNode message);

        /** The connection ended. */
        void ended(SocketConnection connection, String why);
    }

    private final Owner owner;
    private final ScheduledExecutorService scheduler;
    private final SocketTimes times;
    private final StringBuilder message = new StringBuilder();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile long lastHeard = System.nanoTime();
    private volatile WebSocket socket;
    private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);
    private ScheduledFuture<?> watch;
    private int inFlight;
    private boolean leaving;
    private boolean closing;
    private final CompletableFuture<Void> left = new CompletableFuture<>();

    SocketConnection(Owner owner, ScheduledExecutorService scheduler, SocketTimes times) {
        this.owner = owner;
        this.scheduler = scheduler;
        this.times = times;
    }

    @Override
    public synchronized void onOpen(WebSocket opened) {
        socket = opened;
        if (over.get()) {
            opened.abort();
            return;
        }
        heard();
        watch = scheduler.scheduleWithFixedDelay(
                this::watch, times.ping().toMillis(), times.ping().toMillis(), TimeUnit.MILLISECONDS);
        opened.request(1);
    }

    private void heard() {
        lastHeard = System.nanoTime();
    }

    private void watch() {
        long silent = System.nanoTime() - lastHeard;
        if (silent > times.silence().toNanos()) {
            end("nothing came for " + TimeUnit.NANOSECONDS.toSeconds(silent) + " s");
        } else {
            send(to -> to.sendPing(ByteBuffer.allocate(0)));
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        heard();
        if (message.length() + part.length() > MAX_MESSAGE) {
            end("a message is longer than " + MAX_MESSAGE + " characters");
            return null;
        }
        message.append(part);
        if (last) {
            String whole = message.toString();
            message.setLength(0);
            received(whole);
        }
        from.request(1);
        return null;
    }

    private void received(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (json != null && json.isObject()) {
                owner.received(this, json);
            }
        } catch (JsonProcessingException e) {
            // Slack sends only JSON; anything else is ignored.
        }
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        heard();
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onPing(WebSocket from, ByteBuffer data) {
        heard();
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket from, ByteBuffer data) {
        heard();
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        end("Slack closed it (" + status + ")");
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        end(ConnectionUrl.describe(failure));
    }

    /** The processing of an envelope began; the connection does not close before {@link #done}. */
    synchronized void begun() {
        inFlight++;
    }

    /**
     * The processing of an envelope ended.
     *
     * @param envelope the id to acknowledge; null if it must not be acknowledged
     * @return failed when the acknowledgement could not be sent
     */
    synchronized CompletableFuture<?> done(String envelope) {
        inFlight--;
        CompletableFuture<?> sent = envelope == null
                ? CompletableFuture.completedFuture(null)
                : send(to -> to.sendText(
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("envelope_id", envelope)
                                .toString(),
                        true));
        closeWhenDone();
        return sent;
    }

    /** Closes the connection as soon as everything that it received is processed; completes when the close was sent. */
    synchronized CompletableFuture<Void> leave() {
        leaving = true;
        closeWhenDone();
        return left;
    }

    private void closeWhenDone() {
        if (leaving && inFlight == 0 && !closing) {
            closing = true;
            send(to -> to.sendClose(WebSocket.NORMAL_CLOSURE, "")).whenComplete((sent, failure) -> left.complete(null));
            scheduler.schedule(() -> end("it was left"), CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Sends one message after the other: the JDK accepts no message while another is being sent. */
    private synchronized CompletableFuture<?> send(Function<WebSocket, CompletableFuture<WebSocket>> how) {
        WebSocket to = socket;
        if (to == null || over.get()) {
            return CompletableFuture.failedFuture(new IllegalStateException("the connection is over"));
        }
        CompletableFuture<?> sent = sending.handle((done, failure) -> null).thenCompose(nothing -> how.apply(to));
        sending = sent;
        return sent;
    }

    boolean isOver() {
        return over.get();
    }

    /** Ends it at once, without waiting for anything. */
    void end(String why) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        synchronized (this) {
            if (watch != null) {
                watch.cancel(false);
            }
            if (socket != null) {
                socket.abort();
            }
        }
        owner.ended(this, why);
    }
}
