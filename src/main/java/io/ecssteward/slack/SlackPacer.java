package io.ecssteward.slack;

import io.ecssteward.fate.LaterException;
import io.ecssteward.fate.TransientFailureException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Keeps every channel to one message a second, in the order in which they were asked for. Each channel is a lane. An
 * exchange waits for its {@link #turn}, posts, and gives the lane up ({@link #done}), or else has it until the exchange
 * ends: so a post that fails and is tried again by the route's error handler still goes before those behind it. No thread
 * waits meanwhile.
 *
 * <p>An exchange has at most one lane: asking for another gives up the first, or two of them could wait for each other.
 *
 * @see <a href="https://docs.slack.dev/apis/web-api/rate-limits">Rate limits: one message a second a channel</a>
 */
public class SlackPacer {

    /** Slack's own figure, for webhooks and for chat.postMessage. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);

    /** A quarter of an hour's worth; who comes later is better off in the queue than in memory. */
    public static final int DEFAULT_MAX_WAITING = 1000;

    private static final long A_SECOND = TimeUnit.SECONDS.toNanos(1);

    private static final String TURN = "StewardSlackTurn";

    private final ScheduledExecutorService scheduler;
    private final LongSupplier nanoTime;
    private final Map<String, Lane> lanes = new HashMap<>();
    private long interval = DEFAULT_INTERVAL.toNanos();
    private int maxWaiting = DEFAULT_MAX_WAITING;
    private boolean draining;

    /** Where one channel's exchanges queue up. */
    private static final class Lane {
        final Deque<Turn> waiting = new ArrayDeque<>();
        /** Whose lane it is now; null when nobody's. */
        Turn owner;
        /** When the next post may begin, in nanoTime. */
        long notBefore;
        /** How many were sent away since nobody waited last; each is told to come when those before it are through. */
        long turnedAway;
        /** Whether the scheduler will look here again. */
        boolean watched;

        Lane(long now) {
            notBefore = now;
        }
    }

    /** One exchange's place in a lane. */
    private static final class Turn {
        final Exchange exchange;
        final String key;
        final Lane lane;
        /** Completed when the exchange may post; a new one for each time it asks. */
        CompletableFuture<Void> ready = new CompletableFuture<>();
        boolean given;
        boolean over;

        Turn(Exchange exchange, String key, Lane lane) {
            this.exchange = exchange;
            this.key = key;
            this.lane = lane;
        }
    }

    /** A pacer by the system's clock, with one daemon thread, which ends when it is not needed. */
    public SlackPacer() {
        this(newScheduler(), System::nanoTime);
    }

    /**
     * A pacer by another clock.
     *
     * @param scheduler what to wake it up by
     * @param nanoTime the time, as {@link System#nanoTime()} counts it
     */
    public SlackPacer(ScheduledExecutorService scheduler, LongSupplier nanoTime) {
        this.scheduler = scheduler;
        this.nanoTime = nanoTime;
    }

    private static ScheduledExecutorService newScheduler() {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "slack-pacer");
            thread.setDaemon(true);
            return thread;
        });
        // Any time will do: a thread that ends with its work needs nobody to stop it.
        scheduler.setKeepAliveTime(10, TimeUnit.SECONDS);
        scheduler.allowCoreThreadTimeOut(true);
        return scheduler;
    }

    /** How long after a post began the next in the same channel may begin. */
    public synchronized void setInterval(Duration interval) {
        this.interval = interval.toNanos();
    }

    /** How many exchanges may wait for one channel; the next one fails and goes back to its queue. */
    public synchronized void setMaxWaiting(int maxWaiting) {
        this.maxWaiting = maxWaiting;
    }

    /**
     * Asks for an exchange's turn. What depends on the answer should go on in a thread of its own.
     *
     * @param exchange who wants to post; when the lane is its own already, it only waits for the time
     * @param lane where to; it may be a secret, since the pacer never shows it
     * @return done when the exchange may post; failed with a {@link LaterException} when too many wait already, or
     *     with a {@link TransientFailureException} when it would have to wait and the pacer is drained
     */
    public CompletionStage<Void> turn(Exchange exchange, String lane) {
        List<CompletableFuture<Void>> due = new ArrayList<>();
        CompletableFuture<Void> ready;
        synchronized (this) {
            Turn turn = turnOf(exchange);
            if (turn != null && !turn.key.equals(lane)) {
                end(turn, due);
                turn = null;
            }
            if (draining && !free(lane)) {
                ready = CompletableFuture.failedFuture(stopping());
            } else if (turn != null) {
                if (turn.given) {
                    turn.given = false;
                    turn.ready = new CompletableFuture<>();
                }
                ready = turn.ready;
                serve(turn.lane, due);
            } else {
                ready = queueUp(exchange, lane, due);
            }
        }
        due.forEach(turn -> turn.complete(null));
        return ready;
    }

    /** Gives up an exchange's lane, because its message was posted or never will be. */
    public void done(Exchange exchange) {
        List<CompletableFuture<Void>> due = new ArrayList<>();
        synchronized (this) {
            end(turnOf(exchange), due);
        }
        due.forEach(turn -> turn.complete(null));
    }

    /** Lets nothing be posted in a lane for so long from now, because Slack said so. */
    public synchronized void hold(String lane, Duration duration) {
        long now = nanoTime.getAsLong();
        Lane held = lanes.computeIfAbsent(lane, key -> new Lane(now));
        long until = now + duration.toNanos();
        if (until - held.notBefore > 0) {
            held.notBefore = until;
        }
    }

    /** Lets turns be taken again after {@link #drain}. */
    public synchronized void start() {
        draining = false;
    }

    /**
     * Fails all that wait, and from now on all that would have to, so that their messages go back to the queue at once.
     * What is at work when it stops may still be posted where nothing is in its way.
     */
    public void drain() {
        List<CompletableFuture<Void>> dismissed = new ArrayList<>();
        synchronized (this) {
            draining = true;
            for (Lane lane : lanes.values()) {
                if (lane.owner != null && !lane.owner.given) {
                    dismiss(lane.owner, dismissed);
                    lane.owner = null;
                }
                lane.waiting.forEach(turn -> dismiss(turn, dismissed));
                lane.waiting.clear();
            }
        }
        dismissed.forEach(turn -> turn.completeExceptionally(stopping()));
    }

    /** Drains, and forgets what it knew of the lanes. */
    public void stop() {
        drain();
        synchronized (this) {
            lanes.clear();
        }
    }

    private boolean free(String key) {
        Lane lane = lanes.get(key);
        return lane == null
                || lane.owner == null && lane.waiting.isEmpty() && lane.notBefore - nanoTime.getAsLong() <= 0;
    }

    private CompletableFuture<Void> queueUp(Exchange exchange, String key, List<CompletableFuture<Void>> due) {
        long now = nanoTime.getAsLong();
        // Lanes are few, but channels can come out of events.
        lanes.values().removeIf(l -> l.owner == null && l.waiting.isEmpty() && !l.watched && l.notBefore - now <= 0);
        Lane lane = lanes.computeIfAbsent(key, k -> new Lane(now));
        if (lane.waiting.size() >= maxWaiting) {
            lane.turnedAway++;
            return CompletableFuture.failedFuture(new LaterException(
                    lane.waiting.size() + " messages already wait for this channel",
                    Duration.ofNanos(Math.max(interval, A_SECOND) * (lane.waiting.size() + lane.turnedAway))));
        }
        Turn turn = new Turn(exchange, key, lane);
        lane.waiting.add(turn);
        exchange.setProperty(TURN, turn);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange ended) {
                List<CompletableFuture<Void>> next = new ArrayList<>();
                synchronized (SlackPacer.this) {
                    end(turn, next);
                }
                next.forEach(ready -> ready.complete(null));
            }
        });
        serve(lane, due);
        return turn.ready;
    }

    /** Gives the lane's next post its turn if it is time, or else sees to it that somebody looks again. */
    private void serve(Lane lane, List<CompletableFuture<Void>> due) {
        Turn next = lane.owner != null ? lane.owner : lane.waiting.peek();
        if (next == null) {
            lane.turnedAway = 0;
        }
        if (next == null || next.given) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (lane.notBefore - now > 0) {
            if (!lane.watched) {
                lane.watched = true;
                scheduler.schedule(() -> lookAgain(lane), lane.notBefore - now, TimeUnit.NANOSECONDS);
            }
            return;
        }
        if (lane.owner == null) {
            lane.owner = lane.waiting.remove();
        }
        next.given = true;
        lane.notBefore = now + interval;
        due.add(next.ready);
    }

    private void lookAgain(Lane lane) {
        List<CompletableFuture<Void>> due = new ArrayList<>();
        synchronized (this) {
            lane.watched = false;
            serve(lane, due);
        }
        due.forEach(turn -> turn.complete(null));
    }

    private void end(Turn turn, List<CompletableFuture<Void>> due) {
        if (turn == null || turn.over) {
            return;
        }
        turn.over = true;
        if (turn.lane.owner == turn) {
            turn.lane.owner = null;
        } else {
            turn.lane.waiting.remove(turn);
        }
        serve(turn.lane, due);
    }

    private static void dismiss(Turn turn, List<CompletableFuture<Void>> dismissed) {
        turn.over = true;
        dismissed.add(turn.ready);
    }

    /** Copies of an exchange have its properties, but not its turn. */
    private static Turn turnOf(Exchange exchange) {
        Turn turn = exchange.getProperty(TURN, Turn.class);
        return turn == null || turn.over || turn.exchange != exchange ? null : turn;
    }

    private static TransientFailureException stopping() {
        return new TransientFailureException("it is stopping");
    }
}
