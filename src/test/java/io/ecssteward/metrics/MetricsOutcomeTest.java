package io.ecssteward.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.event.Event;
import io.ecssteward.event.EventReader;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.outcome.EventOutcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** An event's outcome says what the routes do with it, not what one would expect of the failure. */
class MetricsOutcomeTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Metrics metrics = new Metrics(registry);

    private double counted(String outcome) {
        return registry.find(Metrics.EVENTS).tag("outcome", outcome).counters().stream()
                .mapToDouble(c -> c.count())
                .sum();
    }

    private static Event event() throws IOException {
        EventReader reader = new EventReader();
        return reader.read(reader.open(Files.readString(Path.of("samples/task-running.json")), "id")
                .get(0));
    }

    @Test
    void anAlertQueueThatRefusesHasTheEventDeliveredAgain() throws IOException {
        metrics.over(
                event(),
                new EventOutcome(),
                SqsException.builder().statusCode(403).message("not authorized").build());
        assertThat(counted("retried")).isEqualTo(1);
        metrics.over(event(), new EventOutcome(), new PermanentFailureException("no such cluster"));
        assertThat(counted("failed")).isEqualTo(1);
    }
}
