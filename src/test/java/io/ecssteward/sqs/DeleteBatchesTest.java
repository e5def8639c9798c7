package io.ecssteward.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.RunningSteward;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageRequest;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

class DeleteBatchesTest {

    private final FakeSqs sqs = new FakeSqs();
    private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();
    private final DeleteBatches deletes = new DeleteBatches(sqs, failures::add);

    /** Deletes everything, unless another answer to the next request is in store. */
    private static final class FakeSqs implements SqsClient {
        final List<DeleteMessageBatchRequest> requests = new CopyOnWriteArrayList<>();
        final List<String> deleted = new CopyOnWriteArrayList<>();
        final Deque<Function<DeleteMessageBatchRequest, DeleteMessageBatchResponse>> answers = new ArrayDeque<>();
        volatile CountDownLatch gate = new CountDownLatch(0);

        @Override
        public DeleteMessageBatchResponse deleteMessageBatch(DeleteMessageBatchRequest request) {
            requests.add(request);
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw SdkClientException.create("interrupted");
            }
            Function<DeleteMessageBatchRequest, DeleteMessageBatchResponse> answer;
            synchronized (answers) {
                answer = answers.poll();
            }
            DeleteMessageBatchResponse response =
                    answer == null ? DeleteMessageBatchResponse.builder().build() : answer.apply(request);
            List<String> failed =
                    response.failed().stream().map(BatchResultErrorEntry::id).toList();
            request.entries().stream()
                    .filter(e -> !failed.contains(e.id()))
                    .forEach(e -> deleted.add(e.receiptHandle()));
            return response;
        }

        List<List<String>> batches() {
            return requests.stream()
                    .map(r -> r.entries().stream()
                            .map(DeleteMessageBatchRequestEntry::receiptHandle)
                            .toList())
                    .toList();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void close() {
        sqs.gate.countDown();
        deletes.close();
    }

    private void delete(String queue, int from, int to) {
        IntStream.rangeClosed(from, to)
                .forEach(i -> deletes.add(DeleteMessageRequest.builder()
                        .queueUrl(queue)
                        .receiptHandle("r" + i)
                        .build()));
    }

    private static DeleteMessageBatchResponse refusing(
            DeleteMessageBatchRequest request, String handle, boolean senderFault) {
        String id = request.entries().stream()
                .filter(e -> e.receiptHandle().equals(handle))
                .findFirst()
                .orElseThrow()
                .id();
        return DeleteMessageBatchResponse.builder()
                .failed(BatchResultErrorEntry.builder()
                        .id(id)
                        .code("Oops")
                        .message("Not this one.")
                        .senderFault(senderFault)
                        .build())
                .build();
    }

    @Test
    void tenGoTogetherAndTheRestAfterAMoment() {
        delete("q", 1, 25);

        RunningSteward.await(() -> sqs.deleted.size() == 25);
        assertThat(sqs.batches()).extracting(List::size).containsExactlyInAnyOrder(10, 10, 5);
    }

    @Test
    void aBatchIsOfOneQueue() {
        delete("q", 1, 3);
        delete("urgent", 4, 5);
        deletes.flush();

        assertThat(sqs.requests)
                .extracting(DeleteMessageBatchRequest::queueUrl)
                .containsExactlyInAnyOrder("q", "urgent");
        assertThat(sqs.batches()).containsExactlyInAnyOrder(List.of("r1", "r2", "r3"), List.of("r4", "r5"));
    }

    @Test
    void flushingReturnsWhenAllAreDeleted() {
        delete("q", 1, 113);
        deletes.flush();

        assertThat(sqs.deleted).hasSize(113).doesNotHaveDuplicates();
    }

    @Test
    void whatSqsCouldNotDeleteIsTriedAgainAlone() {
        sqs.answers.add(request -> refusing(request, "r2", false));
        delete("q", 1, 3);
        deletes.flush();

        assertThat(sqs.batches()).containsExactly(List.of("r1", "r2", "r3"), List.of("r2"));
        assertThat(sqs.deleted).containsExactly("r1", "r3", "r2");
    }

    @Test
    void whatSqsRefusesIsToldAndNotTriedAgain() {
        sqs.answers.add(request -> refusing(request, "r2", true));
        try (CapturedLog log = new CapturedLog()) {
            delete("q", 1, 3);
            deletes.flush();

            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN")
                    .endsWith("deleting processed messages: 1 could "
                            + "not be deleted: Oops: Not this one.; the next deliveries are dropped as duplicates, "
                            + "as long as their claims "
                            + "are remembered");
        }
        assertThat(sqs.requests).hasSize(1);
    }

    @Test
    void aRequestThatGotNoAnswerIsMadeAgain() {
        sqs.answers.add(request -> {
            throw SdkClientException.create("connection reset");
        });
        delete("q", 1, 3);
        deletes.flush();

        assertThat(sqs.batches()).containsExactly(List.of("r1", "r2", "r3"), List.of("r1", "r2", "r3"));
        assertThat(sqs.deleted).hasSize(3);
    }

    @Test
    void manyFailuresAreOneLineAndTheRestIsCounted() {
        for (int i = 0; i < 30; i++) {
            sqs.answers.add(request -> {
                throw QueueDoesNotExistException.builder()
                        .message("no such queue")
                        .statusCode(400)
                        .build();
            });
        }
        try (CapturedLog log = new CapturedLog()) {
            delete("q", 1, 300);
            deletes.close();

            assertThat(log.lines()).hasSize(2);
            assertThat(log.lines().get(0)).contains(": 10 could not be deleted: no such queue");
            assertThat(log.lines().get(1)).contains(": 290 could not be deleted: no such queue");
        }
        assertThat(sqs.requests).hasSize(30);
        assertThat(failures).hasSize(30);
    }

    @Test
    void whoDeletesDoesNotWaitUntilAThousandWait() throws InterruptedException {
        sqs.gate = new CountDownLatch(1);
        delete("q", 1, DeleteBatches.MAX_WAITING);
        Thread oneMore = new Thread(() -> delete("q", 1001, 1001));
        oneMore.start();

        oneMore.join(200);
        assertThat(oneMore.isAlive()).isTrue();
        sqs.gate.countDown();
        oneMore.join(RunningSteward.PATIENCE.toMillis());
        assertThat(oneMore.isAlive()).isFalse();
        deletes.flush();
        assertThat(sqs.deleted).hasSize(1001).doesNotHaveDuplicates();
    }
}
