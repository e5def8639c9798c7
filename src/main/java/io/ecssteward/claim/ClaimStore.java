package io.ecssteward.claim;

import java.time.Duration;

/**
 * Stores claims. A claim is a lease first (somebody is at work on it) and then a record (it is done), and both expire:
 * a lease so that work whose worker died is done by another, a record so that the same thing may be done again after
 * its cool-down.
 *
 * <p>A lease has an owner, a word that is unique to one attempt at the work. A worker that outlived its lease can thus
 * neither confirm nor release its successor's.
 */
public interface ClaimStore extends DocumentStore {

    /** The result of a claim. */
    enum Answer {
        /** The caller has the lease now and must confirm or release it. */
        CLAIMED,
        /** Another worker has the lease; it may still fail, so the caller must try again later. */
        HELD,
        /** The work was done; the caller drops its copy. */
        RECORDED
    }

    /** How long a lease lasts without renewal, unless a claim says otherwise. */
    Duration usualLease();

    /**
     * Tries to claim a key.
     *
     * @param key what is claimed
     * @param owner who claims; an owner that does not know what became of its attempt may try again, and has the lease
     *     if that one gave it to it
     * @param lease how long the work may take before another may try it
     * @param record how long from now it counts as done, once it is confirmed and unless it is then said otherwise
     * @throws io.ecssteward.failure.TransientFailureException when the store does not say; the lease may have been
     *     given
     */
    Answer claim(String key, String owner, Duration lease, Duration record);

    /** Turns the owner's lease into a record, unless another owner took it over. Fails silently: the work is done. */
    void confirm(String key, String owner);

    /** The same, and the record lasts so long from now, however long the work took. */
    void confirm(String key, String owner, Duration record);

    /** Releases the owner's lease, so that the next claim succeeds. Fails silently: it expires by itself. */
    void release(String key, String owner);

    /** Forgets the record, so that the next claim succeeds; a lease stays. Fails silently, and is done later then. */
    void forget(String key);

    /**
     * Whether there is a record that has not expired.
     *
     * @throws io.ecssteward.failure.TransientFailureException when the store does not say
     */
    boolean recorded(String key);

    /**
     * Makes a record at once, whatever was there before.
     *
     * @throws io.ecssteward.failure.TransientFailureException when the store does not say
     */
    void record(String key, Duration record);

    /**
     * Makes a record that says something, whatever was there before.
     *
     * @throws io.ecssteward.failure.TransientFailureException when the store does not say
     */
    void note(String key, String text, Duration record);

    /**
     * What a record says that has not expired; null when there is none, or none that says anything.
     *
     * @throws io.ecssteward.failure.TransientFailureException when the store does not say
     */
    String noted(String key);
}
