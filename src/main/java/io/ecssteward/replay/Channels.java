package io.ecssteward.replay;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.outcome.Action;
import io.ecssteward.slack.SlackText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reconstructs what Slack shows after some actions: the messages as they were edited last, and the replies under them.
 */
public final class Channels {

    /** How Slack's text of an alert begins: {@code [RESOLVED] prod/web cannot place a task}. */
    private static final Pattern STATE = Pattern.compile("\\A\\[(\\w+)] ");

    private final List<Message> messages = new ArrayList<>();
    private final Map<String, Message> byTs = new HashMap<>();

    /** A message, and how it has changed since it was posted. */
    public static final class Message {
        private final String channel;
        private final List<JsonNode> replies = new ArrayList<>();
        private Action last;
        private int edits;

        private Message(Action posted) {
            channel = posted.about();
            last = posted;
        }

        public String channel() {
            return channel;
        }

        /** The alert that it is mainly about; null when it is about none. */
        public Alert alert() {
            return last.alert();
        }

        /** As Slack has it. */
        public JsonNode payload() {
            return last.request();
        }

        /** Firing, resolved, acknowledged or flapping, as it says itself, or info; empty when it is no alert. */
        public String state() {
            Matcher state = STATE.matcher(payload().path("text").asText());
            String word = state.find()
                    ? state.group(1)
                    : alert() == null ? "" : alert().state().name();
            return word.toLowerCase(Locale.ROOT);
        }

        /** What the thread under it says, a reply each. */
        public List<String> replies() {
            return replies.stream().map(reply -> reply.path("text").asText()).toList();
        }

        /** How often it was edited. */
        public int edits() {
            return edits;
        }

        /** All of it as a person reads it, the thread indented. */
        public List<String> lines() {
            List<String> lines = new ArrayList<>(SlackText.lines(payload()));
            replies.forEach(reply -> SlackText.lines(reply)
                    .forEach(line -> lines.add((reply.path("reply_broadcast").asBoolean() ? "  >> " : "  > ") + line)));
            return lines;
        }
    }

    /**
     * Adds an action.
     *
     * @return the message that was posted; null when one was edited or replied to, or when it was not done in Slack
     */
    public Message add(Action action) {
        if (!action.sink().equals("slack")) {
            return null;
        }
        JsonNode request = action.request();
        if (isEdit(action)) {
            Message edited = byTs.get(request.path("ts").asText());
            if (edited != null) {
                edited.last = action;
                edited.edits++;
            }
            return null;
        }
        if (isReply(action)) {
            Message above = byTs.get(request.path("thread_ts").asText());
            if (above != null) {
                above.replies.add(request);
            }
            return null;
        }
        Message posted = new Message(action);
        messages.add(posted);
        if (request.has("ts")) {
            byTs.put(request.path("ts").asText(), posted);
        }
        return posted;
    }

    /** Whether the channel has another message after it: one that was posted, or a reply that it sees as well. */
    public static boolean isNew(Action action) {
        return !isEdit(action)
                && !isForOne(action)
                && (!isReply(action) || action.request().path("reply_broadcast").asBoolean());
    }

    /** Whether only the person who requested it sees it, so that it is no message of the channel. */
    public static boolean isForOne(Action action) {
        return action.operation().equals("ephemeral");
    }

    /** Whether it changes a message. */
    public static boolean isEdit(Action action) {
        return action.operation().equals("chat.update");
    }

    /** Whether it is in a thread. */
    public static boolean isReply(Action action) {
        return action.request().has("thread_ts");
    }

    /** In the order in which they were posted. */
    public List<Message> messages() {
        return List.copyOf(messages);
    }
}
