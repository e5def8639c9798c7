package io.ecssteward.claim;

import java.time.Duration;

/**
 * Where claims are kept. A claim is a lease first (somebody is at work on it) and then a record (it is done), and both
 * expire: a lease so that work whose worker died is done by another, a record so that the same thing may be done again
 * after its cool-down.
 */
public interface ClaimStore {

    /** What became of an attempt to claim. */
    enum Answer {
        /** The caller has the lease now and must confirm or release it. */
        CLAIMED,
        /** Another has the lease; it may yet fail, so this copy must come again. */
        HELD,
        /** It was done; this copy is not needed. */
        RECORDED
    }

    /**
     * Tries to claim a key. The record's life counts from here, not from its confirmation: who schedules a second look
     * for after the cool-down then knows that nothing was dropped unseen between the two.
     *
     * @param key what is claimed
     * @param lease how long the work may take before another may try it
     * @param record how long it counts as done, once it is confirmed
     */
    Answer claim(String key, Duration lease, Duration record);

    /** Turns the caller's lease into a record. */
    void confirm(String key);

    /** Gives the caller's lease up, or forgets the record, so that the next claim succeeds. */
    void release(String key);

    /** Whether there is a record that has not expired. */
    boolean recorded(String key);

    /** Makes a record at once, without a lease before it. */
    default void record(String key, Duration record) {
        claim(key, record, record);
        confirm(key);
    }
}
