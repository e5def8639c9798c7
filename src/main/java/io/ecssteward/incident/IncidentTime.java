package io.ecssteward.incident;

import io.ecssteward.incident.Incident.Status;
import io.ecssteward.incident.StoryLine.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Changes an incident when time has passed: reminders, escalation, the end of flapping, alerts that resolve by
 * themselves.
 */
final class IncidentTime {
    /** Each reminder takes twice as long as the one before, so this is years. */
    private static final int REMINDERS = 30;

    private final Incident from;
    private final Instant now;
    private final IncidentRules rules;
    private final IncidentDraft to;

    IncidentTime(Incident from, Instant now, IncidentRules rules) {
        this.from = from;
        this.now = now;
        this.rules = rules;
        this.to = new IncidentDraft(from, now);
    }

    Incident pass() {
        boolean passed = noNews() | calm() | remind() | escalate();
        return passed ? to.done() : from;
    }

    private boolean noNews() {
        List<IncidentAlert> ended = new ArrayList<>();
        for (int i = 0; i < to.alerts.size(); i++) {
            IncidentAlert alert = to.alerts.get(i);
            if (alert.firing() && passed(alert.noNews())) {
                ended.add(alert);
                to.alerts.set(i, alert.ended(alert.last()));
            }
        }
        if (!ended.isEmpty()) {
            to.ended(ended, "No more news: ", Kind.NO_NEWS, "No more news, so it is resolved", "");
        }
        return !ended.isEmpty();
    }

    private boolean calm() {
        if (!passed(calmAt())) {
            return false;
        }
        String calm = "Calm for " + Sentences.duration(rules.calm());
        if (to.firing()) {
            to.flapping = null;
            to.line(Kind.CALM, calm + ", and still open.");
        } else {
            to.resolve(Kind.RESOLVED, calm + ", so it is resolved", "");
        }
        return true;
    }

    private Instant calmAt() {
        return to.flapping == null ? null : to.changed.plus(rules.calm());
    }

    /** Several overdue reminders become one. There is no reminder of an incident that was never posted. */
    private boolean remind() {
        int before = to.reminders;
        while (passed(reminderAt())) {
            to.reminders++;
        }
        if (to.reminders > before && to.shown.state() > 0) {
            String open = Sentences.duration(Duration.between(to.opening(), now));
            to.line(Kind.REMINDED, "Still open after " + open + ", and nobody has acknowledged it.");
        }
        return to.reminders > before;
    }

    private Instant reminderAt() {
        return !waiting() || rules.reminder().isZero() || to.reminders > REMINDERS
                ? null
                : to.opening().plus(rules.reminder().multipliedBy(1L << to.reminders));
    }

    private boolean escalate() {
        if (!passed(escalationAt())) {
            return false;
        }
        to.escalated = true;
        to.announce("Incident Unacknowledged");
        return true;
    }

    private Instant escalationAt() {
        return !waiting() || to.escalated || rules.unacknowledged().isZero()
                ? null
                : to.opening().plus(rules.unacknowledged());
    }

    /** Whether it waits for an acknowledgement. */
    private boolean waiting() {
        return to.status == Status.OPEN && to.silence == null && to.firing();
    }

    private boolean passed(Instant at) {
        return at != null && !now.isBefore(at);
    }

    /** The times at which the incident changes by itself. */
    Stream<Instant> times() {
        Stream<Instant> noNews =
                to.alerts.stream().filter(IncidentAlert::firing).map(IncidentAlert::noNews);
        return Stream.concat(noNews, Stream.of(calmAt(), reminderAt(), escalationAt()))
                .filter(Objects::nonNull);
    }
}
