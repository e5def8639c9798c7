package io.ecssteward.incident;

import io.ecssteward.incident.Incident.Status;
import io.ecssteward.incident.Shown.Attempt.What;
import io.ecssteward.incident.StoryLine.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides the next step to bring Slack up to date with an incident, and records what Slack shows after it.
 *
 * <p>Long because the steps with a bot token, the steps with a webhook and their results must agree line by line.
 */
final class IncidentSteps {
    /** A webhook cannot edit messages, so it posts only beginnings and ends. */
    private static final Set<Kind> BY_WEBHOOK = EnumSet.complementOf(
            EnumSet.of(Kind.ENDED, Kind.ACKNOWLEDGED, Kind.ACTED, Kind.DETAIL, Kind.SILENCED, Kind.MOVED));

    /** A silence of one alert holds these back; other lines are about the whole incident. */
    private static final Set<Kind> OF_ALERT = EnumSet.of(Kind.JOINED, Kind.ROSE, Kind.ENDED);

    private static final Set<Kind> BEGINNINGS = EnumSet.of(Kind.OPENED, Kind.ROSE, Kind.REOPENED, Kind.FLAPPING);
    private static final Set<Kind> ENDS = EnumSet.of(Kind.RESOLVED, Kind.NO_NEWS, Kind.CLOSED);
    /** The message itself shows these, so they are not posted as replies. */
    private static final Set<Kind> NOT_REPLIED = EnumSet.of(Kind.OPENED, Kind.NO_NEWS);

    /** A silence does not hold these back. */
    private static final Set<Kind> BY_PEOPLE = EnumSet.of(Kind.ACKNOWLEDGED, Kind.ACTED, Kind.SILENCED);

    /**
     * Even a silenced message is edited for these: it is never green while an alert fires, and people see their own
     * actions.
     */
    private static final Set<Kind> EDITED = EnumSet.of(Kind.REOPENED, Kind.FLAPPING, Kind.ACKNOWLEDGED);

    private static final Set<Kind> BROADCAST = EnumSet.of(Kind.ROSE, Kind.REMINDED);
    private static final Instant AT_ONCE = Instant.EPOCH;
    private static final Instant NEVER = Instant.MAX;

    private final Incident incident;
    private final Shown shown;
    private final List<StoryLine> unshown;
    /** The unshown lines, without those about alerts that a silence holds back. */
    private final List<StoryLine> unposted;

    private final IncidentRules rules;

    /** A step, and the earliest time at which it can be made. */
    private record Planned(Step step, Instant from) {}

    /** A line, and the earliest time at which it can be posted. */
    private record WebhookLine(StoryLine line, Instant from) {}

    IncidentSteps(Incident incident, IncidentRules rules) {
        this.incident = incident;
        this.rules = rules;
        shown = incident.shown();
        unshown = incident.story().stream()
                .filter(line -> line.number() > shown.line())
                .toList();
        unposted = unshown.stream()
                .filter(line -> !OF_ALERT.contains(line.kind())
                        || line.alert() == null
                        || !incident.memory().held().containsKey(line.alert()))
                .toList();
    }

    Optional<Step> next(boolean edits, Instant now) {
        return planned(edits, now, incident.over(now, rules))
                .filter(planned -> !planned.from().isAfter(now))
                .map(Planned::step)
                .findFirst();
    }

    /** When the next step can be made; null when there is none. */
    Instant wait(boolean edits) {
        return planned(edits, Instant.MAX, false)
                .map(Planned::from)
                .min(Instant::compareTo)
                .orElse(null);
    }

    private Stream<Planned> planned(boolean edits, Instant now, boolean over) {
        Stream<Planned> steps = edits ? byToken(over) : byWebhook(now, over);
        return shown.attempt() == null
                ? steps
                : steps.map(step -> new Planned(
                        step.step(), later(step.from(), shown.attempt().until())));
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private Stream<Planned> byToken(boolean over) {
        if (shown.ts() == null) {
            return unposted.isEmpty() || !mayPost(over) ? Stream.empty() : Stream.of(newMessage(unposted, AT_ONCE));
        }
        List<Planned> steps = new ArrayList<>();
        if (shown.state() != incident.state() && mayEdit()) {
            boolean counts = shown.state() >= incident.memory().lineState();
            steps.add(
                    new Planned(new Step.Edit(incident), counts ? shown.edited().plus(rules.edit()) : AT_ONCE));
        }
        List<StoryLine> lines = unposted.stream()
                .filter(line -> !NOT_REPLIED.contains(line.kind()))
                .toList();
        // A silence does not hold back people's actions, unless the reply would also show silenced lines.
        boolean acts = lines.stream().anyMatch(line -> line.kind() == Kind.ACTED)
                && lines.stream().allMatch(line -> BY_PEOPLE.contains(line.kind()));
        if (!lines.isEmpty() && (incident.silence() == null || acts)) {
            steps.add(new Planned(reply(lines), AT_ONCE));
        }
        return steps.stream();
    }

    /** A reply with all new lines; a detail is long, so it is a separate reply. */
    private Step.Reply reply(List<StoryLine> lines) {
        int before = (int)
                lines.stream().takeWhile(line -> line.kind() != Kind.DETAIL).count();
        List<StoryLine> now = lines.subList(0, Math.min(lines.size(), Math.max(1, before)));
        boolean broadcast = now.stream().anyMatch(line -> BROADCAST.contains(line.kind()));
        int last = now.size() == lines.size()
                ? incident.lastLine()
                : now.get(now.size() - 1).number();
        return new Step.Reply(incident, now, broadcast, last);
    }

    private Planned newMessage(List<StoryLine> lines, Instant from) {
        return new Planned(new Step.NewMessage(incident, lines, incident.lastLine()), from);
    }

    /**
     * An incident that people saw is shown as resolved, silenced or not. One that was resolved before it could be
     * posted is posted once, as resolved, unless Slack was unavailable for so long that the incident is over.
     */
    private boolean mayPost(boolean over) {
        boolean unsilenced = incident.silence() == null;
        if (incident.status() != Status.RESOLVED) {
            return unsilenced;
        }
        return shown.state() > 0
                ? unsilenced || unposted.stream().anyMatch(line -> ENDS.contains(line.kind()))
                : unsilenced && !over;
    }

    /** A silenced message still turns green. */
    private boolean mayEdit() {
        return incident.silence() == null
                || incident.status() == Status.RESOLVED
                || unshown.stream().anyMatch(line -> EDITED.contains(line.kind()));
    }

    private Stream<Planned> byWebhook(Instant now, boolean over) {
        if (!mayPost(over)) {
            return Stream.empty();
        }
        List<WebhookLine> webhookLines = webhookLines();
        Instant from = webhookLines.stream()
                .map(WebhookLine::from)
                .min(Instant::compareTo)
                .orElse(null);
        List<StoryLine> lines = webhookLines.stream()
                .filter(line -> !line.from().isAfter(now))
                .map(WebhookLine::line)
                .toList();
        return from == null ? Stream.empty() : Stream.of(newMessage(lines, from));
    }

    /**
     * The lines that go to a webhook. The last end is posted if the incident is resolved now and people saw that it was
     * open, so no end is posted twice or while an alert fires.
     */
    private List<WebhookLine> webhookLines() {
        List<WebhookLine> webhookLines = new ArrayList<>(unposted.stream()
                .filter(line -> BY_WEBHOOK.contains(line.kind()) && !ENDS.contains(line.kind()))
                .map(line -> new WebhookLine(line, again(line)))
                .filter(line -> !line.from().equals(NEVER))
                .toList());
        boolean begins = webhookLines.stream()
                .map(line -> line.line().kind())
                .anyMatch(kind -> kind == Kind.JOINED || BEGINNINGS.contains(kind));
        if (incident.status() == Status.RESOLVED && (begins || knownOpen())) {
            incident.story().stream()
                    .filter(line -> ENDS.contains(line.kind()))
                    .reduce((first, second) -> second)
                    .filter(unposted::contains)
                    .ifPresent(end -> webhookLines.add(new WebhookLine(end, AT_ONCE)));
        }
        return webhookLines;
    }

    /** Whether the last posted beginning or end says that it is open. */
    private boolean knownOpen() {
        return incident.story().stream()
                .filter(line -> line.number() <= shown.line())
                .filter(line -> ENDS.contains(line.kind()) || BEGINNINGS.contains(line.kind()))
                .reduce((first, second) -> second)
                .map(line -> BEGINNINGS.contains(line.kind()))
                .orElse(shown.state() > 0);
    }

    /**
     * When a line may be posted. An alert that was posted within its cool-down is not posted as joining again before
     * the cool-down is over, and only if it still fires then.
     */
    private Instant again(StoryLine line) {
        if (line.kind() != Kind.JOINED) {
            return AT_ONCE;
        }
        IncidentAlert alert = incident.alerts().stream()
                .filter(other -> other.key().equals(line.alert()))
                .findFirst()
                .orElse(null);
        if (alert == null || alert.posted() == null) {
            return AT_ONCE;
        }
        Instant until = alert.posted().plus(alert.latest().coolDown());
        return !until.isAfter(line.at()) ? AT_ONCE : alert.firing() ? until : NEVER;
    }

    Instant due(boolean edits) {
        Stream<Instant> times = Stream.of(
                incident.outbox().isEmpty() ? null : AT_ONCE,
                wait(edits),
                // An interrupted attempt is always checked: Slack could show the incident as open forever.
                shown.attempt() == null ? null : shown.attempt().until(),
                incident.resolved() == null ? null : incident.resolved().plus(rules.reopen()));
        return Stream.concat(times, new IncidentTime(incident, null, rules).times())
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(null);
    }

    static Incident attempting(Incident incident, Step step, String by, Instant until) {
        if (step instanceof Step.NewMessage message) {
            return with(incident, new Shown.Attempt(What.MESSAGE, message.attempt(), by, until));
        }
        return with(
                incident,
                step instanceof Step.Reply reply
                        ? new Shown.Attempt(What.REPLY, reply.attempt(), by, until)
                        : new Shown.Attempt(What.EDIT, step.incident().state(), by, until));
    }

    static Incident stillAttempting(Incident incident, String by, Instant until) {
        Shown.Attempt attempt = incident.shown().attempt();
        return attempt == null || !attempt.by().equals(by)
                ? incident
                : with(incident, new Shown.Attempt(attempt.what(), attempt.number(), by, until));
    }

    static Incident unattempted(Incident incident) {
        return incident.shown().attempt().what() == What.EDIT ? lost(incident) : with(incident, (Shown.Attempt) null);
    }

    /**
     * The result of an attempt is unknown. Slack may show the message before or after an edit, so it is edited again.
     */
    static Incident lost(Incident incident) {
        Shown was = incident.shown();
        int state = switch (was.attempt().what()) {
            case MESSAGE -> Math.max(1, was.state());
            case EDIT -> unsure(incident);
            case REPLY -> was.state();
        };
        return with(incident, new Shown(was.channel(), was.ts(), state, was.line(), was.edited(), null));
    }

    private static Incident with(Incident incident, Shown.Attempt attempt) {
        Shown was = incident.shown();
        return with(incident, new Shown(was.channel(), was.ts(), was.state(), was.line(), was.edited(), attempt));
    }

    private static Incident with(Incident incident, Shown shown) {
        IncidentDraft draft = new IncidentDraft(incident, null);
        draft.shown = shown;
        return draft.done();
    }

    static Incident applyResult(Incident incident, Step step, Step.Posted posted, Instant now) {
        Shown was = incident.shown();
        Incident as = step.incident();
        if (step instanceof Step.NewMessage) {
            String channel = posted.channel() == null ? was.channel() : posted.channel();
            IncidentDraft draft = new IncidentDraft(incident, now);
            draft.shown = new Shown(channel, posted.ts(), as.state(), as.lastLine(), now, null);
            return draft.markPosted(alert -> as.firesUnsilenced(alert.key()), was.ts() == null)
                    .done();
        }
        if (step instanceof Step.Reply reply) {
            int line = reply.lines().get(reply.lines().size() - 1).number();
            return with(
                    incident,
                    new Shown(was.channel(), was.ts(), was.state(), Math.max(line, was.line()), was.edited(), null));
        }
        // False if this process exceeded its attempt's time: another may have edited the message before or after it.
        boolean alone = was.attempt() != null && was.attempt().what() == What.EDIT;
        if (!Objects.equals(was.ts(), as.shown().ts())) {
            return incident;
        }
        IncidentDraft draft = new IncidentDraft(incident, now);
        draft.shown = new Shown(
                was.channel(),
                was.ts(),
                alone ? as.state() : unsure(incident),
                was.line(),
                now,
                alone ? null : was.attempt());
        return draft.markPosted(alert -> alert.posted() == null && as.firesUnsilenced(alert.key()), false)
                .done();
    }

    static Incident recovered(Incident incident, Step.Posted posted, Instant now) {
        Shown was = incident.shown();
        int line = Math.max(was.line(), was.attempt().number());
        if (was.attempt().reply()) {
            return with(incident, new Shown(was.channel(), was.ts(), was.state(), line, was.edited(), null));
        }
        return with(incident, new Shown(posted.channel(), posted.ts(), unsure(incident), line, now, null));
    }

    /** A state before the last one that must be visible, so that an edit follows at once. */
    private static int unsure(Incident incident) {
        return Math.max(1, incident.memory().lineState() - 1);
    }

    static Incident moved(Incident incident, String reason, Instant now) {
        IncidentDraft draft = new IncidentDraft(incident, now);
        Shown was = incident.shown();
        draft.shown = new Shown(null, null, was.state(), was.line(), was.edited(), null);
        return draft.line(Kind.MOVED, "The message before this one is gone: " + reason + ".")
                .done();
    }
}
