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

/** What every store of claims does. */
abstract class ClaimStoreContract {

    static final Duration LEASE = Duration.ofMinutes(5);
    static final Duration RECORD = Duration.ofMinutes(10);
    static final Duration A_MOMENT = Duration.ofMillis(1);

    /** Years ahead, so that a TTL never passes while a test runs. */
    final ManualClock clock = ManualClock.at("2036-11-20T10:00:00Z");

    final ClaimStore store = store();

    private final AtomicInteger owners = new AtomicInteger();

    abstract ClaimStore store();

    /** Claims for an owner of its own. */
    final ClaimStore.Answer claim(String key) {
        return claim(key, "somebody-" + owners.incrementAndGet());
    }

    final ClaimStore.Answer claim(String key, String owner) {
        return store.claim(key, owner, LEASE, RECORD);
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
        claim("a", "me");
        store.confirm("a", "me");

        assertThat(claim("a")).isEqualTo(RECORDED);
        assertThat(store.recorded("a")).isTrue();
    }

    @Test
    void whatFailedCanBeDoneAtOnce() {
        claim("a", "me");
        store.release("a", "me");

        assertThat(claim("a")).isEqualTo(CLAIMED);
    }

    @Test
    void whatWasDoneCanBeForgotten() {
        claim("a", "me");
        store.confirm("a", "me");
        store.forget("a");

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
        claim("a", "me");
        clock.advance(Duration.ofMinutes(4));
        store.confirm("a", "me");
        clock.advance(Duration.ofMinutes(6).minus(A_MOMENT));
        assertThat(claim("a")).isEqualTo(RECORDED);
        clock.advance(A_MOMENT);

        assertThat(store.recorded("a")).isFalse();
        assertThat(claim("a")).isEqualTo(CLAIMED);
    }

    @Test
    void workThatOutlastsItsCoolDownIsHeldUntilItIsDone() {
        store.claim("a", "me", Duration.ofHours(12), Duration.ofSeconds(10));
        clock.advance(Duration.ofMinutes(1));
        assertThat(claim("a")).isEqualTo(HELD);
        store.confirm("a", "me");

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
        store.confirm("a", "me");
        store.release("a", "me");
        store.forget("a");

        assertThat(store.recorded("a")).isFalse();
        assertThat(claim("a")).isEqualTo(CLAIMED);
    }

    @Test
    void aWorkerThatOutlivedItsLeaseCannotRecordItsSuccessors() {
        claim("a", "slow");
        clock.advance(LEASE);
        assertThat(claim("a", "successor")).isEqualTo(CLAIMED);
        store.confirm("a", "slow");

        assertThat(store.recorded("a")).isFalse();
        assertThat(claim("a")).isEqualTo(HELD);
        store.confirm("a", "successor");
        assertThat(claim("a")).isEqualTo(RECORDED);
    }

    @Test
    void aWorkerThatOutlivedItsLeaseCannotReleaseItsSuccessors() {
        claim("a", "slow");
        clock.advance(LEASE);
        claim("a", "successor");
        store.release("a", "slow");
        assertThat(claim("a")).isEqualTo(HELD);
        store.confirm("a", "successor");
        store.release("a", "slow");

        assertThat(claim("a")).isEqualTo(RECORDED);
    }

    @Test
    void aWorkerThatOutlivedItsLeaseRecordsWhatNobodyElseTook() {
        claim("a", "slow");
        clock.advance(LEASE);
        store.confirm("a", "slow");

        assertThat(claim("a")).isEqualTo(RECORDED);
    }

    @Test
    void whoDoesNotKnowWhatBecameOfItsAttemptHasTheLeaseThatItGot() {
        claim("a", "me");
        assertThat(claim("a", "me")).isEqualTo(CLAIMED);
        assertThat(claim("a", "another")).isEqualTo(HELD);
        store.confirm("a", "me");

        assertThat(claim("a", "me")).isEqualTo(RECORDED);
    }

    @Test
    void forgettingLeavesALeaseAlone() {
        claim("a", "me");
        store.forget("a");
        assertThat(claim("a")).isEqualTo(HELD);
        store.confirm("a", "me");

        assertThat(store.recorded("a")).isTrue();
    }

    @Test
    void aRecordBeginsAnewWhenItIsMadeAgain() {
        store.record("a", RECORD);
        clock.advance(RECORD.minus(A_MOMENT));
        store.record("a", RECORD);
        clock.advance(A_MOMENT);

        assertThat(claim("a")).isEqualTo(RECORDED);
    }

    @Test
    void aRecordSaysWhatWasNotedUntilItExpires() {
        assertThat(store.noted("a")).isNull();
        store.note("a", "first", RECORD);
        store.note("a", "C123 1763632800.000100", RECORD);

        assertThat(store.noted("a")).isEqualTo("C123 1763632800.000100");
        assertThat(store.noted("b")).isNull();
        assertThat(claim("a")).isEqualTo(RECORDED);
        clock.advance(RECORD);
        assertThat(store.noted("a")).isNull();
    }

    @Test
    void whatIsForgottenOrClaimedOrRecordedAnewSaysNothing() {
        store.note("forgotten", "text", RECORD);
        store.note("recorded", "text", RECORD);
        store.note("claimed", "text", RECORD);
        store.forget("forgotten");
        store.record("recorded", RECORD);

        assertThat(store.noted("forgotten")).isNull();
        assertThat(store.noted("recorded")).isNull();
        clock.advance(RECORD);
        claim("claimed", "me");
        store.confirm("claimed", "me");
        assertThat(store.recorded("claimed")).isTrue();
        assertThat(store.noted("claimed")).isNull();
    }

    @Test
    void aDocumentIsReplacedByWhoSawItsLatestVersionOnly() {
        assertThat(store.read("d")).isEqualTo(DocumentStore.Document.NONE);
        assertThat(store.write("d", "one", 0, RECORD)).isTrue();
        DocumentStore.Document one = store.read("d");
        assertThat(one.text()).isEqualTo("one");
        assertThat(store.write("d", "late", 0, RECORD)).isFalse();
        assertThat(store.write("d", "two", one.version(), RECORD)).isTrue();
        assertThat(store.write("d", "late", one.version(), RECORD)).isFalse();
        assertThat(store.write("d", null, one.version(), RECORD)).isFalse();
        assertThat(store.read("d").text()).isEqualTo("two");

        assertThat(store.write("d", null, store.read("d").version(), RECORD)).isTrue();
        assertThat(store.read("d")).isEqualTo(DocumentStore.Document.NONE);
    }

    @Test
    void aDocumentThatExpiredIsNotThereAndItsVersionNeverComesBack() {
        store.write("d", "old", 0, RECORD);
        long old = store.read("d").version();
        clock.advance(RECORD);

        assertThat(store.read("d")).isEqualTo(DocumentStore.Document.NONE);
        assertThat(store.list("d")).isEmpty();
        assertThat(store.write("d", "new", 0, RECORD)).isTrue();
        assertThat(store.write("d", "late", old, RECORD)).isFalse();
        assertThat(store.read("d").text()).isEqualTo("new");
    }

    @Test
    void documentsAreListedByTheBeginningOfTheirKeysAndClaimsAreNot() {
        store.write("incident/a", "a", 0, RECORD);
        store.write("incident/b", "b", 0, RECORD);
        store.write("incidents", "{}", 0, RECORD);
        store.note("incident/noted", "text", RECORD);
        claim("incident/claimed", "me");

        assertThat(store.list("incident/")).containsOnlyKeys("incident/a", "incident/b");
        assertThat(store.list("incident/").get("incident/b")).isEqualTo(store.read("incident/b"));
        assertThat(store.list("nothing")).isEmpty();
    }

    @Test
    void keysCanBeAnything() {
        for (String key :
                List.of("", " ", "a".repeat(5_000), "\uD83D\uDE00".repeat(700), "\uD83D", "\u0000", "slack/a|b#c")) {
            assertThat(claim(key, "me")).as(key).isEqualTo(CLAIMED);
            store.confirm(key, "me");
            assertThat(claim(key)).as(key).isEqualTo(RECORDED);
        }
        assertThat(claim("a".repeat(5_001))).isEqualTo(CLAIMED);
    }

    @Test
    void ofThreadsThatRaceForAKeyExactlyOneWins() throws Exception {
        int threads = 16;
        int keys = 200;
        Map<Integer, AtomicInteger> winners = new ConcurrentHashMap<>();
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> racers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                String owner = "racer-" + t;
                racers.add(pool.submit(() -> {
                    together.await();
                    for (int key = 0; key < keys; key++) {
                        if (claim("key/" + key, owner) == CLAIMED) {
                            winners.computeIfAbsent(key, k -> new AtomicInteger())
                                    .incrementAndGet();
                            store.confirm("key/" + key, owner);
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
