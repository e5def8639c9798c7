package io.ecssteward.dlq;

import io.ecssteward.limits.SqsLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Sends messages of a dead-letter queue to other queues in batches, and deletes those that SQS has accepted. */
final class DeadLetterSender {

    private final SqsClient sqs;
    private final DeadLetterQueue source;
    private final Consumer<DeadLetterQueue.Returned> report;

    DeadLetterSender(SqsClient sqs, DeadLetterQueue source, Consumer<DeadLetterQueue.Returned> report) {
        this.sqs = sqs;
        this.source = source;
        this.report = report;
    }

    void send(List<DeadLetter> letters, Function<DeadLetter, String> target) {
        Map<String, List<DeadLetter>> byQueue =
                letters.stream().collect(Collectors.groupingBy(target, LinkedHashMap::new, Collectors.toList()));
        byQueue.forEach((queue, ofQueue) -> {
            String refused = null;
            for (int next = 0; next < ofQueue.size() && !source.isStopped(); ) {
                List<DeadLetter> batch = batch(ofQueue, next);
                next += batch.size();
                if (refused != null) {
                    String why = refused;
                    batch.forEach(letter -> report.accept(new DeadLetterQueue.Returned(letter, queue, false, why)));
                    continue;
                }
                try {
                    sendBatch(queue, batch);
                } catch (SdkException e) {
                    refused = DeadLetterQueue.describe(e, "sqs:SendMessage", queue);
                    String why = e instanceof AwsServiceException
                            ? refused
                            : refused + "; SQS may have it anyway, and a replay would send a duplicate";
                    batch.forEach(letter -> report.accept(new DeadLetterQueue.Returned(letter, queue, false, why)));
                }
            }
        });
    }

    private static List<DeadLetter> batch(List<DeadLetter> letters, int from) {
        int bytes = 0;
        int to = from;
        while (to < letters.size() && to - from < SqsLimits.BATCH) {
            bytes += bytes(letters.get(to));
            if (to > from && bytes > SqsLimits.BYTES) {
                break;
            }
            to++;
        }
        return letters.subList(from, to);
    }

    /** An upper bound: a character of three bytes in UTF-8 is one char, and one of four bytes is two. */
    private static int bytes(DeadLetter letter) {
        int bytes = letter.body().length() * 3;
        for (Map.Entry<String, MessageAttributeValue> attribute :
                letter.attributes().entrySet()) {
            MessageAttributeValue value = attribute.getValue();
            bytes += 3 * (attribute.getKey().length() + value.dataType().length())
                    + (value.stringValue() == null ? 0 : 3 * value.stringValue().length())
                    + (value.binaryValue() == null ? 0 : value.binaryValue().asByteArrayUnsafe().length);
        }
        return bytes;
    }

    private void sendBatch(String queue, List<DeadLetter> batch) {
        List<DeadLetter> ready = new ArrayList<>();
        for (DeadLetter letter : batch) {
            if (source.hiddenFor(letter).compareTo(DeadLetterQueue.HIDDEN.minusMinutes(1)) < 0) {
                ready.add(letter);
            } else {
                report.accept(new DeadLetterQueue.Returned(
                        letter, queue, false, "it took so long that another consumer may have it; replay again"));
            }
        }
        if (ready.isEmpty()) {
            return;
        }
        Map<Integer, String> refused = BatchRequest.send(
                ready.size(),
                places -> sqs.sendMessageBatch(r -> r.queueUrl(queue)
                                .entries(places.stream()
                                        .map(i -> entry(i, ready.get(i), queue))
                                        .toList()))
                        .failed());
        List<DeadLetter> sent = IntStream.range(0, ready.size())
                .filter(i -> !refused.containsKey(i))
                .mapToObj(ready::get)
                .toList();
        refused.forEach((i, why) ->
                report.accept(new DeadLetterQueue.Returned(ready.get(i), queue, false, "SQS refused it: " + why)));
        if (!sent.isEmpty()) {
            delete(sent, queue);
        }
    }

    private static SendMessageBatchRequestEntry entry(int place, DeadLetter letter, String queue) {
        SendMessageBatchRequestEntry.Builder entry = SendMessageBatchRequestEntry.builder()
                .id(Integer.toString(place))
                .messageBody(letter.body())
                .messageAttributes(letter.attributes());
        if (queue.endsWith(".fifo")) {
            // With its previous deduplication id, SQS would for five minutes accept the message and drop it as a
            // duplicate. With this id, only a second replay of the same dead letter is a duplicate.
            entry.messageGroupId(letter.groupOrChannel()).messageDeduplicationId("replay-" + letter.id());
        }
        return entry.build();
    }

    private void delete(List<DeadLetter> sent, String queue) {
        Map<Integer, String> kept;
        try {
            kept = BatchRequest.send(
                    sent.size(),
                    places -> sqs.deleteMessageBatch(r -> r.queueUrl(source.url())
                                    .entries(places.stream()
                                            .map(i -> DeleteMessageBatchRequestEntry.builder()
                                                    .id(Integer.toString(i))
                                                    .receiptHandle(source.receiptHandle(sent.get(i)))
                                                    .build())
                                            .toList()))
                            .failed());
        } catch (SdkException e) {
            String why = DeadLetterQueue.describe(e, "sqs:DeleteMessage", source.url());
            kept = IntStream.range(0, sent.size()).boxed().collect(Collectors.toMap(i -> i, i -> why));
        }
        for (int i = 0; i < sent.size(); i++) {
            DeadLetter letter = sent.get(i);
            String why = kept.get(i);
            if (why == null) {
                source.deleted(letter);
            }
            report.accept(new DeadLetterQueue.Returned(
                    letter,
                    queue,
                    true,
                    why == null
                            ? null
                            : "it was sent, but is still here, and the next replay would send a duplicate: " + why));
        }
    }
}
