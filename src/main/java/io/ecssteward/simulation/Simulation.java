package io.ecssteward.simulation;

import io.ecssteward.alert.Alert;
import io.ecssteward.outcome.Action;
import io.ecssteward.replay.IncidentChanges;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.replay.SentAlert;
import io.ecssteward.settings.Settings;
import io.ecssteward.stub.StubSqs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/**
 * Runs one configuration on a recording: a replay session whose follow-ups are delivered when they are due. The caller
 * moves the clock.
 */
final class Simulation implements AutoCloseable {

    /** Enough for a minute of an event storm; with two kilobytes per follow-up, it is 40 MB. */
    private static final int MAX_WAITING = 20_000;

    /** Our own limit for a chain of follow-ups; an agent that keeps disconnecting causes long ones. */
    private static final int MAX_ROUNDS = 50;

    /** The round number of a sweep, which no message caused. */
    static final int TIME = -1;

    private static final Duration BETWEEN_PASSES = Duration.ofSeconds(10);

    private final ReplaySession session;
    private final Clock clock;
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(Comparator.comparing(Waiting::due).thenComparingLong(Waiting::number));
    private long number;
    private long dropped;
    private EventRecording.Line last;
    private Instant nextPass = Instant.MIN;

    /** A follow-up that is not due yet. */
    private record Waiting(Instant due, long number, String body, EventRecording.Line origin, int round) {}

    /**
     * The result of a message.
     *
     * @param origin the recorded message, which may have been delivered a while ago
     * @param round 0 for the recorded message itself, 1 for the follow-ups that it sent, and so on; {@link #TIME} for a
     *     sweep of incidents
     * @param at when it was processed
     * @param results one for each event in it
     * @param followUps how many follow-ups it sent
     * @param changes the changes of incidents
     */
    record Taken(
            EventRecording.Line origin,
            int round,
            Instant at,
            List<Result> results,
            int followUps,
            List<IncidentChanges.Change> changes) {

        /** The posts, edits and replies in Slack. */
        Stream<Action> slack() {
            return results.stream()
                    .flatMap(result -> result.outcome().eventOutcome().performed().stream())
                    .filter(action -> action.sink().equals("slack"));
        }
    }

    /**
     * The result of an event.
     *
     * @param sent the alerts in new messages
     * @param raised all alerts
     */
    record Result(ReplaySession.Outcome outcome, List<SentAlert> sent, List<Alert> raised) {}

    private Simulation(ReplaySession session, Clock clock) {
        this.session = session;
        this.clock = clock;
        session.observeInstances();
    }

    /**
     * Starts a simulation.
     *
     * @param settings already validated
     * @throws Exception if the routes do not start
     */
    static Simulation start(Settings settings, Clock clock) throws Exception {
        // No retries: they would wait in real time, which does not pass here.
        return new Simulation(
                ReplaySession.start(ReplaySession.settings(settings, false).with(Settings.RETRY_DELAY, "1"), clock),
                clock);
    }

    /**
     * Processes a recorded message now, or restarts the application if it is a restart.
     *
     * @throws Exception if the routes do not start again
     */
    Taken take(EventRecording.Line line) throws Exception {
        if (RecordedMessages.isRestart(line.body())) {
            session.restart();
            return take(List.of(), line, TIME);
        }
        // Its follow-ups only need the place and the time.
        last = new EventRecording.Line(line.place(), line.time(), "", line.number());
        return take(line.body(), last, 0);
    }

    /**
     * When the next follow-up or incident is due.
     *
     * @param until the end of the simulation: incidents that are due later do not count
     * @return null if nothing is due
     */
    Instant next(Instant until) {
        Instant round = waiting.isEmpty() ? null : waiting.peek().due();
        Instant incident = incident();
        return incident == null || incident.isAfter(until) || round != null && !incident.isBefore(round)
                ? round
                : incident;
    }

    /** At most as often as Steward sweeps, so that an incident that is always due does not stop the simulation. */
    private Instant incident() {
        Instant due = session.due();
        return due == null || !due.isBefore(nextPass) ? due : nextPass;
    }

    /** Delivers the next follow-up or sweeps the incidents, now. */
    Taken remind() {
        if (waiting.isEmpty() || waiting.peek().due().isAfter(clock.instant())) {
            nextPass = clock.instant().plus(BETWEEN_PASSES);
            return take(List.of(session.pass()), last, TIME);
        }
        Waiting next = waiting.poll();
        return take(next.body(), next.origin(), next.round());
    }

    /** How many follow-ups were not delivered, because there were too many. */
    long dropped() {
        return dropped;
    }

    /** How many claims were evicted before they expired. */
    long evictedEarly() {
        return session.evictedEarly();
    }

    private Taken take(String body, EventRecording.Line origin, int round) {
        return take(session.process(body), origin, round);
    }

    private Taken take(List<ReplaySession.Outcome> outcomes, EventRecording.Line origin, int round) {
        List<Result> results = new ArrayList<>();
        for (ReplaySession.Outcome outcome : outcomes) {
            results.add(new Result(outcome, SentAlert.of(outcome.eventOutcome().performed()), session.raised(outcome)));
        }
        int followUps = 0;
        for (StubSqs.Message message : session.followUps()) {
            if (waiting.size() < MAX_WAITING && round < MAX_ROUNDS) {
                waiting.add(new Waiting(
                        clock.instant().plus(message.delay()),
                        number++,
                        message.body(),
                        origin,
                        Math.max(round, 0) + 1));
                followUps++;
            } else {
                dropped++;
            }
        }
        return new Taken(origin, round, clock.instant(), results, followUps, session.changes());
    }

    @Override
    public void close() {
        session.close();
    }
}
