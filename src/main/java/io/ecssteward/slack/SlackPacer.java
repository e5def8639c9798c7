package io.ecssteward.slack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.failure.RetryAfterException;
import io.ecssteward.incident.Step;
import io.ecssteward.limits.SlackLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Limits each channel to one message a second, in the order of the requests. Each channel is a lane. An exchange waits
 * for its {@link #turn}, posts, and gives the lane up ({@link #posted}), or else has it until the exchange ends: so a
 * post that fails and is tried again by the route's error handler still goes before those behind it. No thread waits
 * meanwhile.
 *
 * <p>When more than a handful of alerts wait, the post of the first is a digest that includes the next ones, its
 * companions. They keep their places until it is {@link #posted}, and then all of them are done. If it fails, they
 * still wait in the same order.
 *
 * <p>Long because every change of every lane is made here, under one lock.
 *
 * <p>An exchange has at most one lane: asking for another gives up the first, or two of them could wait for each other.
 *
 * @see SlackLimits#MESSAGE_INTERVAL
 */
public class SlackPacer {

    /**
     * Two minutes' worth when they share messages, and a quarter of an hour's when not; more are better off in the
     * queue.
     */
    public static final int DEFAULT_MAX_WAITING = 1000;

    /** Ours: what a reader takes in one by one. When more alerts than these stand in line, they share messages. */
    static final int MAX_SINGLE_MESSAGES = 5;

    /** How many alerts share a message at most: what still fits Slack's limits with a title, a date and links each. */
    static final int TOGETHER = 10;

    /** The lane of all edits in all channels, which Slack counts together: {@link SlackLimits#EDITS_A_MINUTE}. */
    static final String EDITS = "edits";

    private static final long MESSAGE_INTERVAL = SlackLimits.MESSAGE_INTERVAL.toNanos();
    private static final long MESSAGES_A_MINUTE = Duration.ofMinutes(1).toNanos() / MESSAGE_INTERVAL;

    private final ScheduledExecutorService scheduler;
    private final LongSupplier nanoTime;
    private final Map<String, ChannelQueue> lanes = new HashMap<>();
    private long interval = MESSAGE_INTERVAL;
    private int maxWaiting = DEFAULT_MAX_WAITING;
    private boolean draining;

    /**
     * What an exchange posts, if it may be in a digest.
     *
     * @param alert what it is
     * @param step what it does for an incident; null when it is about none
     * @param sender as whom; only those who speak alike share a message
     */
    record Shareable(Alert alert, Step step, Object sender) {}

    /**
     * The result of waiting for a turn.
     *
     * @param posted the message that spoke for this exchange; null when it is its own turn to post
     * @param together what its post should say: its own, and what its companions say; empty when there is nobody beside
     *     it
     */
    record Outcome(ObjectNode posted, List<Shareable> together) {}

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
        scheduler.setRemoveOnCancelPolicy(true);
        return scheduler;
    }

    /** How many exchanges wait for their turn, in all channels. */
    public synchronized int waiting() {
        return lanes.values().stream().mapToInt(lane -> lane.waiting.size()).sum();
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
     * Requests a turn for an exchange. What depends on the answer should go on in a thread of its own, unless another's
     * post spoke for it: then it is in one already.
     *
     * @param exchange who wants to post; when the lane is its own already, it only waits for the time
     * @param lane where to; it may be a secret, since the pacer never shows it
     * @param shareable what it wants to say; null when it must say it by itself
     * @param gather how long it waits for company, where the lane is idle
     * @param patient whether those that are not go before it
     * @return done when the exchange may post, or another's post spoke for it; failed with a
     *     {@link RetryAfterException} when too many wait already, or when it would have to wait and the pacer is
     *     drained
     */
    CompletionStage<Outcome> turn(
            Exchange exchange, String lane, Shareable shareable, Duration gather, boolean patient) {
        List<Runnable> due = new ArrayList<>();
        CompletableFuture<Outcome> ready;
        synchronized (this) {
            QueuedPost turn = QueuedPost.of(exchange);
            if (turn != null && !turn.key.equals(lane)) {
                end(turn, due);
                turn = null;
            }
            if (turn != null) {
                letGoOfCompanions(turn, due);
            }
            if (draining
                    && !lanes.getOrDefault(lane, new ChannelQueue(nanoTime.getAsLong()))
                            .isFree(nanoTime.getAsLong())) {
                lanes.get(lane).closed = true;
                ready = CompletableFuture.failedFuture(stopping());
            } else if (turn != null) {
                if (turn.given) {
                    turn.given = false;
                    turn.ready = new CompletableFuture<>();
                }
                ready = turn.ready;
                serve(turn.lane, due);
            } else {
                ready = queueUp(exchange, lane, shareable, gather, patient, due);
            }
        }
        due.forEach(Runnable::run);
        return ready;
    }

    /** Gives up an exchange's lane, because its message never will be posted. */
    public void done(Exchange exchange) {
        List<Runnable> due = new ArrayList<>();
        synchronized (this) {
            end(QueuedPost.of(exchange), due);
        }
        due.forEach(Runnable::run);
    }

    /**
     * Gives up an exchange's lane, because this message was posted; its companions are through with it too.
     *
     * @return tells the companions, by this executor. Those whose alerts are about the same go on one after the other:
     *     what they note down of what began and what ended must be in order too. For the same reason, call it when the
     *     exchange itself has gone on
     */
    Runnable posted(Exchange exchange, ObjectNode message, Executor executor) {
        List<Runnable> due = new ArrayList<>();
        Map<String, List<QueuedPost>> byKey = new LinkedHashMap<>();
        synchronized (this) {
            QueuedPost turn = QueuedPost.of(exchange);
            if (turn != null) {
                for (QueuedPost companion : turn.companions) {
                    if (!companion.over) {
                        companion.over = true;
                        companion.lane.waiting.remove(companion);
                        byKey.computeIfAbsent(companion.shareable.alert().key(), key -> new ArrayList<>())
                                .add(companion);
                    }
                }
                turn.companions = List.of();
                end(turn, due);
            }
        }
        due.forEach(Runnable::run);
        Outcome outcome = new Outcome(message, List.of());
        return () -> byKey.values()
                .forEach(same -> executor.execute(() -> same.forEach(companion -> companion.ready.complete(outcome))));
    }

    /** An exchange's post failed. It keeps its lane, since it may ask again; its companions wait as before. */
    void failed(Exchange exchange) {
        List<Runnable> due = new ArrayList<>();
        synchronized (this) {
            QueuedPost turn = QueuedPost.of(exchange);
            if (turn != null) {
                letGoOfCompanions(turn, due);
            }
        }
        due.forEach(Runnable::run);
    }

    /** Slack refused what an exchange said for itself and its companions: each of them must be judged by itself. */
    synchronized void separate(Exchange exchange) {
        QueuedPost turn = QueuedPost.of(exchange);
        if (turn != null) {
            turn.shareable = null;
            turn.companions.forEach(companion -> companion.shareable = null);
        }
    }

    /** Stops a lane for this long, because Slack limited it. */
    public synchronized void hold(String lane, Duration duration) {
        long now = nanoTime.getAsLong();
        ChannelQueue held = lanes.computeIfAbsent(lane, key -> new ChannelQueue(now));
        long until = now + duration.toNanos();
        if (until - held.notBefore > 0) {
            held.notBefore = until;
        }
    }

    /** Lets turns be taken again after {@link #drain}. */
    public synchronized void start() {
        draining = false;
        lanes.values().forEach(lane -> lane.closed = false);
    }

    /**
     * Fails all that wait, and from now on all that would have to, so that their messages go back to the queue at once.
     * What is at work when it stops may still be posted where nothing is, or was, in its way. Those for whom a post on
     * its way speaks end as it does.
     */
    public void drain() {
        List<Runnable> due = new ArrayList<>();
        synchronized (this) {
            draining = true;
            for (ChannelQueue lane : lanes.values()) {
                lane.closed |= lane.owner != null || !lane.waiting.isEmpty();
                if (lane.owner != null && !lane.owner.given) {
                    dismiss(lane.owner, due);
                    lane.owner = null;
                }
                List<QueuedPost> spokenFor = lane.owner == null ? List.of() : lane.owner.companions;
                lane.waiting.stream().filter(turn -> !spokenFor.contains(turn)).forEach(turn -> dismiss(turn, due));
                lane.waiting.retainAll(spokenFor);
            }
        }
        due.forEach(Runnable::run);
    }

    /** Drains, and forgets what it knew of the lanes. */
    public void stop() {
        drain();
        synchronized (this) {
            lanes.clear();
        }
    }

    private CompletableFuture<Outcome> queueUp(
            Exchange exchange, String key, Shareable shareable, Duration gather, boolean patient, List<Runnable> due) {
        long now = nanoTime.getAsLong();
        // Lanes are few, but channels can come out of events.
        lanes.values().removeIf(lane -> lane.look == null && lane.isFree(now));
        ChannelQueue lane = lanes.computeIfAbsent(key, k -> new ChannelQueue(now));
        if (lane.waiting.size() >= maxWaiting) {
            lane.turnedAway++;
            return CompletableFuture.failedFuture(new RetryAfterException(
                    lane.waiting.size() + " messages already wait for this channel",
                    Duration.ofNanos(Math.max(0, lane.notBefore - now)
                            + Math.max(interval, MESSAGE_INTERVAL)
                                    * lane.messages(
                                            maxWaiting > MAX_SINGLE_MESSAGES ? Math.min(maxWaiting, TOGETHER) : 1))));
        }
        QueuedPost turn = new QueuedPost(exchange, key, lane, shareable);
        boolean idle = lane.isIdle();
        turn.gathersUntil = idle && shareable != null && !draining ? now + gather.toNanos() : now;
        turn.patient = patient;
        lane.add(turn);
        turn.keep();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange ended) {
                List<Runnable> next = new ArrayList<>();
                synchronized (SlackPacer.this) {
                    end(turn, next);
                }
                next.forEach(Runnable::run);
            }
        });
        serve(lane, due);
        return turn.ready;
    }

    /** Gives the lane's next post its turn if it is time, or else sees to it that somebody looks again. */
    private void serve(ChannelQueue lane, List<Runnable> due) {
        QueuedPost next = lane.owner != null ? lane.owner : lane.waiting.peek();
        if (next == null) {
            lane.turnedAway = 0;
        }
        if (next == null || next.given) {
            return;
        }
        List<QueuedPost> behind = next.lane.sharing(next, TOGETHER - 1);
        long now = nanoTime.getAsLong();
        long wait = lane.notBefore - now;
        if (lane.owner == null && behind.size() + 1 < TOGETHER) {
            wait = Math.max(wait, next.gathersUntil - now);
        }
        if (wait > 0) {
            lookAt(lane, now, wait);
            return;
        }
        if (lane.owner == null) {
            lane.owner = lane.waiting.remove();
        }
        next.given = true;
        next.companions = behind.size() + 1 > MAX_SINGLE_MESSAGES ? behind : List.of();
        lane.notBefore =
                now + (lane == lanes.get(EDITS) ? interval * MESSAGES_A_MINUTE / SlackLimits.EDITS_A_MINUTE : interval);
        CompletableFuture<Outcome> ready = next.ready;
        List<Shareable> together = next.companions.isEmpty()
                ? List.of()
                : Stream.concat(Stream.of(next), behind.stream())
                        .map(turn -> turn.shareable)
                        .toList();
        due.add(() -> ready.complete(new Outcome(null, together)));
    }

    private void lookAt(ChannelQueue lane, long now, long wait) {
        long at = now + wait;
        if (lane.look != null && lane.lookAt - at <= 0) {
            return;
        }
        if (lane.look != null) {
            lane.look.cancel(false);
        }
        lane.lookAt = at;
        lane.look = scheduler.schedule(() -> followUp(lane), wait, TimeUnit.NANOSECONDS);
    }

    private void followUp(ChannelQueue lane) {
        List<Runnable> due = new ArrayList<>();
        synchronized (this) {
            lane.look = null;
            serve(lane, due);
        }
        due.forEach(Runnable::run);
    }

    private void end(QueuedPost turn, List<Runnable> due) {
        if (turn == null || turn.over) {
            return;
        }
        letGoOfCompanions(turn, due);
        turn.over = true;
        if (turn.lane.owner == turn) {
            turn.lane.owner = null;
        } else {
            turn.lane.waiting.remove(turn);
        }
        serve(turn.lane, due);
    }

    /** Their digest failed: they wait as before, unless the pacer drains. */
    private void letGoOfCompanions(QueuedPost turn, List<Runnable> due) {
        if (draining) {
            turn.companions.stream().filter(companion -> !companion.over).forEach(companion -> dismiss(companion, due));
            turn.lane.waiting.removeAll(turn.companions);
        }
        turn.companions = List.of();
    }

    private static void dismiss(QueuedPost turn, List<Runnable> due) {
        turn.over = true;
        due.add(() -> turn.ready.completeExceptionally(stopping()));
    }

    /** Not tried again here, and soon by another. */
    private static RetryAfterException stopping() {
        return new RetryAfterException("it is stopping", Duration.ofSeconds(1));
    }
}
