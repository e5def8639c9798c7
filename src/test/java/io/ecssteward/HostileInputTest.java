package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.slack.PacedSlackComponent;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.RunningSteward;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** Messages that nobody should send: none stops the stream, none is lost, and none steers anything. */
class HostileInputTest {

    private static final String WEBHOOK_PATH = "/services/T0FAKE000/";

    @Test
    void twoHundredKindsOfNonsenseAllEndAndTheStreamGoesOn() {
        List<String> nonsense = nonsense();
        assertThat(nonsense).hasSizeGreaterThan(200);
        try (RunningSteward steward = RunningSteward.create().with("steward.agent.grace-period", "1");
                CapturedLog log = new CapturedLog()) {
            steward.ecs.addCluster("prod", 3).addCluster("staging", 1);
            steward.ecs.addService("prod", "web");
            steward.start();
            nonsense.forEach(steward::send);
            steward.sendSample("task-spot-interrupted");
            steward.awaitDone();
            int dead = steward.deadLetters().size();
            assertThat(steward.over().size() + dead)
                    .as("each message became an event with an outcome, or went to the dead-letter queue")
                    .isGreaterThanOrEqualTo(nonsense.size() + 1);
            assertThat(steward.updates()).as("only for what is whole").hasSizeLessThanOrEqualTo(1);
            assertThat(log.lines())
                    .noneMatch(l -> l.contains("NullPointerException")
                            || l.contains("ClassCastException")
                            || l.contains("is delivered again") && !l.contains("another copy"));
            assertThat(steward.over().stream().filter(o -> o.failure() != null)).isEmpty();
        }
    }

    private static List<String> nonsense() {
        List<String> all = new ArrayList<>(List.of(
                "5",
                "true",
                "null",
                "\"\"",
                "\"text\"",
                "[]",
                "[1,2]",
                "{}",
                " ",
                "text",
                "attachments",
                "AlarmName",
                "blocks",
                "{\"text\":5}",
                "{\"attachments\":{}}",
                "{\"blocks\":\"x\"}",
                "{\"AlarmName\":[]}",
                "{\"Records\":[]}",
                "{\"Records\":[{\"Sns\":null}]}",
                "{\"Type\":\"Notification\"}",
                "{\"Type\":\"Notification\",\"Message\":{}}",
                "{\"source\":\"aws.ecs\"}",
                "{\"source\":\"ecs-steward\",\"detail-type\":\"ECS Steward Follow Up\"}",
                "\u202Eright to left",
                "\uD83D\uDE00 emoji",
                "combining e\u0301",
                "a".repeat(200_000),
                "{\"text\":\"" + "b".repeat(200_000) + "\"}",
                "{\"AlarmName\":\"big\",\"Trigger\":{\"Threshold\":1e999999999,\"Period\":1e-999999999}}",
                "{\"source\":\"shop\",\"detail-type\":\"x\",\"detail\":{\"amount\":1e999999999,\"count\":-9e99999999}}",
                "[".repeat(3_000),
                "{\"a\":".repeat(3_000),
                "[".repeat(900) + "]".repeat(900)));
        for (String sample : List.of(
                "task-spot-interrupted",
                "container-instance-agent-disconnected",
                "service-start-impaired",
                "deployment-failed",
                "alarm-metric-firing",
                "alarm-eventbridge-metric-firing",
                "guardduty-finding-high",
                "task-exited-out-of-memory",
                "security-hub-finding-failed",
                "health-operational-issue",
                "backup-failed",
                "slack-blocks")) {
            String whole = RunningSteward.sample(sample);
            for (int tenth = 1; tenth < 10; tenth++) {
                all.add(whole.substring(0, whole.length() * tenth / 10));
            }
            for (String value : List.of("null", "5", "[]", "{}")) {
                for (String name : List.of(
                        "detail",
                        "clusterArn",
                        "containerInstanceArn",
                        "eventName",
                        "resources",
                        "AlarmName",
                        "containers",
                        "Message")) {
                    String bent = whole.replaceFirst(
                            "\"" + name + "\": (\"[^\"]*\"|[\\[{])", "\"" + name + "\": " + value + ", \"was\": $1");
                    if (!bent.equals(whole)) {
                        all.add(bent.replace("\"service:web\"", "\"family:x\""));
                    }
                }
            }
        }
        return all;
    }

    @Test
    void aMessageOfAMebibyteIsANoticeThatIsCut() {
        try (RunningSteward steward = RunningSteward.create().start()) {
            steward.send("x".repeat(1024 * 1024));
            steward.awaitDone();
            assertThat(steward.slack.posts())
                    .singleElement()
                    .satisfies(
                            post -> assertThat(post.body().toString().length()).isLessThan(20_000));
        }
    }

    @Test
    void messageAttributesNamedLikeCamelsHeadersSteerNothing() {
        try (RunningSteward steward = RunningSteward.create()
                .with(
                        "steward.events.from",
                        "aws2-sqs:events?queueUrl={{steward.events.queue-url}}&messageAttributeNames=All"
                                + "&maxMessagesPerPoll=10&waitTimeSeconds=1&greedy=true&initialDelay=0&exceptionHandler=#redelivery"
                                + "&headerFilterStrategy=#drop-all-headers")) {
            steward.ecs.addCluster("prod", 3).addCluster("other", 1);
            steward.ecs.addService("prod", "web");
            steward.ecs.addService("other", "web");
            steward.start();
            steward.sqs.send(
                    steward.queue,
                    RunningSteward.sample("task-spot-interrupted"),
                    Map.of(
                            "CamelAwsSqsReceiptHandle", "somebody-elses",
                            "CamelAwsECSClusterName", "other",
                            "CamelEcsServiceOutcome", "updated",
                            "CamelAwsSqsMessageId", "one",
                            "CamelSlackChannel", "#elsewhere",
                            "severity", "critical",
                            "reason", "none"));
            steward.awaitDone();
            assertThat(steward.updates())
                    .singleElement()
                    .satisfies(c ->
                            assertThat(c.request().path("cluster").asText()).isEqualTo("prod"));
            assertThat(steward.slack.postsAt(RunningSteward.WEBHOOK)).hasSize(1);
        }
    }

    @Test
    void slackMarkupInEveryTextComesOutInert() {
        String markup = "<!channel> <@U1> <https://evil.example|click> & ```code``` `x`";
        try (RunningSteward steward = RunningSteward.create().start()) {
            List<String> samples = List.of(
                    "alarm-metric-firing",
                    "alarm-eventbridge-metric-firing",
                    "service-start-impaired",
                    "deployment-failed",
                    "task-exited-with-error",
                    "guardduty-finding-high",
                    "security-hub-finding-failed",
                    "inspector-finding",
                    "health-operational-issue",
                    "custom-event",
                    "text-with-subject");
            for (String sample : samples) {
                String body = RunningSteward.sample(sample)
                        .replaceAll(
                                "(?<=\"(?:group|name|AlarmName|alarmName|serviceName|MetricName|Region|severity_label|Threat|value|resourceType|eventTypeCode|availabilityZone|capacityProviderName|reason|stoppedReason|AlarmDescription|NewStateReason|description|title|Title|Description|error|file|Subject|latestDescription|Message)\": \")[^\"\\\\{]+(?=\")",
                                java.util.regex.Matcher.quoteReplacement(markup));
                int posts = steward.slack.posts().size();
                steward.send(body);
                RunningSteward.await(() -> steward.slack.posts().size() > posts);
            }
            steward.awaitDone();
            assertThat(steward.slack.posts()).hasSize(samples.size()).allSatisfy(post -> {
                assertThat(post.text())
                        .doesNotContain("<!")
                        .doesNotContain("<@")
                        .doesNotContain("|click>");
                post.body()
                        .findParents("verbatim")
                        .forEach(mrkdwn -> assertThat(mrkdwn.path("text").asText())
                                .doesNotContainPattern("<!(?!date\\^\\d+\\^[Ss]ince )")
                                .doesNotContain("<@")
                                .doesNotContain("|click>")
                                .doesNotContain("`"));
                assertThat(post.body().findValuesAsText("type")).doesNotContain("rich_text");
            });
        }
    }

    @Test
    void noSecretIsEverLogged() {
        try (CapturedLog log = new CapturedLog()) {
            log.level("io.ecssteward", Level.TRACE);
            log.level("org.apache.camel", Level.DEBUG);
            try (RunningSteward steward = RunningSteward.create().with("steward.slack.webhooks.secret", "")) {
                steward.start();
                steward.camel()
                        .getComponent("slack", PacedSlackComponent.class)
                        .setRequestTimeout(Duration.ofSeconds(1));
                steward.slack.next(
                        Answer.of(404, "no_service"),
                        Answer.of(500, "oops"),
                        Answer.HANG_UP,
                        Answer.HEADERS_ONLY,
                        Answer.tooFast(1));
                for (String sample : List.of(
                        "service-start-impaired", "deployment-failed", "alarm-minimal", "guardduty-finding-high")) {
                    steward.sendSample(sample);
                }
                steward.awaitDone();
                assertThat(steward.onlyReason()).doesNotContain(WEBHOOK_PATH);
            }
            try (RunningSteward steward = RunningSteward.create()
                    .with(
                            "steward.slack.webhook.secret", "",
                            "steward.slack.token.secret", "xoxb-very-secret",
                            "steward.slack.channel", "#ops")) {
                steward.start();
                steward.slack.next(Answer.error("invalid_auth"), Answer.of(500, "oops"), Answer.HANG_UP);
                steward.sendSample("service-start-impaired");
                steward.sendSample("deployment-failed");
                steward.awaitDone();
                assertThat(steward.onlyReason()).contains("invalid_auth").doesNotContain("very-secret");
            }
            assertThat(log.text()).isNotEmpty().doesNotContain(WEBHOOK_PATH).doesNotContain("very-secret");
        }
    }
}
