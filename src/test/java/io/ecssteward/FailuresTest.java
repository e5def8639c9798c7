package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.ecssteward.testing.AwsError;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.FakeSns;
import io.ecssteward.testing.Gate;
import io.ecssteward.testing.RunningSteward;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The failure table of the README: what happened to ECS and Slack, and what became of the message. */
class FailuresTest {

    private RunningSteward steward = RunningSteward.create();

    private void start() {
        steward.ecs.addCluster("prod", 3);
        steward.ecs.addService("prod", "web");
        steward.start();
    }

    private void interrupt() {
        steward.sendSample("task-spot-interrupted");
        steward.awaitDone();
    }

    @AfterEach
    void close() {
        steward.close();
    }

    @Test
    void throttlingIsWaitedOut() {
        start();
        steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 3, FakeEcs.THROTTLED);
        interrupt();
        assertThat(steward.updates())
                .as("three refused and one done, in one delivery")
                .hasSize(4);
        assertThat(steward.over())
                .singleElement()
                .satisfies(o -> assertThat(o.failure()).isNull());
        assertThat(steward.slack.posts()).hasSize(1);
    }

    @Test
    void serverErrorsHangUpsAndLostAnswersAreTriedAgain() {
        start();
        steward.ecs.fail(FakeEcs.DESCRIBE_SERVICES, 1, FakeEcs.SERVER_ERROR);
        steward.ecs.hangUp(FakeEcs.DESCRIBE_SERVICES, 1);
        interrupt();
        assertThat(steward.updates()).hasSize(1);
        assertThat(steward.slack.posts()).hasSize(1);
    }

    @Test
    void anUpdateWhoseAnswerIsLostIsNotRepeated() {
        steward.clock.set(java.time.Instant.parse("2026-11-20T00:00:00Z"));
        steward.ecs.addCluster("prod", 3);
        steward.ecs.addService("prod", "web").deployment(Duration.ofDays(10), "COMPLETED");
        steward.start();
        steward.ecs.loseAnswer(FakeEcs.UPDATE_SERVICE, 1);
        interrupt();
        assertThat(steward.updates())
                .as("the second try sees the deployment that the first began")
                .hasSize(1);
        assertThat(steward.slack.posts()).hasSize(1);
    }

    @Test
    void throttlingThatLastsLeavesTheEventToTheQueueUntilItIsOver() {
        start();
        steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 6, FakeEcs.THROTTLED);
        interrupt();
        assertThat(steward.updates()).hasSize(7);
        assertThat(steward.over().get(0).failure())
                .hasMessageContaining("redeploying prod/web")
                .hasMessageContaining("Throttling");
        assertThat(steward.slack.posts()).as("one alert, when it is done").hasSize(1);
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void whatKeepsFailingEndsInTheDeadLetterQueueByRedrive() {
        steward.close();
        steward = RunningSteward.deliveringAtMost(2);
        start();
        steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 1_000, FakeEcs.SERVER_ERROR);
        interrupt();
        assertThat(steward.deadLetters())
                .singleElement()
                .satisfies(m -> assertThat(m.body()).isEqualTo(RunningSteward.sample("task-spot-interrupted")));
        assertThat(steward.slack.posts()).isEmpty();
    }

    @Test
    void accessDeniedGoesToTheDeadLetterQueueAtOnceWithTheReason() {
        start();
        steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 1, FakeEcs.ACCESS_DENIED);
        interrupt();
        assertThat(steward.updates()).hasSize(1);
        assertThat(steward.onlyReason()).startsWith("redeploying prod/web: ECS answered AccessDeniedException");
    }

    @Test
    void aClusterThatDoesNotExistGoesToTheDeadLetterQueueAtOnce() {
        steward.start();
        interrupt();
        assertThat(steward.onlyReason()).startsWith("describing prod/web: ECS answered ClusterNotFoundException");
    }

    @Test
    void anInvalidParameterGoesToTheDeadLetterQueueAtOnce() {
        start();
        steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 1, new AwsError("InvalidParameterException", 400, "no such thing"));
        interrupt();
        assertThat(steward.updates()).hasSize(1);
        assertThat(steward.onlyReason()).contains("InvalidParameterException: no such thing");
    }

    @Test
    void listingTheInstancesFailsLikeEverythingElse() {
        steward.with("steward.one-per-instance.services", "web", "steward.one-per-instance.window", "1");
        start();
        steward.ecs.fail(FakeEcs.LIST_CONTAINER_INSTANCES, 2, FakeEcs.THROTTLED);
        steward.sendSample("container-instance-registered");
        steward.awaitDone();
        assertThat(steward.updates()).hasSize(1);
        steward.forgetClaims();
        steward.ecs.fail(FakeEcs.LIST_CONTAINER_INSTANCES, 1, FakeEcs.ACCESS_DENIED);
        steward.sendSample("container-instance-placed-task");
        steward.awaitDone();
        assertThat(steward.deadLetters()).hasSize(1);
    }

    @Test
    void withoutADeadLetterQueueTheMessageStaysAndTheLogSaysSoOnce() {
        steward.with("steward.dead-letter.queue-url", "");
        try (CapturedLog log = new CapturedLog()) {
            steward.start();
            steward.sendSample("malformed-task-without-cluster");
            RunningSteward.await(() -> steward.over().isEmpty()
                    && steward.sqs.counts(steward.queue).inFlight() == 1
                    && log.text().contains("stays in the queue"));
            RunningSteward.await(() -> steward.sqs.counts(steward.queue).visible() == 1
                    || log.lines().stream()
                                    .filter(l -> l.contains("detail.clusterArn"))
                                    .count()
                            >= 1);
            assertThat(log.lines().stream().filter(l -> l.contains("stays in the queue")))
                    .singleElement()
                    .asString()
                    .contains("set steward.dead-letter.queue-url")
                    .contains("detail.clusterArn");
        }
        assertThat(steward.sqs.counts(steward.queue).total()).isEqualTo(1);
    }

    @Test
    void slack429IsObeyedAndDelaysNoEcsActionAndNoOtherChannel() {
        steward.with(
                "steward.slack.webhooks.secret",
                "other=" + steward.slack.webhook("other"),
                "steward.slack.channels",
                "service:prod/checkout=#other");
        start();
        steward.ecs.addService("prod", "checkout");
        steward.slack.nextAt(steward.slack.webhook(RunningSteward.WEBHOOK), Answer.tooFast(2));
        steward.sendSample("service-placement-failure-info");
        RunningSteward.await(() -> steward.slack.posts().size() == 1);
        steward.sendSample("service-start-impaired");
        steward.sendSample("task-spot-interrupted");
        RunningSteward.await(() ->
                steward.updates().size() == 1 && steward.slack.postsAt("other").size() == 1);
        assertThat(steward.slack.postsAt(RunningSteward.WEBHOOK))
                .as("the channel still waits")
                .hasSize(1);
        steward.awaitDone();
        var posts = steward.slack.postsAt(RunningSteward.WEBHOOK);
        assertThat(posts).as("the refused one again, then the next").hasSize(3);
        assertThat(posts.get(1).text()).isEqualTo(posts.get(0).text());
        assertThat(Duration.ofNanos(posts.get(1).arrived() - posts.get(0).arrived()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void slackThatIsDownLeavesTheAlertToTheQueueAndRepeatsNoRedeployment() {
        start();
        steward.slack.next(
                Answer.of(500, "oops"), Answer.HANG_UP, Answer.of(503, ""), Answer.of(500, ""), Answer.of(500, ""));
        interrupt();
        assertThat(steward.updates()).hasSize(1);
        assertThat(steward.slack.posts()).as("five refused, one taken").hasSize(6);
        assertThat(steward.over().get(0).failure()).isNotNull();
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void aPermanentRefusalOfAWebhookGoesToTheDeadLetterQueueWithSlacksWord() {
        start();
        steward.slack.next(Answer.of(404, "no_service"));
        steward.sendSample("service-start-impaired");
        steward.awaitDone();
        assertThat(steward.slack.posts()).hasSize(1);
        assertThat(steward.onlyReason()).contains("no_service");
    }

    @Test
    void aRefusalInTheAnswerToATokenIsNoSuccess() {
        steward.with(
                "steward.slack.webhook.secret", "",
                "steward.slack.token.secret", "xoxb-secret",
                "steward.slack.channel", "#ops");
        start();
        steward.slack.next(Answer.error("channel_not_found"));
        steward.sendSample("service-start-impaired");
        steward.awaitDone();
        assertThat(steward.onlyReason()).contains("#ops").contains("channel_not_found");
        steward.sendSample("deployment-failed");
        steward.awaitDone();
        assertThat(steward.slack.posts()).hasSize(2).allSatisfy(post -> {
            assertThat(post.bearer()).isEqualTo("xoxb-secret");
            assertThat(post.body().path("channel").asText()).isEqualTo("#ops");
        });
    }

    @Test
    void slackThatNeverAnswersDelaysNoEcsAction() {
        start();
        steward.slack.next(Answer.NEVER, Answer.NEVER, Answer.NEVER, Answer.NEVER);
        for (String alert : List.of(
                "service-start-impaired", "deployment-failed", "service-placement-failure-info", "alarm-minimal")) {
            steward.sendSample(alert);
        }
        RunningSteward.await(() -> steward.slack.posts().size() == 1);
        steward.sendSample("task-spot-interrupted");
        RunningSteward.await(() -> steward.updates().size() == 1);
        assertThat(steward.slack.posts()).hasSize(1);
    }

    @Test
    void theTopicGetsEachAlertOnceAlthoughSlackFails() {
        steward.with("steward.sns.topic-arn", steward.sns.topicArn("alerts"));
        start();
        steward.slack.next(Answer.of(500, ""), Answer.of(500, ""), Answer.of(500, ""), Answer.of(500, ""));
        steward.sendSample("service-start-impaired");
        steward.awaitDone();
        assertThat(steward.slack.posts()).hasSize(5);
        assertThat(steward.sns.published()).singleElement().satisfies(p -> {
            assertThat(p.attributes())
                    .containsEntry("severity", "error")
                    .containsEntry("state", "firing")
                    .containsKey("key");
            assertThat(p.subject()).contains("cannot consistently start its tasks");
            assertThat(p.message()).contains("https://console.aws.amazon.com");
        });
    }

    @Test
    void slackGetsEachAlertOnceAlthoughTheTopicFails() {
        steward.with("steward.sns.topic-arn", steward.sns.topicArn("alerts"));
        start();
        steward.sns.fail(FakeSns.PUBLISH, 2, FakeSns.SERVER_ERROR);
        steward.sendSample("service-start-impaired");
        steward.awaitDone();
        assertThat(steward.slack.posts()).hasSize(1);
        assertThat(steward.sns.published()).hasSize(1);
        steward.sns.fail(FakeSns.PUBLISH, 1, FakeSns.AUTHORIZATION_ERROR);
        steward.sendSample("deployment-failed");
        steward.awaitDone();
        assertThat(steward.deadLetters()).hasSize(1);
        assertThat(steward.slack.posts()).as("Slack hears of it all the same").hasSize(2);
    }

    @Test
    void aTopicThatNeverAnswersDelaysNoEcsAction() {
        steward.with("steward.sns.topic-arn", steward.sns.topicArn("alerts"));
        start();
        try (Gate gate = steward.sns.hold(FakeSns.PUBLISH, 40)) {
            for (int i = 0; i < 40; i++) {
                steward.send("notice " + i);
            }
            RunningSteward.await(() -> steward.sns.attempts() > 0);
            steward.sendSample("task-spot-interrupted");
            RunningSteward.await(() -> steward.updates().size() == 1);
            assertThat(steward.sns.published()).isEmpty();
            gate.open();
        }
    }

    @Test
    void whatMaySucceedIsTriedAgainAlthoughAnotherRecordIsRefusedForGood() {
        start();
        steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 5, FakeEcs.THROTTLED);
        steward.send(records(
                RunningSteward.sample("task-spot-interrupted"),
                RunningSteward.sample("malformed-task-without-cluster")));
        steward.awaitDone();
        assertThat(steward.updates()).hasSize(6);
        assertThat(steward.slack.posts()).hasSize(1);
        assertThat(steward.onlyReason()).contains("detail.clusterArn");
    }

    @Test
    void oneServiceThatIsRefusedDoesNotKeepTheOthersFromBeingMatched() {
        steward.with(
                "steward.one-per-instance.services",
                "agent-a,agent-b",
                "steward.one-per-instance.window",
                "1",
                "steward.agent.grace-period",
                "1");
        start();
        steward.ecs.addService("prod", "agent-a");
        steward.ecs.addService("prod", "agent-b");
        steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 1, FakeEcs.ACCESS_DENIED);
        steward.sendSample("container-instance-agent-disconnected");
        steward.awaitDone();
        assertThat(steward.updates().stream()
                        .map(c -> c.request().path("service").asText()))
                .startsWith("agent-a", "agent-b");
        assertThat(steward.over().stream().map(o -> o.event().type()))
                .as("the agent is followed all the same")
                .contains("follow-up");
        assertThat(steward.onlyReason()).contains("AccessDenied");
    }

    @Test
    void eventsFromAnotherRegionOrAccountChangeNothingHere() {
        start();
        String event = RunningSteward.sample("task-spot-interrupted");
        steward.send(event.replace("eu-west-1", "us-east-1"));
        steward.awaitDone();
        steward.send(event.replace("111122223333", "999999999999"));
        steward.awaitDone();
        assertThat(steward.updates()).isEmpty();
        assertThat(steward.over().get(0).skipped()).contains("other-region");
        assertThat(steward.over().get(1).skipped()).contains("other-account");
        assertThat(steward.slack.posts()).as("people are told of each").hasSize(2);
        steward.send(event);
        steward.awaitDone();
        assertThat(steward.updates()).hasSize(1);
    }

    @Test
    void missingFieldsGoToTheDeadLetterQueueAndTextBecomesANotice() {
        start();
        steward.sendSample("malformed-task-without-cluster");
        steward.awaitDone();
        assertThat(steward.onlyReason()).isEqualTo("reading a task state change: no usable detail.clusterArn");
        steward.sendSample("malformed-truncated");
        steward.awaitDone();
        assertThat(steward.slack.posts()).hasSize(1);
        assertThat(steward.deadLetters()).isEmpty();
    }

    private static String records(String... messages) {
        return Arrays.stream(messages)
                .map(m -> "{\"Sns\":{\"MessageId\":\"" + m.hashCode() + "\",\"Message\":" + TextNode.valueOf(m) + "}}")
                .collect(Collectors.joining(",", "{\"Records\":[", "]}"));
    }

    @Test
    void oneBadRecordDoesNotKeepTheOthersFromBeingDone() {
        start();
        String bad = RunningSteward.sample("malformed-task-without-cluster");
        String good = RunningSteward.sample("service-start-impaired");
        steward.send(records(bad, good));
        steward.awaitDone();
        assertThat(steward.slack.posts()).hasSize(1);
        assertThat(steward.deadLetters()).hasSize(1);
    }
}
