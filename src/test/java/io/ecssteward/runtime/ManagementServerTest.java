package io.ecssteward.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.FaultySqs;
import io.ecssteward.testing.RunningSteward;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class ManagementServerTest {

    @Test
    void itIsReadyBeforeTheFirstPollOfAnEmptyQueueIsOver() {
        try (RunningSteward steward = RunningSteward.create();
                FaultySqs faults = new FaultySqs(steward.sqs)) {
            // None of these polls ends.
            faults.hold(FaultySqs.RECEIVE, 10_000);
            steward.through(faults).observed().start();
            RunningSteward.await(() -> faults.calls(FaultySqs.RECEIVE) > 0);
            assertThat(steward.observe("health/ready").statusCode()).isEqualTo(200);
            assertThat(steward.observe("health/live").statusCode()).isEqualTo(200);
            faults.heal();
            // It needs SQS to the end.
            steward.stop();
        }
    }

    @Test
    void aQueueThatIsGoneMakesItUnreadyWithTheReasonAndItComesBack() {
        try (RunningSteward steward = RunningSteward.create().observed().start()) {
            RunningSteward.await(() -> steward.observe("health/ready").statusCode() == 200);
            steward.sqs.client().deleteQueue(r -> r.queueUrl(steward.queue));
            // While it deletes the queue, ElasticMQ may answer with 500.
            RunningSteward.await(() -> steward.observe("health/ready").body().contains("does not exist"));
            HttpResponse<String> answer = steward.observe("health/ready");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body())
                    .contains("STEWARD_EVENTS_QUEUE_URL cannot be read: SQS answered", "does not exist")
                    .doesNotContain("/webhook", "\tat ");
            assertThat(steward.observe("health/live").statusCode()).isEqualTo(200);

            String name = steward.queue.substring(steward.queue.lastIndexOf('/') + 1);
            steward.sqs
                    .client()
                    .createQueue(r -> r.queueName(name)
                            .attributes(java.util.Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "10")));
            RunningSteward.await(() -> steward.observe("health/ready").statusCode() == 200);
            steward.sendSample("service-start-impaired");
            RunningSteward.await(() -> steward.slack.posts().size() == 1);
        }
    }

    @Test
    void whoMayNotReadTheQueueLivesButIsNotReadyUntilItMay() {
        try (RunningSteward steward = RunningSteward.create();
                FaultySqs faults = new FaultySqs(steward.sqs)) {
            faults.fail(FaultySqs.RECEIVE, 10_000, FaultySqs.DENIED);
            faults.fail(FaultySqs.ATTRIBUTES, 10_000, FaultySqs.DENIED);
            steward.through(faults).observed().start();
            HttpResponse<String> answer = steward.observe("health/ready");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body())
                    .contains(
                            "STEWARD_EVENTS_QUEUE_URL cannot be read: SQS answered AccessDeniedException",
                            "not authorized to perform");
            RunningSteward.await(() -> faults.calls(FaultySqs.RECEIVE) > 1);
            HttpResponse<String> live = steward.observe("health/live");
            assertThat(live.statusCode()).isEqualTo(200);
            assertThat(live.body())
                    .isEqualTo("{\"status\":\"UP\",\"checks\":[{\"name\":\"context\",\"status\":\"UP\"}]}");

            faults.heal();
            RunningSteward.await(() -> steward.observe("health/ready").statusCode() == 200);
            // It needs SQS to the end.
            steward.stop();
        }
    }

    @Test
    void livenessAsksNobody() {
        try (RunningSteward steward = RunningSteward.create();
                FaultySqs faults = new FaultySqs(steward.sqs)) {
            faults.hold(FaultySqs.RECEIVE, 10_000);
            faults.hold(FaultySqs.ATTRIBUTES, 10_000);
            steward.through(faults).observed().start();
            for (int i = 0; i < 5; i++) {
                assertThat(steward.observe("health/live").statusCode()).isEqualTo(200);
            }
            assertThat(faults.calls(FaultySqs.ATTRIBUTES)).isZero();
            faults.heal();
            steward.stop();
        }
    }

    @Test
    void twoInOneMachineHaveAPortEach() {
        try (RunningSteward one = RunningSteward.create().observed().start();
                RunningSteward other = one.replica().observed().start()) {
            assertThat(one.observe("health/live").statusCode()).isEqualTo(200);
            assertThat(other.observe("health/live").statusCode()).isEqualTo(200);
        }
    }
}
