package io.ecssteward.claim;

import static io.ecssteward.claim.ClaimStore.Answer.CLAIMED;
import static io.ecssteward.claim.ClaimStore.Answer.HELD;
import static io.ecssteward.claim.ClaimStore.Answer.RECORDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.testing.AwsError;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.Dynamo;
import io.ecssteward.testing.Gate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class DynamoClaimStoreTest extends ClaimStoreContract {

    private Dynamo dynamo;
    private String table;

    @Override
    ClaimStore store() {
        dynamo = new Dynamo();
        table = dynamo.createTable();
        return replica(Duration.ofSeconds(30));
    }

    private DynamoClaimStore replica(Duration patience) {
        return new DynamoClaimStore(dynamo.client(patience), table, LEASE, clock);
    }

    private DynamoClaimStore dynamoStore() {
        return (DynamoClaimStore) store;
    }

    private Map<String, AttributeValue> item(String key) {
        return dynamo.client()
                .getItem(r -> r.tableName(table).key(Map.of("key", AttributeValue.fromS(key))))
                .item();
    }

    @AfterEach
    void close() {
        dynamo.close();
    }

    @Test
    void everyStepIsOneRequest() {
        dynamo.takeCalls();
        claim("a", "me");
        assertThat(dynamo.takeCalls()).containsExactly("PutItem");
        claim("a");
        assertThat(dynamo.takeCalls()).as("held").containsExactly("PutItem");
        store.confirm("a", "me");
        assertThat(dynamo.takeCalls()).containsExactly("UpdateItem");
        claim("a");
        assertThat(dynamo.takeCalls()).as("recorded").containsExactly("PutItem");
        store.recorded("a");
        assertThat(dynamo.takeCalls()).containsExactly("GetItem");
        store.forget("a");
        assertThat(dynamo.takeCalls()).containsExactly("DeleteItem");
        claim("a", "me");
        store.release("a", "me");
        assertThat(dynamo.takeCalls()).containsExactly("PutItem", "DeleteItem");
    }

    @Test
    void anExpiredItemThatDynamoDbHasNotDeletedYetIsInNobodysWay() {
        claim("a", "me");
        store.confirm("a", "me");
        clock.advance(Duration.ofDays(30));

        assertThat(item("a")).isNotEmpty();
        assertThat(store.recorded("a")).isFalse();
        assertThat(claim("a")).isEqualTo(CLAIMED);
    }

    @Test
    void theTtlIsInSecondsAndNeverBeforeTheRecordEnds() {
        claim("a", "me");
        assertThat(Long.parseLong(item("a").get("ttl").n()))
                .isEqualTo(
                        clock.instant().plus(RECORD).plus(Duration.ofHours(1)).getEpochSecond());
        store.claim("b", "me", LEASE, A_MOMENT);
        assertThat(Long.parseLong(item("b").get("ttl").n()))
                .isGreaterThan(clock.instant().plus(LEASE).getEpochSecond());
    }

    @Test
    void replicasShareWhatIsInTheTable() {
        ClaimStore another = replica(Duration.ofSeconds(30));
        claim("a", "me");
        assertThat(another.claim("a", "you", LEASE, RECORD)).isEqualTo(HELD);
        store.confirm("a", "me");

        assertThat(another.claim("a", "you", LEASE, RECORD)).isEqualTo(RECORDED);
        assertThat(another.recorded("a")).isTrue();
    }

    @Test
    void aLeaseIsRenewedAtHalfOfItsTimeAndNotBefore() {
        claim("a", "me");
        clock.advance(LEASE.dividedBy(2).minus(A_MOMENT));
        dynamo.takeCalls();
        dynamoStore().maintain();
        assertThat(dynamo.takeCalls()).isEmpty();
        clock.advance(A_MOMENT);
        dynamoStore().maintain();
        dynamoStore().maintain();
        assertThat(dynamo.takeCalls()).containsExactly("UpdateItem");

        clock.advance(LEASE.minus(A_MOMENT));
        assertThat(claim("a")).isEqualTo(HELD);
        clock.advance(A_MOMENT);
        assertThat(claim("a")).as("nobody renewed it any more").isEqualTo(CLAIMED);
    }

    @Test
    void aWorkerThatLivesKeepsItsLeaseForAsLongAsItTakes() {
        claim("a", "me");
        for (int i = 0; i < 20; i++) {
            clock.advance(LEASE.dividedBy(2));
            dynamoStore().maintain();
            assertThat(claim("a")).isEqualTo(HELD);
        }
        assertThat(Long.parseLong(item("a").get("ttl").n()))
                .isGreaterThan(clock.instant().plus(LEASE).getEpochSecond());
        store.confirm("a", "me");
        assertThat(dynamoStore().leaseCount()).isZero();
    }

    @Test
    void whatEndedIsNotRenewed() {
        claim("a", "me");
        store.confirm("a", "me");
        claim("b", "me");
        store.release("b", "me");
        clock.advance(LEASE);
        dynamo.takeCalls();
        dynamoStore().maintain();

        assertThat(dynamo.takeCalls()).isEmpty();
    }

    @Test
    void aLeaseThatAnotherTookIsNotRenewed() {
        claim("a", "slow");
        clock.advance(LEASE);
        assertThat(replica(Duration.ofSeconds(30)).claim("a", "successor", LEASE, RECORD))
                .isEqualTo(CLAIMED);
        try (CapturedLog log = new CapturedLog()) {
            dynamoStore().maintain();
            assertThat(log.lines())
                    .contains(
                            "WARN io.ecssteward.claim.DynamoClaimStore renewing a: another worker has its lease, so it may "
                                    + "be done twice");
        }
        assertThat(item("a").get("owner").s()).isEqualTo("successor");
        assertThat(dynamoStore().leaseCount()).isZero();
    }

    @Test
    void workThatWasLostTrackOfIsGivenUpAfterTwelveHours() {
        claim("a", "me");
        clock.advance(Duration.ofHours(12).plus(A_MOMENT));
        dynamoStore().maintain();

        assertThat(dynamoStore().leaseCount()).isZero();
        assertThat(claim("a")).isEqualTo(CLAIMED);
    }

    @Test
    void theThreadRenewsUntilTheStoreIsStopped() {
        // The thread looks every tenth of it, in real time.
        Duration lease = Duration.ofMillis(200);
        DynamoClaimStore started = new DynamoClaimStore(dynamo.client(), table, lease, clock);
        started.start();
        started.claim("a", "me", lease, RECORD);
        for (int i = 0; i < 5; i++) {
            dynamo.takeCalls();
            clock.advance(lease.multipliedBy(3).dividedBy(4));
            Awaitility.await().until(() -> dynamo.takeCalls().contains("UpdateItem"));
            assertThat(started.claim("a", "you", lease, RECORD)).isEqualTo(HELD);
        }
        started.stop();
        clock.advance(lease);
        assertThat(started.claim("a", "you", lease, RECORD)).isEqualTo(CLAIMED);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(t -> t.getName().equals("claims"));
    }

    @Test
    void troubleIsTransientAndSaysWhatWasBeingDone() {
        for (AwsError error : List.of(Dynamo.THROTTLED, Dynamo.SERVER_ERROR, Dynamo.ACCESS_DENIED)) {
            dynamo.fail(Dynamo.PUT, 1, error);
            assertThatThrownBy(() -> claim("redeploy/prod/web"))
                    .isExactlyInstanceOf(TransientFailureException.class)
                    .hasNoCause()
                    .hasMessage(
                            "claiming redeploy/prod/web: DynamoDB answered " + error.code() + ": " + error.message());
        }
        dynamo.hangUp(Dynamo.GET, 1);
        assertThatThrownBy(() -> store.recorded("a"))
                .isExactlyInstanceOf(TransientFailureException.class)
                .hasNoCause()
                .hasMessageStartingWith("looking up a: no answer from DynamoDB: ");
    }

    @Test
    void aTableThatIsGoneIsTransientToo() {
        dynamo.client().deleteTable(r -> r.tableName(table));
        assertThatThrownBy(() -> claim("a"))
                .isExactlyInstanceOf(TransientFailureException.class)
                .hasMessageContaining("ResourceNotFoundException");
    }

    @Test
    void whoseAnswerWasLostHasTheLeaseWhenItAsksAgain() {
        dynamo.loseAnswer(Dynamo.PUT, 1);
        assertThatThrownBy(() -> claim("a", "me")).isInstanceOf(TransientFailureException.class);
        assertThat(claim("a", "you")).isEqualTo(HELD);
        assertThat(claim("a", "me")).isEqualTo(CLAIMED);
    }

    @Test
    void aHangEndsWhenThePatienceDoes() {
        try (Gate gate = dynamo.hold(Dynamo.PUT, 1)) {
            assertThatThrownBy(() -> replica(Duration.ofMillis(200)).claim("a", "me", LEASE, RECORD))
                    .isExactlyInstanceOf(TransientFailureException.class)
                    .hasMessageStartingWith("claiming a: no answer from DynamoDB: ");
        }
    }

    @Test
    void aConfirmationThatFailsIsMadeUpFor() {
        claim("a", "me");
        dynamo.fail(Dynamo.UPDATE, 2, Dynamo.SERVER_ERROR);
        try (CapturedLog log = new CapturedLog()) {
            store.confirm("a", "me");
            assertThat(log.lines())
                    .containsExactly("WARN io.ecssteward.claim.DynamoClaimStore recording a: DynamoDB answered "
                            + "InternalServerError: Internal server error; it is done, and will be "
                            + "recorded once DynamoDB is back");
        }
        assertThat(claim("a")).isEqualTo(HELD);
        dynamoStore().maintain();
        assertThat(claim("a")).as("it failed again").isEqualTo(HELD);
        dynamoStore().maintain();

        assertThat(claim("a")).isEqualTo(RECORDED);
        assertThat(dynamoStore().leaseCount()).isZero();
    }

    @Test
    void aConfirmationWhoseAnswerWasLostIsDone() {
        claim("a", "me");
        dynamo.loseAnswer(Dynamo.UPDATE, 1);
        store.confirm("a", "me");
        dynamoStore().maintain();

        assertThat(claim("a")).isEqualTo(RECORDED);
        assertThat(dynamoStore().leaseCount()).isZero();
    }

    @Test
    void aReleaseThatFailsIsLeftToTheLeasesEnd() {
        claim("a", "me");
        dynamo.fail(Dynamo.DELETE, 1, Dynamo.THROTTLED);
        store.release("a", "me");
        assertThat(claim("a")).isEqualTo(HELD);
        clock.advance(LEASE);
        dynamoStore().maintain();

        assertThat(claim("a")).isEqualTo(CLAIMED);
    }

    @Test
    void forgettingThatFailsIsMadeUpFor() {
        store.record("a", RECORD);
        store.record("b", RECORD);
        dynamo.fail(Dynamo.DELETE, 2, Dynamo.THROTTLED);
        store.forget("a");
        store.forget("b");
        assertThat(store.recorded("a")).isFalse();
        assertThat(claim("a")).as("whoever asks does not wait for it").isEqualTo(CLAIMED);
        dynamoStore().maintain();

        assertThat(item("b")).isEmpty();
    }

    /** The delete that failed before is made up for while the same key is recorded or claimed. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeletionThatIsMadeUpForRemovesNothingNewer(boolean records) throws InterruptedException {
        store.record("a", RECORD);
        dynamo.fail(Dynamo.DELETE, 1, Dynamo.THROTTLED);
        store.forget("a");
        Thread newer = new Thread(() -> {
            if (records) {
                store.record("a", RECORD);
            } else {
                claim("a", "me");
            }
        });
        Thread late = new Thread(() -> dynamoStore().maintain());
        try (Gate gate = dynamo.hold(Dynamo.DELETE, 1)) {
            late.start();
            gate.awaitArrivals(1, Duration.ofSeconds(10));
            newer.start();
            Awaitility.await().until(() -> newer.getState() == Thread.State.BLOCKED || !newer.isAlive());
        }
        late.join();
        newer.join();

        assertThat(claim("a", "you")).isEqualTo(records ? RECORDED : HELD);
    }

    @Test
    void aRoundOfRenewalsEndsWithTheFirstFailure() {
        for (int i = 0; i < 5; i++) {
            claim("key/" + i, "me");
        }
        clock.advance(LEASE.dividedBy(2));
        dynamo.takeCalls();
        dynamo.fail(Dynamo.UPDATE, 1, Dynamo.THROTTLED);
        dynamoStore().maintain();
        assertThat(dynamo.takeCalls()).hasSize(1);
        dynamoStore().maintain();

        assertThat(dynamo.takeCalls()).hasSize(5);
    }

    @Test
    void aListingReadsAllPagesOfTheTable() {
        String text = "x".repeat(300_000);
        for (int i = 0; i < 6; i++) {
            store.write("long/" + i, text, 0, RECORD);
        }
        dynamo.takeCalls();

        assertThat(store.list("long/")).hasSize(6);
        assertThat(dynamo.takeCalls()).hasSizeGreaterThan(1).containsOnly("Scan");
    }

    @Test
    void withoutDynamoDbDocumentsAreNeitherReadNorWrittenNorListed() {
        dynamo.fail(Dynamo.GET, 1, Dynamo.THROTTLED);
        assertThatThrownBy(() -> store.read("d"))
                .isInstanceOf(TransientFailureException.class)
                .hasMessageContaining("reading d: DynamoDB answered ProvisionedThroughputExceededException");
        dynamo.fail(Dynamo.PUT, 1, Dynamo.SERVER_ERROR);
        assertThatThrownBy(() -> store.write("d", "text", 0, RECORD)).isInstanceOf(TransientFailureException.class);
        dynamo.fail("Scan", 1, Dynamo.ACCESS_DENIED);
        assertThatThrownBy(() -> store.list("d"))
                .isInstanceOf(TransientFailureException.class)
                .hasMessageContaining("AccessDeniedException");
    }
}
