package io.ecssteward.slack;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;

/** One exchange's turn in a {@link ChannelQueue}. {@link SlackPacer} changes it, under its own lock. */
final class QueuedPost {
    private static final String PROPERTY = "StewardSlackTurn";

    final Exchange exchange;
    final String key;
    final ChannelQueue lane;
    /** Null if it cannot share a message. */
    SlackPacer.Shareable shareable;
    /** Whether turns that are not patient go before it. */
    boolean patient;
    /** Until when it waits for others to share its message, in nanoTime. */
    long gathersUntil;
    /** The turns whose alerts are in the post that is in progress. They are still in the lane. */
    List<QueuedPost> companions = List.of();
    /**
     * Completed when the exchange may post, or when another's post included its alert; each request makes a new one.
     */
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

    /** The turn of this exchange. A copy of an exchange has its properties, but not its turn. */
    static QueuedPost of(Exchange exchange) {
        QueuedPost turn = exchange.getProperty(PROPERTY, QueuedPost.class);
        return turn == null || turn.over || turn.exchange != exchange ? null : turn;
    }

    /** Stores itself in its exchange, for {@link #of}. */
    void keep() {
        exchange.setProperty(PROPERTY, this);
    }
}
