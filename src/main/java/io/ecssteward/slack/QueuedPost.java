package io.ecssteward.slack;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;

/** One exchange's place in a {@link ChannelQueue}. {@link SlackPacer} changes it, under its own lock. */
final class QueuedPost {
    private static final String PROPERTY = "StewardSlackTurn";

    final Exchange exchange;
    final String key;
    final ChannelQueue lane;
    /** Null when it shares its message with nobody. */
    SlackPacer.Shareable shareable;
    /** Whether others go before it. */
    boolean patient;
    /** How long it waits for company, in nanoTime. */
    long gathersUntil;
    /** The others whose alerts are in its post, which is in progress. They are still in the lane. */
    List<QueuedPost> companions = List.of();
    /** Completed when the exchange may post, or need not any more; a new one for each time it asks. */
    CompletableFuture<SlackPacer.Outcome> ready = new CompletableFuture<>();

    boolean given;
    boolean over;

    QueuedPost(Exchange exchange, String key, ChannelQueue lane, SlackPacer.Shareable shareable) {
        this.exchange = exchange;
        this.key = key;
        this.lane = lane;
        this.shareable = shareable;
    }

    boolean sharesWith(QueuedPost other) {
        return shareable != null
                && other.shareable != null
                && shareable.sender().equals(other.shareable.sender());
    }

    /** Copies of an exchange have its properties, but not its turn. */
    static QueuedPost of(Exchange exchange) {
        QueuedPost turn = exchange.getProperty(PROPERTY, QueuedPost.class);
        return turn == null || turn.over || turn.exchange != exchange ? null : turn;
    }

    /** Puts itself into its exchange, for {@link #of}. */
    void keep() {
        exchange.setProperty(PROPERTY, this);
    }
}
