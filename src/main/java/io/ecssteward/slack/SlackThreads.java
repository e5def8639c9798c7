package io.ecssteward.slack;

import io.ecssteward.claim.ClaimStore;
import io.ecssteward.failure.TransientFailureException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first messages of threads, kept beside the claims: another replica, and this one after a restart, goes on with
 * the same thread. A store that is away holds nothing up: then there is a new thread.
 */
final class SlackThreads {
    private static final Logger LOG = LoggerFactory.getLogger(SlackThreads.class);

    /** A day's thread, and a day more for what came late. */
    private static final Duration KEPT = Duration.ofDays(2);

    /** Asking a store that is away takes seconds, and the next alert need not ask again. */
    private static final long SILENCE = TimeUnit.SECONDS.toNanos(2);

    private final ClaimStore store;
    private volatile long storeUnavailableUntil = System.nanoTime();

    /**
     * The first message of a thread.
     *
     * @param channel the id of the channel that it is in, which stays the same when the channel gets another name
     * @param ts Slack's word for when it came, which is its identity in that channel
     * @see <a href="https://docs.slack.dev/reference/methods/chat.postMessage">chat.postMessage: thread_ts</a>
     */
    record First(String channel, String ts) {}

    SlackThreads(ClaimStore store) {
        this.store = store;
    }

    /** The first message of a channel's thread; null when there is none that is known. */
    First first(String channel, String thread) {
        String noted = asked(() -> store.noted(key(channel, thread)));
        String[] words = noted == null ? new String[0] : noted.split(" ");
        return words.length == 2 ? new First(words[0], words[1]) : null;
    }

    /** Keeps a first message in mind, in the place of an earlier one. */
    void began(String channel, String thread, First first) {
        asked(() -> {
            store.note(key(channel, thread), first.channel() + " " + first.ts(), KEPT);
            return null;
        });
    }

    private String asked(Supplier<String> question) {
        if (System.nanoTime() - storeUnavailableUntil < 0) {
            return null;
        }
        try {
            return question.get();
        } catch (RuntimeException e) {
            // Whatever it is: a message that was posted must not count as one that was not.
            storeUnavailableUntil = System.nanoTime() + SILENCE;
            LOG.warn(
                    "{}; rather a new thread in Slack than no alert",
                    e instanceof TransientFailureException ? e.getMessage() : e.toString());
            return null;
        }
    }

    private static String key(String channel, String thread) {
        return "thread/" + PacedSlackComponent.plain(channel) + "/" + thread;
    }
}
