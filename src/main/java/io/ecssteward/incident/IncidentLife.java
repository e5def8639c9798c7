package io.ecssteward.incident;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.incident.Incident.Status;
import io.ecssteward.incident.StoryLine.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Changes an incident for an alert, a person or a silence. */
final class IncidentLife {
    private static final Duration FLAPPING_WITHIN = Duration.ofHours(1);

    /** Our choice: longer than the usual delivery delay, so that an alert that arrived in time stays unchanged. */
    private static final Duration LATE = Duration.ofMinutes(5);

    private final Incident from;
    private final Instant now;
    private final IncidentRules rules;
    private final IncidentDraft to;

    IncidentLife(Incident from, Instant now, IncidentRules rules) {
        this.from = from;
        this.now = now;
        this.rules = rules;
        this.to = new IncidentDraft(from, now);
    }

    static Incident open(Alert given, Instant now) {
        if (given.about() == null || given.state() != Alert.State.FIRING) {
            return null;
        }
        Alert alert = heard(AlertTruncation.cut(given), now);
        Instant time = time(alert, now);
        IncidentDraft draft = new IncidentDraft(given, now);
        draft.alerts.add(new IncidentAlert(alert, 1, time, time, null, null));
        return draft.line(Kind.OPENED, alert.title(), alert.key())
                .announce("Incident Opened")
                .applied(Identities.alert(given))
                .done();
    }

    /** A late alert could resolve by itself at once, so its {@code resolveAfter} counts from its arrival. */
    private static Alert heard(Alert alert, Instant now) {
        Duration late = Duration.between(time(alert, now), now);
        return alert.resolveAfter() == null || late.compareTo(LATE) < 0
                ? alert
                : alert.change().resolveAfter(alert.resolveAfter().plus(late)).build();
    }

    private static Instant time(Alert alert, Instant now) {
        return alert.time() == null ? now : alert.time();
    }

    static boolean knows(Incident incident, Alert alert) {
        return copy(incident, alert)
                || (alert.state() == Alert.State.RESOLVED
                        ? incident.alerts().stream().anyMatch(other -> alert.ends(other.latest()))
                        : alert.time() != null && late(incident, alert));
    }

    private static boolean copy(Incident incident, Alert alert) {
        String identity = Identities.alert(alert);
        return identity != null && incident.applied().contains(identity);
    }

    private static boolean late(Incident incident, Alert alert) {
        return incident.alerts().stream()
                        .filter(other -> other.key().equals(alert.key()))
                        .anyMatch(other -> other.ended() != null && alert.time().isBefore(other.ended()))
                || lastEnd(incident.memory().ends(), alert.key(), alert.time()) != null;
    }

    Incident apply(Alert given) {
        if (given.state() == Alert.State.INFO || copy(from, given)) {
            return from;
        }
        Alert alert = AlertTruncation.cut(given);
        if (alert.state() == Alert.State.FIRING) {
            fire(heard(alert, now), time(alert, now));
        } else if (from.over(now, rules) || !end(alert, time(alert, now))) {
            return from;
        }
        return to.applied(Identities.alert(given)).done();
    }

    private void fire(Alert alert, Instant time) {
        IncidentAlert known = to.alerts.stream()
                .filter(other -> other.key().equals(alert.key()))
                .findFirst()
                .orElse(null);
        IncidentAlert fired;
        if (known == null) {
            fired = new IncidentAlert(alert, 1, time, time, lastEnd(to.ends, alert.key(), time), null);
            to.alerts.add(fired);
        } else {
            boolean newest = !time.isBefore(known.last());
            fired = new IncidentAlert(
                    newest ? alert : known.latest(),
                    known.count() + 1,
                    time.isBefore(known.first()) ? time : known.first(),
                    newest ? time : known.last(),
                    known.ended() == null || time.isBefore(known.ended())
                            ? known.ended()
                            : lastEnd(to.ends, alert.key(), time),
                    known.posted());
            to.alerts.set(to.alerts.indexOf(known), fired);
        }
        to.visible();
        if (!fired.firing()) {
            return;
        }
        boolean begins = known == null || !known.firing();
        if (begins) {
            to.changed = now;
        }
        to.severity = to.worstFiring();
        if (to.status == Status.RESOLVED) {
            reopen(alert);
        } else if (to.severity.compareTo(to.peak) < 0) {
            to.peak = to.severity;
            to.status = Status.OPEN;
            to.acknowledgedBy = null;
            to.line(Kind.ROSE, "Now " + EnumWord.of(to.severity) + ": " + alert.title(), alert.key());
        } else if (begins && to.flapping == null) {
            to.line(Kind.JOINED, alert.title(), alert.key());
        }
    }

    private static Instant lastEnd(Map<String, Instant> ends, String key, Instant after) {
        return ends.entrySet().stream()
                .filter(end -> matches(end.getKey(), key))
                .map(Map.Entry::getValue)
                .filter(at -> at.isAfter(after))
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private static boolean matches(String end, String key) {
        return end.endsWith("*") ? key.startsWith(end.substring(0, end.length() - 1)) : key.equals(end);
    }

    private void reopen(Alert alert) {
        to.status = Status.OPEN;
        to.resolved = null;
        to.acknowledgedBy = null;
        to.reminders = 0;
        to.escalated = false;
        to.peak = to.severity;
        to.openings.add(now);
        Instant since = now.minus(FLAPPING_WITHIN);
        long openings = to.openings.stream().filter(at -> !at.isBefore(since)).count();
        if (rules.flapping() > 0 && openings >= rules.flapping()) {
            to.flapping = now;
            to.line(
                    Kind.FLAPPING,
                    "Flapping: opened " + openings + " times within an hour. Changes are not posted until it"
                            + " has been calm for " + Sentences.duration(rules.calm()) + ".",
                    alert.key());
        } else {
            to.line(Kind.REOPENED, "Again: " + alert.title(), alert.key());
        }
        to.announce("Incident Reopened");
    }

    /** Applies an end; false if it changes nothing. */
    private boolean end(Alert end, Instant time) {
        List<IncidentAlert> ended = new ArrayList<>();
        boolean known = false;
        boolean later = false;
        for (int i = 0; i < to.alerts.size(); i++) {
            IncidentAlert alert = to.alerts.get(i);
            if (!end.ends(alert.latest())) {
                continue;
            }
            known = true;
            if (!time.isBefore(alert.last()) && (alert.firing() || time.isAfter(alert.ended()))) {
                if (alert.firing()) {
                    ended.add(alert);
                }
                later = true;
                to.alerts.set(i, alert.ended(time));
            }
        }
        if (!known || end.key().endsWith("*")) {
            Instant before = to.ends.get(end.key());
            later |= before == null || time.isAfter(before);
            to.end(end.key(), time);
        }
        if (!ended.isEmpty()) {
            // The text of a quiet end says why the alerts ended; the text of other ends describes the alert itself.
            to.ended(ended, "Over: ", Kind.RESOLVED, "Resolved", end.quiet() ? end.text() : "");
        }
        return later;
    }

    static Incident acknowledge(Incident from, String who, Instant now) {
        IncidentDraft to = new IncidentDraft(from, now);
        to.status = Status.ACKNOWLEDGED;
        to.acknowledgedBy = who;
        // Only a rise above the current severity revokes the acknowledgement.
        to.peak = to.severity;
        return to.line(Kind.ACKNOWLEDGED, "Acknowledged by " + who + ".")
                .announce("Incident Acknowledged")
                .done();
    }

    static Incident close(Incident from, String who, Instant now) {
        IncidentDraft to = new IncidentDraft(from, now);
        to.alerts.replaceAll(alert -> alert.firing() ? alert.ended(now) : alert);
        to.end("*", now);
        to.changed = now;
        to.resolve(Kind.CLOSED, "Closed by " + who, "");
        return to.done();
    }

    static Incident silence(Incident from, Map<String, String> silences, Instant now) {
        List<IncidentAlert> firing =
                from.alerts().stream().filter(IncidentAlert::firing).toList();
        if (firing.isEmpty()) {
            return from;
        }
        IncidentDraft to = new IncidentDraft(from, now);
        List<IncidentAlert> missed = new ArrayList<>();
        for (IncidentAlert alert : firing) {
            if (silences.containsKey(alert.key())) {
                to.held.putIfAbsent(alert.key(), from.shown().line());
            } else {
                Integer since = to.held.remove(alert.key());
                if (since != null && missed(from, alert.key(), since)) {
                    missed.add(alert);
                }
            }
        }
        boolean all = firing.stream().allMatch(alert -> silences.containsKey(alert.key()));
        String silence = all ? silences.get(firing.get(0).key()) : null;
        if (to.held.equals(from.memory().held()) && Objects.equals(silence, from.silence())) {
            return from;
        }
        if (!Objects.equals(silence, from.silence())) {
            to.silence = silence;
            to.line(Kind.SILENCED, silence == null ? "The silence ended." : "Silenced by " + silence + ".");
        }
        if (to.flapping == null) {
            missed.forEach(alert -> to.line(Kind.JOINED, alert.latest().title(), alert.key()));
        }
        return to.done();
    }

    /** Whether lines about an alert were held back while later ones were posted. */
    private static boolean missed(Incident incident, String key, int since) {
        List<Integer> lines = incident.story().stream()
                .filter(line -> line.kind() == Kind.JOINED || line.kind() == Kind.ROSE)
                .filter(line -> key.equals(line.alert()) && line.number() > since)
                .map(StoryLine::number)
                .toList();
        return !lines.isEmpty()
                && lines.stream().allMatch(number -> number <= incident.shown().line());
    }
}
