package io.ecssteward.alert;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A message for people, independent of where it is sent: routes create alerts, and only the Slack route depends on
 * Slack. All texts are plain: the code that renders an alert escapes and truncates them.
 *
 * <p>Long because each part needs a line in the record, in the builder, and in the conversions between them.
 *
 * @param key identifies the alert; two alerts with the same key and occurrence within the cool-down are one alert
 * @param occurrence distinguishes this occurrence from the last one, if each occurrence is posted; null if only the
 *     cool-down decides
 * @param state whether the alert fires, is resolved, or is only information
 * @param severity how urgent it is
 * @param title one line that says what happened, with names
 * @param text more details, in sentences; may be empty
 * @param fields facts, in order
 * @param links to consoles and runbooks, in order
 * @param channel the Slack channel (or the webhook's name); null until the settings choose it
 * @param coolDown how long further alerts with the same key are not sent
 * @param slackPayload a Slack message from another program, which is passed through unchanged except for secrets; null
 *     for all other alerts
 * @param origin the identity of the event that caused it; null if no event did
 * @param time when it happened; null if unknown
 * @param mention whom to @mention, in the format of {@link Mention}; null for no one
 * @param incident its subject, which has one message in Slack; null to use the key
 * @param resolveAfter how long after its last occurrence it resolves by itself; null if an event always resolves it
 * @param resource the ARN of the AWS resource that it is about, such as a task, an alarm or a service; null for none
 * @param actions the buttons of its message, by the names of their routes at {@code slack-action:}; null for the
 *     buttons that suit its subject
 */
public record Alert(
        String key,
        String occurrence,
        State state,
        Severity severity,
        String title,
        String text,
        List<Field> fields,
        List<Link> links,
        String channel,
        Duration coolDown,
        JsonNode slackPayload,
        String origin,
        Instant time,
        String mention,
        String incident,
        Duration resolveAfter,
        String resource,
        List<String> actions) {

    /** Ten minutes: long enough to absorb a burst of alerts, short enough to report an ongoing problem again. */
    public static final Duration DEFAULT_COOL_DOWN = Duration.ofMinutes(10);

    /**
     * Our choice: no event resolves the alert of a failed job, so its incident is resolved after an hour without
     * another alert.
     */
    public static final Duration NO_NEWS = Duration.ofHours(1);

    /** Our choice: ECS reports when a service is steady; this is for the case that the event is lost. */
    public static final Duration NO_NEWS_OF_SERVICE = Duration.ofHours(12);

    /** In characters; more than any receiver shows. */
    private static final int LONGEST = 100_000;

    /** Whether an alert fires, is resolved, or is only information. */
    public enum State {
        FIRING,
        RESOLVED,
        INFO
    }

    public Alert {
        Objects.requireNonNull(key, "an alert needs a key");
        Objects.requireNonNull(state);
        Objects.requireNonNull(severity);
        Objects.requireNonNull(title, "an alert needs a title");
        Objects.requireNonNull(text);
        Objects.requireNonNull(coolDown);
        // Everything that Steward sends to people is an alert, so secrets are masked here.
        key = AlertKey.cut(Redactor.text(key));
        occurrence = Redactor.text(occurrence);
        title = Redactor.beginning(title, LONGEST);
        text = Redactor.beginning(text, LONGEST);
        fields = Redactor.fields(fields);
        links = Redactor.links(links);
        incident = incidentOf(incident);
        // After a round trip through JSON, a missing list is an empty one.
        actions = actions == null || actions.isEmpty() ? null : List.copyOf(actions);
        // After a round trip through JSON, a missing payload is a null node.
        slackPayload = slackPayload == null || slackPayload.isNull() ? null : Redactor.json(slackPayload);
    }

    /**
     * A subject in the form that alerts and incidents use: truncated, and without secrets. It is not named like the
     * accessor, because Camel would then call this method for {@code ${body.alert.incident}}, with the body as the
     * argument.
     */
    public static String incidentOf(String about) {
        return AlertKey.cut(Redactor.text(about));
    }

    /** The key of the claim for sending this alert: its state, its key and its occurrence. */
    public String claim() {
        return EnumWord.of(state) + "/" + key + (occurrence == null ? "" : "/" + occurrence);
    }

    /**
     * The claim of the opposite alert with the same key. Sending an alert deletes that claim, so that the opposite
     * alert can be sent again.
     */
    public String oppositeClaim() {
        State opposite = state == State.FIRING ? State.RESOLVED : State.FIRING;
        return EnumWord.of(opposite) + "/" + key;
    }

    /**
     * The alert's subject, which has one message in Slack: the incident, or else the key. Null for alerts with the
     * state info, and for Slack messages from other programs: each of these is a separate message.
     */
    public String about() {
        return state == State.INFO || slackPayload != null ? null : incident == null ? key : incident;
    }

    /**
     * Whether this alert ends the other: the keys are equal, or this key ends with an asterisk and the other key begins
     * with the part before it.
     */
    public boolean ends(Alert other) {
        return state == State.RESOLVED
                && (key.endsWith("*")
                        ? other.key().startsWith(key.substring(0, key.length() - 1))
                        : other.key().equals(key));
    }

    /** Whether the alert is sent only if it ends another one: it is resolved, and its key ends with an asterisk. */
    public boolean quiet() {
        return state == State.RESOLVED && key.endsWith("*");
    }

    /** Starts an alert with this key: firing, with severity warning and the default cool-down. */
    public static Builder about(String key) {
        return new Builder(key);
    }

    /** Starts from this alert, to change some parts. */
    public Builder change() {
        Builder builder = new Builder(key)
                .occurrence(occurrence)
                .state(state)
                .severity(severity)
                .title(title)
                .text(text)
                .channel(channel)
                .coolDown(coolDown)
                .slackPayload(slackPayload)
                .origin(origin)
                .time(time)
                .mention(mention)
                .incident(incident)
                .resolveAfter(resolveAfter)
                .resource(resource)
                .actions(actions);
        builder.fields.addAll(fields);
        builder.links.addAll(links);
        return builder;
    }

    /** Collects the parts of an {@link Alert}. Fields and links whose value is null or blank are left out. */
    public static final class Builder {
        private String key;
        private String occurrence;
        private State state = State.FIRING;
        private Severity severity = Severity.WARNING;
        private String title = "";
        private String text = "";
        private final List<Field> fields = new ArrayList<>();
        private final List<Link> links = new ArrayList<>();
        private String channel;
        private Duration coolDown = DEFAULT_COOL_DOWN;
        private JsonNode slackPayload;
        private String origin;
        private Instant time;
        private String mention;
        private String incident;
        private Duration resolveAfter;
        private String resource;
        private List<String> actions;

        private Builder(String key) {
            this.key = key;
        }

        public Builder key(String key) {
            this.key = key;
            return this;
        }

        /** Distinguishes this occurrence from the last one; null if only the cool-down decides. */
        public Builder occurrence(String occurrence) {
            this.occurrence = occurrence;
            return this;
        }

        /** The state so far. */
        public State state() {
            return state;
        }

        /** The severity so far. */
        public Severity severity() {
            return severity;
        }

        /** The channel so far; null until it is chosen. */
        public String channel() {
            return channel;
        }

        public Builder state(State state) {
            this.state = state;
            return this;
        }

        public Builder severity(Severity severity) {
            this.severity = severity;
            return this;
        }

        /** What happened; line breaks and control characters, which can occur in names in events, become spaces. */
        public Builder title(String title) {
            this.title = title == null
                    ? ""
                    : title.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
            return this;
        }

        /** More about it; null is the same as empty. */
        public Builder text(String text) {
            this.text = text == null ? "" : text;
            return this;
        }

        /** Adds a fact; one whose value is null or blank is left out. */
        public Builder field(String name, Object value) {
            String shown = value == null ? "" : value.toString();
            if (!shown.isBlank()) {
                fields.add(new Field(name, shown));
            }
            return this;
        }

        /** Adds a link; one without a URL is left out. */
        public Builder link(String label, String url) {
            if (url != null && !url.isBlank()) {
                links.add(new Link(label, url));
            }
            return this;
        }

        /** Removes the fields added so far. */
        public Builder noFields() {
            fields.clear();
            return this;
        }

        /** Removes the links added so far. */
        public Builder noLinks() {
            links.clear();
            return this;
        }

        public Builder channel(String channel) {
            this.channel = channel;
            return this;
        }

        public Builder coolDown(Duration coolDown) {
            this.coolDown = coolDown;
            return this;
        }

        public Builder slackPayload(JsonNode slackPayload) {
            this.slackPayload = slackPayload;
            return this;
        }

        /** The identity of the event that caused it; null if no event did. */
        public Builder origin(String origin) {
            this.origin = origin;
            return this;
        }

        /** When it happened; null if unknown. */
        public Builder time(Instant time) {
            this.time = time;
            return this;
        }

        /** Whom to @mention, in the format of {@link Mention}; null for no one. */
        public Builder mention(String mention) {
            this.mention = mention;
            return this;
        }

        /** Its subject; null to use the key. */
        public Builder incident(String incident) {
            this.incident = incident;
            return this;
        }

        /** How long after its last occurrence it resolves by itself; null if an event always resolves it. */
        public Builder resolveAfter(Duration resolveAfter) {
            this.resolveAfter = resolveAfter;
            return this;
        }

        /** The ARN of the AWS resource that it is about; null for none. */
        public Builder resource(String resource) {
            this.resource = resource;
            return this;
        }

        /** The buttons of its message; null for the buttons that suit its subject. */
        public Builder actions(List<String> actions) {
            this.actions = actions;
            return this;
        }

        public Alert build() {
            return new Alert(
                    key,
                    occurrence,
                    state,
                    severity,
                    title,
                    text,
                    fields,
                    links,
                    channel,
                    coolDown,
                    slackPayload,
                    origin,
                    time,
                    mention,
                    incident,
                    resolveAfter,
                    resource,
                    actions);
        }
    }
}
