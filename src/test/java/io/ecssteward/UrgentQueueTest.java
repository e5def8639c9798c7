package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.RunningSteward;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;

/** A queue of its own for what cannot wait. */
class UrgentQueueTest {

    private final RunningSteward steward = RunningSteward.create().withUrgentQueue();

    @BeforeEach
    void prepare() {
        steward.ecs.addCluster("prod", 3);
        steward.ecs.addService("prod", "web");
    }

    @AfterEach
    void close() {
        steward.close();
    }

    @Test
    void anInterruptionIsActedOnWhileAFloodOfNoticesWaits() {
        int notices = 200;
        steward.slack.next(Collections.nCopies(notices, Answer.NEVER).toArray(Answer[]::new));
        for (int i = 0; i < notices; i++) {
            steward.send("notice " + i);
        }
        steward.start();
        RunningSteward.await(() -> !steward.slack.posts().isEmpty());
        steward.sqs.send(steward.urgentQueue(), RunningSteward.sample("task-spot-interrupted"));
        RunningSteward.await(() -> !steward.updates().isEmpty());

        assertThat(steward.sqs.counts(steward.queue).total())
                .as("notices that still wait")
                .isEqualTo(notices);
    }

    @Test
    void whatIsDeliveredToBothQueuesIsDoneOnce() {
        steward.start();
        steward.sendSample("task-spot-interrupted");
        steward.sqs.send(steward.urgentQueue(), RunningSteward.sample("task-spot-interrupted"));
        steward.awaitDone();

        assertThat(steward.updates()).hasSize(1);
        assertThat(steward.slack.posts()).hasSize(1);
        assertThat(steward.over()).hasSize(2);
    }

    @Test
    void whatFailsGoesBackToTheQueueItCameFrom() {
        steward.start();
        steward.ecs.fail("UpdateService", 5, io.ecssteward.testing.FakeEcs.SERVER_ERROR);
        steward.sqs.send(steward.urgentQueue(), RunningSteward.sample("task-spot-interrupted"));
        steward.awaitDone();

        assertThat(steward.updates())
                .as("four tries, and two in the second delivery")
                .hasSize(6);
        assertThat(steward.slack.posts()).hasSize(1);
        assertThat(steward.sqsRequests.all())
                .filteredOn(ChangeMessageVisibilityRequest.class::isInstance)
                .isNotEmpty()
                .allSatisfy(r -> assertThat(((ChangeMessageVisibilityRequest) r).queueUrl())
                        .isEqualTo(steward.urgentQueue()));
    }
}
