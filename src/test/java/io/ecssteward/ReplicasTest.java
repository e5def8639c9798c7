package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.Dynamo;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.Gate;
import io.ecssteward.testing.RunningSteward;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several replicas, and one after the other, that share their claims in DynamoDB. */
class ReplicasTest {

    private final Dynamo dynamo = new Dynamo();
    private final RunningSteward one = RunningSteward.create().claimingIn(dynamo, dynamo.createTable());
    private final RunningSteward two = one.replica();

    @BeforeEach
    void prepare() {
        one.ecs.addCluster("prod", 3);
        one.ecs.addService("prod", "web");
    }

    @AfterEach
    void close() {
        dynamo.heal();
        two.close();
        one.close();
        dynamo.close();
    }

    private List<RunningSteward.Over> over() {
        return Stream.concat(one.over().stream(), two.over().stream()).toList();
    }

    @Test
    void copiesLeadToOneUpdateAndOnePostWhoeverGetsThem() {
        one.start();
        two.start();
        for (int i = 0; i < 60; i++) {
            one.sendSample("task-spot-interrupted");
        }
        one.awaitDone();

        assertThat(one.over()).as("both worked").isNotEmpty();
        assertThat(two.over()).isNotEmpty();
        assertThat(one.updates()).hasSize(1);
        assertThat(one.slack.posts()).hasSize(1);
        assertThat(over().stream().flatMap(o -> o.skipped().stream())).containsOnly("duplicate");
    }

    @Test
    void aRestartDoesNotAlertTwice() {
        one.start();
        one.sendSample("service-start-impaired");
        one.awaitDone();
        one.stop();
        one.start();
        one.sendSample("service-start-impaired");
        one.awaitDone();

        assertThat(one.slack.posts()).hasSize(1);
        assertThat(one.over().get(1).skipped()).containsExactly("duplicate");
    }

    @Test
    void aCopyAtTheOtherWaitsForWorkThatTakesLongerThanItsLease() throws InterruptedException {
        one.start();
        Gate gate = one.ecs.hold(FakeEcs.UPDATE_SERVICE, 1);
        one.sendSample("task-spot-interrupted");
        gate.awaitArrivals(1, RunningSteward.PATIENCE);
        two.start();
        one.sendSample("task-spot-interrupted");
        // The door and the redeployment are leased, and each lease is renewed when half of it is over.
        List<String> calls = new ArrayList<>();
        RunningSteward.await(() -> {
            calls.addAll(dynamo.takeCalls());
            return Collections.frequency(calls, Dynamo.UPDATE) >= 4;
        });
        gate.open();
        one.awaitDone();

        assertThat(one.updates()).hasSize(1);
        assertThat(one.slack.posts()).hasSize(1);
    }

    @Test
    void theDoorAndActionsWaitForATableThatIsAway() {
        one.start();
        dynamo.fail(Dynamo.PUT, 5, Dynamo.SERVER_ERROR);
        one.sendSample("task-spot-interrupted");
        one.awaitDone();

        assertThat(over().stream().filter(o -> o.failure() != null))
                .as("back to the queue")
                .isNotEmpty();
        assertThat(one.updates()).hasSize(1);
        assertThat(one.slack.posts()).hasSize(1);
        assertThat(one.deadLetters()).isEmpty();
    }

    @Test
    void anAlertGoesOutWithoutAClaim() throws InterruptedException {
        one.start();
        Gate door = dynamo.hold(Dynamo.PUT, 1);
        one.sendSample("service-start-impaired");
        door.awaitArrivals(1, RunningSteward.PATIENCE);
        dynamo.fail(Dynamo.PUT, 50, Dynamo.THROTTLED);
        dynamo.fail(Dynamo.UPDATE, 50, Dynamo.THROTTLED);
        try (CapturedLog log = new CapturedLog()) {
            door.open();
            one.awaitDone();
            assertThat(log.text()).contains("; proceeding without a claim, so this may be sent twice");
        }

        assertThat(one.slack.posts()).hasSize(1);
        assertThat(over())
                .singleElement()
                .satisfies(o -> assertThat(o.failure()).isNull());
    }

    @Test
    void whatWasDoneWhileTheTableWasAwayIsRecordedAfterwards() {
        one.start();
        one.slack.next(Answer.OK.after(Duration.ofSeconds(1)));
        dynamo.fail(Dynamo.UPDATE, 8, Dynamo.SERVER_ERROR);
        one.sendSample("service-start-impaired");
        one.awaitDone();
        RunningSteward.await(() -> dynamo.takeCalls().contains(Dynamo.UPDATE));
        two.start();
        one.sendSample("service-start-impaired");
        one.awaitDone();

        assertThat(one.slack.posts()).hasSize(1);
    }

    @Test
    void aTableThatIsMissingEndsTheStart() {
        one.claimingIn(dynamo, "no-such-table");
        assertThatThrownBy(one::start)
                .hasMessageStartingWith(
                        "ECS Steward cannot start:\n  - there is no DynamoDB table no-such-table in this account and "
                                + "region; "
                                + "create it: aws dynamodb create-table --table-name no-such-table ");
    }

    @Test
    void claimsInMemoryAskNobody() {
        dynamo.takeCalls();
        try (RunningSteward alone = RunningSteward.create().start()) {
            alone.sendSample("service-start-impaired");
            alone.awaitDone();
        }
        assertThat(dynamo.takeCalls()).isEmpty();
    }
}
