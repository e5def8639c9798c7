package io.ecssteward.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.event.FollowUp;
import io.ecssteward.metrics.EmbeddedMetrics;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService;
import io.ecssteward.testing.RunningSteward;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The dashboard in CloudWatch shows metrics that the steward really writes, under the names that it gives them there.
 */
class DashboardTest {

    private static final Set<String> WRITTEN = new TreeSet<>();
    private static JsonNode directive;

    /**
     * Enough to see all that the dashboard shows: effects of each kind, a copy, chatter, a try that failed and a dead
     * letter.
     */
    @BeforeAll
    static void replay() throws Exception {
        try (RunningSteward steward =
                RunningSteward.create().observed().withUrgentQueue().queueingAlerts()) {
            steward.with(
                            "steward.sns.topic-arn", steward.sns.topicArn("alerts"),
                            "steward.one-per-instance.services", "prod/logging-agent",
                            "steward.one-per-instance.window", "1")
                    .start();
            steward.ecs.addCluster("prod", 3).addService("prod", "web");
            steward.ecs.addService("prod", "logging-agent").desiredCount(1);
            steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 1, FakeEcs.ACCESS_DENIED);
            steward.sendSample("container-instance-registered");
            steward.awaitDone();
            // The first try and the three after it.
            steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 4, FakeEcs.THROTTLED);
            for (String sample : List.of(
                    "task-spot-interrupted",
                    "task-spot-interrupted",
                    "task-spot-deactivating",
                    "container-instance-deregistered",
                    "alarm-metric-firing",
                    "alarm-metric-resolved",
                    "text-with-subject",
                    "task-running")) {
                steward.sendSample(sample);
                steward.awaitDone();
            }
            directive = written(steward);
        }
        moveAndReturn();
    }

    /** What it writes of itself; keeps the names. */
    private static JsonNode written(RunningSteward steward) throws Exception {
        List<String> lines = new ArrayList<>();
        EmbeddedMetrics metrics = new EmbeddedMetrics(
                steward.camel()
                        .getRegistry()
                        .lookupByNameAndType(MicrometerConstants.METRICS_REGISTRY_NAME, MeterRegistry.class),
                lines::add);
        metrics.setCamelContext(steward.camel());
        metrics.start();
        metrics.stop();
        JsonNode first = new ObjectMapper().readTree(lines.get(0)).at("/_aws/CloudWatchMetrics/0");
        first.path("Metrics").forEach(metric -> WRITTEN.add(metric.path("Name").textValue()));
        return first;
    }

    /** Looks at the service later stay in the queue, so that is never empty again. */
    private static void moveAndReturn() throws Exception {
        try (RunningSteward steward = RunningSteward.create().observed()) {
            steward.binding("clock", steward.clock)
                    .with("steward.spot.policies", "prod/web=failover", "steward.spot.sweep", "1h");
            steward.clock.set(Instant.parse("2026-11-16T18:52:40Z"));
            FakeService web = steward.ecs
                    .addCluster("prod", 0)
                    .addService("prod", "web")
                    .capacity("FARGATE_SPOT", 0, 1)
                    .desiredCount(4)
                    .tasks(3, 0);
            steward.start();
            steward.sendSample("service-placement-failure-no-spot-capacity");
            RunningSteward.await(() -> steward.over().size() >= 1);
            web.completeDeployment().tasks(4, 0);
            steward.clock.advance(Duration.ofMinutes(31));
            steward.send(FollowUp.message(
                    "capacity", web.arn(), "arn:aws:ecs:eu-west-1:111122223333:cluster/prod", steward.clock.instant()));
            RunningSteward.await(() -> steward.over().size() >= 2);
            // The sweep has begun a second after the start.
            RunningSteward.await(() -> steward.observe("metrics").body().contains("{state=\"overdue\"} 0.0"));
            written(steward);
        }
    }

    private static Set<String> shown() {
        Set<String> names = new TreeSet<>();
        Matcher name = Pattern.compile("\"(steward_[^\"]+)\"").matcher(Module.read("dashboard.tf"));
        while (name.find()) {
            names.add(name.group(1));
        }
        return names;
    }

    @Test
    void everyMetricIsWritten() {
        assertThat(shown()).hasSizeGreaterThan(25);
        assertThat(WRITTEN).containsAll(shown());
    }

    /** By the name before the labels, which have many values. */
    @Test
    void everyKindOfMetricIsShown() {
        Set<String> kinds = new TreeSet<>();
        WRITTEN.forEach(name -> kinds.add(name.replaceFirst("\\..*", "")));
        assertThat(kinds)
                .hasSizeGreaterThan(7)
                .allSatisfy(kind -> assertThat(shown())
                        .anyMatch(name -> name.replaceFirst("\\..*", "").equals(kind)));
    }

    @Test
    void theNamespaceAndTheDimensionAreTheirs() {
        assertThat(Module.read("dashboard.tf"))
                .contains("[\"" + directive.path("Namespace").textValue() + "\", name, \""
                        + directive.at("/Dimensions/0/0").textValue() + "\", \"ecs-steward\"]");
    }
}
