package io.ecssteward.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;

/** Plays a recording to several configurations side by side, each message and follow-up at its time. */
final class Playback {

    /** Edits are delayed by ten seconds at most. */
    private static final Duration LAST_EDITS = Duration.ofMinutes(1);

    private final RecordedClock clock;
    private final List<Simulation> sides;
    private final BiConsumer<Integer, Simulation.Taken> listener;

    /**
     * Creates it without starting.
     *
     * @param clock the clock of all sides, which is moved
     * @param listener receives the index of a side in the list, and the result of a message there
     */
    Playback(RecordedClock clock, List<Simulation> sides, BiConsumer<Integer, Simulation.Taken> listener) {
        this.clock = clock;
        this.sides = sides;
        this.listener = listener;
    }

    /**
     * Plays the whole recording.
     *
     * @throws Exception if the recording cannot be read, or the routes do not start again at a recorded restart
     */
    void play(EventRecording recording, Progress progress) throws Exception {
        for (EventRecording.Line line = recording.next(); line != null; line = recording.next()) {
            remind(line.time());
            clock.to(line.time());
            for (int i = 0; i < sides.size(); i++) {
                listener.accept(i, sides.get(i).take(line));
            }
            progress.at(clock.instant(), recording);
        }
        remind(Instant.MAX);
    }

    /** Delivers the follow-ups that are due by then. Each simulation limits the length of their chains. */
    private void remind(Instant until) {
        // At the end of the recording, incidents must not continue forever.
        Instant end = until.equals(Instant.MAX) ? clock.instant().plus(LAST_EDITS) : until;
        for (; ; ) {
            int first = -1;
            Instant next = null;
            for (int i = 0; i < sides.size(); i++) {
                Instant due = sides.get(i).next(end);
                if (due != null && !due.isAfter(until) && (first < 0 || due.isBefore(next))) {
                    first = i;
                    next = due;
                }
            }
            if (first < 0) {
                return;
            }
            clock.to(next);
            Simulation.Taken taken = sides.get(first).remind();
            listener.accept(first, taken);
            if (until.equals(Instant.MAX) && taken.round() != Simulation.TIME) {
                end = clock.instant().plus(LAST_EDITS);
            }
        }
    }
}
