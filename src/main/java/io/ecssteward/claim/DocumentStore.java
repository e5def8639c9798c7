package io.ecssteward.claim;

import java.time.Duration;
import java.util.Map;

/**
 * Stores documents next to the claims: texts that several replicas change, by compare-and-set. Each write names the
 * version that it is based on, and fails if there is another version by then; the caller then reads the document again
 * and repeats its change.
 */
public interface DocumentStore {

    /**
     * A document as it was read.
     *
     * @param text its text; null if there is no document
     * @param version the version that a write must name to replace it; 0 if there is no document
     */
    record Document(String text, long version) {
        /** Nothing. */
        public static final Document NONE = new Document(null, 0);
    }

    /**
     * The document with this key; {@link Document#NONE} if there is none, or if it has expired.
     *
     * @throws io.ecssteward.failure.TransientFailureException when the store does not answer
     */
    Document read(String key);

    /**
     * Replaces the version that was read.
     *
     * @param text the new text; null deletes the document
     * @param version the version to replace; 0 if there was no document
     * @param kept how long from now it is stored; then it expires
     * @return true if it was written; false if another writer was first
     * @throws io.ecssteward.failure.TransientFailureException when the store does not answer; it may have been written
     */
    boolean write(String key, String text, long version, Duration kept);

    /**
     * All documents with this key prefix that have not expired, by their keys, in no order. This reads the whole store:
     * use it for people's requests, not for events.
     *
     * @throws io.ecssteward.failure.TransientFailureException when the store does not answer
     */
    Map<String, Document> list(String prefix);

    /** Whether documents survive a crash and are shared with other replicas. */
    boolean durable();
}
