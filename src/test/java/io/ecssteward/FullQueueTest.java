package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.RunningSteward;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A queue full of messages costs few requests. */
class FullQueueTest {

    private static final int MESSAGES = 1_000;

    private final RunningSteward steward = RunningSteward.create();

    @AfterEach
    void close() {
        steward.close();
    }

    private void fill() {
        IntStream.range(0, MESSAGES)
                .parallel()
                .forEach(i -> steward.send(RunningSteward.sample("task-running")
                        .replaceFirst("\"id\": *\"[^\"]*\"", "\"id\": \"e-" + i + "\"")));
    }

    @Test
    void aFullStreamCostsAQuarterOfARequestAMessageAtMost() {
        fill();
        long began = System.nanoTime();
        steward.start();
        steward.awaitDone();
        double seconds = (System.nanoTime() - began) / 1e9;

        assertThat(steward.over()).hasSize(MESSAGES);
        Map<String, Long> requests = steward.sqsRequests.all().stream()
                .collect(Collectors.groupingBy(r -> r.getClass().getSimpleName(), TreeMap::new, Collectors.counting()));
        double each = steward.sqsRequests.all().size() / (double) MESSAGES;
        System.out.printf(
                "%d messages in %.1f s, %.3f SQS requests a message: %s%n", MESSAGES, seconds, each, requests);
        assertThat(each).isLessThanOrEqualTo(0.25);
    }

    @Test
    void whatIsDoneWhenItStopsIsNotDeliveredAgain() {
        fill();
        steward.start();
        RunningSteward.await(() -> steward.over().size() > MESSAGES / 4);
        steward.stop();

        // What was received and not begun is in flight until its visibility timeout ends.
        int left = sqsTotal();
        assertThat(steward.over().size() + left).isEqualTo(MESSAGES);
    }

    private int sqsTotal() {
        return steward.sqs.counts(steward.queue).total();
    }
}
