package io.ecssteward.incident;

import io.ecssteward.claim.DocumentStore;
import java.time.Duration;
import java.util.Map;

/** A store in which somebody else acts right after the first write of one document. */
final class InterruptedStore implements DocumentStore {
    private final DocumentStore store;
    private final String key;
    private final Runnable meanwhile;
    private boolean done;

    InterruptedStore(DocumentStore store, String key, Runnable meanwhile) {
        this.store = store;
        this.key = key;
        this.meanwhile = meanwhile;
    }

    @Override
    public Document read(String key) {
        return store.read(key);
    }

    @Override
    public boolean write(String key, String text, long version, Duration kept) {
        boolean written = store.write(key, text, version, kept);
        if (key.equals(this.key) && !done) {
            done = true;
            meanwhile.run();
        }
        return written;
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
