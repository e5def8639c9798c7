package io.ecssteward.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.FakeSlack.Message;
import io.ecssteward.testing.FakeSlack.Post;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Socket Mode of {@link FakeSlack}: whoever asks {@code apps.connections.open} gets the URL of a WebSocket, and what a
 * person does goes to one of those that are open, in turn. What the steward answers by a response URL is kept.
 *
 * <pre>
 * slack.socket.press(slack.channel("ops").get(0), "acknowledge", "U1ALEX");
 * slack.socket.choose(slack.channel("ops").get(0), "silence", "4h", "U1ALEX");
 * slack.socket.command("/steward status", "U1ALEX");
 * slack.socket.press(slack.socket.responses().get(0), "redeploy", "U1ALEX");
 * slack.socket.connections().get(0).disconnect("refresh_requested");
 * </pre>
 *
 * <p>Each returns when the steward has acknowledged it, and fails when it does not. {@link #click} and {@link #type}
 * leave that to the caller.
 *
 * @see <a href="https://docs.slack.dev/apis/events-api/using-socket-mode">Slack: using Socket Mode</a>
 */
public final class FakeSocketMode {

    /** The path of the method that begins it. */
    public static final String OPEN = "/api/apps.connections.open";

    /** Scripts the answers to what is sent to response URLs: {@code slack.nextAt(RESPONSE, ...)}. */
    public static final String RESPONSE = "/response";

    /** An app-level token that it takes, as any that begins so. */
    public static final String TOKEN = "xapp-1-A0FAKE-1-test";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeSlack slack;
    private final List<FakeWebSocket> connections = new CopyOnWriteArrayList<>();
    private final Set<String> tickets = ConcurrentHashMap.newKeySet();
    private final Map<String, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();
    private final Map<String, Response> urls = new ConcurrentHashMap<>();
    private final List<Response> responses = new CopyOnWriteArrayList<>();
    private final List<String> acknowledged = new CopyOnWriteArrayList<>();
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private volatile int limit = 10;
    private volatile String token;
    private volatile boolean mute;
    private ServerSocket server;

    /**
     * What was sent to a response URL.
     *
     * @param user who pressed or typed
     * @param channel where
     * @param payload what was sent
     */
    public record Response(String user, String channel, JsonNode payload) {
        /** The top-level text. */
        public String text() {
            return payload.path("text").asText();
        }

        /** Whether it says this anywhere. */
        public boolean says(String words) {
            return payload.toString().contains(words);
        }
    }

    FakeSocketMode(FakeSlack slack) {
        this.slack = slack;
    }

    // What a person does.

    /** Presses a button; returns when it is acknowledged. */
    public void press(Message message, String action, String user) {
        acknowledged(click(message, action, null, user), action);
    }

    /** Chooses from a menu; returns when it is acknowledged. */
    public void choose(Message message, String action, String option, String user) {
        acknowledged(click(message, action, option, user), action + " " + option);
    }

    /** Presses a button of what only this person sees; returns when it is acknowledged. */
    public void press(Response response, String action, String user) {
        acknowledged(send("interactive", pressed(response.payload(), response.channel(), action, null, user)), action);
    }

    /** Types a slash command, {@code /steward status}; returns when it is acknowledged. */
    public void command(String typed, String user) {
        acknowledged(type(typed, user), typed);
    }

    /** The same, without waiting: done when it is acknowledged, failed when its connection is lost before. */
    public CompletableFuture<Void> click(Message message, String action, String option, String user) {
        ObjectNode payload = pressed(message.payload(), slack.channelOf(message), action, option, user);
        ((ObjectNode) payload.get("container")).put("message_ts", message.ts()).put("is_ephemeral", false);
        payload.set("message", ((ObjectNode) message.payload().deepCopy()).put("ts", message.ts()));
        return send("interactive", payload);
    }

    /** The same, without waiting: done when it is acknowledged, failed when its connection is lost before. */
    public CompletableFuture<Void> type(String typed, String user) {
        String[] parts = typed.split(" ", 2);
        ObjectNode payload = JSON.createObjectNode()
                .put("token", "legacy")
                .put("team_id", "T0FAKE")
                .put("channel_id", slack.channelId("ops"))
                .put("channel_name", "ops")
                .put("user_id", user)
                .put("user_name", name(user))
                .put("command", parts[0])
                .put("text", parts.length < 2 ? "" : parts[1])
                .put("api_app_id", "A0FAKE")
                .put("trigger_id", "1." + number.incrementAndGet() + ".fake");
        return send("slash_commands", payload.put("response_url", responseUrl(user, slack.channelId("ops"))));
    }

    /** Sends an envelope to the next connection that is open; waits for one if there is none. */
    public CompletableFuture<Void> send(String type, ObjectNode payload) {
        String id = "envelope-" + number.incrementAndGet();
        return send(id, envelope(id, type, payload));
    }

    private CompletableFuture<Void> send(String id, String text) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        waiting.put(id, done);
        for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
            awaitConnections(1);
            List<FakeWebSocket> open = connections();
            if (!open.isEmpty()) {
                FakeWebSocket to = open.get(number.incrementAndGet() % open.size());
                to.lost().thenRun(() -> done.completeExceptionally(new IOException("the connection was lost")));
                if (to.send(text)) {
                    return done;
                }
            }
        }
        throw new AssertionError("nobody is connected");
    }

    /** An envelope as Slack sends it. */
    public static String envelope(String id, String type, ObjectNode payload) {
        return JSON.createObjectNode()
                .put("envelope_id", id)
                .put("type", type)
                .put("accepts_response_payload", true)
                .set("payload", payload)
                .toString();
    }

    private static void acknowledged(CompletableFuture<Void> done, String what) {
        try {
            done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new AssertionError(what + " was not acknowledged: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(what + " was not acknowledged", e);
        }
    }

    private ObjectNode pressed(JsonNode shown, String channel, String action, String option, String user) {
        List<String> names = new ArrayList<>();
        ObjectNode[] found = {null};
        for (JsonNode block : shown.findParents("elements")) {
            find(block, block.path("elements"), action, option, names, found);
        }
        for (JsonNode block : shown.findParents("accessory")) {
            find(block, JSON.createArrayNode().add(block.get("accessory")), action, option, names, found);
        }
        if (found[0] == null) {
            throw new AssertionError("no button " + action + " but " + names + " in " + shown);
        }
        ObjectNode payload = JSON.createObjectNode().put("type", "block_actions");
        payload.putObject("user")
                .put("id", user)
                .put("username", name(user))
                .put("name", name(user))
                .put("team_id", "T0FAKE");
        payload.put("api_app_id", "A0FAKE");
        payload.putObject("container")
                .put("type", "message")
                .put("message_ts", ts())
                .put("channel_id", channel)
                .put("is_ephemeral", true);
        payload.put("trigger_id", "1." + number.incrementAndGet() + ".fake");
        payload.putObject("channel").put("id", channel).put("name", "ops");
        payload.put("response_url", responseUrl(user, channel));
        payload.putArray("actions").add(option == null ? found[0] : chosen(found[0], option));
        return payload;
    }

    private void find(
            JsonNode block, JsonNode elements, String action, String option, List<String> names, ObjectNode[] found) {
        for (JsonNode element : elements) {
            if (element.has("action_id")) {
                names.add(element.get("action_id").asText());
            }
            if (found[0] == null
                    && element.path("action_id").asText().equals(action)
                    && element.has("options") == (option != null)) {
                found[0] = ((ObjectNode) element.deepCopy())
                        .put("block_id", block.path("block_id").asText("b1"))
                        .put("action_ts", ts());
            }
        }
    }

    private static ObjectNode chosen(ObjectNode menu, String option) {
        for (JsonNode each : menu.path("options")) {
            if (each.path("value").asText().equals(option)) {
                menu.remove("options");
                return menu.set("selected_option", each);
            }
        }
        throw new AssertionError("no option " + option + " in " + menu);
    }

    private String ts() {
        return "%d.%06d".formatted(Instant.now().getEpochSecond(), number.incrementAndGet());
    }

    private static String name(String user) {
        return user.replaceFirst("^[UW]\\d*", "").toLowerCase(java.util.Locale.ROOT);
    }

    private String responseUrl(String user, String channel) {
        String path = RESPONSE + "/T0FAKE/" + number.incrementAndGet() + "/hush";
        urls.put(path, new Response(user, channel, null));
        return slack.url() + path;
    }

    // What the steward did.

    /** What was sent to response URLs, in order. */
    public List<Response> responses() {
        return List.copyOf(responses);
    }

    /** The ids of the envelopes that were acknowledged, in order. */
    public List<String> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** The connections that are open now and said hello to, in the order in which they were opened. */
    public List<FakeWebSocket> connections() {
        return connections.stream().filter(FakeWebSocket::isOpen).toList();
    }

    /** How many connections were opened so far. */
    public int opened() {
        return opened.get();
    }

    /** Waits until so many connections are open. */
    public List<FakeWebSocket> awaitConnections(int count) {
        RunningSteward.await(() ->
                connections().size() == count || count == 1 && !connections().isEmpty());
        return connections();
    }

    // What Slack does.

    /** Takes only this token from now on; null for any. */
    public void onlyToken(String valid) {
        token = valid;
    }

    /** From now on, one connection more than this is told {@code too_many_websockets}. Ten, as Slack has it. */
    public void limit(int most) {
        limit = most;
    }

    /** Whether connections that are opened from now on are never said hello to. */
    public void mute(boolean withoutHello) {
        mute = withoutHello;
    }

    Answer open(Post asked) {
        if (asked.bearer() == null) {
            return Answer.error("not_authed");
        }
        if (!asked.bearer().startsWith("xapp-")) {
            return Answer.error("not_allowed_token_type");
        }
        if (token != null && !token.equals(asked.bearer())) {
            return Answer.error("invalid_auth");
        }
        String ticket = "hush-" + number.incrementAndGet();
        tickets.add(ticket);
        return Answer.of(
                200,
                JSON.createObjectNode()
                        .put("ok", true)
                        .put("url", "ws://127.0.0.1:" + port() + "/link/?ticket=" + ticket + "&app_id=A0FAKE")
                        .toString());
    }

    Answer respond(Post post) {
        Response to = urls.get(post.path());
        if (to == null) {
            return Answer.of(404, "{\"ok\":false,\"error\":\"used_url\"}");
        }
        responses.add(new Response(to.user(), to.channel(), post.body()));
        return Answer.of(200, "{\"ok\":true}");
    }

    private synchronized int port() {
        if (server == null) {
            try {
                server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            FakeWebSocket.thread("FakeSocketMode", this::accept);
        }
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                FakeWebSocket.thread("FakeSocketMode connection", () -> serve(new FakeWebSocket(socket)));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(FakeWebSocket connection) {
        String target = connection.shakeHands();
        String ticket = target.replaceFirst(".*[?&]ticket=([^&]*).*", "$1");
        if (!tickets.remove(ticket)) {
            connection.refuse();
            return;
        }
        connection.accept();
        opened.incrementAndGet();
        if (connections().size() >= limit) {
            connection.disconnect("too_many_websockets");
            connection.close();
            return;
        }
        if (!mute) {
            ObjectNode hello = JSON.createObjectNode().put("type", "hello");
            hello.put("num_connections", connections().size() + 1);
            hello.putObject("debug_info").put("host", "applink-1").put("approximate_connection_time", 18_060);
            hello.putObject("connection_info").put("app_id", "A0FAKE");
            connection.send(hello.toString());
            connections.add(connection);
        }
        connection.read(this::acknowledge);
    }

    private void acknowledge(String text) {
        try {
            String id = JSON.readTree(text).path("envelope_id").asText();
            acknowledged.add(id);
            CompletableFuture<Void> done = waiting.remove(id);
            if (done != null) {
                done.complete(null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void close() {
        try {
            synchronized (this) {
                if (server != null) {
                    server.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.forEach(FakeWebSocket::drop);
    }
}
