package io.ecssteward.testing;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * SQS inside the JVM, or at an {@link SqsProcess}. ElasticMQ takes two seconds to start, so all share one, with queues
 * of their own: names get a unique ending, and closing deletes the queues that were created here.
 */
public final class Sqs implements AutoCloseable {
    private static final int RECEIVE_AT_MOST = 10;
    private static final int BATCH = 10;

    private final URI endpoint;
    private final SqsClient client;
    private final List<String> queueUrls = new CopyOnWriteArrayList<>();

    /** It ends with the JVM. */
    private static final class Server {
        private static final URI ENDPOINT = startServer();
    }

    /** At the one inside this JVM, which is started by the first who asks. */
    public Sqs() {
        this(Server.ENDPOINT);
    }

    /** At one that listens elsewhere. */
    public Sqs(URI endpoint) {
        this.endpoint = endpoint;
        client = Aws.client(SqsClient.builder(), endpoint, Duration.ofSeconds(60));
    }

    static URI startServer() {
        System.setProperty("pekko.daemonic", "on");
        var binding = SQSRestServerBuilder.withInterface("127.0.0.1")
                .withDynamicPort()
                .withAWSRegion(Aws.REGION.id())
                .withAWSAccountId(Aws.ACCOUNT)
                .start()
                .waitUntilStarted();
        return URI.create("http://127.0.0.1:" + binding.localAddress().getPort());
    }

    /**
     * How many messages a queue has.
     *
     * @param visible can be received
     * @param inFlight were received, and are neither deleted nor visible again
     * @param delayed cannot be received yet
     */
    public record Counts(int visible, int inFlight, int delayed) {
        /** All messages of the queue. */
        public int total() {
            return visible + inFlight + delayed;
        }
    }

    /** Where SQS listens. */
    public URI endpoint() {
        return endpoint;
    }

    /** The client that the helpers here use. */
    public SqsClient client() {
        return client;
    }

    /** A client of the caller's own of the one inside this JVM, to close or to give away. */
    public static SqsClient newClient() {
        return Aws.client(SqsClient.builder(), Server.ENDPOINT, Duration.ofSeconds(60));
    }

    /** A client of the caller's own whose requests are noted. */
    public static SqsClient newClient(RequestLog requests) {
        return Aws.client(SqsClient.builder(), Server.ENDPOINT, Duration.ofSeconds(60), requests);
    }

    /** A client of the caller's own to receive messages with, whose long polls end when it is closed. */
    public static SqsClient newPollingClient(RequestLog requests) {
        return new LongPolls(newClient(), requests);
    }

    /** Creates a queue with a visibility timeout of 30 seconds and no dead-letter queue; returns its URL. */
    public String createQueue(String name) {
        return create(unique(name), Map.of());
    }

    /**
     * Creates a queue whose messages go to the dead-letter queue (a URL) when they were received so often. A FIFO
     * queue's dead-letter queue is a FIFO queue too.
     */
    public String createQueue(String name, int visibilityTimeoutSeconds, int maxReceiveCount, String dlqUrl) {
        return create(unique(name), redrive(visibilityTimeoutSeconds, maxReceiveCount, dlqUrl));
    }

    /** Creates a FIFO queue; {@code .fifo} is put to the name when it is not there. */
    public String createFifo(String name) {
        return create(uniqueFifo(name), Map.of(QueueAttributeName.FIFO_QUEUE, "true"));
    }

    /** Creates a FIFO queue with a dead-letter queue, as {@link #createQueue(String, int, int, String)}. */
    public String createFifo(String name, int visibilityTimeoutSeconds, int maxReceiveCount, String dlqUrl) {
        Map<QueueAttributeName, String> attributes = redrive(visibilityTimeoutSeconds, maxReceiveCount, dlqUrl);
        attributes.put(QueueAttributeName.FIFO_QUEUE, "true");
        return create(uniqueFifo(name), attributes);
    }

    /** Sends a message; returns its id. */
    public String send(String queueUrl, String body) {
        return send(queueUrl, body, Map.of());
    }

    /** Sends many messages, ten a request and several requests at a time. */
    public void sendAll(String queueUrl, List<String> bodies) {
        IntStream.range(0, (bodies.size() + BATCH - 1) / BATCH).parallel().forEach(batch -> {
            List<String> some = bodies.subList(batch * BATCH, Math.min(bodies.size(), (batch + 1) * BATCH));
            boolean failed = client.sendMessageBatch(request -> request.queueUrl(queueUrl)
                            .entries(IntStream.range(0, some.size())
                                    .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                                            .id(Integer.toString(i))
                                            .messageBody(some.get(i))
                                            .build())
                                    .toList()))
                    .hasFailed();
            if (failed) {
                throw new IllegalStateException("sending to " + queueUrl + ": some messages were refused");
            }
        });
    }

    /** Sends a message with attributes of type String; returns its id. */
    public String send(String queueUrl, String body, Map<String, String> attributes) {
        return client.sendMessage(
                        request -> request.queueUrl(queueUrl).messageBody(body).messageAttributes(values(attributes)))
                .messageId();
    }

    /** Sends a message that cannot be received before the delay is over; returns its id. */
    public String sendDelayed(String queueUrl, String body, Duration delay) {
        return client.sendMessage(
                        request -> request.queueUrl(queueUrl).messageBody(body).delaySeconds((int) delay.toSeconds()))
                .messageId();
    }

    /** Sends a message to a FIFO queue; returns its id. */
    public String sendFifo(
            String queueUrl, String body, String groupId, String deduplicationId, Map<String, String> attributes) {
        return client.sendMessage(request -> request.queueUrl(queueUrl)
                        .messageBody(body)
                        .messageGroupId(groupId)
                        .messageDeduplicationId(deduplicationId)
                        .messageAttributes(values(attributes)))
                .messageId();
    }

    /** Counts the messages; ElasticMQ's counts are exact. */
    public Counts counts(String queueUrl) {
        Map<QueueAttributeName, String> attributes = client.getQueueAttributes(request -> request.queueUrl(queueUrl)
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
                .attributes();
        return new Counts(
                Integer.parseInt(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)),
                Integer.parseInt(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)),
                Integer.parseInt(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED)));
    }

    /** Waits until the queue has no message, not even one in flight or delayed. */
    public void awaitEmpty(String queueUrl, Duration timeout) {
        awaitCounts(queueUrl, new Counts(0, 0, 0), timeout);
    }

    /** Waits until the queue has just these counts. */
    public void awaitCounts(String queueUrl, Counts counts, Duration timeout) {
        Awaitility.await("messages in " + queueUrl)
                .atMost(timeout)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> counts(queueUrl), counts::equals);
    }

    /** Receives and deletes all messages that are visible, with all their attributes. */
    public List<Message> receiveAll(String queueUrl) {
        List<Message> all = new ArrayList<>();
        List<Message> received;
        do {
            received = client.receiveMessage(request -> request.queueUrl(queueUrl)
                            .maxNumberOfMessages(RECEIVE_AT_MOST)
                            .waitTimeSeconds(0)
                            .messageAttributeNames("All")
                            .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                    .messages();
            for (Message message : received) {
                client.deleteMessage(request -> request.queueUrl(queueUrl).receiptHandle(message.receiptHandle()));
            }
            all.addAll(received);
        } while (!received.isEmpty());
        return all;
    }

    /** The ARN of a queue. */
    public String arn(String queueUrl) {
        return client.getQueueAttributes(
                        request -> request.queueUrl(queueUrl).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
    }

    /** Deletes the queues that were created here: stop what listens to them first. */
    @Override
    public void close() {
        for (String queueUrl : queueUrls) {
            try {
                client.deleteQueue(request -> request.queueUrl(queueUrl));
            } catch (QueueDoesNotExistException e) {
                // The test has deleted it.
            }
        }
        client.close();
    }

    private static String unique(String name) {
        return name + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    private static String uniqueFifo(String name) {
        return unique(name.endsWith(".fifo") ? name.substring(0, name.length() - ".fifo".length()) : name) + ".fifo";
    }

    private Map<QueueAttributeName, String> redrive(int visibilityTimeoutSeconds, int maxReceiveCount, String dlqUrl) {
        Map<QueueAttributeName, String> attributes = new HashMap<>();
        attributes.put(QueueAttributeName.VISIBILITY_TIMEOUT, Integer.toString(visibilityTimeoutSeconds));
        attributes.put(
                QueueAttributeName.REDRIVE_POLICY,
                "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}".formatted(arn(dlqUrl), maxReceiveCount));
        return attributes;
    }

    private String create(String name, Map<QueueAttributeName, String> attributes) {
        String queueUrl = client.createQueue(request -> request.queueName(name).attributes(attributes))
                .queueUrl();
        queueUrls.add(queueUrl);
        return queueUrl;
    }

    private static Map<String, MessageAttributeValue> values(Map<String, String> attributes) {
        Map<String, MessageAttributeValue> values = new HashMap<>();
        attributes.forEach((name, value) -> values.put(
                name,
                MessageAttributeValue.builder()
                        .dataType("String")
                        .stringValue(value)
                        .build()));
        return values;
    }
}
