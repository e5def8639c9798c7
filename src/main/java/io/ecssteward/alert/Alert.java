package io.ecssteward.alert;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A message for people, independent of where it is sent: routes create alerts, and only the Slack route depends on
 * Slack. All texts are plain: whoever renders an alert escapes and cuts them.
 *
 * <p>Long because each part has its line in the record, in the builder and in what goes from one to the other.
 *
 * @param key what the alert is about; two alerts with one key and one occurrence within the cool-down are one alert
 * @param occurrence what tells this time from the last, where each time is news; null where the cool-down is all
 * @param state whether something began, ended, or is just so
 * @param severity how much it matters
 * @param title one line that says what happened, with the names in it
 * @param text more, in sentences; may be empty
 * @param fields facts, in order
 * @param links where to go on, in order
 * @param channel the Slack channel (or the webhook's name); null until it is chosen by the settings
 * @param coolDown how long to stay silent about the same key
 * @param slackPayload a message somebody else already wrote for Slack, passed through as it is; null for all others
 * @param origin the identity of the event that led to it; null when no event did
 * @param time when it happened; null when the event does not say
 * @param mention who is to look up, as {@link Mention} writes it; null when nobody is
 * @param incident what it is about, which is one message in Slack; null where its key says that
 * @param resolveAfter how long after the last time it counts as over, without anything that says so; null where
 *     something always does
 * @param resource the ARN of what it is about in AWS, for whoever looks further: a task, an alarm, a service; null when
 *     there is none
 * @param actions what its message offers people to do, as the routes at {@code slack-action:} are called; null where
 *     what it is about says that
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

    /** Ten minutes: long enough for a storm of alerts, short enough that what goes on is reported again. */
    public static final Duration DEFAULT_COOL_DOWN = Duration.ofMinutes(10);

    /**
     * Ours: no event says that a failed job is over, so its incident is resolved after an hour without another alert.
     */
    public static final Duration NO_NEWS = Duration.ofHours(1);

    /** Ours: ECS reports when a service is steady; half a day in case that event is lost. */
    public static final Duration NO_NEWS_OF_SERVICE = Duration.ofHours(12);

    /** More than any receiver shows, in characters. */
    private static final int LONGEST = 100_000;

    /** Whether something began, ended, or is neither. */
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
        // Whatever leaves the steward for people is an alert, so nothing secret is ever in one.
        key = AlertKey.cut(Redactor.text(key));
        occurrence = Redactor.text(occurrence);
        title = Redactor.beginning(title, LONGEST);
        text = Redactor.beginning(text, LONGEST);
        fields = Redactor.fields(fields);
        links = Redactor.links(links);
        incident = incidentOf(incident);
        // Read back from JSON, no list is an empty one.
        actions = actions == null || actions.isEmpty() ? null : List.copyOf(actions);
        // Read back from JSON, nothing is a node that says so.
        slackPayload = slackPayload == null || slackPayload.isNull() ? null : Redactor.json(slackPayload);
    }

    /**
     * What an alert is about, as alerts and their incidents have it: not too long, and nothing secret. It has not the
     * name of the accessor, of which Camel would take this one in {@code ${body.alert.incident}} and give it the body.
     */
    public static String incidentOf(String about) {
        return AlertKey.cut(Redactor.text(about));
    }

    /** What is claimed before this alert is sent: its state, its key and its occurrence. */
    public String claim() {
        return EnumWord.of(state) + "/" + key + (occurrence == null ? "" : "/" + occurrence);
    }

    /**
     * The claim of the opposite alert with the same key. Sending one alert deletes it, so that the opposite is sent
     * again.
     */
    public String oppositeClaim() {
        State opposite = state == State.FIRING ? State.RESOLVED : State.FIRING;
        return EnumWord.of(opposite) + "/" + key;
    }

    /**
     * What the alert is about, which is one message in Slack: the incident, or else the key. Null for what neither
     * begins nor ends, and for a message that somebody else wrote: each of these is a message of its own.
     */
    public String about() {
        return state == State.INFO || slackPayload != null ? null : incident == null ? key : incident;
    }

    /**
     * Whether this alert ends the other: the keys are equal, or this key ends with an asterisk and the other begins
     * with the part before it.
     */
    public boolean ends(Alert other) {
        return state == State.RESOLVED
                && (key.endsWith("*")
                        ? other.key().startsWith(key.substring(0, key.length() - 1))
                        : other.key().equals(key));
    }

    /** Whether the alert is sent only if it ends another: its key ends with an asterisk. */
    public boolean quiet() {
        return state == State.RESOLVED && key.endsWith("*");
    }

    /** Starts an alert about this key: firing, of severity warning, with the default cool-down. */
    public static Builder about(String key) {
        return new Builder(key);
    }

    /** Starts from this alert, to change some of it. */
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

        /** What tells this time from the last; null when the cool-down is all. */
        public Builder occurrence(String occurrence) {
            this.occurrence = occurrence;
            return this;
        }

        /** What the alert says so far. */
        public State state() {
            return state;
        }

        /** How much it matters so far. */
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

        /** What happened; line breaks and control characters, which names in events can have, become spaces. */
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

        /** The identity of the event that led to it; null when no event did. */
        public Builder origin(String origin) {
            this.origin = origin;
            return this;
        }

        /** When it happened; null if unknown. */
        public Builder time(Instant time) {
            this.time = time;
            return this;
        }

        /** Whom to @mention, as {@link Mention} writes it; null for nobody. */
        public Builder mention(String mention) {
            this.mention = mention;
            return this;
        }

        /** What it is about; null where its key says that. */
        public Builder incident(String incident) {
            this.incident = incident;
            return this;
        }

        /** How long after the last time it counts as over; null where something always says that it is. */
        public Builder resolveAfter(Duration resolveAfter) {
            this.resolveAfter = resolveAfter;
            return this;
        }

        /** The ARN of what it is about in AWS; null when there is none. */
        public Builder resource(String resource) {
            this.resource = resource;
            return this;
        }

        /** What its message offers people to do; null where what it is about says that. */
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
