package io.ecssteward.dlq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * Looks into a dead-letter queue and sends messages back to where they came from. SQS shows messages only to who takes
 * them off for a while: what is looked at is hidden, and is given back by {@link #close}. A process that is killed
 * gives nothing back; it all is there again {@link #HIDDEN later}.
 *
 * <p>Not for several threads, but for {@link #stop}.
 */
public final class DeadLetterQueue implements AutoCloseable {

    /** How long a message stays hidden whose reader was killed. */
    public static final Duration HIDDEN = Duration.ofMinutes(5);

    /** SQS's own limit for each of its batches. */
    private static final int MAX_IN_A_BATCH = 10;

    /** What a queue takes at a time that was made before SQS took more. */
    private static final int MAX_BYTES_IN_A_BATCH = 256 * 1024;

    /** Of bodies in memory, about what a hundred of the largest messages are. */
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    /** A long poll asks every server of SQS; one of a second is long enough for that. */
    public static final int WAIT_SECONDS = 1;

    private static final int MAX_EMPTY_RECEIVES = 2;

    private static final int MAX_TRIES = 3;
    private static final long FIRST_DELAY_MILLIS = 200;

    private final SqsClient sqs;
    private final String url;
    private final int waitSeconds;
    private final Map<String, String> hidden = new LinkedHashMap<>();
    private final Map<String, Long> hiddenSince = new HashMap<>();
    private volatile boolean stopped;
    private boolean more;

    /**
     * What became of an attempt to send one back.
     *
     * @param sent whether SQS said that it has it
     * @param trouble why it was not sent, or was sent and could not be deleted here; null when all is well
     */
    public record Returned(DeadLetter letter, String queue, boolean sent, String trouble) {}

    /**
     * The queue with this URL.
     *
     * @param waitSeconds how long SQS waits for messages when it has none; {@value #WAIT_SECONDS} is right for the real
     *     one
     */
    public DeadLetterQueue(SqsClient sqs, String url, int waitSeconds) {
        this.sqs = sqs;
        this.url = url;
        this.waitSeconds = waitSeconds;
    }

    /** How many messages SQS believes to be there, hidden ones included. */
    public int size() {
        return attributes().entrySet().stream()
                .filter(a -> a.getKey() != QueueAttributeName.REDRIVE_POLICY)
                .mapToInt(a -> Integer.parseInt(a.getValue()))
                .sum();
    }

    /**
     * How many of them were not seen, as SQS believes: others look at them, or they are behind others in a FIFO queue.
     */
    public int unseen() {
        return Math.max(0, size() - hidden.size());
    }

    /** Whether it has a dead-letter queue of its own, where looking too often would put messages. */
    public boolean movesMessagesOn() {
        return attributes().containsKey(QueueAttributeName.REDRIVE_POLICY);
    }

    private Map<QueueAttributeName, String> attributes() {
        return sqs.getQueueAttributes(r -> r.queueUrl(url)
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                                QueueAttributeName.REDRIVE_POLICY))
                .attributes();
    }

    /**
     * Looks at what is there, the oldest first. Of a FIFO queue SQS shows up to ten messages of a group, and the next
     * when these are gone.
     *
     * @param most how many to look at
     * @param enough told of all that were seen so far; when it says yes, that is all
     * @throws SdkException when SQS refuses or does not answer
     */
    public List<DeadLetter> look(int most, Predicate<Collection<DeadLetter>> enough) {
        Map<String, DeadLetter> seen = new LinkedHashMap<>();
        long bytes = 0;
        more = false;
        for (int empty = 0; empty < MAX_EMPTY_RECEIVES && !stopped && !enough.test(seen.values()); ) {
            if (seen.size() >= most || bytes >= MAX_BYTES) {
                more = true;
                break;
            }
            int belowInFlightLimit = Math.min(MAX_IN_A_BATCH, most - seen.size());
            long now = System.nanoTime();
            List<Message> received = sqs.receiveMessage(r -> r.queueUrl(url)
                            .maxNumberOfMessages(belowInFlightLimit)
                            .waitTimeSeconds(waitSeconds)
                            .visibilityTimeout((int) HIDDEN.toSeconds())
                            .messageAttributeNames("All")
                            .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                    .messages();
            empty = received.isEmpty() ? empty + 1 : 0;
            for (Message message : received) {
                hidden.put(message.messageId(), message.receiptHandle());
                hiddenSince.put(message.messageId(), now);
                seen.put(message.messageId(), DeadLetter.of(message, url));
                bytes += message.body().length();
            }
        }
        return seen.values().stream()
                .sorted(Comparator.comparing(DeadLetter::since))
                .toList();
    }

    /** Whether the last look ended before the queue did, because it had seen as many as it was to. */
    public boolean hasMore() {
        return more;
    }

    /** Whether it was told to stop. */
    public boolean isStopped() {
        return stopped;
    }

    /** Has a look, or a sending, that is under way end soon; for another thread, such as that of Ctrl-C. */
    public void stop() {
        stopped = true;
    }

    /**
     * Sends messages to the queues that they belong to, and deletes each here once SQS has answered that it has it.
     *
     * @param target the URL of a letter's queue
     * @param told hears of each when it is known what became of it
     */
    public void sendBack(List<DeadLetter> letters, Function<DeadLetter, String> target, Consumer<Returned> told) {
        Map<String, List<DeadLetter>> byQueue =
                letters.stream().collect(Collectors.groupingBy(target, LinkedHashMap::new, Collectors.toList()));
        byQueue.forEach((queue, some) -> {
            String refused = null;
            for (int next = 0; next < some.size() && !stopped; ) {
                List<DeadLetter> batch = batch(some, next);
                next += batch.size();
                if (refused != null) {
                    String why = refused;
                    batch.forEach(letter -> told.accept(new Returned(letter, queue, false, why)));
                    continue;
                }
                try {
                    sendBatch(queue, batch, told);
                } catch (SdkException e) {
                    refused = describe(e, "sqs:SendMessage", queue);
                    String why = e instanceof AwsServiceException
                            ? refused
                            : refused + "; SQS may have it all the same, and a replay would send a copy";
                    batch.forEach(letter -> told.accept(new Returned(letter, queue, false, why)));
                }
            }
        });
    }

    private static List<DeadLetter> batch(List<DeadLetter> letters, int from) {
        int bytes = 0;
        int to = from;
        while (to < letters.size() && to - from < MAX_IN_A_BATCH) {
            bytes += bytes(letters.get(to));
            if (to > from && bytes > MAX_BYTES_IN_A_BATCH) {
                break;
            }
            to++;
        }
        return letters.subList(from, to);
    }

    /** An upper bound: what takes three bytes in UTF-8 is one char, and what takes four is two. */
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

    private void sendBatch(String queue, List<DeadLetter> batch, Consumer<Returned> told) {
        List<DeadLetter> ready = new ArrayList<>();
        for (DeadLetter letter : batch) {
            if (hiddenFor(letter).compareTo(HIDDEN.minusMinutes(1)) < 0) {
                ready.add(letter);
            } else {
                told.accept(new Returned(
                        letter, queue, false, "it took so long that others may have it by now; replay again"));
            }
        }
        if (ready.isEmpty()) {
            return;
        }
        Map<Integer, String> refused = tryEach(
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
        refused.forEach((i, why) -> told.accept(new Returned(ready.get(i), queue, false, "SQS refused it: " + why)));
        if (!sent.isEmpty()) {
            delete(sent, queue, told);
        }
    }

    private Duration hiddenFor(DeadLetter letter) {
        return Duration.ofNanos(System.nanoTime() - hiddenSince.getOrDefault(letter.id(), System.nanoTime()));
    }

    private static SendMessageBatchRequestEntry entry(int place, DeadLetter letter, String queue) {
        SendMessageBatchRequestEntry.Builder entry = SendMessageBatchRequestEntry.builder()
                .id(Integer.toString(place))
                .messageBody(letter.body())
                .messageAttributes(letter.attributes());
        if (queue.endsWith(".fifo")) {
            // Under the id that it had before, SQS would take it for a copy for five minutes, say yes, and drop it.
            // Under this one
            // only a second replay of the same dead letter is a copy.
            entry.messageGroupId(letter.groupOrChannel()).messageDeduplicationId("replay-" + letter.id());
        }
        return entry.build();
    }

    private void delete(List<DeadLetter> sent, String queue, Consumer<Returned> told) {
        Map<Integer, String> kept;
        try {
            kept = tryEach(
                    sent.size(),
                    places -> sqs.deleteMessageBatch(r -> r.queueUrl(url)
                                    .entries(places.stream()
                                            .map(i -> DeleteMessageBatchRequestEntry.builder()
                                                    .id(Integer.toString(i))
                                                    .receiptHandle(hidden.get(
                                                            sent.get(i).id()))
                                                    .build())
                                            .toList()))
                            .failed());
        } catch (SdkException e) {
            String why = describe(e, "sqs:DeleteMessage", url);
            kept = IntStream.range(0, sent.size()).boxed().collect(Collectors.toMap(i -> i, i -> why));
        }
        for (int i = 0; i < sent.size(); i++) {
            DeadLetter letter = sent.get(i);
            String why = kept.get(i);
            if (why == null) {
                hidden.remove(letter.id());
            }
            told.accept(new Returned(
                    letter,
                    queue,
                    true,
                    why == null
                            ? null
                            : "it was sent, but is still here, and the next replay would " + "send a copy: " + why));
        }
    }

    /**
     * Asks for each of so many things, and again for those that SQS could not do just now; what it refused, by place.
     */
    private static Map<Integer, String> tryEach(int things, Function<List<Integer>, List<BatchResultErrorEntry>> ask) {
        Map<Integer, String> refused = new LinkedHashMap<>();
        List<Integer> left = IntStream.range(0, things).boxed().toList();
        for (int tries = 1; !left.isEmpty(); tries++) {
            List<Integer> places = left;
            List<Integer> again = new ArrayList<>();
            List<BatchResultErrorEntry> answer;
            try {
                answer = ask.apply(places);
            } catch (SdkException e) {
                if (tries == 1) {
                    throw e;
                }
                // What was done by the tries before this one is done.
                places.forEach(place -> refused.put(place, e.getMessage()));
                return refused;
            }
            for (BatchResultErrorEntry failed : answer) {
                int place = Integer.parseInt(failed.id());
                if (Boolean.TRUE.equals(failed.senderFault()) || tries == MAX_TRIES) {
                    refused.put(place, failed.code() + (failed.message() == null ? "" : ": " + failed.message()));
                } else {
                    again.add(place);
                }
            }
            left = again;
            if (!left.isEmpty()) {
                pause(FIRST_DELAY_MILLIS << tries - 1);
            }
        }
        return refused;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What went wrong with a request, for a person who can mend it. */
    public static String describe(SdkException e, String action, String queue) {
        if (!(e instanceof AwsServiceException answer) || answer.awsErrorDetails() == null) {
            return e.getMessage() != null && e.getMessage().contains("credentials")
                    ? "there are no AWS credentials; log in, or set AWS_PROFILE"
                    : "SQS does not answer for " + queue + ": " + e.getMessage();
        }
        String code = String.valueOf(answer.awsErrorDetails().errorCode());
        if (code.contains("NonExistentQueue") || code.contains("QueueDoesNotExist")) {
            return "there is no queue " + queue
                    + ", or you may not know of it; look at the name, the account and the region";
        }
        if (answer.statusCode() == 403 || code.contains("AccessDenied")) {
            return "you may not do " + action + " on " + queue + ": "
                    + answer.awsErrorDetails().errorMessage();
        }
        return "SQS answered " + code + " for " + queue + ": "
                + answer.awsErrorDetails().errorMessage();
    }

    /**
     * Gives back what was looked at and is still there; SQS shows it to others at once. What cannot be given back comes
     * by itself.
     */
    @Override
    public void close() {
        List<String> handles = new ArrayList<>(hidden.values());
        hidden.clear();
        for (int from = 0; from < handles.size(); from += MAX_IN_A_BATCH) {
            List<String> some = handles.subList(from, Math.min(handles.size(), from + MAX_IN_A_BATCH));
            sqs.changeMessageVisibilityBatch(r -> r.queueUrl(url)
                    .entries(IntStream.range(0, some.size())
                            .mapToObj(i -> ChangeMessageVisibilityBatchRequestEntry.builder()
                                    .id(Integer.toString(i))
                                    .receiptHandle(some.get(i))
                                    .visibilityTimeout(0)
                                    .build())
                            .toList()));
        }
    }
}
