package io.ecssteward.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Slack over HTTP, on a free loopback port: incoming webhooks under {@code /services/}, and the Web API's methods for
 * messages, edits, replies and history. It takes every message, unless a test scripted an {@link Answer} for the next
 * requests; then it shows what was {@link #posts() posted}, and what a person sees in a {@link #channel channel} now.
 *
 * <pre>
 * slack.next(Answer.tooFast(30), Answer.OK);
 * slack.nextAt(slack.webhook("ops"), Answer.of(404, "channel_not_found"));
 * slack.nextAt(FakeSlack.UPDATE, Answer.error("edit_window_closed"));
 * slack.channel("ops").get(0).replies();
 * </pre>
 */
public final class FakeSlack implements AutoCloseable {

    static {
        // Otherwise an answer on a kept connection waits 40 ms for a delayed ACK (JDK-6968351).
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** The paths of the Web API's methods. */
    public static final String POST_MESSAGE = "/api/chat.postMessage";

    public static final String UPDATE = "/api/chat.update";
    public static final String HISTORY = "/api/conversations.history";
    public static final String REPLIES = "/api/conversations.replies";
    public static final String LIST = "/api/conversations.list";
    public static final String AUTH_TEST = "/api/auth.test";

    public static final String GET_UPLOAD_URL = "/api/files.getUploadURLExternal";
    public static final String COMPLETE_UPLOAD = "/api/files.completeUploadExternal";

    /** Where files are uploaded to, with the file's id behind it. */
    public static final String UPLOAD = "/upload/";

    private static final Set<String> QUESTIONS =
            Set.of(HISTORY, REPLIES, LIST, AUTH_TEST, GET_UPLOAD_URL, COMPLETE_UPLOAD, FakeSocketMode.OPEN);

    private static final String SERVICES = "/services/T0FAKE000/B0FAKE000/";
    private static final String ANY = "*";

    /** What people do, and how the steward hears of it. */
    public final FakeSocketMode socket = new FakeSocketMode(this);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "FakeSlack");
        thread.setDaemon(true);
        return thread;
    });
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, Deque<Answer>> script = new HashMap<>();
    private final List<Post> posts = new ArrayList<>();
    private volatile Gate gate;
    private final List<Post> taken = new ArrayList<>();
    private final List<Post> edits = new ArrayList<>();
    private final List<Post> asked = new ArrayList<>();
    private final FakeSlackChannels channels = new FakeSlackChannels();
    private Chance<Answer> chance;

    /**
     * A message as it arrived.
     *
     * @param path {@code /services/...} or {@link #POST_MESSAGE}
     * @param bearer the token; null when there was none
     * @param contentType the header
     * @param body the message
     * @param arrived when, by {@link System#nanoTime()}
     * @param ts its identity among those of the Web API, once it is taken
     */
    public record Post(String path, String bearer, String contentType, JsonNode body, long arrived, String ts) {
        /** The top-level text. */
        public String text() {
            return body.path("text").asText();
        }

        /** What it is a reply to, by its ts; null when to nothing. */
        public String thread() {
            return body.hasNonNull("thread_ts") ? body.get("thread_ts").asText() : null;
        }

        /** Whether the message says this anywhere. */
        public boolean says(String words) {
            return body.toString().contains(words);
        }
    }

    /**
     * What a request gets.
     *
     * @param status the HTTP status; 0 closes the connection instead
     * @param headers more headers
     * @param body the body
     * @param delay how long it takes
     * @param whole whether the body follows the headers at all
     */
    public record Answer(int status, Map<String, String> headers, String body, Duration delay, boolean whole) {

        /** What a webhook says to a good message. */
        public static final Answer OK = of(200, "ok");

        /** The connection ends without an answer. */
        public static final Answer HANG_UP = of(0, "");

        /** Nothing comes, until the fake is closed. */
        public static final Answer NEVER = of(200, "ok").after(Duration.ofHours(1));

        /** The headers come, and the body never does. */
        public static final Answer HEADERS_ONLY = new Answer(200, Map.of(), "ok", Duration.ZERO, false);

        /** The message is in the channel, and a proxy on the way back says that it is not known to be. */
        public static final Answer TAKEN_AND_LOST = of(502, "");

        /** An answer with this status and body. */
        public static Answer of(int status, String body) {
            return new Answer(status, Map.of(), body, Duration.ZERO, true);
        }

        /** The Web API's answer to what it refuses. */
        public static Answer error(String error) {
            return of(200, "{\"ok\":false,\"error\":\"" + error + "\"}");
        }

        /** 429, with how many seconds to wait. */
        public static Answer tooFast(int seconds) {
            return of(429, "rate_limited").header("Retry-After", Integer.toString(seconds));
        }

        /** Whether the message is in the channel then. */
        boolean takes() {
            return this == TAKEN_AND_LOST
                    || status == 200
                            && whole
                            && delay.compareTo(Duration.ofMinutes(1)) < 0
                            && !body.contains("\"ok\":false");
        }

        /** The same with a header. */
        public Answer header(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Answer(status, more, body, delay, whole);
        }

        /** The same, later. */
        public Answer after(Duration delay) {
            return new Answer(status, headers, body, delay, whole);
        }
    }

    /** Starts it. */
    public FakeSlack() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("starting FakeSlack", e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** Where it listens, as camel-slack's {@code serverUrl}. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Where its Web API is. */
    public String apiUrl() {
        return url() + "/api";
    }

    /** The URL of an incoming webhook, whose last part is the name. */
    public String webhook(String name) {
        return url() + SERVICES + name;
    }

    /** Scripts the answers to the next requests, wherever they go. */
    public void next(Answer... answers) {
        nextAt(ANY, answers);
    }

    /** Scripts the answers to the next requests to a webhook's URL, or to a path. */
    public void nextAt(String where, Answer... answers) {
        String path = where.startsWith(url()) ? where.substring(url().length()) : where;
        synchronized (script) {
            script.computeIfAbsent(path, key -> new ArrayDeque<>()).addAll(Arrays.asList(answers));
        }
    }

    /** Answers nothing until the gate is opened; what arrives is shown at once. */
    public Gate hold() {
        gate = new Gate();
        return gate;
    }

    /**
     * From now on, requests without a scripted answer get, at random, one of these instead: a share of all (0 to 1),
     * each as likely as the others.
     *
     * @param silences how many of them get no answer at all, at most
     */
    public void disturb(long seed, double share, int silences, Answer... answers) {
        synchronized (posts) {
            chance = new Chance<>(seed, share, List.of(answers), Answer.NEVER, silences);
        }
    }

    /** How many requests were disturbed at random, by the answer that they got. */
    public Map<String, Integer> disturbed() {
        Map<String, Integer> counts = new TreeMap<>();
        synchronized (posts) {
            if (chance != null) {
                chance.drawn()
                        .forEach((answer, times) -> counts.put(
                                answer == Answer.NEVER ? "silence" : (answer.status() + " " + answer.body()).strip(),
                                times));
            }
        }
        return counts;
    }

    /** What Slack took, in order: it is in a channel. */
    public List<Post> taken() {
        synchronized (posts) {
            return List.copyOf(taken);
        }
    }

    /** The edits that arrived, in order, whatever was answered. */
    public List<Post> edits() {
        synchronized (posts) {
            return List.copyOf(edits);
        }
    }

    /** What arrived that only asks something, in order: the arguments are the body. */
    public List<Post> asked() {
        synchronized (posts) {
            return List.copyOf(asked);
        }
    }

    /**
     * A message as a person sees it now.
     *
     * @param ts its identity in its channel
     * @param payload what was posted, with what was edited
     * @param replies those in its thread, in order
     * @param edits how often it was edited
     * @param broadcast whether it is a reply that the channel sees as well
     */
    public record Message(String ts, JsonNode payload, List<Message> replies, int edits, boolean broadcast) {
        /** The top-level text. */
        public String text() {
            return payload.path("text").asText();
        }

        /** Whether the message says this anywhere. */
        public boolean says(String words) {
            return payload.toString().contains(words);
        }
    }

    /** What stands in a channel, by its name or id, in order; for a webhook, its name is that of its channel. */
    public List<Message> channel(String name) {
        synchronized (posts) {
            return channels.shown(name);
        }
    }

    /** Deletes a message or a reply, as a person would. */
    public void delete(Message message) {
        synchronized (posts) {
            channels.delete(message.ts());
        }
    }

    /** Archives a channel, by its name: nothing can be posted or edited there any more. */
    public void archive(String name) {
        synchronized (posts) {
            channels.archive(name);
        }
    }

    /** What the token may; everything when nothing was said. */
    public void scopes(String... scopes) {
        synchronized (posts) {
            channels.scopes(scopes);
        }
    }

    /** From now on its messages have this clock's time; the system's by default. */
    public void clock(Clock clock) {
        synchronized (posts) {
            channels.clock(clock);
        }
    }

    /** The new messages and replies that arrived, in order, whatever was answered. */
    public List<Post> posts() {
        synchronized (posts) {
            return List.copyOf(posts);
        }
    }

    /** The top-level texts of what arrived, in order. */
    public List<String> texts() {
        return posts().stream().map(Post::text).toList();
    }

    /** What arrived at a webhook, by its name. */
    public List<Post> postsAt(String webhook) {
        return posts().stream()
                .filter(post -> post.path().equals(SERVICES + webhook))
                .toList();
    }

    /** Forgets what arrived, and the script. */
    public void clear() {
        synchronized (posts) {
            posts.clear();
            taken.clear();
            edits.clear();
            asked.clear();
        }
        synchronized (script) {
            script.clear();
        }
    }

    /** The id of a channel, by its name; an id has itself. */
    public String channelId(String name) {
        synchronized (posts) {
            return channels.id(name);
        }
    }

    /** The id of the channel that a message is in. */
    String channelOf(Message message) {
        synchronized (posts) {
            return channels.channelOf(message.ts());
        }
    }

    @Override
    public void close() {
        socket.close();
        closed.countDown();
        if (gate != null) {
            gate.open();
        }
        server.stop(0);
        threads.shutdownNow();
    }

    private Answer answer(String path, Post post) {
        synchronized (script) {
            String scripted = path.startsWith(FakeSocketMode.RESPONSE) ? FakeSocketMode.RESPONSE : path;
            for (String key : List.of(scripted, ANY)) {
                Deque<Answer> answers = script.get(key);
                if (answers != null && !answers.isEmpty()) {
                    return answers.remove();
                }
            }
        }
        Answer disturbed = chance == null ? null : chance.draw();
        if (disturbed != null) {
            return disturbed;
        }
        if (path.startsWith("/services/")) {
            channels.post(post, path.substring(path.lastIndexOf('/') + 1));
            return Answer.OK;
        }
        if (path.equals(GET_UPLOAD_URL)) {
            return channels.uploads(apiUrl().replaceFirst("/api$", "") + UPLOAD);
        }
        if (path.equals(FakeSocketMode.OPEN)) {
            return socket.open(post);
        }
        return path.startsWith(FakeSocketMode.RESPONSE) ? socket.respond(post) : channels.answer(post);
    }

    private void handle(HttpExchange exchange) throws IOException {
        long arrived = System.nanoTime();
        // Closing an exchange that was not answered ends the connection.
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            String bearer = authorization == null ? null : authorization.replaceFirst("^Bearer ", "");
            String contentType = exchange.getRequestHeaders().getFirst("Content-Type");
            byte[] bytes = exchange.getRequestBody().readAllBytes();
            JsonNode body = contentType != null && contentType.contains("form")
                    ? FakeSlackChannels.form(new String(bytes, StandardCharsets.UTF_8))
                    : path.startsWith(UPLOAD) ? BinaryNode.valueOf(bytes) : json.readTree(bytes);
            Answer answer;
            synchronized (posts) {
                boolean message = !path.startsWith(UPLOAD)
                        && !path.equals(UPDATE)
                        && !QUESTIONS.contains(path)
                        && !path.startsWith(FakeSocketMode.RESPONSE);
                Post post = new Post(path, bearer, contentType, body, arrived, message ? channels.ts() : null);
                (message ? posts : path.equals(UPDATE) ? edits : asked).add(post);
                answer = answer(path, post);
                if (answer == Answer.TAKEN_AND_LOST) {
                    channels.answer(post);
                }
                if (message && answer.takes()) {
                    taken.add(post);
                }
            }
            if (gate != null) {
                gate.pass();
            }
            if (closed.await(answer.delay().toMillis(), TimeUnit.MILLISECONDS)
                            && !answer.delay().isZero()
                    || answer.status() == 0) {
                return;
            }
            send(exchange, answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(HttpExchange exchange, Answer answer) throws IOException, InterruptedException {
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        if (!answer.whole()) {
            exchange.getResponseBody().flush();
            closed.await();
            return;
        }
        exchange.getResponseBody().write(bytes);
    }
}
