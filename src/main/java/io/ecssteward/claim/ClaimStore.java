package io.ecssteward.claim;

import java.time.Duration;

/**
 * Stores claims. A claim is first a lease (a worker is doing the work) and then a record (the work is done). Both
 * expire: a lease, so that another worker takes over if the first one died; a record, so that the work can be done
 * again after its cool-down.
 *
 * <p>A lease has an owner, an id that is unique to one attempt. So a worker that exceeded its lease can neither confirm
 * nor release the lease of its successor.
 */
public interface ClaimStore extends DocumentStore {

    /** The result of a claim. */
    enum Answer {
        /** The caller has the lease and must confirm or release it. */
        CLAIMED,
        /** Another worker has the lease; it may still fail, so the caller must try again later. */
        HELD,
        /** The work was already done; the caller drops its duplicate. */
        RECORDED
    }

    /** How long a lease lasts without renewal, unless a claim sets another time. */
    Duration usualLease();

    /**
     * Tries to claim a key.
     *
     * @param key the key to claim
     * @param owner the id of the attempt; an owner may try again if the result of its first call is unknown, and gets
     *     {@code CLAIMED} if that call obtained the lease
     * @param lease how long the work may take before another may try it
     * @param record how long from now the work is remembered once it is confirmed, unless the confirmation sets another
     *     time
     * @throws io.ecssteward.failure.TransientFailureException when the store does not answer; the lease may have been
     *     granted
     */
    Answer claim(String key, String owner, Duration lease, Duration record);

    /**
     * Turns the owner's lease into a record, unless another owner took over. Never throws, because the work is done.
     */
    void confirm(String key, String owner);

    /** The same, and the record lasts for this time from now. */
    void confirm(String key, String owner, Duration record);

    /**
     * Releases the owner's lease, so that the next claim succeeds. Never throws, because the lease expires by itself.
     */
    void release(String key, String owner);

    /**
     * Deletes the record, so that the next claim succeeds; a lease stays. Never throws; a failed deletion is retried
     * later.
     */
    void forget(String key);

    /**
     * Whether there is a record that has not expired.
     *
     * @throws io.ecssteward.failure.TransientFailureException when the store does not answer
     */
    boolean recorded(String key);

    /**
     * Writes a record without a claim, and replaces any claim or record of this key.
     *
     * @throws io.ecssteward.failure.TransientFailureException when the store does not answer
     */
    void record(String key, Duration record);

    /**
     * Writes a record with a text, and replaces any claim or record of this key.
     *
     * @throws io.ecssteward.failure.TransientFailureException when the store does not answer
     */
    void note(String key, String text, Duration record);

    /**
     * The text of a record that has not expired; null if there is no record, or if it has no text.
     *
     * @throws io.ecssteward.failure.TransientFailureException when the store does not answer
     */
    String noted(String key);
}
