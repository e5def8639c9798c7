package io.ecssteward.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.FakeSlack.Message;
import io.ecssteward.testing.FakeSlack.Post;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The channels of {@link FakeSlack}, and what the Web API says of them. Not for several threads. */
final class FakeSlackChannels {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** The order of what {@code limit} and {@code cursor} page through. */
    private static final int PAGE = 100;

    private static final class Shown {
        final String ts;
        final String thread;
        final String channel;
        final ObjectNode payload;
        int edits;

        Shown(Post post, String channel) {
            ts = post.ts();
            thread = post.thread();
            this.channel = channel;
            payload = post.body().deepCopy();
        }

        boolean broadcast() {
            return payload.path("reply_broadcast").asBoolean();
        }
    }

    private final Map<String, String> ids = new HashMap<>();
    private final Map<String, byte[]> files = new HashMap<>();
    private final List<Shown> messages = new ArrayList<>();
    private final Set<String> archived = new HashSet<>();
    private Set<String> scopes =
            Set.of("chat:write", "files:write", "channels:history", "groups:history", "channels:read", "groups:read");
    private Clock clock = Clock.systemUTC();
    private int number;

    void clock(Clock clock) {
        this.clock = clock;
    }

    void scopes(String... scopes) {
        this.scopes = Set.of(scopes);
    }

    /** Unique, and in order, as long as the clock is. */
    String ts() {
        return "%d.%06d".formatted(clock.instant().getEpochSecond(), ++number);
    }

    String id(String name) {
        return isId(name)
                ? name
                : ids.computeIfAbsent(name.replaceFirst("^#", ""), key -> "C%dFAKE".formatted(ids.size()));
    }

    private static boolean isId(String name) {
        return name.matches("C[A-Z0-9]+");
    }

    void archive(String name) {
        archived.add(id(name));
    }

    String channelOf(String ts) {
        return messages.stream()
                .filter(message -> message.ts.equals(ts))
                .map(message -> message.channel)
                .findFirst()
                .orElseThrow();
    }

    void delete(String ts) {
        messages.removeIf(message -> message.ts.equals(ts));
    }

    void post(Post post, String channel) {
        messages.add(new Shown(post, id(channel)));
    }

    List<Message> shown(String name) {
        return messages.stream()
                .filter(message -> message.channel.equals(id(name)))
                .filter(message -> message.thread == null || message.broadcast())
                .map(this::shown)
                .toList();
    }

    private Message shown(Shown message) {
        List<Message> replies = message.thread != null
                ? List.of()
                : messages.stream()
                        .filter(reply -> message.ts.equals(reply.thread))
                        .map(this::shown)
                        .toList();
        return new Message(
                message.ts,
                message.payload.deepCopy(),
                replies,
                message.edits,
                message.thread != null && message.broadcast());
    }

    /** A place for a file. */
    Answer uploads(String where) {
        if (!scopes.contains("files:write")) {
            return Answer.of(200, "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"files:write\"}");
        }
        String id = "F%dFAKE".formatted(files.size());
        files.put(id, new byte[0]);
        return ok(JSON.objectNode().put("upload_url", where + id).put("file_id", id));
    }

    private Answer uploaded(Post request) throws IOException {
        files.put(
                request.path().substring(FakeSlack.UPLOAD.length()),
                request.body().binaryValue());
        return Answer.of(200, "OK - " + request.body().binaryValue().length);
    }

    /** Once for each file. */
    private Answer completed(Post request) throws IOException {
        JsonNode file = new ObjectMapper()
                .readTree(request.body().path("files").asText())
                .path(0);
        String channel = request.body().path("channel_id").asText();
        byte[] bytes = files.remove(file.path("id").asText());
        if (bytes == null) {
            return Answer.error("file_not_found");
        }
        if (archived.contains(channel)) {
            return Answer.error("is_archived");
        }
        ObjectNode shown = JSON.objectNode()
                .put("text", "")
                .put("thread_ts", request.body().path("thread_ts").asText());
        shown.putArray("files").add(((ObjectNode) file).put("bytes", bytes));
        messages.add(new Shown(new Post(request.path(), null, null, shown, 0, ts()), channel));
        return ok(JSON.objectNode());
    }

    Answer answer(Post request) {
        try {
            return request.path().startsWith(FakeSlack.UPLOAD)
                    ? uploaded(request)
                    : request.path().equals(FakeSlack.COMPLETE_UPLOAD) ? completed(request) : asked(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer asked(Post request) {
        return switch (request.path()) {
            case FakeSlack.POST_MESSAGE -> posted(request);
            case FakeSlack.UPDATE -> edited(request);
            case FakeSlack.HISTORY, FakeSlack.REPLIES -> read(request);
            case FakeSlack.LIST -> listed();
            case FakeSlack.AUTH_TEST ->
                ok(JSON.objectNode().put("user", "steward").put("team", "Fake"))
                        .header(
                                "x-oauth-scopes",
                                String.join(",", scopes.stream().sorted().toList()));
            default -> Answer.of(404, "no_service");
        };
    }

    private Answer posted(Post post) {
        String channel = id(post.body().path("channel").asText());
        if (archived.contains(channel)) {
            return Answer.error("is_archived");
        }
        if (post.thread() != null && find(channel, post.thread()) == null) {
            return Answer.error("thread_not_found");
        }
        messages.add(new Shown(post, channel));
        return ok(JSON.objectNode().put("channel", channel).put("ts", post.ts()));
    }

    private Answer edited(Post edit) {
        String channel = edit.body().path("channel").asText();
        Shown message = find(channel, edit.body().path("ts").asText());
        if (!isId(channel)) {
            return Answer.error("channel_not_found");
        }
        if (archived.contains(channel)) {
            return Answer.error("is_archived");
        }
        if (message == null) {
            return Answer.error("message_not_found");
        }
        if (edit.body().has("text") && !edit.body().has("blocks")) {
            message.payload.remove("blocks");
        }
        edit.body().properties().forEach(part -> message.payload.set(part.getKey(), part.getValue()));
        message.edits++;
        return ok(JSON.objectNode().put("channel", channel).put("ts", message.ts));
    }

    /** The newest first, without the threads; or the thread of a message, with it, the oldest first. */
    private Answer read(Post question) {
        if (!scopes.contains("channels:history")) {
            return Answer.of(
                    200,
                    "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"channels:history\","
                            + "\"provided\":\"chat:write\"}");
        }
        JsonNode asked = question.body();
        String channel = asked.path("channel").asText();
        if (!ids.containsValue(channel)) {
            return Answer.error("channel_not_found");
        }
        boolean thread = question.path().equals(FakeSlack.REPLIES);
        if (thread && find(channel, asked.path("ts").asText()) == null) {
            return Answer.error("thread_not_found");
        }
        BigDecimal oldest = new BigDecimal(asked.path("oldest").asText("0"));
        List<ObjectNode> found = new ArrayList<>();
        for (Shown message : messages) {
            boolean there = message.channel.equals(channel)
                    && (thread
                            ? asked.path("ts").asText().equals(message.thread == null ? message.ts : message.thread)
                            : message.thread == null || message.broadcast())
                    && new BigDecimal(message.ts).compareTo(oldest) > 0;
            if (there) {
                ObjectNode shown =
                        message.payload.deepCopy().put("type", "message").put("ts", message.ts);
                if (!asked.path("include_all_metadata").asBoolean()) {
                    shown.remove("metadata");
                }
                found.add(thread ? found.size() : 0, shown);
            }
        }
        return page(found, asked);
    }

    private static Answer page(List<ObjectNode> found, JsonNode asked) {
        int from = asked.path("cursor").asInt();
        int to = Math.min(found.size(), from + asked.path("limit").asInt(PAGE));
        ObjectNode body = JSON.objectNode();
        ArrayNode page = body.putArray("messages");
        found.subList(from, to).forEach(page::add);
        if (to < found.size()) {
            body.putObject("response_metadata").put("next_cursor", Integer.toString(to));
        }
        return ok(body);
    }

    private Answer listed() {
        if (!scopes.contains("channels:read")) {
            return Answer.of(200, "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"channels:read\"}");
        }
        ObjectNode body = JSON.objectNode();
        ArrayNode list = body.putArray("channels");
        ids.forEach((name, id) -> list.addObject().put("id", id).put("name", name));
        return ok(body);
    }

    private Shown find(String channel, String ts) {
        return messages.stream()
                .filter(message -> message.channel.equals(channel) && message.ts.equals(ts))
                .findFirst()
                .orElse(null);
    }

    private static Answer ok(ObjectNode body) {
        return Answer.of(200, body.put("ok", true).toString());
    }

    /** The arguments of a form, as JSON. */
    static ObjectNode form(String body) {
        ObjectNode arguments = JSON.objectNode();
        for (String argument : body.split("&")) {
            String[] parts = argument.split("=", 2);
            if (parts.length == 2) {
                arguments.put(decoded(parts[0]), decoded(parts[1]));
            }
        }
        return arguments;
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part, StandardCharsets.UTF_8);
    }
}
