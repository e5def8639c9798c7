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
 * for its {@link #turn}, posts, and releases the lane ({@link #posted}). If the post fails, the exchange keeps the lane
 * until it ends: a post that the route's error handler retries still goes before those behind it. No thread blocks
 * meanwhile.
 *
 * <p>When more than a handful of alerts wait, the post of the first is a digest that includes the next ones, its
 * companions. They keep their places until it is {@link #posted}, and then all of them are done. If it fails, they keep
 * waiting in the same order.
 *
 * <p>Long because every change of every lane is made here, under one lock.
 *
 * <p>An exchange has at most one lane: requesting another releases the first. Otherwise two exchanges could deadlock.
 *
 * @see SlackLimits#MESSAGE_INTERVAL
 */
public class SlackPacer {

    /**
     * Two minutes of posting if alerts share messages, a quarter of an hour if not. Beyond that, messages wait in SQS.
     */
    public static final int DEFAULT_MAX_WAITING = 1000;

    /** Our own limit: as many single messages as a reader can follow. If more alerts wait, they share messages. */
    static final int MAX_SINGLE_MESSAGES = 5;

    /** How many alerts share a message at most: with a title, a date and links each, they still fit Slack's limits. */
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
     * What an exchange posts, if it may be part of a digest.
     *
     * @param alert the alert to post
     * @param step the step of an incident; null if the alert belongs to none
     * @param sender the sender's name and icon; only posts with equal senders share a message
     */
    record Shareable(Alert alert, Step step, Object sender) {}

    /**
     * The result of waiting for a turn.
     *
     * @param posted the message that included this exchange's alert; null if the exchange must post itself
     * @param together what its post must include: its own and its companions' alerts; empty if it has no companions
     */
    record Outcome(ObjectNode posted, List<Shareable> together) {}

    /** A pacer with the system clock and one daemon thread, which ends when idle. */
    public SlackPacer() {
        this(newScheduler(), System::nanoTime);
    }

    /**
     * A pacer with another clock.
     *
     * @param scheduler runs the pacer's checks
     * @param nanoTime the time in nanoseconds, like {@link System#nanoTime()}
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
        // Any keep-alive will do: a thread that ends when idle need not be stopped.
        scheduler.setKeepAliveTime(10, TimeUnit.SECONDS);
        scheduler.allowCoreThreadTimeOut(true);
        scheduler.setRemoveOnCancelPolicy(true);
        return scheduler;
    }

    /** How many exchanges wait for their turn, in all channels. */
    public synchronized int waiting() {
        return lanes.values().stream().mapToInt(lane -> lane.waiting.size()).sum();
    }

    /** The minimum time between the beginnings of two posts in one channel. */
    public synchronized void setInterval(Duration interval) {
        this.interval = interval.toNanos();
    }

    /** How many exchanges may wait for one channel; any further one fails and goes back to its SQS queue. */
    public synchronized void setMaxWaiting(int maxWaiting) {
        this.maxWaiting = maxWaiting;
    }

    /**
     * Requests a turn for an exchange. Continue on another thread once the result is there, unless another exchange's
     * post included this one's alert: then the result already arrives on such a thread.
     *
     * @param exchange the exchange that posts; if it already holds the lane, it only waits for the interval
     * @param lane the lane's key; may be secret, since the pacer never shows it
     * @param shareable what it posts; null if it cannot share a message
     * @param gather how long it waits for others to share its message if the lane is idle
     * @param patient whether exchanges that are not patient go before it
     * @return done when the exchange may post, or when another's post included its alert; failed with a
     *     {@link RetryAfterException} if too many already wait, or if it would have to wait while the pacer drains
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

    /** Releases an exchange's lane, because its message will never be posted. */
    public void done(Exchange exchange) {
        List<Runnable> due = new ArrayList<>();
        synchronized (this) {
            end(QueuedPost.of(exchange), due);
        }
        due.forEach(Runnable::run);
    }

    /**
     * Releases an exchange's lane, because this message was posted. Its companions are done, too.
     *
     * @return completes the companions on this executor. Companions with alerts about the same resource continue one
     *     after the other, so that they record beginnings and ends in order. For the same reason, run it only after the
     *     exchange itself has continued
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

    /** An exchange's post failed. It keeps its lane, since it may be retried; its companions keep waiting. */
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

    /** Slack refused the digest of an exchange and its companions: from now on each is posted by itself. */
    synchronized void separate(Exchange exchange) {
        QueuedPost turn = QueuedPost.of(exchange);
        if (turn != null) {
            turn.shareable = null;
            turn.companions.forEach(companion -> companion.shareable = null);
        }
    }

    /** Stops a lane for this long, because Slack rate-limited it. */
    public synchronized void hold(String lane, Duration duration) {
        long now = nanoTime.getAsLong();
        ChannelQueue held = lanes.computeIfAbsent(lane, key -> new ChannelQueue(now));
        long until = now + duration.toNanos();
        if (until - held.notBefore > 0) {
            held.notBefore = until;
        }
    }

    /** Grants turns again after {@link #drain}. */
    public synchronized void start() {
        draining = false;
        lanes.values().forEach(lane -> lane.closed = false);
    }

    /**
     * Fails all exchanges that wait, and from now on all that would have to wait, so that their messages go back to SQS
     * at once. An exchange in flight may still post if its lane is and was free. The companions of a post in progress
     * end as that post does.
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

    /** Drains, and forgets all lanes. */
    public void stop() {
        drain();
        synchronized (this) {
            lanes.clear();
        }
    }

    private CompletableFuture<Outcome> queueUp(
            Exchange exchange, String key, Shareable shareable, Duration gather, boolean patient, List<Runnable> due) {
        long now = nanoTime.getAsLong();
        // Lanes are usually few, but channel names can come from events.
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

    /** Grants the lane's next post its turn if it is time, or else schedules another check. */
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

    /** Releases the companions of a failed digest: they keep waiting, unless the pacer drains. */
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

    /** Not retried by this process; another replica retries it soon. */
    private static RetryAfterException stopping() {
        return new RetryAfterException("it is stopping", Duration.ofSeconds(1));
    }
}
