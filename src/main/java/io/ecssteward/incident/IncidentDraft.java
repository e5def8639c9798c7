package io.ecssteward.incident;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Redactor;
import io.ecssteward.alert.Severity;
import io.ecssteward.incident.Incident.Announcement;
import io.ecssteward.incident.Incident.Memory;
import io.ecssteward.incident.Incident.Status;
import io.ecssteward.limits.SlackLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A mutable incident, for one change. {@link #done} increments the state number at most once. */
final class IncidentDraft {
    private static final int LINES = 20;
    private static final int ALERTS = 50;
    private static final int APPLIED = 50;
    private static final int OPENINGS = 100;
    private static final int ENDS = 20;
    private static final int OUTBOX = 20;

    /** How many details that have not been posted yet are kept in full. */
    private static final int DETAILS = 4;

    final String id;
    final String about;
    final String channel;
    final Instant opened;
    final Instant now;
    final List<IncidentAlert> alerts;
    final List<Instant> openings;
    final Map<String, Instant> ends;
    final Map<String, Integer> held;
    private final List<StoryLine> story;
    private final List<String> applied;
    private final List<Announcement> outbox;
    Status status;
    Severity severity;
    Severity peak;
    Instant resolved;
    Instant changed;
    String acknowledgedBy;
    Instant flapping;
    boolean escalated;
    int reminders;
    String silence;
    Shown shown;
    private int announcements;
    private int lineState;
    private int state;
    private boolean visible;

    /** A draft of a new incident. */
    IncidentDraft(Alert alert, Instant now) {
        this.id = Identities.incident(alert, now);
        this.about = alert.about();
        this.channel = alert.channel();
        this.opened = now;
        this.now = now;
        alerts = new ArrayList<>();
        openings = new ArrayList<>(List.of(now));
        ends = new LinkedHashMap<>();
        held = new LinkedHashMap<>();
        story = new ArrayList<>();
        applied = new ArrayList<>();
        outbox = new ArrayList<>();
        status = Status.OPEN;
        severity = alert.severity();
        peak = severity;
        changed = now;
        shown = Shown.NOTHING;
    }

    /** A draft of an existing incident. */
    IncidentDraft(Incident from, Instant now) {
        id = from.id();
        about = from.about();
        channel = from.channel();
        opened = from.opened();
        this.now = now;
        alerts = new ArrayList<>(from.alerts());
        openings = new ArrayList<>(from.openings());
        ends = new LinkedHashMap<>(from.memory().ends());
        held = new LinkedHashMap<>(from.memory().held());
        story = new ArrayList<>(from.story());
        applied = new ArrayList<>(from.applied());
        outbox = new ArrayList<>(from.outbox());
        status = from.status();
        severity = from.severity();
        peak = from.memory().peak();
        resolved = from.resolved();
        changed = from.memory().changed();
        acknowledgedBy = from.acknowledgedBy();
        flapping = from.flapping();
        escalated = from.memory().escalated();
        reminders = from.reminders();
        silence = from.silence();
        shown = from.shown();
        announcements = from.memory().announcements();
        lineState = from.memory().lineState();
        state = from.state();
    }

    Instant opening() {
        return openings.get(openings.size() - 1);
    }

    boolean firing() {
        return alerts.stream().anyMatch(IncidentAlert::firing);
    }

    /** Marks the change as visible in the message. */
    IncidentDraft visible() {
        visible = true;
        return this;
    }

    IncidentDraft line(StoryLine.Kind kind, String text) {
        return line(kind, text, null);
    }

    /** Adds a line about the alert with this key. */
    IncidentDraft line(StoryLine.Kind kind, String text, String key) {
        int number = story.isEmpty() ? 1 : story.get(story.size() - 1).number() + 1;
        int max = kind == StoryLine.Kind.DETAIL ? SlackLimits.DETAIL : AlertTruncation.LINE;
        // Text that people type and error messages may contain secrets.
        story.add(new StoryLine(number, now, kind, AlertTruncation.cut(Redactor.text(text), max), key));
        lineState = state + 1;
        return visible();
    }

    IncidentDraft announce(String what) {
        return announce(what, null);
    }

    /** Adds an event about the alert with this key to the outbox. */
    IncidentDraft announce(String what, String key) {
        outbox.add(new Announcement(++announcements, what, now, key));
        return this;
    }

    /**
     * Marks these alerts as posted. If there is a message to reply to, an event is announced for each alert that is
     * posted for the first time: routes that look into the alert can then reply in its thread.
     */
    IncidentDraft markPosted(Predicate<IncidentAlert> which, boolean firstMessage) {
        for (int i = 0; i < alerts.size(); i++) {
            IncidentAlert alert = alerts.get(i);
            if (which.test(alert)) {
                if (shown.ts() != null && (firstMessage || alert.posted() == null)) {
                    announce("Incident Alert", alert.key());
                }
                alerts.set(i, alert.postedAt(now));
            }
        }
        return this;
    }

    /** Records that an event was sent. */
    IncidentDraft sent(Announcement announcement) {
        outbox.remove(announcement);
        return this;
    }

    /** Records that an event was applied; one without an identity has no duplicates. */
    IncidentDraft applied(String identity) {
        if (identity != null) {
            applied.add(identity);
        }
        return this;
    }

    /** Records an end, for alerts that fired before it but arrive later. */
    void end(String key, Instant at) {
        ends.merge(key, at, (a, b) -> a.isAfter(b) ? a : b);
        if (ends.size() > ENDS) {
            ends.remove(ends.entrySet().stream()
                    .min(Map.Entry.comparingByValue())
                    .orElseThrow()
                    .getKey());
        }
    }

    /**
     * These alerts no longer fire.
     *
     * @param why in sentences; empty if unknown
     */
    void ended(List<IncidentAlert> ended, String before, StoryLine.Kind last, String how, String why) {
        changed = now;
        visible();
        if (firing()) {
            severity = worstFiring();
            if (flapping == null) {
                String more = ended.size() == 1 ? "" : " (and " + (ended.size() - 1) + " more)";
                line(
                        StoryLine.Kind.ENDED,
                        before
                                + AlertTruncation.cut(ended.get(0).latest().title(), AlertTruncation.LINE - 60)
                                + more
                                + (why.isEmpty() ? "" : ". " + why),
                        ended.size() == 1 ? ended.get(0).key() : null);
            }
        } else if (flapping == null) {
            resolve(last, how, why);
        } else {
            severity = peak;
        }
    }

    /** Resolves it: no alert fires any more, or a person closed it. */
    void resolve(StoryLine.Kind kind, String how, String why) {
        status = Status.RESOLVED;
        severity = peak;
        flapping = null;
        resolved = now;
        line(kind, (Sentences.end(how, this) + " " + why).strip()).announce("Incident Resolved");
    }

    Severity worstFiring() {
        return alerts.stream()
                .filter(IncidentAlert::firing)
                .map(alert -> alert.latest().severity())
                .min(Comparator.naturalOrder())
                .orElse(peak);
    }

    Incident done() {
        // Firing alerts are kept: without one, the incident would be over too early.
        alerts.stream()
                .filter(alert -> !alert.firing())
                .sorted(Comparator.comparing(IncidentAlert::last))
                .limit(Math.max(0, alerts.size() - ALERTS))
                .toList()
                .forEach(alerts::remove);
        // Posted lines come before unposted ones, so unposted lines are dropped last.
        return new Incident(
                id,
                about,
                channel,
                status,
                severity,
                opened,
                resolved,
                AlertTruncation.fit(alerts),
                kept(last(story, LINES)),
                acknowledgedBy,
                last(openings, OPENINGS),
                flapping,
                reminders,
                silence,
                last(applied, APPLIED),
                last(outbox, OUTBOX),
                visible ? state + 1 : state,
                shown,
                new Memory(peak, changed, escalated, announcements, lineState, Map.copyOf(ends), Map.copyOf(held)));
    }

    /** A detail that was posted, or that is one of many, keeps only its title, to limit the size of the document. */
    private List<StoryLine> kept(List<StoryLine> lines) {
        List<StoryLine> whole = last(
                lines.stream()
                        .filter(line -> line.kind() == StoryLine.Kind.DETAIL && line.number() > shown.line())
                        .toList(),
                DETAILS);
        return lines.stream()
                .map(line -> line.kind() != StoryLine.Kind.DETAIL || whole.contains(line) ? line : line.title())
                .toList();
    }

    private static <T> List<T> last(List<T> all, int max) {
        return List.copyOf(all.subList(Math.max(0, all.size() - max), all.size()));
    }
}
