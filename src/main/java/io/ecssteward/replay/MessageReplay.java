package io.ecssteward.replay;

import io.ecssteward.stub.StubSqs;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Replays single messages, each at the time of its event, because it would be stale now. Its follow-ups are delivered
 * when they are due.
 */
public final class MessageReplay {

    /** The message, its follow-ups, and their follow-ups; {@code simulate} shows longer chains. */
    private static final int MAX_ROUNDS = 3;

    private final ReplaySession session;
    private final StandingClock clock;

    /** Receives the outcome of each event. */
    public interface Listener {

        /**
         * Called in order.
         *
         * @param round 0 for the message itself, 1 for the follow-ups that it sent, and so on
         */
        void outcome(int round, ReplaySession.Outcome outcome) throws IOException;
    }

    /** Uses this session; the clock must be the session's, unless the session is live. */
    public MessageReplay(ReplaySession session, StandingClock clock) {
        this.session = session;
        this.clock = clock;
    }

    /** Replays a message, and then its follow-ups. */
    public void replay(String body, Listener listener) throws IOException {
        Instant said = MessageTime.of(body);
        Instant now = said == null ? Instant.now() : said;
        List<StubSqs.Message> messages = List.of(new StubSqs.Message(body, Duration.ZERO));
        for (int round = 0; round < MAX_ROUNDS && !messages.isEmpty(); round++) {
            for (StubSqs.Message message : messages) {
                clock.set(now.plus(message.delay()));
                for (ReplaySession.Outcome each : session.process(message.body())) {
                    listener.outcome(round, each);
                }
            }
            now = clock.instant();
            messages = session.followUps();
        }
    }
}
