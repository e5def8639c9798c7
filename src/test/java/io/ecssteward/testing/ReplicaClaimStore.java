package io.ecssteward.testing;

import io.ecssteward.claim.ClaimStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The claims as one replica sees them. A worker that lives keeps its leases for as long as it works; those of one that
 * died end after a while.
 */
final class ReplicaClaimStore implements ClaimStore {
    private final ClaimStore claims;
    private final BooleanSupplier dead;
    private final Map<String, String> leases = new HashMap<>();

    /**
     * One replica's view of the claims of all.
     *
     * @param dead whether the replica is dead
     */
    ReplicaClaimStore(ClaimStore claims, BooleanSupplier dead) {
        this.claims = claims;
        this.dead = dead;
    }

    /** Forgets the leases; each returned task ends one of them. */
    synchronized List<Runnable> takeLeases() {
        List<Runnable> ends = new ArrayList<>();
        leases.forEach((key, owner) -> ends.add(() -> claims.release(key, owner)));
        leases.clear();
        return ends;
    }

    private void check() {
        if (dead.getAsBoolean()) {
            throw new IllegalStateException("this replica is dead");
        }
    }

    @Override
    public Duration usualLease() {
        return claims.usualLease();
    }

    @Override
    public synchronized Answer claim(String key, String owner, Duration lease, Duration record) {
        check();
        Answer answer = claims.claim(key, owner, lease, record);
        if (answer == Answer.CLAIMED) {
            leases.put(key, owner);
        }
        return answer;
    }

    @Override
    public synchronized void confirm(String key, String owner) {
        if (!dead.getAsBoolean()) {
            leases.remove(key, owner);
            claims.confirm(key, owner);
        }
    }

    @Override
    public synchronized void confirm(String key, String owner, Duration record) {
        if (!dead.getAsBoolean()) {
            leases.remove(key, owner);
            claims.confirm(key, owner, record);
        }
    }

    @Override
    public synchronized void release(String key, String owner) {
        if (!dead.getAsBoolean()) {
            leases.remove(key, owner);
            claims.release(key, owner);
        }
    }

    @Override
    public void forget(String key) {
        if (!dead.getAsBoolean()) {
            claims.forget(key);
        }
    }

    @Override
    public boolean recorded(String key) {
        check();
        return claims.recorded(key);
    }

    @Override
    public void record(String key, Duration record) {
        check();
        claims.record(key, record);
    }

    @Override
    public void note(String key, String text, Duration record) {
        check();
        claims.note(key, text, record);
    }

    @Override
    public String noted(String key) {
        check();
        return claims.noted(key);
    }

    @Override
    public Document read(String key) {
        check();
        return claims.read(key);
    }

    @Override
    public boolean write(String key, String text, long version, Duration kept) {
        check();
        return claims.write(key, text, version, kept);
    }

    @Override
    public Map<String, Document> list(String prefix) {
        check();
        return claims.list(prefix);
    }

    @Override
    public boolean durable() {
        return claims.durable();
    }
}
