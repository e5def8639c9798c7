package io.ecssteward.claim;

import java.time.Duration;
import java.util.Map;

/**
 * Stores documents beside the claims: texts that several replicas change, by compare-and-set. Each write names the
 * version that it was made from, and fails when there is another by then; who wrote it reads again and decides anew.
 */
public interface DocumentStore {

    /**
     * A text as it was found.
     *
     * @param text what it says; null when there is none
     * @param version what a write that replaces it must name; 0 when there is none
     */
    record Document(String text, long version) {
        /** Nothing. */
        public static final Document NONE = new Document(null, 0);
    }

    /**
     * What is there and has not expired; {@link Document#NONE} when nothing is.
     *
     * @throws io.ecssteward.failure.TransientFailureException when the store does not say
     */
    Document read(String key);

    /**
     * Replaces what was read.
     *
     * @param text what it says from now on; null deletes it
     * @param version of what is replaced; 0 when there was nothing
     * @param kept how long from now; at most that, and read as nothing afterwards
     * @return whether it is there now; false when another wrote meanwhile
     * @throws io.ecssteward.failure.TransientFailureException when the store does not say; it may be there
     */
    boolean write(String key, String text, long version, Duration kept);

    /**
     * All that is there and has not expired whose key begins so, by their keys in no order. The whole store is read for
     * it, so it is for people who ask, not for events.
     *
     * @throws io.ecssteward.failure.TransientFailureException when the store does not say
     */
    Map<String, Document> list(String prefix);

    /** Whether what was written is there after a crash, and for other replicas. */
    boolean durable();
}
