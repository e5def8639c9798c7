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
import java.util.stream.IntStream;

/**
 * The index of incidents: a few documents that all replicas write. Incidents are spread over the documents by their
 * subject. During a burst of alerts, many threads change the index at once. One write contains the changes of all
 * threads that wait for the same document, and different documents do not conflict, so replicas seldom have to retry.
 */
final class IncidentIndex {

    static final String ID = "id";
    static final String DUE = "due";
    static final String SILENCED = "silenced";

    /**
     * Our choice: each sweep of each replica reads all of them, and a document of {@link IncidentJson#MAX_BYTES} holds
     * about 2,000 entries.
     */
    static final int PARTS = 8;

    /** Counted from the last change. */
    private static final Duration KEPT = Duration.ofDays(90);

    private final DocumentStore documents;
    private final ParsedTexts<List<Entry>> parsed = new ParsedTexts<>(IncidentIndex::entries);
    private final List<Part> parts =
            IntStream.range(0, PARTS).mapToObj(Part::new).toList();

    /** A pending change to the index, for which a thread waits. */
    private static final class IndexChange {
        private final Consumer<ObjectNode> change;
        private boolean tried;
        private RuntimeException failure;

        IndexChange(Consumer<ObjectNode> change) {
            this.change = change;
        }
    }

    /**
     * An incident that has to be checked again.
     *
     * @param key the key of its document
     * @param silenced whether a silence holds back some of its alerts
     */
    record Entry(String key, String id, Instant due, boolean silenced) {
        /** The incident's subject: the part of its key after the channel. */
        String about() {
            return IncidentIndex.about(key);
        }
    }

    IncidentIndex(DocumentStore documents) {
        this.documents = documents;
    }

    /** All entries, earliest due first. */
    List<Entry> entries() {
        return parts.stream()
                .flatMap(part -> part.entries().stream())
                .sorted(Comparator.comparing(Entry::due))
                .toList();
    }

    /** The entries about this subject, in all channels. */
    List<Entry> entries(String about) {
        return part(about).entries().stream()
                .filter(entry -> entry.about().equals(about))
                .toList();
    }

    /**
     * Changes the part of the index that contains the incident with this key. Changes that arrive during a write wait
     * for the next write, which contains all of them.
     */
    void change(String key, Consumer<ObjectNode> change) {
        part(about(key)).change(change);
    }

    /** The subject of the incident with this key: the part after the channel. */
    static String about(String key) {
        return key.substring(key.indexOf('/', IncidentStore.PREFIX.length()) + 1);
    }

    private Part part(String about) {
        return parts.get(number(about));
    }

    private static int number(String about) {
        return Math.floorMod(about.hashCode(), PARTS);
    }

    /** The key of the document with the entries about this subject. */
    static String key(String about) {
        return key(number(about));
    }

    private static String key(int number) {
        return "incidents/" + number;
    }

    private static List<Entry> entries(String key, String text) {
        List<Entry> entries = new ArrayList<>();
        index(key, text)
                .fields()
                .forEachRemaining(field -> entries.add(new Entry(
                        field.getKey(),
                        field.getValue().path(ID).asText(),
                        Instant.ofEpochMilli(field.getValue().path(DUE).asLong()),
                        field.getValue().path(SILENCED).asBoolean())));
        return List.copyOf(entries);
    }

    private static ObjectNode index(String key, String text) {
        JsonNode json = IncidentJson.tree(key, text);
        return json instanceof ObjectNode index ? index : IncidentJson.MAPPER.createObjectNode();
    }

    /** One document of the index. */
    private final class Part {
        private final String key;
        private final Queue<IndexChange> waiting = new ConcurrentLinkedQueue<>();

        Part(int number) {
            key = IncidentIndex.key(number);
        }

        List<Entry> entries() {
            return parsed.of(key, documents.read(key).text());
        }

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
                    Document document = documents.read(key);
                    ObjectNode index = index(key, document.text());
                    ObjectNode before = index.deepCopy();
                    changes.forEach(one -> one.change.accept(index));
                    return index.equals(before)
                            || documents.write(key, IncidentJson.string(index), document.version(), KEPT);
                });
            } catch (RuntimeException e) {
                failure = e; // The same failure for all: none of the changes was written.
            }
            for (IndexChange one : changes) {
                one.tried = true;
                one.failure = failure;
            }
        }
    }
}
