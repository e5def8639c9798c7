package io.ecssteward.claim;

import io.ecssteward.testing.Dynamo;
import org.junit.jupiter.api.AfterEach;

class DynamoClaimStoreTest extends ClaimStoreContract {

    private Dynamo dynamo;

    @Override
    ClaimStore store() {
        dynamo = new Dynamo();
        return new DynamoClaimStore(dynamo.client(), dynamo.createTable(), LEASE, clock);
    }

    @AfterEach
    void close() {
        dynamo.close();
    }
}
