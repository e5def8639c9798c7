package io.ecssteward.claim;

import io.ecssteward.limits.SqsLimits;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * Claims in memory, for a single replica; they are lost when it stops.
 *
 * <p>The store is bounded: above {@value #MAX_CLAIMS} keys, the records that would expire first are evicted early. A
 * lease is never evicted, and there are only as many leases as events in flight.
 */
public final class MemoryClaimStore implements ClaimStore {

    /** About 60 MB of keys and entries at the longest ARNs. */
    public static final int MAX_CLAIMS = 100_000;

    /**
     * SQS keeps no message in flight for longer, so a live worker cannot exceed this lease. The lease of a worker that
     * died is lost with its process.
     */
    static final Duration LEASE = SqsLimits.VISIBILITY;

    private record Entry(String owner, boolean done, Instant leaseEnds, Instant recordEnds, String note) {
        Entry(String owner, boolean done, Instant leaseEnds, Instant recordEnds) {
            this(owner, done, leaseEnds, recordEnds, null);
        }

        boolean leasedTo(String claimant) {
            return !done && owner.equals(claimant);
        }

        boolean over(Instant now) {
            return !now.isBefore(done ? recordEnds : leaseEnds);
        }
    }

    private record Written(Document document, Instant ends) {}

    private final Clock clock;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, Written> documents = new HashMap<>();
    private long versions;
    private int purgeAt = 1_000;
    private long evictedEarly;

    public MemoryClaimStore() {
        this(Clock.systemUTC());
    }

    public MemoryClaimStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Duration usualLease() {
        return LEASE;
    }

    @Override
    public synchronized Answer claim(String key, String owner, Duration lease, Duration record) {
        Instant now = clock.instant();
        Entry entry = entries.get(key);
        if (entry != null && !entry.over(now)) {
            return entry.done() ? Answer.RECORDED : entry.leasedTo(owner) ? Answer.CLAIMED : Answer.HELD;
        }
        put(key, new Entry(owner, false, now.plus(lease), now.plus(record)), now);
        return Answer.CLAIMED;
    }

    @Override
    public synchronized void confirm(String key, String owner) {
        entries.computeIfPresent(
                key, (k, e) -> e.leasedTo(owner) ? new Entry(owner, true, e.leaseEnds(), e.recordEnds()) : e);
    }

    @Override
    public synchronized void confirm(String key, String owner, Duration record) {
        Instant ends = clock.instant().plus(record);
        entries.computeIfPresent(key, (k, e) -> e.leasedTo(owner) ? new Entry(owner, true, e.leaseEnds(), ends) : e);
    }

    @Override
    public synchronized void release(String key, String owner) {
        entries.computeIfPresent(key, (k, e) -> e.leasedTo(owner) ? null : e);
    }

    @Override
    public synchronized void forget(String key) {
        entries.computeIfPresent(key, (k, e) -> e.done() ? null : e);
    }

    @Override
    public void record(String key, Duration record) {
        note(key, null, record);
    }

    @Override
    public synchronized void note(String key, String text, Duration record) {
        Instant now = clock.instant();
        put(key, new Entry("", true, now, now.plus(record), text), now);
    }

    @Override
    public synchronized boolean recorded(String key) {
        return recordOf(key) != null;
    }

    @Override
    public synchronized String noted(String key) {
        Entry entry = recordOf(key);
        return entry == null ? null : entry.note();
    }

    private Entry recordOf(String key) {
        Entry entry = entries.get(key);
        return entry != null && entry.done() && !entry.over(clock.instant()) ? entry : null;
    }

    @Override
    public synchronized Document read(String key) {
        Written written = documents.get(key);
        return written == null || !clock.instant().isBefore(written.ends()) ? Document.NONE : written.document();
    }

    @Override
    public synchronized boolean write(String key, String text, long version, Duration kept) {
        if (read(key).version() != version) {
            return false;
        }
        Instant now = clock.instant();
        documents.values().removeIf(written -> !now.isBefore(written.ends()));
        if (text == null) {
            documents.remove(key);
        } else {
            documents.put(key, new Written(new Document(text, ++versions), now.plus(kept)));
        }
        return true;
    }

    @Override
    public synchronized Map<String, Document> list(String prefix) {
        Map<String, Document> found = new HashMap<>();
        documents.keySet().stream().filter(key -> key.startsWith(prefix)).forEach(key -> found.put(key, read(key)));
        found.values().removeIf(document -> document.text() == null);
        return found;
    }

    @Override
    public boolean durable() {
        return false;
    }

    /** Deletes all claims and documents. */
    public synchronized void clear() {
        entries.clear();
        documents.clear();
    }

    /** How many records were evicted before they expired, because the store was full. */
    public synchronized long evictedEarly() {
        return evictedEarly;
    }

    synchronized int size() {
        return entries.size();
    }

    private void put(String key, Entry entry, Instant now) {
        entries.put(key, entry);
        purge(now);
    }

    /** Purges only when the number of keys has doubled since the last purge, which takes constant time per claim. */
    private void purge(Instant now) {
        if (entries.size() < purgeAt) {
            return;
        }
        entries.values().removeIf(e -> e.over(now));
        if (entries.size() > MAX_CLAIMS) {
            evictedEarly += entries.size();
            entries.entrySet().stream()
                    .filter(e -> e.getValue().done())
                    .sorted(Comparator.comparing(e -> e.getValue().recordEnds()))
                    .limit(entries.size() - MAX_CLAIMS / 2)
                    .map(Map.Entry::getKey)
                    .toList()
                    .forEach(entries::remove);
            evictedEarly -= entries.size();
        }
        purgeAt = Math.min(MAX_CLAIMS + 1, Math.max(1_000, entries.size() * 2));
    }
}
