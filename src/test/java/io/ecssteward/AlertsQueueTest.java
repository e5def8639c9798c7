package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.outcome.Action;
import io.ecssteward.testing.Dynamo;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.FakeSlack.Post;
import io.ecssteward.testing.Gate;
import io.ecssteward.testing.RunningSteward;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

/** Alerts that wait for Slack in a FIFO queue, where replicas take turns. */
class AlertsQueueTest {

    private final RunningSteward steward = RunningSteward.create().queueingAlerts();
    private final RunningSteward other = steward.replica();

    @AfterEach
    void close() {
        other.close();
        steward.close();
    }

    /** An event about a service of this name. */
    private static String about(String service) {
        return RunningSteward.sample("service-start-impaired").replace("checkout", service);
    }

    private void alarm(String state, int minute) {
        String sample = state.equals("OK") ? "alarm-eventbridge-metric-resolved" : "alarm-eventbridge-metric-firing";
        steward.send(RunningSteward.sample(sample).replaceAll("T\\d\\d:\\d\\d:", "T10:%02d:".formatted(minute)));
    }

    @Test
    void anAlertIsPostedOnceAndLeavesBothQueues() {
        steward.start();
        steward.sendSample("service-start-impaired");
        steward.sendSample("service-start-impaired");
        steward.awaitDone();

        assertThat(steward.slack.posts()).hasSize(1);
        assertThat(steward.over())
                .filteredOn(o -> !o.eventOutcome().performed().isEmpty())
                .singleElement()
                .satisfies(o -> assertThat(o.eventOutcome().performed())
                        .extracting(Action::operation)
                        .containsExactly("Opened", "SendMessage"));
    }

    @Test
    void whatArrivesInSlackIsWhatMemoryWouldHavePosted() {
        List<String> samples = List.of(
                "service-start-impaired",
                "alarm-eventbridge-metric-firing",
                "slack-blocks",
                "task-exited-out-of-memory",
                "text-with-subject",
                "guardduty-finding-high");
        steward.start();
        samples.forEach(sample -> {
            steward.sendSample(sample);
            steward.awaitDone();
        });
        List<?> queued = steward.slack.posts().stream().map(Post::body).toList();
        steward.stop();
        steward.slack.clear();

        steward.with("steward.alerts.queue-url", "").start();
        samples.forEach(sample -> {
            steward.sendSample(sample);
            steward.awaitDone();
        });
        assertThat(queued)
                .hasSize(samples.size())
                .isEqualTo(steward.slack.posts().stream().map(Post::body).toList());
    }

    @Test
    void whatEndsWhileSlackIsDownIsToldOnceAsOverWhenItIsBack() {
        steward.start();
        steward.slack.next(Collections.nCopies(8, Answer.of(503, "down")).toArray(Answer[]::new));
        alarm("ALARM", 1);
        RunningSteward.await(() -> !steward.slack.posts().isEmpty());
        alarm("OK", 2);
        steward.awaitDone();

        assertThat(steward.slack.taken())
                .singleElement()
                .satisfies(post -> assertThat(post.text()).isEqualTo("[RESOLVED] ALARM: web-cpu"));
        assertThat(steward.deadLetters()).isEmpty();
        assertThat(steward.over())
                .as("the events were done when their alerts were in the queue")
                .hasSize(2);
    }

    @Test
    void replicasPaceAChannelTogether() {
        steward.postingEvery(Duration.ofMillis(700));
        other.postingEvery(Duration.ofMillis(700));
        try (Dynamo tables = new Dynamo()) {
            String table = tables.createTable();
            other.claimingIn(tables, table).start();
            steward.claimingIn(tables, table).start();
            for (int i = 0; i < 8; i++) {
                steward.send(about("svc" + i));
                int next = i + 1;
                RunningSteward.await(() -> steward.slack.posts().size() == next);
            }
            steward.awaitDone();
            other.stop();
            steward.stop();
        }

        List<Long> arrivals = steward.slack.posts().stream().map(Post::arrived).toList();
        assertThat(arrivals).hasSize(8);
        assertThat(IntStream.range(1, 8)
                        .mapToLong(i -> arrivals.get(i) - arrivals.get(i - 1))
                        .min()
                        .getAsLong())
                .as("nanoseconds between two posts of whichever replica")
                .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(700));
    }

    @Test
    void anEventThatComesAgainAfterACrashBeforeTheRecordPutsNoSecondAlertIntoTheQueue() {
        steward.start();
        steward.sendSample("service-start-impaired");
        steward.awaitDone();
        steward.forgetClaims();
        steward.sendSample("service-start-impaired");
        steward.awaitDone();

        assertThat(steward.slack.posts()).as("SQS knows the copy").hasSize(1);
    }

    @Test
    void anAlertThatWasPostedAndNotDeletedIsKnown() {
        String between = steward.sqs.createFifo("between");
        steward.with("steward.alerts.queue-url", between);
        steward.with("steward.alerts.from", "direct:nobody").start();
        steward.sendSample("service-start-impaired");
        RunningSteward.await(() -> steward.sqs.counts(between).visible() == 1);
        Message alert = steward.sqs.receiveAll(between).get(0);
        steward.stop();

        steward.with("steward.alerts.queue-url", steward.alertsQueue());
        steward.with(
                "steward.alerts.from",
                "aws2-sqs:alerts.fifo?queueUrl={{steward.alerts.queue-url}}&{{steward.queues.options}}");
        steward.start();
        for (int i = 0; i < 2; i++) {
            steward.sqs.sendFifo(
                    steward.alertsQueue(),
                    alert.body(),
                    "ops",
                    UUID.randomUUID().toString(),
                    java.util.Map.of());
        }
        steward.awaitDone();

        assertThat(steward.slack.posts()).hasSize(1);
    }

    @Test
    void whatSlackRefusesGoesToTheDeadLetterQueueWithItsWordAndTheNextGoesOn() {
        steward.start();
        steward.slack.next(Answer.of(400, "invalid_payload"));
        steward.send(about("first"));
        RunningSteward.await(() -> !steward.slack.posts().isEmpty());
        steward.send(about("second"));
        steward.awaitDone();

        assertThat(steward.onlyReason()).contains("invalid_payload");
        assertThat(steward.slack.posts()).hasSize(2);
    }

    @Test
    void whatIsNoAlertGoesToTheDeadLetterQueue() {
        steward.start();
        steward.sqs.sendFifo(steward.alertsQueue(), "{\"key\": \"half\"}", "ops", "d-1", java.util.Map.of());
        steward.awaitDone();

        assertThat(steward.onlyReason()).startsWith("reading an alert from its queue: ");
        assertThat(steward.slack.posts()).isEmpty();
    }

    @Test
    void aBacklogComesOutAsAFewDigestsInOrder() {
        int alerts = 40;
        steward.start();
        Gate slack = steward.slack.hold();
        List<String> titles = IntStream.range(0, alerts)
                .mapToObj(i -> "prod/svc%02d cannot".formatted(i))
                .toList();
        for (int i = 0; i < alerts; i++) {
            steward.send(about("svc%02d".formatted(i)));
            int done = i + 1;
            RunningSteward.await(() -> steward.over().size() == done);
        }
        slack.open();
        steward.awaitDone();

        List<Post> taken = steward.slack.posts();
        assertThat(taken.size()).as("messages").isLessThanOrEqualTo(6);
        String all = taken.stream()
                .map(post -> post.body().path("attachments") + "" + post.body().path("blocks"))
                .collect(Collectors.joining());
        assertThat(titles).allSatisfy(title -> assertThat(all).containsOnlyOnce(title));
        assertThat(titles.stream().map(all::indexOf).toList()).isSorted();
    }

    @Test
    void whatIsOnItsWayWhenItStopsIsPostedByTheNext() {
        steward.start();
        steward.slack.next(Collections.nCopies(3, Answer.of(503, "down")).toArray(Answer[]::new));
        steward.send(about("web"));
        RunningSteward.await(() -> !steward.slack.posts().isEmpty());
        steward.stop();
        steward.slack.clear();
        other.start();
        steward.awaitDone();

        assertThat(other.slack.posts()).hasSize(1);
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void whatIsTriedAgainWhenItStopsIsNotOvertaken() {
        try (Dynamo tables = new Dynamo()) {
            String table = tables.createTable();
            other.claimingIn(tables, table);
            steward.claimingIn(tables, table)
                    .with("steward.retry.delay", "1500")
                    .start();
            steward.slack.next(Answer.of(503, "down"));
            alarm("ALARM", 1);
            RunningSteward.await(() -> !steward.slack.posts().isEmpty());
            alarm("OK", 2);
            RunningSteward.await(() -> steward.over().size() == 2);
            steward.stop();
            other.start();
            steward.awaitDone();
            other.stop();
        }

        assertThat(steward.slack.texts())
                .hasSizeGreaterThanOrEqualTo(2)
                .last()
                .asString()
                .startsWith("[RESOLVED]");
        assertThat(steward.slack.texts().stream().filter(t -> t.startsWith("[RESOLVED]")))
                .hasSize(1);
    }

    @Test
    void troubleInOneChannelLeavesTheOthersAlone() {
        steward.with(
                "steward.slack.webhook.secret", "",
                "steward.slack.webhooks.secret", "a=" + steward.slack.webhook("a") + ",b=" + steward.slack.webhook("b"),
                "steward.slack.channel", "#b",
                "steward.slack.channels", "service:prod/one=#a");
        steward.start();
        steward.slack.nextAt(
                steward.slack.webhook("a"),
                Collections.nCopies(8, Answer.of(503, "down")).toArray(Answer[]::new));
        steward.send(about("one"));
        RunningSteward.await(() -> !steward.slack.posts().isEmpty());
        steward.send(about("two"));
        RunningSteward.await(() -> !steward.slack.postsAt("b").isEmpty());

        assertThat(steward.slack.postsAt("a")).as("still refused").hasSizeLessThan(9);
        steward.awaitDone();
        assertThat(steward.slack.postsAt("a")).hasSize(9);
    }

    @Test
    void aChannelOfAnyNameIsAMessageGroup() {
        steward.with(
                "steward.slack.webhook.secret",
                "",
                "steward.slack.token.secret",
                "xoxb-1",
                "steward.slack.channel",
                "#b\u00fcro \u2013 alle");
        steward.start();
        steward.sendSample("service-start-impaired");
        steward.awaitDone();

        assertThat(steward.slack.posts())
                .singleElement()
                .satisfies(
                        post -> assertThat(post.body().path("channel").asText()).isEqualTo("#b\u00fcro \u2013 alle"));
    }

    @Test
    void whatSqsWouldRefuseArrivesAllTheSame() {
        steward.start();
        steward.send("{\"odd\": \"a \\uffff b\"}");
        steward.send("{\"long\": \"" + "\\\"".repeat(250_000) + "\"}");
        steward.awaitDone();

        assertThat(steward.slack.posts()).hasSize(2);
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void whatSomebodyWroteForSlackAndIsTooLargeGoesToTheDeadLetterQueue() {
        steward.start();
        steward.send("{\"text\": \"" + "x".repeat(300_000) + "\"}");
        steward.awaitDone();

        assertThat(steward.onlyReason())
                .startsWith("queueing an alert: it has ")
                .contains("bytes, but a queue accepts at most 262144");
        assertThat(steward.slack.posts()).isEmpty();
    }
}
