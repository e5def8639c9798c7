package io.ecssteward.testing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/**
 * A client whose long polls end when it is closed, as on AWS. ElasticMQ does not notice that a poll was given up: it
 * hands the next message to nobody, and the message stays hidden for its visibility timeout. So a long poll is made of
 * short ones here, and none of them is given up.
 */
final class LongPolls implements SqsClient {

    private static final Duration BETWEEN = Duration.ofMillis(20);

    private final SqsClient client;
    private final RequestLog requests;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Polls by a client, which is closed with this.
     *
     * @param requests takes note of each long poll
     */
    LongPolls(SqsClient client, RequestLog requests) {
        this.client = client;
        this.requests = requests;
    }

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
        requests.add(request);
        int seconds = request.waitTimeSeconds() == null ? 0 : request.waitTimeSeconds();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        ReceiveMessageRequest shortPoll = request.toBuilder().waitTimeSeconds(0).build();
        while (true) {
            ReceiveMessageResponse response = poll(shortPoll);
            if (!response.messages().isEmpty() || System.nanoTime() - end >= 0) {
                return response;
            }
            try {
                closed.await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw SdkClientException.create("interrupted", e);
            }
        }
    }

    private ReceiveMessageResponse poll(ReceiveMessageRequest request) {
        lock.readLock().lock();
        try {
            if (closed.getCount() == 0) {
                throw SdkClientException.create("closed");
            }
            return client.receiveMessage(request);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public String serviceName() {
        return client.serviceName();
    }

    @Override
    public void close() {
        closed.countDown();
        lock.writeLock().lock();
        try {
            client.close();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
