package io.ecssteward.claim;

import software.amazon.awssdk.core.exception.SdkException;

/** Is notified of the result of each claim; for metrics. Bind one in the registry; it must be safe for many threads. */
public interface ClaimListener {

    /** The store answered. */
    void answered(ClaimStore.Answer answer);

    /** A request to the table failed, after its client's own retries. */
    void failed(SdkException failure);
}
