package io.ecssteward.simulation;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;

/** Takes configurations through a recording, side by side, each message and each follow-up at its time. */
public final class Playback {

    private final RecordedClock clock;
    private final List<Simulation> sides;
    private final BiConsumer<Integer, Simulation.Taken> listener;

    /**
     * One that has not begun.
     *
     * @param clock the time of the sides, which is moved
     * @param listener is told the place of a side in the list, and what a message led to there
     */
    public Playback(RecordedClock clock, List<Simulation> sides, BiConsumer<Integer, Simulation.Taken> listener) {
        this.clock = clock;
        this.sides = sides;
        this.listener = listener;
    }

    /** Takes everything. */
    public void play(EventRecording recording, Progress progress) throws IOException {
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

    /** Delivers the follow-ups that are due by then. A chain of them is as long as a simulation allows. */
    private void remind(Instant until) {
        for (; ; ) {
            int first = -1;
            for (int i = 0; i < sides.size(); i++) {
                Instant due = sides.get(i).next();
                if (due != null
                        && !due.isAfter(until)
                        && (first < 0 || due.isBefore(sides.get(first).next()))) {
                    first = i;
                }
            }
            if (first < 0) {
                return;
            }
            clock.to(sides.get(first).next());
            listener.accept(first, sides.get(first).remind());
        }
    }
}
