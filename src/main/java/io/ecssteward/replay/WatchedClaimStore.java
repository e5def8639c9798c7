package io.ecssteward.replay;

import io.ecssteward.claim.ClaimStore;
import java.time.Duration;
import java.util.Map;

/** A claim store that reports each claim that is asked of it. */
final class WatchedClaimStore implements ClaimStore {
    /** Hears of each claim. */
    interface Watcher {
        void claimed(String key, Duration record, ClaimStore.Answer answer);
    }

    private final ClaimStore store;
    private final Watcher watcher;

    WatchedClaimStore(ClaimStore store, Watcher watcher) {
        this.store = store;
        this.watcher = watcher;
    }

    @Override
    public Duration usualLease() {
        return store.usualLease();
    }

    @Override
    public Answer claim(String key, String owner, Duration lease, Duration record) {
        Answer answer = store.claim(key, owner, lease, record);
        watcher.claimed(key, record, answer);
        return answer;
    }

    @Override
    public void confirm(String key, String owner) {
        store.confirm(key, owner);
    }

    @Override
    public void confirm(String key, String owner, Duration record) {
        store.confirm(key, owner, record);
    }

    @Override
    public void release(String key, String owner) {
        store.release(key, owner);
    }

    @Override
    public void forget(String key) {
        store.forget(key);
    }

    @Override
    public boolean recorded(String key) {
        return store.recorded(key);
    }

    @Override
    public void record(String key, Duration record) {
        store.record(key, record);
    }

    @Override
    public void note(String key, String text, Duration record) {
        store.note(key, text, record);
    }

    @Override
    public String noted(String key) {
        return store.noted(key);
    }

    @Override
    public Document read(String key) {
        return store.read(key);
    }

    @Override
    public boolean write(String key, String text, long version, Duration kept) {
        return store.write(key, text, version, kept);
    }

    @Override
    public Map<String, Document> list(String prefix) {
        return store.list(prefix);
    }

    @Override
    public boolean durable() {
        return store.durable();
    }
}
