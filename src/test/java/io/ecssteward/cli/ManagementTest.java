package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class ManagementTest {

    @Test
    void itIsReadyBeforeTheFirstPollOfAnEmptyQueueIsOver() {
        Instant begun = Instant.now();
        try (RunningSteward steward = RunningSteward.create().observed().with(Settings.OPTIONS,
                Settings.of(java.util.Map.of(), java.util.Map.of()).get(Settings.OPTIONS)).start()) {
            assertThat(steward.observe("health/ready").statusCode()).isEqualTo(200);
            assertThat(steward.observe("health/live").statusCode()).isEqualTo(200);
            assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void aQueueThatIsGoneMakesItUnreadyWithTheReasonAndItComesBack() {
        try (RunningSteward steward = RunningSteward.create().observed().start()) {
            RunningSteward.await(() -> steward.observe("health/ready").statusCode() == 200);
            steward.sqs.client().deleteQueue(r -> r.queueUrl(steward.queue));
            RunningSteward.await(() -> steward.observe("health/ready").statusCode() == 503);
            HttpResponse<String> answer = steward.observe("health/ready");
            assertThat(answer.body())
                    .contains("STEWARD_EVENTS_QUEUE_URL cannot be read: SQS answered", "does not exist")
                    .doesNotContain("/webhook", "\tat ");
            assertThat(steward.observe("health/live").statusCode()).isEqualTo(200);

            String name = steward.queue.substring(steward.queue.lastIndexOf('/') + 1);
            steward.sqs.client().createQueue(r -> r.queueName(name)
                    .attributes(java.util.Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "10")));
            RunningSteward.await(() -> steward.observe("health/ready").statusCode() == 200);
            steward.sendSample("service-start-impaired");
            RunningSteward.await(() -> steward.slack.posts().size() == 1);
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
