package io.ecssteward.claim;

import software.amazon.awssdk.core.exception.SdkException;

/**
 * Called with the result of each claim, for metrics. Bind an implementation in the Camel registry; it must be
 * thread-safe.
 */
public interface ClaimListener {

    /** The store answered. */
    void answered(ClaimStore.Answer answer);

    /** A request to the table failed, after its client's own retries. */
    void failed(SdkException failure);
}
