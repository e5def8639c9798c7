package io.ecssteward.claim;

import io.ecssteward.failure.TransientFailureException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Claims in a DynamoDB table, for several replicas, and to survive a restart. A claim takes one write, its confirmation
 * another.
 *
 * <p>A lease is short, because the lease of a process that died must have expired when SQS redelivers the message. A
 * thread renews the leases of longer work after half of their time. It also retries failed confirmations and deletions,
 * so that an outage of DynamoDB fails no completed work and leaves no wrong records.
 *
 * <p>It is a Camel service: it checks the table when it starts, and renews leases until it is stopped.
 */
public final class DynamoClaimStore extends ServiceSupport implements ClaimStore {

    private static final Logger LOG = LoggerFactory.getLogger(DynamoClaimStore.class);

    /** How many leases one thread can renew in half a lease; above that, events wait in the queue. */
    static final int MAX_LEASES = 5_000;

    private static final int MAX_PENDING_DELETES = 1_000;

    /** SQS keeps no message in flight for longer, so an older lease is a leak. */
    private static final Duration LONGEST_WORK = MemoryClaimStore.LEASE;

    private final DynamoDbClient client;
    private final String name;
    private final Duration usualLease;
    private final Clock clock;
    private final ClaimTable table;

    private final Map<String, HeldLease> held = new ConcurrentHashMap<>();
    private final Set<String> pendingDeletes = ConcurrentHashMap.newKeySet();
    private ScheduledExecutorService renewer;

    /**
     * A store in this table; call {@link #start} before the first claim.
     *
     * @param lease how long a lease lasts without renewal
     * @param clock this process's clock; the clocks of all replicas should agree within a fraction of the lease, as
     *     they do on AWS
     */
    public DynamoClaimStore(DynamoDbClient client, String table, Duration lease, Clock clock) {
        this.client = client;
        this.name = table;
        this.usualLease = lease;
        this.clock = clock;
        this.table = new ClaimTable(client, table);
    }

    /** Sets the listeners that are called for failed requests. */
    public void report(Set<ClaimListener> listeners) {
        table.report(listeners);
    }

    @Override
    protected void doStart() {
        TableCheck check = TableCheck.of(client, name);
        if (check.problem() != null) {
            throw new IllegalStateException(check.problem());
        }
        check.warnings().forEach(LOG::warn);
        renewer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "claims");
            thread.setDaemon(true);
            return thread;
        });
        long tick = Math.max(10, usualLease.toMillis() / 10);
        renewer.scheduleWithFixedDelay(this::maintain, tick, tick, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doStop() throws InterruptedException {
        if (renewer != null) {
            renewer.shutdownNow();
            renewer.awaitTermination(5, TimeUnit.SECONDS);
            if (!pendingDeletes.isEmpty() || held.values().stream().anyMatch(h -> h.done)) {
                maintain();
            }
        }
    }

    @Override
    public Duration usualLease() {
        return usualLease;
    }

    @Override
    public Answer claim(String key, String owner, Duration lease, Duration record) {
        if (held.size() >= MAX_LEASES) {
            throw new TransientFailureException("claiming " + key + ": " + MAX_LEASES + " claims are in progress");
        }
        settleDelete(key, () -> table.forget(key));
        Instant now = clock.instant();
        Optional<ClaimTable.Holder> other = table.claim(key, owner, now, now.plus(lease), now.plus(record));
        if (other.isPresent() && other.get().done()) {
            return Answer.RECORDED;
        }
        boolean ours = other.isPresent() && other.get().owner().equals(owner);
        if (other.isPresent() && !ours) {
            return Answer.HELD;
        }
        // If an earlier attempt, whose response was lost, got the lease, the lease may expire soon.
        Instant renewAt = ours ? now : now.plus(lease.dividedBy(2));
        held.put(id(key, owner), new HeldLease(key, owner, lease, now, now.plus(record), renewAt));
        return Answer.CLAIMED;
    }

    @Override
    public void confirm(String key, String owner) {
        confirmUntil(key, owner, null);
    }

    @Override
    public void confirm(String key, String owner, Duration record) {
        confirmUntil(key, owner, clock.instant().plus(record));
    }

    /** Confirms; null for {@code ends} means the time that the claim set. */
    private void confirmUntil(String key, String owner, Instant ends) {
        HeldLease lease = held.get(id(key, owner));
        if (lease != null && ends != null) {
            lease.recordEnds = ends;
        }
        try {
            if (!table.confirm(key, owner, ends)) {
                LOG.warn("recording {}: it took longer than its lease, and another worker may have done it too", key);
            }
            held.remove(id(key, owner));
        } catch (TransientFailureException e) {
            LOG.warn("{}; it is done, and will be recorded once DynamoDB is back", e.getMessage());
            if (lease != null) {
                lease.done = true;
            }
        }
    }

    @Override
    public void release(String key, String owner) {
        held.remove(id(key, owner));
        try {
            table.release(key, owner);
        } catch (TransientFailureException e) {
            LOG.warn("{}; its lease ends in {} s at most", e.getMessage(), usualLease.toSeconds());
        }
    }

    @Override
    public void forget(String key) {
        try {
            table.forget(key);
        } catch (TransientFailureException e) {
            boolean later = pendingDeletes.size() < MAX_PENDING_DELETES && pendingDeletes.add(key);
            LOG.warn(
                    "{}; {}", e.getMessage(), later ? "it will be deleted once DynamoDB is back" : "it stays recorded");
        }
    }

    @Override
    public boolean recorded(String key) {
        return !pendingDeletes.contains(key) && table.recorded(key, clock.instant());
    }

    @Override
    public void record(String key, Duration record) {
        note(key, null, record);
    }

    @Override
    public void note(String key, String text, Duration record) {
        Runnable write = () -> table.record(key, clock.instant().plus(record), text);
        if (!settleDelete(key, write)) {
            write.run();
        }
    }

    /**
     * If the delete of this key is pending, runs the request that makes up for it or makes it unnecessary. One request
     * runs at a time, so that a late delete cannot remove a newer record.
     *
     * @return false if no delete is pending; the request did not run then
     */
    private boolean settleDelete(String key, Runnable request) {
        if (!pendingDeletes.contains(key)) {
            return false;
        }
        synchronized (pendingDeletes) {
            if (!pendingDeletes.contains(key)) {
                return false;
            }
            request.run();
            return pendingDeletes.remove(key);
        }
    }

    @Override
    public String noted(String key) {
        return pendingDeletes.contains(key) ? null : table.noted(key, clock.instant());
    }

    @Override
    public Document read(String key) {
        return table.documents().read(key, clock.instant());
    }

    @Override
    public boolean write(String key, String text, long version, Duration kept) {
        Instant now = clock.instant();
        return text == null
                ? table.documents().delete(key, version)
                : table.documents().write(key, text, version, now, now.plus(kept));
    }

    @Override
    public Map<String, Document> list(String prefix) {
        return table.documents().list(prefix, clock.instant());
    }

    @Override
    public boolean durable() {
        return true;
    }

    /** The number of leases of this process. */
    int leaseCount() {
        return held.size();
    }

    /**
     * Renews the leases that are due, and retries failed confirmations and deletions. The first failure ends the round,
     * because DynamoDB is unavailable.
     */
    void maintain() {
        try {
            Instant now = clock.instant();
            List<HeldLease> due = held.values().stream()
                    .filter(h -> h.done || !now.isBefore(h.renewAt))
                    .sorted(Comparator.comparing(h -> h.renewAt))
                    .toList();
            for (HeldLease lease : due) {
                if (lease.done) {
                    confirmLate(lease);
                } else {
                    renew(lease);
                }
            }
            pendingDeletes.forEach(key -> settleDelete(key, () -> table.forget(key)));
        } catch (TransientFailureException e) {
            LOG.warn("{}; {} claims are waiting for it", e.getMessage(), held.size());
        } catch (RuntimeException e) {
            // An exception would stop the scheduled executor.
            LOG.error("renewing claims", e);
        }
    }

    private void confirmLate(HeldLease lease) {
        if (!table.confirm(lease.key, lease.owner, lease.recordEnds)) {
            LOG.warn("recording {}: it was recorded too late, and another worker may have done it too", lease.key);
        }
        held.remove(id(lease.key, lease.owner));
    }

    private void renew(HeldLease lease) {
        Instant now = clock.instant();
        if (now.isAfter(lease.since.plus(LONGEST_WORK))) {
            LOG.error(
                    "renewing {}: nobody confirmed or released it for {} h; it is given up",
                    lease.key,
                    LONGEST_WORK.toHours());
            held.remove(id(lease.key, lease.owner));
        } else if (table.renew(lease.key, lease.owner, now.plus(lease.lease), lease.recordEnds)) {
            lease.renewAt = now.plus(lease.lease.dividedBy(2));
        } else if (held.remove(id(lease.key, lease.owner)) != null) {
            // Null means that it was confirmed or released at the same time.
            LOG.warn("renewing {}: another worker has its lease, so it may be done twice", lease.key);
        }
    }

    private static String id(String key, String owner) {
        return owner + "/" + key;
    }
}
