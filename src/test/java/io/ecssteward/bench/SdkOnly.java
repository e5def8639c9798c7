package io.ecssteward.bench;

import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** The least that a message costs: the SDK receives and deletes ten at a time, and nobody reads them. */
final class SdkOnly {
    private SdkOnly() {}

    /** Runs until it is killed; set up by the same environment variables as the jar. */
    public static void main(String[] arguments) {
        String queue = System.getenv("STEWARD_EVENTS_QUEUE_URL");
        int consumers = Integer.parseInt(System.getenv("STEWARD_EVENTS_CONSUMERS"));
        SqsClient sqs = SqsClient.builder()
                .httpClientBuilder(ApacheHttpClient.builder().maxConnections(consumers))
                .build();
        for (int i = 0; i < consumers; i++) {
            new Thread(() -> {
                        while (true) {
                            pass(sqs, queue);
                        }
                    })
                    .start();
        }
    }

    private static void pass(SqsClient sqs, String queue) {
        List<Message> messages = sqs.receiveMessage(r -> r.queueUrl(queue)
                        .maxNumberOfMessages(10)
                        .waitTimeSeconds(20)
                        .messageSystemAttributeNames(
                                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                                MessageSystemAttributeName.SENT_TIMESTAMP,
                                MessageSystemAttributeName.MESSAGE_GROUP_ID))
                .messages();
        if (!messages.isEmpty()) {
            sqs.deleteMessageBatch(r -> r.queueUrl(queue)
                    .entries(IntStream.range(0, messages.size())
                            .mapToObj(i -> DeleteMessageBatchRequestEntry.builder()
                                    .id(Integer.toString(i))
                                    .receiptHandle(messages.get(i).receiptHandle())
                                    .build())
                            .toList()));
        }
    }
}
