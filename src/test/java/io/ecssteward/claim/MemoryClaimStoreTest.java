package io.ecssteward.claim;

import static io.ecssteward.claim.ClaimStore.Answer.HELD;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryClaimStoreTest extends ClaimStoreContract {

    @Override
    ClaimStore store() {
        return new MemoryClaimStore(clock);
    }

    private MemoryClaimStore memory() {
        return (MemoryClaimStore) store;
    }

    @Test
    void expiredClaimsTakeNoRoom() {
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 1_000; i++) {
                String key = round + "/" + i;
                claim(key, "me");
                store.confirm(key, "me");
            }
            clock.advance(RECORD);
        }

        assertThat(memory().size()).isLessThanOrEqualTo(2_000);
    }

    @Test
    void aFloodForgetsTheRecordsThatWouldExpireFirst() {
        for (int i = 0; i <= MemoryClaimStore.MAX_CLAIMS; i++) {
            store.record("" + i, Duration.ofMinutes(10).plusMillis(i));
            assertThat(memory().size()).isLessThanOrEqualTo(MemoryClaimStore.MAX_CLAIMS + 1);
        }

        assertThat(store.recorded("0")).isFalse();
        assertThat(store.recorded("" + (MemoryClaimStore.MAX_CLAIMS - 1))).isTrue();
    }

    @Test
    void aFloodNeverDropsALease() {
        List<String> held = new ArrayList<>();
        for (int i = 0; i < 3 * MemoryClaimStore.MAX_CLAIMS; i++) {
            if (i % 100 == 0) {
                claim("held/" + i);
                held.add("held/" + i);
            } else {
                store.record("done/" + i, RECORD);
            }
        }

        assertThat(memory().size()).isLessThanOrEqualTo(MemoryClaimStore.MAX_CLAIMS + 1);
        assertThat(held).allSatisfy(key -> assertThat(claim(key)).isEqualTo(HELD));
    }
}
