package io.ecssteward.incident;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All alerts about one subject in one channel, from the first alert until none fires. People see an incident as one
 * Slack message with a thread under it.
 *
 * <p>Immutable: each method returns a new incident, or the same one if nothing changed, and none of them uses Slack, a
 * store or a clock. Duplicate, late and reordered alerts lead to the same result.
 *
 * @param id short enough to type: {@code web-7f3a}
 * @param about its subject: {@code service/111122223333/eu-west-1/prod/web}
 * @param channel as the alerts name it
 * @param status its state
 * @param severity the worst severity of the alerts that fire; once none fires, the worst since it last opened
 * @param opened when it first opened
 * @param resolved when it was resolved; null while it is open
 * @param alerts in order of arrival
 * @param story its latest lines, oldest first
 * @param acknowledgedBy who acknowledged it; null if no one has since its severity last rose
 * @param openings the latest times at which it opened
 * @param flapping since when it has counted as flapping; null when it does not
 * @param reminders how often people were reminded
 * @param silence the id of the silence that holds back its messages; null when there is none
 * @param applied the identities of the events that were applied last, to recognize duplicates
 * @param outbox the events about it that have not been sent yet
 * @param state a number that rises by one with each change that is visible in the message
 * @param shown what Slack shows of it at present
 * @param memory internal state that is never displayed
 */
public record Incident(
        String id,
        String about,
        String channel,
        Status status,
        Severity severity,
        Instant opened,
        Instant resolved,
        List<IncidentAlert> alerts,
        List<StoryLine> story,
        String acknowledgedBy,
        List<Instant> openings,
        Instant flapping,
        int reminders,
        String silence,
        List<String> applied,
        List<Announcement> outbox,
        int state,
        Shown shown,
        Memory memory) {

    /** The state of an incident. */
    public enum Status {
        OPEN,
        ACKNOWLEDGED,
        RESOLVED
    }

    /**
     * A change that is sent as an event, for routes to handle.
     *
     * @param number unique in the incident
     * @param what {@code Incident Opened}, {@code Incident Alert}, {@code Incident Reopened}, {@code Incident
     *     Acknowledged}, {@code Incident Unacknowledged} or {@code Incident Resolved}
     * @param at when
     * @param alert the key of the alert that it is about; null when it is about the whole incident
     */
    public record Announcement(int number, String what, Instant at, String alert) {}

    /**
     * Internal state that decides the next changes of an incident.
     *
     * @param peak the worst severity since it last opened; only a severity above it counts as a rise
     * @param changed when an alert last began to fire or ended
     * @param escalated whether {@code Incident Unacknowledged} was announced since it last opened
     * @param announcements the number of the last event about it
     * @param lineState the state number at the last line of the story; later states only change counts
     * @param ends when alerts ended that had not arrived yet, by their keys, which may end with an asterisk
     * @param held the alerts that a silence holds back, by their keys, each with the number of the last line that had
     *     been posted when the silence began
     */
    public record Memory(
            Severity peak,
            Instant changed,
            boolean escalated,
            int announcements,
            int lineState,
            Map<String, Instant> ends,
            Map<String, Integer> held) {

        public Memory {
            held = held == null ? Map.of() : held;
        }
    }

    public Incident {
        alerts = List.copyOf(alerts);
        story = List.copyOf(story);
        openings = List.copyOf(openings);
        applied = List.copyOf(applied);
        outbox = List.copyOf(outbox);
        // An older version wrote the document.
        memory = memory == null ? new Memory(severity, opened, false, 0, 0, Map.of(), Map.of()) : memory;
    }

    /** A new incident for an alert; null if the alert is a resolving one. */
    public static Incident of(Alert alert, Instant now, IncidentRules rules) {
        return IncidentLife.open(alert, now);
    }

    /** The incident after this alert; the same if the alert is a duplicate or changes nothing. */
    public Incident apply(Alert alert, Instant now, IncidentRules rules) {
        return new IncidentLife(this, now, rules).apply(alert);
    }

    /**
     * The incident at this time: a reminder may be due, flapping may be over, or it may be resolved because nothing
     * fired again.
     */
    public Incident pass(Instant now, IncidentRules rules) {
        return new IncidentTime(this, now, rules).pass();
    }

    /** Acknowledges it. */
    public Incident acknowledge(String who, Instant now) {
        return status == Status.OPEN ? IncidentLife.acknowledge(this, who, now) : this;
    }

    /** Resolves it on a person's request, even if alerts still fire. */
    public Incident close(String who, Instant now) {
        return status == Status.RESOLVED ? this : IncidentLife.close(this, who, now);
    }

    /**
     * Adds a line to its story about an action or a finding. The same if the line is already there.
     *
     * @param kind {@code ACTED} for a sentence, {@code DETAIL} for lines to be shown verbatim
     * @param identity the identity of the action, the same for a duplicate; null if there can be no duplicate
     */
    public Incident noted(StoryLine.Kind kind, String text, String identity, Instant now) {
        return identity != null && applied.contains(identity)
                ? this
                : new IncidentDraft(this, now)
                        .line(kind, text)
                        .applied(identity)
                        .done();
    }

    /** Records an action without adding a line to its story. The same if the action was recorded before. */
    public Incident noted(String identity, Instant now) {
        return applied.contains(identity)
                ? this
                : new IncidentDraft(this, now).applied(identity).done();
    }

    /**
     * Applies the silences that are active now: their ids by the keys of the firing alerts. The same if none changed.
     */
    public Incident silenced(Map<String, String> silences, Instant now) {
        return IncidentLife.silence(this, silences, now);
    }

    /**
     * Whether an alert that fires now opens a new incident: this one was resolved some time ago, and its message, if it
     * has one, shows that.
     */
    public boolean over(Instant now, IncidentRules rules) {
        return status == Status.RESOLVED
                && !now.isBefore(resolved.plus(rules.reopen()))
                && shown.attempt() == null
                && (shown.ts() == null || shown.state() >= memory.lineState());
    }

    /**
     * Whether this alert belongs to this incident even if it is over: a duplicate, the end of one of its alerts, or a
     * late alert that fired before its end.
     */
    public boolean knows(Alert alert) {
        return IncidentLife.knows(this, alert);
    }

    /** Whether any alert fires. */
    public boolean firing() {
        return alerts.stream().anyMatch(IncidentAlert::firing);
    }

    /** Whether the alert with this key fires. */
    public boolean fires(String key) {
        return alerts.stream().anyMatch(alert -> alert.firing() && alert.key().equals(key));
    }

    /** Whether the alert with this key fires and is not silenced. */
    boolean firesUnsilenced(String key) {
        return fires(key) && !memory.held().containsKey(key);
    }

    /** The main alert: the worst one that fires, or the worst one if none fires; null when there are no alerts. */
    public IncidentAlert worst() {
        return alerts.stream()
                .min(Comparator.comparing((IncidentAlert alert) -> !alert.firing())
                        .thenComparing(alert -> alert.latest().severity()))
                .orElse(null);
    }

    /**
     * The next step to bring Slack up to date; empty when Slack is up to date, or when it is too early for the next
     * step ({@link #due}).
     *
     * @param edits whether messages can be edited and replied to
     */
    public Optional<Step> next(boolean edits, Instant now, IncidentRules rules) {
        return new IncidentSteps(this, rules).next(edits, now);
    }

    /** Extends the current attempt, because other messages are posted first. */
    public Incident stillAttempting(String by, Instant until) {
        return IncidentSteps.stillAttempting(this, by, until);
    }

    /** Records that this process begins a step. */
    public Incident attempting(Step step, String by, Instant until) {
        return IncidentSteps.attempting(this, step, by, until);
    }

    /**
     * The attempted message was found in Slack by its metadata. Its content is unknown, so an edit follows. The same if
     * another replica already recorded that.
     */
    public Incident recovered(Shown.Attempt attempt, Step.Posted posted, Instant now) {
        return attempt.equals(shown.attempt()) ? IncidentSteps.recovered(this, posted, now) : this;
    }

    /** The attempted message is certainly not in Slack. The same if another replica already recorded that. */
    public Incident unattempted(Shown.Attempt attempt) {
        return attempt.equals(shown.attempt()) ? IncidentSteps.unattempted(this) : this;
    }

    /**
     * It is unknown whether the attempted message is in Slack. It is posted again, and the resolution is always shown.
     * The same if another replica already recorded that.
     */
    public Incident lost(Shown.Attempt attempt) {
        return attempt.equals(shown.attempt()) ? IncidentSteps.lost(this) : this;
    }

    /** Records that Slack accepted this step. */
    public Incident applyResult(Step step, Step.Posted posted, Instant now) {
        return IncidentSteps.applyResult(this, step, posted, now);
    }

    /** The message of this step is gone, so a new one replaces it; the same if it was replaced already. */
    public Incident moved(Step step, String reason, Instant now) {
        return Objects.equals(step.incident().shown().ts(), shown.ts()) ? IncidentSteps.moved(this, reason, now) : this;
    }

    /** The number of the last line of its story. */
    public int lastLine() {
        return story.isEmpty() ? 0 : story.get(story.size() - 1).number();
    }

    /** Whether nothing is left to do: it is over, Slack shows that, and all its events were sent. */
    public boolean settled(boolean edits, Instant now, IncidentRules rules) {
        return over(now, rules)
                && outbox.isEmpty()
                && (shown.state() == 0 || new IncidentSteps(this, rules).wait(edits) == null);
    }

    /**
     * When to check it next, by {@link #pass} and {@link #next}. A time in the past means at once. If nothing else is
     * due, this is the end of the time in which it may reopen. Null when there is nothing to wait for.
     */
    public Instant due(boolean edits, IncidentRules rules) {
        return new IncidentSteps(this, rules).due(edits);
    }

    /** Records that this event about it was sent. */
    public Incident announced(Announcement announcement) {
        return new IncidentDraft(this, announcement.at()).sent(announcement).done();
    }
}
