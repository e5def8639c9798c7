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
 * Everything that fires about one thing in one channel, from the first alert until none fires. People see one incident
 * as one Slack message with a thread under it.
 *
 * <p>A value: each function gives another one, or the same when nothing changed, and none of them knows Slack, a store
 * or a clock. What comes twice, late or in another order leads to the same end.
 *
 * @param id short enough to type: {@code web-7f3a}
 * @param about what it is about: {@code service/111122223333/eu-west-1/prod/web}
 * @param channel as the alerts name it
 * @param status where it is
 * @param severity the worst of what fires, or of what fired when nothing does
 * @param opened when it opened, the first time
 * @param resolved when it was resolved; null while it is not
 * @param alerts in the order in which they came
 * @param story the last of it, in order
 * @param acknowledgedBy who saw it; null when nobody did since it last became worse
 * @param openings when it opened, the latest times
 * @param flapping since when it counts as flapping; null when it does not
 * @param reminders how often people were reminded
 * @param silence the id of the silence that keeps Slack from hearing anything new; null when none does
 * @param applied the identities of the events that were last taken into account, so that a copy is known
 * @param outbox the events about it that were not sent yet
 * @param state goes up by one with each change that a reader of the message could see
 * @param shown what Slack shows of it
 * @param memory what decides how it goes on, and nobody is shown
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

    /** Where an incident is. */
    public enum Status {
        OPEN,
        ACKNOWLEDGED,
        RESOLVED
    }

    /**
     * Something that routes can take as an event.
     *
     * @param number unique in the incident
     * @param what {@code Incident Opened}, {@code Incident Alert}, {@code Incident Reopened}, {@code Incident
     *     Acknowledged}, {@code Incident Unacknowledged} or {@code Incident Resolved}
     * @param at when
     * @param alert the key of the alert that it is about; null when it is about none in particular
     */
    public record Announcement(int number, String what, Instant at, String alert) {}

    /**
     * What decides how an incident goes on.
     *
     * @param peak the worst severity since it opened the last time: only what is above that is a rise
     * @param changed when an alert last began or ended
     * @param escalated whether it became an event that nobody acknowledged it since it opened
     * @param announcements the number of the last event about it
     * @param lineState the state that the last line of the story made; later ones only count
     * @param ends when alerts ended that were not known then, by their keys, which may end with an asterisk
     * @param held the alerts that a silence keeps from Slack, by their keys, each with the last line that was told when
     *     that began
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
        // Written by a version that did not have it.
        memory = memory == null ? new Memory(severity, opened, false, 0, 0, Map.of(), Map.of()) : memory;
    }

    /** A new incident for an alert; null if the alert only ends something that is not open. */
    public static Incident of(Alert alert, Instant now, IncidentRules rules) {
        return IncidentLife.open(alert, now);
    }

    /** The incident after this alert; the same if the alert is a copy, or changes nothing. */
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

    /** Resolves it for a person, whatever still fires. */
    public Incident close(String who, Instant now) {
        return status == Status.RESOLVED ? this : IncidentLife.close(this, who, now);
    }

    /**
     * Adds a line to its story: something was done, or found out. The same if the line is already there.
     *
     * @param kind {@code ACTED} for a sentence, {@code DETAIL} for lines to be shown as they are
     * @param identity of what was done, which a copy has too; null when there are no copies
     */
    public Incident noted(StoryLine.Kind kind, String text, String identity, Instant now) {
        return identity != null && applied.contains(identity)
                ? this
                : new IncidentDraft(this, now)
                        .line(kind, text)
                        .applied(identity)
                        .done();
    }

    /** Records something that was done for it without a line in its story. The same when that was noted before. */
    public Incident noted(String identity, Instant now) {
        return applied.contains(identity)
                ? this
                : new IncidentDraft(this, now).applied(identity).done();
    }

    /**
     * The ids of the silences that hold now for alerts of it that fire, by their keys; the same when they did before.
     */
    public Incident silenced(Map<String, String> silences, Instant now) {
        return IncidentLife.silence(this, silences, now);
    }

    /**
     * Whether an alert that fires now begins another incident: some time after its end, and when its message, if there
     * is one, says so.
     */
    public boolean over(Instant now, IncidentRules rules) {
        return status == Status.RESOLVED
                && !now.isBefore(resolved.plus(rules.reopen()))
                && shown.attempt() == null
                && (shown.ts() == null || shown.state() >= memory.lineState());
    }

    /**
     * Whether this alert belongs to this incident even if it is over: a copy, the end of one of its alerts, or a late
     * one that fired before its end.
     */
    public boolean knows(Alert alert) {
        return IncidentLife.knows(this, alert);
    }

    /** Whether anything fires. */
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

    /** The alert that it is mainly about: the worst that fires, or else the worst; null when there is none. */
    public IncidentAlert worst() {
        return alerts.stream()
                .min(Comparator.comparing((IncidentAlert alert) -> !alert.firing())
                        .thenComparing(alert -> alert.latest().severity()))
                .orElse(null);
    }

    /**
     * What Slack needs next so that it shows this; empty when it shows it, or when it is too early ({@link #due}).
     *
     * @param edits whether messages can be edited and replied to
     */
    public Optional<Step> next(boolean edits, Instant now, IncidentRules rules) {
        return new IncidentSteps(this, rules).next(edits, now);
    }

    /** Extends the current attempt, because others are posted before it. */
    public Incident stillAttempting(String by, Instant until) {
        return IncidentSteps.stillAttempting(this, by, until);
    }

    /** Records that this process begins a step. */
    public Incident attempting(Step step, String by, Instant until) {
        return IncidentSteps.attempting(this, step, by, until);
    }

    /**
     * The attempted message was found in Slack by its metadata. What it looks like is not known, so an edit follows.
     * The same when somebody else found that out.
     */
    public Incident recovered(Shown.Attempt attempt, Step.Posted posted, Instant now) {
        return attempt.equals(shown.attempt()) ? IncidentSteps.recovered(this, posted, now) : this;
    }

    /** The attempted message is certainly not in Slack. The same when somebody else found that out. */
    public Incident unattempted(Shown.Attempt attempt) {
        return attempt.equals(shown.attempt()) ? IncidentSteps.unattempted(this) : this;
    }

    /**
     * It is unknown whether the attempted message is in Slack. It is posted again, and its end is shown in any case.
     * The same when somebody else found that out.
     */
    public Incident lost(Shown.Attempt attempt) {
        return attempt.equals(shown.attempt()) ? IncidentSteps.lost(this) : this;
    }

    /** Slack accepted this step. */
    public Incident applyResult(Step step, Step.Posted posted, Instant now) {
        return IncidentSteps.applyResult(this, step, posted, now);
    }

    /** The message of this step is gone, so a new one replaces it; the same if one did already. */
    public Incident moved(Step step, String reason, Instant now) {
        return Objects.equals(step.incident().shown().ts(), shown.ts()) ? IncidentSteps.moved(this, reason, now) : this;
    }

    /** The number of the last line of its story. */
    public int lastLine() {
        return story.isEmpty() ? 0 : story.get(story.size() - 1).number();
    }

    /** Whether nothing is left to do: it is over, Slack shows that, and every event was sent. */
    public boolean settled(boolean edits, Instant now, IncidentRules rules) {
        return over(now, rules)
                && outbox.isEmpty()
                && (shown.state() == 0 || new IncidentSteps(this, rules).wait(edits) == null);
    }

    /**
     * When to look at it again, by {@link #pass} and {@link #next}: in the past when there is something to do at once,
     * and the end of the time in which it may be opened again when there is nothing else. Null when there is nothing to
     * wait for.
     */
    public Instant due(boolean edits, IncidentRules rules) {
        return new IncidentSteps(this, rules).due(edits);
    }

    /** This event about it was sent. */
    public Incident announced(Announcement announcement) {
        return new IncidentDraft(this, announcement.at()).sent(announcement).done();
    }
}
