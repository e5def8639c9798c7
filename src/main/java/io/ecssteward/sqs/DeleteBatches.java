package io.ecssteward.sqs;

import io.ecssteward.limits.SqsLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageRequest;

/**
 * Deletes messages ten at a time, or as many as there are after 20 ms. Callers do not wait for the deletion: a message
 * whose deletion is lost, for example in a crash, is delivered again, and then ignored as a duplicate if its claim is
 * still remembered. At most 1,000 deletions wait; a caller with another one blocks.
 *
 * <p>Threads exist only while there are messages to delete.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html">DeleteMessageBatch</a>
 */
final class DeleteBatches implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeleteBatches.class);

    /** More than ten full batches, and few enough to be delivered twice after a crash. */
    static final int MAX_WAITING = 1_000;

    /** Short compared with any visibility timeout, and long enough to fill a batch at 500 messages a second. */
    private static final Duration LINGER = Duration.ofMillis(20);

    /** Ten batches at a time are 10,000 messages a second when SQS answers in 10 ms. */
    private static final int SENDERS = 10;

    /**
     * With waits from 0.25 s, doubled each time, the last try comes before the shortest allowed visibility timeout, 10
     * s, ends.
     */
    private static final int MAX_TRIES = 6;

    private static final long FIRST_DELAY_MILLIS = 250;

    private static final Duration MAX_FOR_FLUSHING = Duration.ofSeconds(5);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final SqsClient client;
    private final Consumer<RuntimeException> failures;
    private final Semaphore capacity = new Semaphore(MAX_WAITING);
    private final ScheduledThreadPoolExecutor senders = newSenders();

    /** The batch that is being filled, by queue. */
    private final Map<String, Batch> open = new HashMap<>();

    private int lost;
    private String lastReason;
    private long nextLine = System.nanoTime();

    /** Messages to delete from one queue by one request, and how often the request was tried. */
    private record Batch(String queueUrl, List<String> receiptHandles, int tries) {}

    /**
     * Creates it empty.
     *
     * @param failures receives the failure of each request
     */
    DeleteBatches(SqsClient client, Consumer<RuntimeException> failures) {
        this.client = client;
        this.failures = failures;
    }

    private static ScheduledThreadPoolExecutor newSenders() {
        ScheduledThreadPoolExecutor senders = new ScheduledThreadPoolExecutor(SENDERS, task -> {
            Thread thread = new Thread(task, "sqs-deletes");
            thread.setDaemon(true);
            return thread;
        });
        senders.setKeepAliveTime(10, TimeUnit.SECONDS);
        senders.allowCoreThreadTimeOut(true);
        return senders;
    }

    /** Queues a message for deletion. */
    void add(DeleteMessageRequest request) {
        try {
            capacity.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lose(1, "interrupted");
            return;
        }
        String queue = request.queueUrl();
        synchronized (open) {
            Batch batch = open.computeIfAbsent(queue, url -> new Batch(url, new ArrayList<>(SqsLimits.BATCH), 0));
            batch.receiptHandles().add(request.receiptHandle());
            if (batch.receiptHandles().size() == SqsLimits.BATCH) {
                open.remove(queue);
                send(batch, 0);
            } else if (batch.receiptHandles().size() == 1) {
                later(() -> sendOpen(batch), batch, LINGER.toMillis());
            }
        }
    }

    /** Sends the waiting deletions, and waits at most 5 seconds until all have succeeded or failed for good. */
    void flush() {
        synchronized (open) {
            open.values().forEach(batch -> send(batch, 0));
            open.clear();
        }
        try {
            if (capacity.tryAcquire(MAX_WAITING, MAX_FOR_FLUSHING.toMillis(), TimeUnit.MILLISECONDS)) {
                capacity.release(MAX_WAITING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Flushes, and drops the deletions that could not be done in time. */
    @Override
    public void close() {
        if (senders.isShutdown()) {
            return;
        }
        flush();
        senders.shutdownNow();
        int left = MAX_WAITING - capacity.drainPermits();
        synchronized (this) {
            if (lost + left > 0) {
                nextLine = System.nanoTime();
                lose(left, left > 0 ? "it is stopping" : lastReason);
            }
        }
    }

    private void sendOpen(Batch batch) {
        synchronized (open) {
            // The batch was full and was sent already; another one may be open by now.
            if (open.get(batch.queueUrl()) != batch) {
                return;
            }
            open.remove(batch.queueUrl());
        }
        delete(batch);
    }

    private void send(Batch batch, long delayMillis) {
        later(() -> delete(batch), batch, delayMillis);
    }

    private void later(Runnable task, Batch batch, long delayMillis) {
        try {
            senders.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            over(batch.receiptHandles().size(), "it has stopped");
        }
    }

    private void delete(Batch batch) {
        List<String> handles = batch.receiptHandles();
        List<String> again = new ArrayList<>();
        String reason = "";
        try {
            List<BatchResultErrorEntry> failed = client.deleteMessageBatch(r -> r.queueUrl(batch.queueUrl())
                            .entries(IntStream.range(0, handles.size())
                                    .mapToObj(i -> entry(i, handles.get(i)))
                                    .toList()))
                    .failed();
            capacity.release(handles.size() - failed.size());
            for (BatchResultErrorEntry entry : failed) {
                reason = entry.code() + (entry.message() == null ? "" : ": " + entry.message());
                if (Boolean.TRUE.equals(entry.senderFault())) {
                    over(1, reason);
                } else {
                    again.add(handles.get(Integer.parseInt(entry.id())));
                }
            }
        } catch (RuntimeException e) {
            reason = e.getMessage();
            failures.accept(e);
            if (mayPass(e)) {
                again.addAll(handles);
            } else {
                over(handles.size(), reason);
            }
        }
        if (!again.isEmpty() && batch.tries() + 1 < MAX_TRIES) {
            send(new Batch(batch.queueUrl(), again, batch.tries() + 1), FIRST_DELAY_MILLIS << batch.tries());
        } else {
            over(again.size(), reason);
        }
    }

    private static DeleteMessageBatchRequestEntry entry(int id, String receiptHandle) {
        return DeleteMessageBatchRequestEntry.builder()
                .id(Integer.toString(id))
                .receiptHandle(receiptHandle)
                .build();
    }

    private static boolean mayPass(RuntimeException e) {
        return e instanceof SdkClientException
                || e instanceof AwsServiceException answer
                        && (answer.isThrottlingException() || answer.statusCode() >= 500);
    }

    private void over(int messages, String reason) {
        if (messages > 0) {
            lose(messages, reason);
            capacity.release(messages);
        }
    }

    /** Counts messages that were not deleted, and logs at most every ten seconds. */
    private synchronized void lose(int messages, String reason) {
        lost += messages;
        lastReason = reason;
        if (System.nanoTime() - nextLine >= 0) {
            LOG.warn(
                    "deleting processed messages: {} could not be deleted: {}; the next deliveries are dropped as "
                            + "duplicates, "
                            + "as long as their claims are remembered",
                    lost,
                    reason);
            lost = 0;
            nextLine = System.nanoTime() + BETWEEN_LINES.toNanos();
        }
    }
}
