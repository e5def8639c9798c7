package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.claim.ClaimStore;
import io.ecssteward.claim.MemoryClaimStore;
import org.junit.jupiter.api.Test;

class MemoryIncidentStoreTest extends IncidentStoreContract {

    @Override
    ClaimStore documents() {
        return new MemoryClaimStore(clock);
    }

    @Test
    void itIsGoneWithTheProcess() {
        assertThat(store.durable()).isFalse();
    }
}
