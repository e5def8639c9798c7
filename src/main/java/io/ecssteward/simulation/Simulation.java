package io.ecssteward.simulation;

import io.ecssteward.alert.Alert;
import io.ecssteward.event.ContainerInstanceStateChange;
import io.ecssteward.event.EventReader;
import io.ecssteward.event.Payload;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.outcome.SkipReason;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.replay.SentAlert;
import io.ecssteward.settings.Settings;
import io.ecssteward.stub.StubSqs;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * One configuration, taken through a recording: a replay session whose follow-ups come when they are due. The time is
 * that of a clock that somebody else moves.
 */
public final class Simulation implements AutoCloseable {

    /** In a minute of storm, a follow-up of two kilobytes each: 40 MB. */
    private static final int MAX_WAITING = 20_000;

    /** A look that leads to a look, and so on: an agent that comes and goes leads to some. */
    private static final int MAX_LOOKS = 50;

    private final ReplaySession session;
    private final Clock clock;
    private final EventReader reader = new EventReader();
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(Comparator.comparing(Waiting::due).thenComparingLong(Waiting::number));
    private long number;
    private long dropped;

    /** A follow-up that is on its way. */
    private record Waiting(Instant due, long number, String body, EventRecording.Line origin, int look) {}

    /**
     * What a message led to.
     *
     * @param origin the recorded message, which may have come a while ago
     * @param look 0 for the recorded message itself, 1 for the follow-up that it led to, and so on
     * @param at when
     * @param results one for each event in it
     * @param follow-ups how many more messages it will lead to
     */
    public record Taken(EventRecording.Line origin, int look, Instant at, List<Result> results, int followUps) {}

    /**
     * What became of an event.
     *
     * @param swallowed alerts that were not told because the same was told a while ago
     */
    public record Result(ReplaySession.Outcome outcome, List<SentAlert> told, List<Alert> swallowed) {}

    private Simulation(ReplaySession session, Clock clock) {
        this.session = session;
        this.clock = clock;
    }

    /**
     * Starts one.
     *
     * @param settings already found to have no problems
     * @throws Exception when the routes do not start
     */
    public static Simulation start(Settings settings, Clock clock) throws Exception {
        // What is tried again is tried again in real time, of which there is none.
        return new Simulation(
                ReplaySession.start(ReplaySession.settings(settings, false).with(Settings.RETRY_DELAY, "1"), clock),
                clock);
    }

    /** Works a recorded message off, now. */
    Taken take(EventRecording.Line line) {
        observe(line.body());
        // Only the place and the time are still needed when its follow-ups come.
        return take(line.body(), new EventRecording.Line(line.place(), line.time(), "", line.number()), 0);
    }

    /** When the next follow-up is due; null when none is on its way. */
    Instant next() {
        return waiting.isEmpty() ? null : waiting.peek().due();
    }

    /** Works the next follow-up off, now. */
    Taken remind() {
        Waiting next = waiting.poll();
        return take(next.body(), next.origin(), next.look());
    }

    /** How many follow-ups were not delivered, because there were too many. */
    public long dropped() {
        return dropped;
    }

    /** How much of what was done had to be forgotten early for want of room. */
    public long evictedEarly() {
        return session.evictedEarly();
    }

    private Taken take(String body, EventRecording.Line origin, int look) {
        List<Result> results = new ArrayList<>();
        for (ReplaySession.Outcome outcome : session.process(body)) {
            results.add(new Result(outcome, SentAlert.of(outcome.eventOutcome().performed()), swallowed(outcome)));
        }
        int followUps = 0;
        for (StubSqs.Message message : session.followUps()) {
            if (waiting.size() < MAX_WAITING && look < MAX_LOOKS) {
                waiting.add(
                        new Waiting(clock.instant().plus(message.delay()), number++, message.body(), origin, look + 1));
                followUps++;
            } else {
                dropped++;
            }
        }
        return new Taken(origin, look, clock.instant(), results, followUps);
    }

    private List<Alert> swallowed(ReplaySession.Outcome outcome) {
        List<String> cooling = outcome.eventOutcome().skipped().stream()
                .filter(n -> n.reason() == SkipReason.COOLDOWN)
                .map(n -> n.about())
                .toList();
        return cooling.isEmpty()
                ? List.of()
                : session.raised(outcome).stream()
                        .filter(a -> outcome.eventOutcome().performed().stream()
                                .noneMatch(p -> p.sink().equals("slack") && p.alert() == a))
                        .filter(a -> cooling.stream().anyMatch(c -> c.endsWith("/" + a.claim())))
                        .toList();
    }

    /** Before the routes ask ECS about it. */
    private void observe(String body) {
        if (!body.contains("ECS Container Instance State Change")) {
            return;
        }
        for (Payload payload : reader.open(body, null)) {
            try {
                if (reader.read(payload) instanceof ContainerInstanceStateChange change) {
                    session.observe(change);
                }
            } catch (PermanentFailureException e) {
                // The routes will say so.
            }
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
