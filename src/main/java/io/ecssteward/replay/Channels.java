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

/** Reconstructs what Slack shows after some actions: the messages after their last edit, and their replies. */
public final class Channels {

    /** The beginning of an alert's text in Slack: {@code [RESOLVED] prod/web cannot place a task}. */
    private static final Pattern STATE = Pattern.compile("\\A\\[(\\w+)] ");

    private final List<Message> messages = new ArrayList<>();
    private final Map<String, Message> byTs = new HashMap<>();

    /** A message with its edits and replies. */
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

        /** The alert that the message is mainly about; null if it is about none. */
        public Alert alert() {
            return last.alert();
        }

        /** The current payload in Slack. */
        public JsonNode payload() {
            return last.request();
        }

        /**
         * The state in its text: firing, resolved, acknowledged or flapping, or else info; empty if it is not an alert.
         */
        public String state() {
            Matcher state = STATE.matcher(payload().path("text").asText());
            String word = state.find()
                    ? state.group(1)
                    : alert() == null ? "" : alert().state().name();
            return word.toLowerCase(Locale.ROOT);
        }

        /** The text of each reply in its thread. */
        public List<String> replies() {
            return replies.stream().map(reply -> reply.path("text").asText()).toList();
        }

        /** How often it was edited. */
        public int edits() {
            return edits;
        }

        /** The message as a person reads it, with its thread indented. */
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
     * @return the message that was posted; null for an edit or a reply, or if the action was not sent to Slack
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

    /** Whether it adds a message to the channel: a new message, or a reply that is also shown in the channel. */
    public static boolean isNew(Action action) {
        return !isEdit(action)
                && !isForOne(action)
                && (!isReply(action) || action.request().path("reply_broadcast").asBoolean());
    }

    /** Whether only the person who requested it sees it, so that it adds no message to the channel. */
    public static boolean isForOne(Action action) {
        return action.operation().equals("ephemeral");
    }

    /** Whether it edits a message. */
    public static boolean isEdit(Action action) {
        return action.operation().equals("chat.update");
    }

    /** Whether it is a reply in a thread. */
    public static boolean isReply(Action action) {
        return action.request().has("thread_ts");
    }

    /** The messages in the order in which they were posted. */
    public List<Message> messages() {
        return List.copyOf(messages);
    }
}
