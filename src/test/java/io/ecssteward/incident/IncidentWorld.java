package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import io.ecssteward.incident.Incident.Announcement;
import io.ecssteward.incident.Incident.Status;
import io.ecssteward.incident.Shown.Attempt.What;
import io.ecssteward.incident.SimulatedSlack.Post;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * One thing that alerts are about, a store that compares and sets, two replicas that are interrupted anywhere, and
 * Slack. It checks at each write what always holds, and knows what fires by nothing but the times of what was
 * delivered.
 */
final class IncidentWorld {
    static final IncidentRules RULES = IncidentRules.DEFAULT;
    private static final Instant START = Instant.parse("2026-05-04T03:00:00Z");
    private static final Duration ATTEMPT = Duration.ofSeconds(60);

    /** What comes so late is news from when it came. */
    private static final Duration LATE = Duration.ofMinutes(5);

    private static final int MAX_STEPS = 30;

    final SimulatedSlack slack = new SimulatedSlack();
    final List<Incident> archived = new ArrayList<>();
    final List<Step> steps = new ArrayList<>();
    Incident incident;
    int crashesAfterPost;
    Instant now = START;
    private final boolean edits;
    private final boolean history;
    private final List<Alert> waiting = new ArrayList<>();
    private final Map<String, Instant> lastFired = new HashMap<>();
    private final Map<String, Instant> newsUntil = new HashMap<>();
    private final Map<String, Instant> lastEnded = new HashMap<>();
    private Instant allEnded = Instant.MIN;
    private final List<Replica> replicas = List.of(new Replica("a"), new Replica("b"));
    private final Map<String, Integer> toldLine = new HashMap<>();
    private final Map<String, Instant> toldAt = new HashMap<>();
    private final Map<String, List<Announcement>> announced = new HashMap<>();
    private long version;
    private int events;
    private String silent;
    /** The alerts that were silenced at some time. */
    final Set<String> hushed = new HashSet<>();

    /** A process that shows the incident, step by step. */
    private static final class Replica {
        private final String name;
        private Incident read;
        private long version;
        private Step step;
        private Instant until;
        private Step.Posted posted;

        private Replica(String name) {
            this.name = name;
        }

        private void forget() {
            read = null;
            step = null;
            posted = null;
        }
    }

    /**
     * @param edits whether with a bot token
     * @param history whether Slack can be searched for what was posted
     */
    IncidentWorld(boolean edits, boolean history) {
        this.edits = edits;
        this.history = history;
    }

    /** Something happens in AWS, and an alert is under way. */
    void happens(String key, Alert.State state, Severity severity) {
        passes(Duration.ofMillis(1));
        waiting.add(Alert.about("web/" + key)
                .incident("web")
                .channel("alerts")
                .title(key)
                .state(state)
                .severity(severity)
                .time(now)
                .origin("event-" + ++events)
                .resolveAfter(key.equals("task") ? Duration.ofHours(1) : null)
                .build());
    }

    /** One of those that are under way arrives; perhaps it arrives again later. */
    void arrives(int which, boolean again) {
        if (!waiting.isEmpty()) {
            int index = which % waiting.size();
            deliver(again ? waiting.get(index) : waiting.remove(index));
        }
    }

    void isLost(int which) {
        if (!waiting.isEmpty()) {
            waiting.remove(which % waiting.size());
        }
    }

    private void deliver(Alert alert) {
        boolean over = incident != null && incident.over(now, RULES);
        boolean anew = incident == null || over && !incident.knows(alert);
        Incident after = anew ? Incident.of(alert, now, RULES) : incident.apply(alert, now, RULES);
        if (after == null || over && alert.state() == Alert.State.RESOLVED) {
            assertThat(after).as("nothing comes of it").isIn(null, incident);
            return;
        }
        if (anew) {
            lastFired.clear();
            newsUntil.clear();
            lastEnded.clear();
            allEnded = Instant.MIN;
            if (incident != null) {
                archived.add(incident);
            }
            incident = null;
        }
        if (alert.state() == Alert.State.FIRING) {
            if (alert.time().isAfter(lastFired.getOrDefault(alert.key(), Instant.MIN))) {
                boolean late = !now.isBefore(alert.time().plus(LATE));
                newsUntil.put(alert.key(), (late ? now : alert.time()).plus(Duration.ofHours(1)));
            }
            lastFired.merge(alert.key(), alert.time(), IncidentWorld::later);
        } else if (alert.key().endsWith("*")) {
            allEnded = later(allEnded, alert.time());
        } else {
            lastEnded.merge(alert.key(), alert.time(), IncidentWorld::later);
        }
        write(after);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    void passes(Duration time) {
        now = now.plus(time);
    }

    void acknowledged() {
        changed(before -> before.acknowledge("alex", now));
    }

    void closed() {
        if (incident != null && incident.status() != Status.RESOLVED) {
            passes(Duration.ofMillis(1));
            allEnded = now;
            changed(before -> before.close("alex", now));
        }
    }

    void silenced(boolean silent) {
        silent(silent ? "" : null);
    }

    /** Those alerts are silenced whose keys end so; none by null. */
    void silent(String end) {
        silent = end;
        changed(this::hushed);
    }

    private Incident hushed(Incident of) {
        Map<String, String> silences = new HashMap<>();
        of.alerts().stream()
                .map(IncidentAlert::key)
                .filter(key -> silent != null && key.endsWith(silent))
                .forEach(key -> silences.put(key, "s1"));
        hushed.addAll(silences.keySet());
        return of.silenced(silences, now);
    }

    /** A person deletes the message. */
    void deleted() {
        slack.posts.stream().filter(Post::message).forEach(post -> post.deleted = true);
    }

    private void changed(UnaryOperator<Incident> change) {
        if (incident != null) {
            write(change.apply(incident));
        }
    }

    /** A replica dies, or gives up what it was doing and does not know what came of it. */
    void crashes(int which) {
        Replica replica = replicas.get(which % 2);
        if (replica.posted != null && !(replica.step instanceof Step.Edit)) {
            crashesAfterPost++;
        }
        replica.forget();
    }

    /** A replica does the next thing: reads, decides by what it read, asks Slack, or writes what Slack said. */
    void goesOn(int which, boolean digest) {
        Replica replica = replicas.get(which % 2);
        if (incident == null) {
            return;
        }
        if (replica.read == null) {
            replica.read = incident;
            replica.version = version;
        } else if (replica.step == null) {
            decides(replica);
        } else if (replica.posted == null) {
            asks(replica, digest);
        } else {
            notes(replica);
        }
    }

    private void decides(Replica replica) {
        Incident read = replica.read;
        Shown.Attempt attempt = read.shown().attempt();
        Incident passed = hushed(read.pass(now, RULES));
        if (passed != read) {
            compareAndSet(replica, passed);
        } else if (attempt != null && !now.isBefore(attempt.until()) && !held(attempt)) {
            Step.Posted found = edits && history && attempt.what() != What.EDIT ? slack.find(read) : null;
            replica.forget();
            if (found != null && !attempt.reply()) {
                toldLine.remove(found.ts());
            }
            if (read.id().equals(incident.id())) {
                changed(before -> found != null
                        ? before.recovered(attempt, found, now)
                        : edits && history ? before.unattempted(attempt) : before.lost(attempt));
            }
        } else {
            boolean held = attempt != null && held(attempt);
            begins(replica, held ? null : read.next(edits, now, RULES).orElse(null));
        }
    }

    /** A process that lives says from time to time that it still attempts it. */
    private boolean held(Shown.Attempt attempt) {
        return replicas.stream().anyMatch(replica -> replica.name.equals(attempt.by()) && replica.posted != null);
    }

    private void begins(Replica replica, Step step) {
        if (step == null) {
            replica.forget();
        } else if (compareAndSet(replica, replica.read.attempting(step, replica.name, now.plus(ATTEMPT)))) {
            replica.read = step.incident();
            replica.step = step;
            replica.until = now.plus(ATTEMPT);
        }
    }

    /** It does not wait for longer than others wait for it. */
    private void asks(Replica replica, boolean digest) {
        if (!now.isBefore(replica.until)) {
            replica.forget();
            return;
        }
        try {
            check(replica.step);
            replica.posted = slack.perform(replica.step, !edits || digest && replica.step instanceof Step.NewMessage);
            steps.add(replica.step);
        } catch (MessageGoneException e) {
            Step step = replica.step;
            replica.forget();
            changed(before -> before.moved(step, e.getMessage(), now));
        }
    }

    private void notes(Replica replica) {
        Step step = replica.step;
        Step.Posted posted = replica.posted;
        replica.forget();
        Incident before = owner(step);
        if (before != incident) {
            return;
        }
        if (posted.ts() != null && !(step instanceof Step.Reply)) {
            toldLine.put(posted.ts(), step.incident().lastLine());
            toldAt.put(posted.ts(), now);
        }
        write(before.applyResult(step, posted, now));
    }

    private Incident owner(Step step) {
        return incident.id().equals(step.incident().id()) ? incident : null;
    }

    private void check(Step step) {
        if (step instanceof Step.Edit) {
            String ts = step.incident().shown().ts();
            if (Integer.valueOf(step.incident().lastLine()).equals(toldLine.get(ts))) {
                assertThat(now)
                        .as("edits that only count")
                        .isAfterOrEqualTo(toldAt.get(ts).plus(RULES.edit()));
            }
        }
        if (step instanceof Step.Reply reply) {
            assertThat(reply.broadcast())
                    .as("whether the channel sees %s", reply.lines())
                    .isEqualTo(reply.lines().stream()
                            .anyMatch(line ->
                                    line.kind() == StoryLine.Kind.ROSE || line.kind() == StoryLine.Kind.REMINDED));
        }
        if (!(step instanceof Step.Edit)) {
            Incident as = step.incident();
            assertThat(as.silence() == null || as.status() == Status.RESOLVED)
                    .as("silence")
                    .isTrue();
        }
    }

    private boolean compareAndSet(Replica replica, Incident changed) {
        boolean same = replica.version == version;
        if (same) {
            write(changed);
            replica.version = version;
        }
        replica.forget();
        return same;
    }

    private void write(Incident after) {
        if (after == incident) {
            return;
        }
        alwaysHolds(after);
        if (incident != null) {
            assertThat(after.state()).isGreaterThanOrEqualTo(incident.state());
            assertThat(after.state() > incident.state() || after.lastLine() == incident.lastLine())
                    .as("a line is a change")
                    .isTrue();
        }
        version++;
        incident = after;
        for (Announcement announcement : after.outbox()) {
            announced.computeIfAbsent(after.id(), id -> new ArrayList<>()).add(announcement);
            incident = incident.announced(announcement);
        }
        assertThat(incident.outbox()).isEmpty();
    }

    private void alwaysHolds(Incident now) {
        if (now.shown().attempt() != null) {
            assertThat(now.due(edits, RULES))
                    .as("when somebody looks what became of %s", now.shown().attempt())
                    .isBeforeOrEqualTo(now.shown().attempt().until());
        }
        assertThat(now.status() == Status.RESOLVED).as("resolved").isEqualTo(now.resolved() != null);
        assertThat(now.status() != Status.RESOLVED || !now.firing())
                .as("not green while it fires")
                .isTrue();
        assertThat(now.firing() || now.flapping() != null || now.status() == Status.RESOLVED)
                .as("green when it does not fire")
                .isTrue();
        assertThat(now.openings()).isSorted();
        assertThat(now.openings().get(0)).isEqualTo(now.opened());
        if (now.resolved() != null) {
            assertThat(now.resolved())
                    .isAfterOrEqualTo(now.openings().get(now.openings().size() - 1));
        }
        for (IncidentAlert alert : now.alerts()) {
            assertThat(alert.first()).isBeforeOrEqualTo(alert.last());
            assertThat(alert.firing() || !alert.ended().isBefore(alert.last())).isTrue();
        }
        assertThat(now.story()).hasSizeLessThanOrEqualTo(20);
        for (int i = 1; i < now.story().size(); i++) {
            assertThat(now.story().get(i).number())
                    .isEqualTo(now.story().get(i - 1).number() + 1);
        }
        assertThat(now.status() == Status.OPEN)
                .isEqualTo(now.status() != Status.RESOLVED && now.acknowledgedBy() == null);
        if (now.firing()) {
            assertThat(now.severity()).isEqualTo(now.worst().latest().severity());
        }
    }

    /** Everything arrives, and all that is under way is over. */
    void settles() {
        while (!waiting.isEmpty()) {
            arrives(0, false);
        }
        for (int i = 0; i < replicas.size(); i++) {
            if (!edits && replicas.get(i).posted != null) {
                goesOn(i, false);
            }
            crashes(i);
        }
        passes(ATTEMPT);
        shows();
        passes(RULES.edit());
        shows();
    }

    private void shows() {
        for (int i = 0; i < MAX_STEPS * 4 && incident != null; i++) {
            goesOn(0, false);
        }
        if (incident != null) {
            assertThat(incident.pass(now, RULES)).as("what time does is done").isSameAs(incident);
            assertThat(incident.next(edits, now, RULES)).as("the next step").isEmpty();
        }
    }

    /** The keys that fire by the times of what was delivered. */
    Set<String> shouldFire() {
        Set<String> keys = new TreeSet<>();
        lastFired.forEach((key, fired) -> {
            Instant ended = later(allEnded, lastEnded.getOrDefault(key, Instant.MIN));
            boolean news = !key.equals("web/task") || newsUntil.get(key).isAfter(now);
            if (fired.isAfter(ended) && news) {
                keys.add(key);
            }
        });
        return keys;
    }

    Set<String> fires() {
        Set<String> keys = new TreeSet<>();
        if (incident != null) {
            incident.alerts().stream().filter(IncidentAlert::firing).forEach(alert -> keys.add(alert.key()));
        }
        return keys;
    }

    /** Each incident is opened and resolved in turn, and each event about it has a number of its own. */
    void announcementsAreInOrder() {
        announced.forEach((id, all) -> {
            Set<Integer> numbers = new HashSet<>();
            boolean open = false;
            for (Announcement announcement : all) {
                assertThat(numbers.add(announcement.number())).isTrue();
                switch (announcement.what()) {
                    case "Incident Opened", "Incident Reopened" -> {
                        assertThat(open).as("%s of %s", announcement, id).isFalse();
                        open = true;
                    }
                    // Slack may be told of it after its end.
                    case "Incident Alert" -> {}
                    default -> {
                        assertThat(open).as("%s of %s", announcement, id).isTrue();
                        open = !announcement.what().equals("Incident Resolved");
                    }
                }
            }
        });
    }

    /** It is looked at when there is something to do, and neither later nor for nothing. */
    void dueIsRight() {
        Instant due = incident.due(edits, RULES);
        if (due == null) {
            return;
        }
        boolean wasOver = incident.over(now, RULES);
        assertThat(wasOver || due.isAfter(now)).as("due %s, now %s", due, now).isTrue();
        if (!wasOver) {
            Instant before = due.minusMillis(1);
            assertThat(incident.pass(before, RULES)).isSameAs(incident);
            assertThat(incident.next(edits, before, RULES)).isEmpty();
            Optional<Step> next = incident.next(edits, due, RULES);
            boolean late = incident.status() == Status.RESOLVED;
            assertThat(late || next.isPresent() || incident.pass(due, RULES) != incident)
                    .as("something to do at %s", due)
                    .isTrue();
        }
    }
}
