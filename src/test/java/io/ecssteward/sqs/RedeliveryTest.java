package io.ecssteward.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.claim.ClaimHeldException;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.Sqs;
import io.ecssteward.testing.YamlRoutes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityResponse;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

class RedeliveryTest {

    private static final String QUEUE = "https://sqs.eu-west-1.amazonaws.com/111122223333/events";

    /** An SQS that remembers what it was told. */
    private static final class Remembering implements SqsClient {
        private final List<ChangeMessageVisibilityRequest> changes = new ArrayList<>();
        private boolean broken;

        @Override
        public ChangeMessageVisibilityResponse changeMessageVisibility(ChangeMessageVisibilityRequest request) {
            if (broken) {
                throw SdkClientException.create("no route to host");
            }
            changes.add(request);
            return ChangeMessageVisibilityResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return "sqs";
        }

        @Override
        public void close() {}
    }

    private final YamlRoutes routes = new YamlRoutes();
    private final Remembering remembering = new Remembering();
    private final Redelivery redelivery = new Redelivery();
    private final CapturedLog log = new CapturedLog();

    @AfterEach
    void stop() {
        log.close();
        routes.close();
    }

    private Exchange message(String id, Exception failure, Object receiveCount) {
        if (routes.camel().getRegistry().findSingleByType(SqsClient.class) == null) {
            routes.bind("sqs", remembering);
        }
        Exchange exchange =
                DefaultExchange.newFromEndpoint(routes.camel().getEndpoint("aws2-sqs:events?queueUrl=" + QUEUE));
        exchange.getMessage().setHeader(Sqs2Constants.RECEIPT_HANDLE, "handle of " + id);
        exchange.getMessage().setHeader(Sqs2Constants.MESSAGE_ID, id);
        if (receiveCount != null) {
            exchange.getMessage()
                    .setHeader(
                            Sqs2Constants.ATTRIBUTES,
                            Map.of(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, receiveCount));
        }
        exchange.setException(failure);
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, failure);
        return exchange;
    }

    /** How many seconds a message is hidden for after it failed. */
    private int hidden(Exception failure, Object receiveCount) {
        fail("m-1", failure, receiveCount);
        return remembering.changes.get(remembering.changes.size() - 1).visibilityTimeout();
    }

    private void fail(String id, Exception failure, Object receiveCount) {
        redelivery.handleException("", message(id, failure, receiveCount), failure);
    }

    @Test
    void aFailureIsToldAndWaitedForOnceHoweverOftenTheConsumerTellsOfIt() {
        Exchange message = message("m-1", new TransientFailureException("x"), "1");
        redelivery.handleException("", message, message.getException());
        redelivery.handleException("", message, message.getException());

        assertThat(remembering.changes)
                .singleElement()
                .satisfies(c -> assertThat(c.queueUrl()).isEqualTo(QUEUE));
    }

    private String reason(Exception failure) {
        return redelivery.reason(message("m-1", failure, "1"));
    }

    @ParameterizedTest
    @CsvSource({"1, 15", "2, 30", "3, 60", "4, 120", "7, 960", "8, 1800", "50, 1800", "2000000000, 1800"})
    void whatFailsComesBackLaterEachTime(String receiveCount, int seconds) {
        for (int tries = 0; tries < 5; tries++) {
            assertThat(hidden(new TransientFailureException("Slack is down"), receiveCount))
                    .isBetween(seconds, seconds * 6 / 5);
        }
        assertThat(remembering.changes).allSatisfy(change -> {
            assertThat(change.queueUrl()).isEqualTo(QUEUE);
            assertThat(change.receiptHandle()).isEqualTo("handle of m-1");
        });
    }

    @Test
    void messagesThatFailTogetherDoNotComeBackTogether() {
        for (int tries = 0; tries < 40; tries++) {
            hidden(new TransientFailureException("Slack is down"), "4");
        }

        assertThat(remembering.changes.stream()
                        .map(ChangeMessageVisibilityRequest::visibilityTimeout)
                        .distinct())
                .hasSizeGreaterThan(5);
    }

    @Test
    void theFirstWaitCanBeSet() {
        redelivery.setInitialDelay(100);

        assertThat(hidden(new TransientFailureException("x"), "2")).isBetween(200, 240);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "many", "0", "-3"})
    void aCountThatIsNoneCountsAsTheFirst(String receiveCount) {
        assertThat(hidden(new TransientFailureException("x"), receiveCount)).isBetween(15, 18);
        assertThat(hidden(new TransientFailureException("x"), null)).isBetween(15, 18);
    }

    @ParameterizedTest
    @CsvSource({"1, 5", "2, 10", "3, 20"})
    void aCopyOfWhatIsBeingWorkedOnComesBackSoon(String receiveCount, int seconds) {
        assertThat(hidden(new ClaimHeldException("event/1"), receiveCount)).isBetween(seconds, seconds * 6 / 5);
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("INFO")
                .contains("message m-1 is delivered again in ", " s: a duplicate is in progress: event/1");
    }

    @Test
    void aFailureIsLoggedInOneLineWithItsInnermostCause() {
        hidden(new IllegalStateException("posting failed", new java.io.IOException("connection reset")), "1");

        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("WARN")
                .contains("message m-1 is delivered again in ", " s: posting failed: connection reset")
                .doesNotContain("\n");
    }

    @Test
    void withoutADeadLetterQueueAHopelessMessageIsToldOnceAndHowToMendIt() {
        fail("m-1", new PermanentFailureException("redeploying prod/web: access denied"), "1");
        fail("m-1", new PermanentFailureException("redeploying prod/web: access denied"), "2");
        fail("m-2", new PermanentFailureException("redeploying prod/shop: access denied"), "1");

        assertThat(log.lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("ERROR")
                .contains(
                        "message m-1 cannot be processed",
                        "set steward.dead-letter.queue-url",
                        "redeploying prod/web: access denied");
        assertThat(remembering.changes).hasSize(3);
    }

    @Test
    void aMessageThatIsDoneButCannotBeDeletedIsNotHidden() {
        redelivery.handleException("", message("m-1", null, "1"), SdkClientException.create("no route to host"));

        assertThat(remembering.changes).isEmpty();
        assertThat(log.text())
                .contains("deleting a processed message failed: no route to host; the next delivery will be dropped");
    }

    @Test
    void aPollThatFailsIsOneLine() {
        redelivery.handleException(SdkClientException.create("no route to host"));
        redelivery.handleException("polling", SdkClientException.create("no route to host"));

        assertThat(log.lines())
                .hasSize(2)
                .allSatisfy(l -> assertThat(l).contains("reading the queue: no route to host; trying again"));
    }

    @Test
    void whenSqsDoesNotAnswerTheMessageComesBackByItself() {
        remembering.broken = true;
        fail("m-1", new TransientFailureException("x"), "1");

        assertThat(remembering.changes).isEmpty();
    }

    @Test
    void theReasonIsWhatFailed() {
        assertThat(reason(new PermanentFailureException("matching gone: cluster not found")))
                .isEqualTo("matching gone: cluster not found");
        assertThat(log.text()).contains("to the dead-letter queue: matching gone: cluster not found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n"})
    void aFailureWithoutAMessageIsNamedByItsKind(String message) {
        assertThat(reason(new IllegalStateException(message))).startsWith("java.lang.IllegalStateException");
        assertThat(reason(new NullPointerException(null))).isEqualTo("java.lang.NullPointerException");
    }

    @Test
    void theReasonIsCutWithoutTearingACharacterApart() {
        assertThat(reason(new PermanentFailureException("x".repeat(5_000)))).hasSize(1_000);
        String faces = reason(new PermanentFailureException("😀".repeat(5_000)));
        assertThat(faces.codePointCount(0, faces.length())).isEqualTo(1_000);
        assertThat(faces).doesNotContain("?").endsWith("😀");
    }

    @Test
    void sqsTakesEveryReason() {
        StringBuilder every =
                new StringBuilder("bell \u0007, null \0, escape \u001b, lone \ud83d, \ufffe \uffff, fine: \t ü 東 😀 ");
        String reason = reason(new PermanentFailureException(every.toString()));

        assertThat(reason).isEqualTo("bell ?, null ?, escape ?, lone ?, ? ?, fine: ? ü 東 😀 ");
        try (Sqs sqs = new Sqs()) {
            String queue = sqs.createQueue("dead");
            sqs.send(queue, "{}", Map.of("reason", reason));
            assertThat(sqs.receiveAll(queue))
                    .singleElement()
                    .satisfies(
                            m -> assertThat(m.messageAttributes().get("reason").stringValue())
                                    .isEqualTo(reason));
        }
    }

    @Test
    void aMessageThatFailsIsDeliveredAgainLongBeforeItsVisibilityTimeout() throws Exception {
        try (Sqs sqs = new Sqs();
                SqsClient client = Sqs.newClient()) {
            String queue = sqs.createQueue("events");
            List<Object> counts = new CopyOnWriteArrayList<>();
            redelivery.setInitialDelay(1);
            routes.bind("sqs", client).bind("redelivery", redelivery).bind("work", (Processor) e -> {
                Map<?, ?> attributes = e.getMessage().getHeader(Sqs2Constants.ATTRIBUTES, Map.class);
                counts.add(attributes.get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT));
                if (counts.size() == 1) {
                    throw new TransientFailureException("Slack is down");
                }
            });
            routes.camel().getPropertiesComponent().addOverrideProperty("steward.events.queue-url", queue);
            routes.start("""
                    - route:
                        from:
                          uri: "aws2-sqs:events?queueUrl={{steward.events.queue-url}}&waitTimeSeconds=5&initialDelay=0&attributeNames=ApproximateReceiveCount&exceptionHandler=#redelivery"
                          steps:
                            - process:
                                ref: work
                    """);
            sqs.send(queue, "{}");
            sqs.awaitEmpty(queue, Duration.ofSeconds(15));

            assertThat(counts).containsExactly("1", "2");
            routes.close();
        }
    }
}
