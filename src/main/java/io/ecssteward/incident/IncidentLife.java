package io.ecssteward.incident;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import io.ecssteward.incident.Incident.Status;
import io.ecssteward.incident.StoryLine.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How an incident goes on: by alerts, by time, and by people. */
final class IncidentLife {
    private static final Duration FLAPPING_WITHIN = Duration.ofHours(1);
    private static final int ID = 20;
    private static final String RESOLVED = "Incident Resolved";

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

    static Incident open(Alert alert, Instant now) {
        if (alert.about() == null || alert.state() != Alert.State.FIRING) {
            return null;
        }
        Instant time = time(alert, now);
        IncidentDraft draft = new IncidentDraft(id(alert, now), alert, now);
        draft.alerts.add(new IncidentAlert(AlertCut.cut(alert), 1, time, time, null, null));
        return draft.line(Kind.OPENED, alert.title(), alert.key())
                .announce("Incident Opened")
                .applied(identity(alert))
                .done();
    }

    private static String id(Alert alert, Instant now) {
        String name = "incident";
        for (String segment : alert.about().split("[/:]")) {
            if (segment.matches("[A-Za-z0-9-]*[A-Za-z0-9][A-Za-z0-9-]*")) {
                name = segment.toLowerCase(Locale.ROOT);
            }
        }
        name = name.substring(0, Math.min(ID, name.length()));
        return name + "-" + hash(alert.about() + "\n" + alert.channel() + "\n" + now, 4);
    }

    private static String identity(Alert alert) {
        return alert.origin() == null ? null : hash(alert.origin() + "\n" + alert.claim(), 16);
    }

    private static String hash(String text, int digits) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, digits);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Instant time(Alert alert, Instant now) {
        return alert.time() == null ? now : alert.time();
    }

    Incident apply(Alert alert) {
        String identity = identity(alert);
        if (alert.state() == Alert.State.INFO
                || identity != null && from.applied().contains(identity)) {
            return from;
        }
        Instant time = time(alert, now);
        if (alert.state() == Alert.State.RESOLVED) {
            return end(alert, time) ? to.applied(identity).done() : from;
        }
        fire(alert, time);
        return to.applied(identity).done();
    }

    private void fire(Alert alert, Instant time) {
        IncidentAlert known = to.alerts.stream()
                .filter(other -> other.key().equals(alert.key()))
                .findFirst()
                .orElse(null);
        IncidentAlert fired;
        if (known == null) {
            fired = new IncidentAlert(AlertCut.cut(alert), 1, time, time, endAfter(alert, time), null);
            to.alerts.add(fired);
        } else {
            boolean newest = !time.isBefore(known.last());
            fired = new IncidentAlert(
                    newest ? AlertCut.cut(alert) : known.latest(),
                    known.count() + 1,
                    time.isBefore(known.first()) ? time : known.first(),
                    newest ? time : known.last(),
                    known.ended() == null || time.isBefore(known.ended()) ? known.ended() : endAfter(alert, time),
                    known.told());
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
        to.severity = worstFiring();
        if (to.status == Status.RESOLVED) {
            reopen(alert);
        } else if (to.severity.compareTo(to.peak) < 0) {
            to.peak = to.severity;
            to.status = Status.OPEN;
            to.acknowledgedBy = null;
            to.line(
                    Kind.ROSE,
                    "Now " + to.severity.name().toLowerCase(Locale.ROOT) + ": " + alert.title(),
                    alert.key());
        } else if (begins && to.flapping == null) {
            to.line(Kind.JOINED, alert.title(), alert.key());
        }
    }

    /** When an alert ended that fired before that, or so long ago that it counts as over; null when it fires. */
    private Instant endAfter(Alert alert, Instant time) {
        if (alert.resolveAfter() != null && !time.plus(alert.resolveAfter()).isAfter(now)) {
            return time;
        }
        return to.ends.entrySet().stream()
                .filter(end -> end.getValue().isAfter(time))
                .filter(end -> matches(end.getKey(), alert.key()))
                .map(Map.Entry::getValue)
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
                    "Flapping: opened " + openings + " times within an hour. Its coming and going is not told until it"
                            + " was calm for " + Sentences.duration(rules.calm()) + ".",
                    alert.key());
        } else {
            to.line(Kind.REOPENED, "Again: " + alert.title(), alert.key());
        }
        to.announce("Incident Reopened");
    }

    /** Whether that changes anything. */
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
            ended(ended, "Over: ", Kind.RESOLVED, "Resolved");
        }
        return later;
    }

    /** These alerts do not fire any more. */
    private void ended(List<IncidentAlert> ended, String before, Kind last, String how) {
        to.changed = now;
        to.visible();
        if (to.firing()) {
            to.severity = worstFiring();
            if (to.flapping == null) {
                String more = ended.size() == 1 ? "" : " (and " + (ended.size() - 1) + " more)";
                to.line(
                        Kind.ENDED,
                        before + AlertCut.cut(ended.get(0).latest().title(), AlertCut.LINE - 60) + more,
                        ended.size() == 1 ? ended.get(0).key() : null);
            }
        } else if (to.flapping == null) {
            resolve(to, last, how);
        } else {
            to.severity = to.peak;
        }
    }

    private static void resolve(IncidentDraft to, Kind kind, String how) {
        to.status = Status.RESOLVED;
        to.severity = to.peak;
        to.flapping = null;
        to.resolved = to.now;
        to.line(kind, Sentences.end(how, to)).announce(RESOLVED);
    }

    private Severity worstFiring() {
        return to.alerts.stream()
                .filter(IncidentAlert::firing)
                .map(alert -> alert.latest().severity())
                .min(Comparator.naturalOrder())
                .orElse(to.peak);
    }

    Incident pass() {
        boolean passed = noNews() | calm() | remind() | escalate();
        return passed ? to.done() : from;
    }

    private boolean noNews() {
        List<IncidentAlert> ended = new ArrayList<>();
        for (int i = 0; i < to.alerts.size(); i++) {
            IncidentAlert alert = to.alerts.get(i);
            Instant until = alert.firing() ? alert.noNews() : null;
            if (until != null && !now.isBefore(until)) {
                ended.add(alert);
                to.alerts.set(i, alert.ended(alert.last()));
            }
        }
        if (!ended.isEmpty()) {
            ended(ended, "No more news: ", Kind.NO_NEWS, "No more news, so it counts as resolved");
        }
        return !ended.isEmpty();
    }

    private boolean calm() {
        if (to.flapping == null || now.isBefore(to.changed.plus(rules.calm()))) {
            return false;
        }
        String calm = "Calm for " + Sentences.duration(rules.calm());
        if (to.firing()) {
            to.flapping = null;
            to.line(Kind.CALM, calm + ", and still open.");
        } else {
            resolve(to, Kind.RESOLVED, calm + ", so it counts as resolved");
        }
        return true;
    }

    private boolean remind() {
        Instant next = reminder(to, rules);
        if (next == null || now.isBefore(next)) {
            return false;
        }
        for (; next != null && !now.isBefore(next); next = reminder(to, rules)) {
            to.reminders++;
        }
        if (to.shown.state() == 0) {
            return true;
        }
        Duration open = Duration.between(last(to.openings), now);
        to.line(Kind.REMINDED, "Still open after " + Sentences.duration(open) + ", and nobody acknowledged it.");
        return true;
    }

    private static Instant reminder(IncidentDraft to, IncidentRules rules) {
        return to.status == Status.OPEN && to.silence == null && to.firing()
                ? reminder(last(to.openings), to.reminders, rules)
                : null;
    }

    /** When people are reminded next; null for never. */
    static Instant reminder(Instant opening, int reminders, IncidentRules rules) {
        return rules.reminder().isZero()
                ? null
                : opening.plus(rules.reminder().multipliedBy(1L << Math.min(20, reminders)));
    }

    private boolean escalate() {
        if (to.escalated
                || to.status != Status.OPEN
                || to.silence != null
                || !to.firing()
                || rules.unacknowledged().isZero()
                || now.isBefore(last(to.openings).plus(rules.unacknowledged()))) {
            return false;
        }
        to.escalated = true;
        to.announce("Incident Unacknowledged");
        return true;
    }

    static Instant last(List<Instant> openings) {
        return openings.get(openings.size() - 1);
    }

    static Incident acknowledge(Incident from, String who, Instant now) {
        IncidentDraft to = new IncidentDraft(from, now);
        to.status = Status.ACKNOWLEDGED;
        to.acknowledgedBy = who;
        return to.line(Kind.ACKNOWLEDGED, "Acknowledged by " + who + ".")
                .announce("Incident Acknowledged")
                .done();
    }

    static Incident close(Incident from, String who, Instant now) {
        IncidentDraft to = new IncidentDraft(from, now);
        to.alerts.replaceAll(alert -> alert.firing() ? alert.ended(now) : alert);
        to.end("*", now);
        to.changed = now;
        resolve(to, Kind.CLOSED, "Closed by " + who);
        return to.done();
    }

    static Incident silence(Incident from, String silence, Instant now) {
        IncidentDraft to = new IncidentDraft(from, now);
        to.silence = silence;
        return to.line(Kind.SILENCED, silence == null ? "The silence ended." : "Silenced by " + silence + ".")
                .done();
    }
}
