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

/** An incident while it changes. Each change is made once: {@link #done} counts the state up by one. */
final class IncidentDraft {
    private static final int LINES = 20;
    private static final int ALERTS = 50;
    private static final int APPLIED = 50;
    private static final int OPENINGS = 100;
    private static final int ENDS = 20;
    private static final int OUTBOX = 20;

    /** How many details that wait to be posted are kept in full. */
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

    /** A new one. */
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

    /** One that is there. */
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

    /** A reader of the message sees a difference. */
    IncidentDraft visible() {
        visible = true;
        return this;
    }

    IncidentDraft line(StoryLine.Kind kind, String text) {
        return line(kind, text, null);
    }

    /** A line about the alert with this key. */
    IncidentDraft line(StoryLine.Kind kind, String text, String key) {
        int number = story.isEmpty() ? 1 : story.get(story.size() - 1).number() + 1;
        int max = kind == StoryLine.Kind.DETAIL ? SlackLimits.DETAIL : AlertTruncation.LINE;
        // People type what they like, and steps fail with whatever they know.
        story.add(new StoryLine(number, now, kind, AlertTruncation.cut(Redactor.text(text), max), key));
        lineState = state + 1;
        return visible();
    }

    IncidentDraft announce(String what) {
        return announce(what, null);
    }

    /** An event about the alert with this key. */
    IncidentDraft announce(String what, String key) {
        outbox.add(new Announcement(++announcements, what, now, key));
        return this;
    }

    /**
     * Marks these alerts as posted. Where there is a message to reply to, routes hear of each that people hear of for
     * the first time: what they find out about it has a place then.
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

    /** An event was sent. */
    IncidentDraft sent(Announcement announcement) {
        outbox.remove(announcement);
        return this;
    }

    /** An event was taken into account; one that has no identity has no copies. */
    IncidentDraft applied(String identity) {
        if (identity != null) {
            applied.add(identity);
        }
        return this;
    }

    /** An end that alerts may follow which fired before it. */
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
     * These alerts do not fire any more.
     *
     * @param why in sentences; empty where nobody says
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

    /** Resolves it: nothing fires any more, or a person closed it. */
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
        // What fires is kept: an incident that forgot it would be over too early.
        alerts.stream()
                .filter(alert -> !alert.firing())
                .sorted(Comparator.comparing(IncidentAlert::last))
                .limit(Math.max(0, alerts.size() - ALERTS))
                .toList()
                .forEach(alerts::remove);
        // Posted lines come before others, so lines that wait are never the first to be dropped.
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

    /** A detail that was posted, or that is one of many, keeps only its title: the document would be too large. */
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
