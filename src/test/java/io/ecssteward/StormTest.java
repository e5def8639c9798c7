package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.claim.ClaimHeldException;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeSlack.Message;
import io.ecssteward.testing.RunningSteward;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Fargate Spot takes ten thousand tasks of fifty services away at once, and every event of it comes three times. */
class StormTest {

    private static final int SERVICES = 50;
    private static final int TASKS = 10_000;
    private static final int COPIES = 3;
    private static final long SEED = 20261121;

    /** Edits that only count are this long apart. */
    private static final int EDIT_EVERY = 10;

    private final RunningSteward steward =
            RunningSteward.create().postingWithAToken().with(Settings.INCIDENT_SWEEP, 500);

    @AfterEach
    void close() {
        steward.close();
    }

    private static String service(int number) {
        return "s%02d".formatted(number);
    }

    /** Each event once, of a task of its own. */
    private static List<String> events() {
        String sample = RunningSteward.sample("task-spot-interrupted");
        return IntStream.range(0, TASKS)
                .mapToObj(i -> sample.replace(
                                "e2d5cda14f87e281ecc8f46b673288c7", "%032x".formatted(0xe2d5_0000_0000L + i))
                        .replace("1692b40b-f184-49ae-9f48-49c6141a7cd5", "1692b40b-f184-49ae-9f48-%012x".formatted(i))
                        .replace("\"group\": \"service:web\"", "\"group\": \"service:" + service(i % SERVICES) + '"'))
                .toList();
    }

    private static String steady(String service) {
        return """
                {"version": "0", "id": "steady-%1$s", "source": "aws.ecs", "detail-type": "ECS Service Action",
                 "account": "111122223333", "region": "eu-west-1", "time": "%2$s",
                 "resources": ["arn:aws:ecs:eu-west-1:111122223333:service/prod/%1$s"],
                 "detail": {"clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod", "createdAt": "%2$s",
                  "eventType": "INFO", "eventName": "SERVICE_STEADY_STATE"}}""".formatted(service, Instant.now());
    }

    /** Those of one incident; a digest speaks for several that had to wait. */
    private List<Message> messages() {
        return steward.slack.channel("#ops").stream()
                .filter(message ->
                        !message.payload().at("/metadata/event_payload").has("incidents"))
                .toList();
    }

    @Test
    void everyServiceIsRedeployedOnceAndIsOneMessage() {
        List<String> events = events();
        assertThat(events).doesNotHaveDuplicates();
        List<String> messages = new ArrayList<>();
        IntStream.range(0, COPIES).forEach(copy -> messages.addAll(events));
        Collections.shuffle(messages, new Random(SEED));

        // The time of this ECS stands still, so its buckets are not even refilled: what is over the burst is throttled.
        steward.ecs.limitRates().addCluster("prod", 0);
        List<String> services =
                IntStream.range(0, SERVICES).mapToObj(StormTest::service).toList();
        services.forEach(name -> steward.ecs.addService("prod", name));
        steward.sqs.sendAll(steward.queue, messages);

        long began = System.nanoTime();
        steward.start();
        Awaitility.await("the end of the storm")
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(100))
                .failFast(
                        "more than one UpdateService or one message a service",
                        () -> steward.updates().size() > SERVICES || messages().size() > SERVICES)
                .until(() -> steward.sqs.counts(steward.queue).total() == 0);
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "%d messages in %.1f s, %.0f a second (seed %d): %d UpdateService, %d DescribeServices, %d to Slack%n",
                messages.size(),
                seconds,
                messages.size() / seconds,
                SEED,
                steward.updates().size(),
                steward.ecs.calls(FakeEcs.DESCRIBE_SERVICES).size(),
                steward.slack.posts().size());

        assertThat(steward.updates())
                .extracting(u -> u.request().path("service").asText())
                .containsExactlyInAnyOrderElementsOf(services);
        assertThat(steward.ecs.throttled()).isZero();
        services.forEach(name -> steward.send(steady(name)));
        RunningSteward.await(() -> messages().stream()
                        .filter(message -> message.text().startsWith("[RESOLVED] "))
                        .count()
                == SERVICES);
        assertThat(messages()).as("of incidents, all green").hasSize(SERVICES);
        assertThat(services)
                .allSatisfy(name -> assertThat(messages())
                        .filteredOn(message -> message.says("Fargate Spot interrupts prod/" + name))
                        .hasSize(1));
        double all = (System.nanoTime() - began) / 1e9;
        System.out.printf("%d edits in %.1f s%n", steward.slack.edits().size(), all);
        assertThat(steward.slack.edits())
                .as("one for what begins and ends, and one in ten seconds for what counts")
                .hasSizeLessThanOrEqualTo((int) (SERVICES * (2 + all / EDIT_EVERY)));
        assertThat(steward.deadLetters()).isEmpty();
        // Where more than a few thousand copies wait for the first, the rest waits in the queue: that is no failure.
        assertThat(steward.over())
                .filteredOn(o -> o.failure() != null && !(o.failure() instanceof ClaimHeldException))
                .isEmpty();
        assertThat(steward.over()).hasSizeGreaterThanOrEqualTo(messages.size());
    }
}
