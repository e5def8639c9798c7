package io.ecssteward.claim;

import static io.ecssteward.claim.ClaimStore.Answer.CLAIMED;
import static io.ecssteward.claim.ClaimStore.Answer.HELD;
import static io.ecssteward.claim.ClaimStore.Answer.RECORDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MemoryClaimStoreTest {

    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Duration RECORD = Duration.ofMinutes(10);
    private static final Duration A_MOMENT = Duration.ofMillis(1);

    private final ManualClock clock = ManualClock.at("2026-11-20T10:00:00Z");
    private final MemoryClaimStore store = new MemoryClaimStore(clock);

    private ClaimStore.Answer claim(String key) {
        return store.claim(key, LEASE, RECORD);
    }

    @Test
    void theFirstGetsTheLeaseAndOthersAreToldThatItIsHeld() {
        assertThat(claim("a")).isEqualTo(CLAIMED);
        assertThat(claim("a")).isEqualTo(HELD);
        assertThat(claim("b")).isEqualTo(CLAIMED);
        assertThat(store.recorded("a")).isFalse();
    }

    @Test
    void whatIsDoneIsKnownAsDone() {
        claim("a");
        store.confirm("a");

        assertThat(claim("a")).isEqualTo(RECORDED);
        assertThat(store.recorded("a")).isTrue();
    }

    @Test
    void whatFailedCanBeDoneAtOnce() {
        claim("a");
        store.release("a");

        assertThat(claim("a")).isEqualTo(CLAIMED);
    }

    @Test
    void whatWasDoneCanBeForgotten() {
        claim("a");
        store.confirm("a");
        store.release("a");

        assertThat(store.recorded("a")).isFalse();
        assertThat(claim("a")).isEqualTo(CLAIMED);
    }

    @Test
    void theWorkOfAWorkerThatDiedIsTakenOverWhenItsLeaseEnds() {
        claim("a");
        clock.advance(LEASE.minus(A_MOMENT));
        assertThat(claim("a")).isEqualTo(HELD);
        clock.advance(A_MOMENT);

        assertThat(claim("a")).isEqualTo(CLAIMED);
        assertThat(claim("a")).isEqualTo(HELD);
    }

    @Test
    void theCoolDownCountsFromTheClaimAndNotFromItsEnd() {
        claim("a");
        clock.advance(Duration.ofMinutes(4));
        store.confirm("a");
        clock.advance(Duration.ofMinutes(6).minus(A_MOMENT));
        assertThat(claim("a")).isEqualTo(RECORDED);
        clock.advance(A_MOMENT);

        assertThat(store.recorded("a")).isFalse();
        assertThat(claim("a")).isEqualTo(CLAIMED);
    }

    @Test
    void workThatOutlastsItsCoolDownIsHeldUntilItIsDone() {
        store.claim("a", Duration.ofHours(12), Duration.ofSeconds(10));
        clock.advance(Duration.ofMinutes(1));
        assertThat(claim("a")).isEqualTo(HELD);
        store.confirm("a");

        assertThat(claim("a")).isEqualTo(CLAIMED);
    }

    @Test
    void aRecordIsMadeWithoutALease() {
        store.record("a", Duration.ofDays(7));

        assertThat(store.recorded("a")).isTrue();
        clock.advance(Duration.ofDays(7));
        assertThat(store.recorded("a")).isFalse();
    }

    @Test
    void confirmingOrReleasingWhatNobodyClaimedDoesNothing() {
        store.confirm("a");
        store.release("a");

        assertThat(store.recorded("a")).isFalse();
        assertThat(claim("a")).isEqualTo(CLAIMED);
    }

    @Test
    void expiredClaimsTakeNoRoom() {
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 1_000; i++) {
                String key = round + "/" + i;
                claim(key);
                store.confirm(key);
            }
            clock.advance(RECORD);
        }

        assertThat(store.size()).isLessThanOrEqualTo(2_000);
    }

    @Test
    void aFloodForgetsTheRecordsThatWouldExpireFirst() {
        for (int i = 0; i <= MemoryClaimStore.MOST; i++) {
            store.record("" + i, Duration.ofMinutes(10).plusMillis(i));
            assertThat(store.size()).isLessThanOrEqualTo(MemoryClaimStore.MOST + 1);
        }

        assertThat(store.recorded("0")).isFalse();
        assertThat(store.recorded("" + (MemoryClaimStore.MOST - 1))).isTrue();
    }

    @Test
    void aFloodNeverDropsALease() {
        List<String> held = new ArrayList<>();
        for (int i = 0; i < 3 * MemoryClaimStore.MOST; i++) {
            if (i % 100 == 0) {
                claim("held/" + i);
                held.add("held/" + i);
            } else {
                store.record("done/" + i, RECORD);
            }
        }

        assertThat(store.size()).isLessThanOrEqualTo(MemoryClaimStore.MOST + 1);
        assertThat(held).allSatisfy(key -> assertThat(claim(key)).isEqualTo(HELD));
    }

    @Test
    void ofThreadsThatRaceForAKeyExactlyOneWins() throws Exception {
        int threads = 32;
        int keys = 1_000;
        Map<Integer, AtomicInteger> winners = new ConcurrentHashMap<>();
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> racers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                racers.add(pool.submit(() -> {
                    together.await();
                    for (int key = 0; key < keys; key++) {
                        if (claim("key/" + key) == CLAIMED) {
                            winners.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
                            store.confirm("key/" + key);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> racer : racers) {
                racer.get();
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(winners).hasSize(keys);
        assertThat(winners.values()).allSatisfy(n -> assertThat(n).hasValue(1));
    }
}
