package io.ecssteward.incident;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.claim.DocumentStore;
import io.ecssteward.claim.DocumentStore.Document;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * The index of incidents, one document that all replicas write. In a storm many threads change it at once, and one
 * write takes the changes of all that wait: that is what keeps replicas out of each other's way.
 */
final class IncidentIndex {

    static final String ID = "id";
    static final String DUE = "due";

    private static final String INDEX = "incidents";

    /** From the last change on. */
    private static final Duration KEPT = Duration.ofDays(90);

    private final DocumentStore documents;
    private final Queue<IndexChange> waiting = new ConcurrentLinkedQueue<>();

    /** A change to the index that a thread waits for. */
    private static final class IndexChange {
        private final Consumer<ObjectNode> change;
        private boolean tried;
        private RuntimeException failure;

        IndexChange(Consumer<ObjectNode> change) {
            this.change = change;
        }
    }

    /**
     * An incident that somebody has to look at.
     *
     * @param key of its document
     */
    record Entry(String key, String id, Instant due) {
        /** What it is about: what follows the channel in its key. */
        String about() {
            return key.substring(key.indexOf('/', IncidentStore.PREFIX.length()) + 1);
        }
    }

    IncidentIndex(DocumentStore documents) {
        this.documents = documents;
    }

    /** Those of the index, the one that is due first first. */
    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        index(documents.read(INDEX))
                .fields()
                .forEachRemaining(field -> entries.add(new Entry(
                        field.getKey(),
                        field.getValue().path(ID).asText(),
                        Instant.ofEpochMilli(field.getValue().path(DUE).asLong()))));
        entries.sort(Comparator.comparing(Entry::due));
        return entries;
    }

    /** Whoever comes while another writes waits for the next write, which is one for all of them. */
    void change(Consumer<ObjectNode> change) {
        IndexChange mine = new IndexChange(change);
        waiting.add(mine);
        synchronized (this) {
            if (!mine.tried) {
                List<IndexChange> together = new ArrayList<>();
                for (IndexChange next = waiting.poll(); next != null; next = waiting.poll()) {
                    together.add(next);
                }
                write(together);
            }
        }
        if (mine.failure != null) {
            throw mine.failure;
        }
    }

    private void write(List<IndexChange> changes) {
        RuntimeException failure = null;
        try {
            Attempts.of("writing the index of incidents", () -> {
                Document document = documents.read(INDEX);
                ObjectNode index = index(document);
                ObjectNode before = index.deepCopy();
                changes.forEach(one -> one.change.accept(index));
                return index.equals(before)
                        || documents.write(INDEX, IncidentJson.string(index), document.version(), KEPT);
            });
        } catch (RuntimeException e) {
            failure = e; // Of all of them: none is written.
        }
        for (IndexChange one : changes) {
            one.tried = true;
            one.failure = failure;
        }
    }

    private static ObjectNode index(Document document) {
        JsonNode json = IncidentJson.tree(INDEX, document.text());
        return json instanceof ObjectNode index ? index : IncidentJson.MAPPER.createObjectNode();
    }
}
