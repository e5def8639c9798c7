package io.ecssteward.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.pattern.EventPattern;
import io.ecssteward.testing.Events;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules' patterns against the samples, by EventBridge's own engine: what leads to something gets through a rule,
 * and what leads to nothing does not. That the rules have just these patterns is tested by Terraform, in
 * terraform/tests.
 */
class PatternsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PATTERNS = Module.FOLDER.resolve("patterns");
    private static final Path OPT_IN = PATTERNS.resolve("opt-in");
    private static final Path NARROWED = Module.FOLDER.resolve("tests/narrowed");

    /** The clusters of tests/narrowed that the samples know. */
    private static final String CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/prod";

    private static final String SERVICES = "arn:aws:ecs:eu-west-1:111122223333:service/prod/";

    /**
     * A company's own event: only the company can say that it wants it, with extra_patterns, as examples/complete does.
     */
    private static final String OWN = "custom-event.json";

    /**
     * A sample that comes from EventBridge without anything around it, what it leads to, and whether only a route can
     * tell that it is routine: StopCauseTest says of which.
     */
    private record Sample(String name, JsonNode event, boolean leadsToSomething, boolean routine) {}

    @TestFactory
    Stream<DynamicTest> whatLeadsToSomethingGetsThroughAndNothingElse() {
        Map<String, EventPattern> rules = patterns(PATTERNS);
        return samples().stream()
                .map(sample -> DynamicTest.dynamicTest(sample.name(), () -> {
                    if (isExtra(sample)) {
                        assertThat(matching(rules, sample.event())).isEmpty();
                        assertThat(exampleOfAnExtraPattern().matches(sample.event()))
                                .isEqualTo(sample.name().equals(OWN));
                    } else if (sample.leadsToSomething()) {
                        assertThat(matching(rules, sample.event()))
                                .as("rules for it")
                                .isNotEmpty();
                    } else if (!sample.routine()) {
                        assertThat(matching(rules, sample.event()))
                                .as("rules for it")
                                .isEmpty();
                    }
                }));
    }

    @Test
    void thereIsSomethingOfBothKinds() {
        assertThat(samples()).filteredOn(Sample::leadsToSomething).hasSizeGreaterThan(35);
        assertThat(samples()).filteredOn(s -> !s.leadsToSomething()).hasSizeGreaterThan(10);
    }

    @Test
    void everyRuleIsForSomeSample() {
        Set<String> used = new TreeSet<>();
        samples().forEach(sample -> used.addAll(matching(patterns(PATTERNS), sample.event())));
        assertThat(used).isEqualTo(patterns(PATTERNS).keySet());
    }

    @TestFactory
    Stream<DynamicTest> clustersNarrowTheRulesOfEcs() {
        Map<String, EventPattern> rules = patterns(PATTERNS);
        Map<String, EventPattern> narrowed = patterns(NARROWED);
        narrowed.keySet().retainAll(rules.keySet());
        return samples().stream()
                .filter(s -> !matching(rules, s.event()).isEmpty()
                        && s.event().path("source").asText().equals("aws.ecs"))
                .filter(s -> !s.name().startsWith("malformed-"))
                .map(sample -> DynamicTest.dynamicTest(
                        sample.name(),
                        () -> assertThat(matching(narrowed, sample.event()))
                                .isEqualTo(inCluster(sample.event()) ? matching(rules, sample.event()) : Set.of())));
    }

    /** By the names of their files; who wants hosts drained, or services moved to on-demand, gets these rules. */
    @ParameterizedTest
    @CsvSource({
        "hosts, spot-hosts, ec2-spot-.*",
        "hosts, lifecycle-actions, autoscaling-terminating-.*",
        "failover, spot-capacity, service-placement-failure-no-spot-capacity",
        "failover, spot-starts, task-failed-to-start-no-spot-capacity"
    })
    void theRulesThatAreAskedForTakeWhatTheirRouteTakes(String folder, String rule, String samples) {
        Set<String> taken = new TreeSet<>();
        samples().stream()
                .filter(s ->
                        matching(patterns(PATTERNS.resolve(folder)), s.event()).contains(rule))
                .forEach(s -> taken.add(s.name()));
        assertThat(taken).isNotEmpty().allMatch(name -> name.matches(samples + "\\.json"));
        assertThat(samples())
                .filteredOn(s -> s.name().matches(samples + "\\.json"))
                .hasSameSizeAs(taken);
    }

    @Test
    void theUrgentQueueGetsWhatMovesAServiceToOnDemand() {
        Map<String, EventPattern> urgent = patterns(PATTERNS.resolve("failover"));
        assertThat(samples())
                .filteredOn(s -> !s.name().startsWith("malformed-"))
                .allSatisfy(s -> assertThat(!matching(urgent, s.event()).isEmpty())
                        .as(s.name())
                        .isEqualTo(Events.read(s.event().toString()).spotPlacementFailure()));
    }

    @Test
    void bothKindsOfClustersAreAmongTheSamples() {
        assertThat(samples())
                .anyMatch(s -> s.event().path("source").asText().equals("aws.ecs") && !inCluster(s.event()));
        assertThat(samples()).anyMatch(s -> s.name().startsWith("deployment-") && inCluster(s.event()));
    }

    @Test
    void everyPatternOfEcsHasItsNarrowedForm() {
        Set<String> ofEcs = new TreeSet<>();
        Stream.of(PATTERNS, OPT_IN, PATTERNS.resolve("failover"))
                .forEach(folder -> patterns(folder).forEach((name, pattern) -> {
                    if (pattern.toString().contains("aws.ecs")) {
                        ofEcs.add(name);
                    }
                }));
        assertThat(patterns(NARROWED).keySet()).isEqualTo(ofEcs);
    }

    /** The route's own names, so that a name that is added there and forgotten here is found without a sample. */
    @TestFactory
    Stream<DynamicTest> everyNameThatTheRouteAlertsAboutGetsThrough() throws IOException {
        String route = Files.readString(Path.of("src/main/resources/routes/service-events.camel.yaml"));
        Matcher names = Pattern.compile("\"([A-Z]+_[A-Z_]+)\"").matcher(route);
        Set<String> all = new TreeSet<>();
        while (names.find()) {
            all.add(names.group(1));
        }
        assertThat(all).hasSizeGreaterThan(8);
        // AWS has sent a placement failure of type INFO, so the type must not matter.
        return all.stream()
                .map(name -> DynamicTest.dynamicTest(
                        name,
                        () -> assertThat(serviceEventTypes(name))
                                .allSatisfy(type -> assertThat(
                                                matching(patterns(PATTERNS), serviceEvent(type, name, "INFO")))
                                        .hasSize(1))));
    }

    private static List<String> serviceEventTypes(String name) {
        if (name.startsWith("HOOK_")) {
            return List.of("ECS Hook State Change");
        }
        if (name.startsWith("DAEMON_")) {
            return List.of("ECS Daemon Service Action", "ECS Daemon Deployment State Change");
        }
        return name.equals("SERVICE_DEPLOYMENT_FAILED")
                ? List.of("ECS Service Action", "ECS Deployment State Change")
                : List.of("ECS Service Action");
    }

    @Test
    void namesThatAwsAddsLaterGetThroughByTheirType() {
        for (String type : List.of("WARN", "WARNING", "ERROR")) {
            for (String detailType : List.of(
                    "ECS Service Action",
                    "ECS Deployment State Change",
                    "ECS Hook State Change",
                    "ECS Daemon Service Action",
                    "ECS Daemon Deployment State Change",
                    "ECS Something New")) {
                JsonNode event = serviceEvent(detailType, "NEW_TROUBLE", type);
                assertThat(matching(patterns(PATTERNS), event)).hasSize(1);
                assertThat(matching(patterns(NARROWED), event)).hasSize(1);
                assertThat(matching(patterns(NARROWED), elsewhere(event))).isEmpty();
            }
        }
    }

    @Test
    void aNewTypeWithoutAClusterGetsThrough() {
        ObjectNode event = (ObjectNode) serviceEvent("ECS Something New", "NEW_TROUBLE", "ERROR");
        ((ObjectNode) event.get("detail")).remove("clusterArn");
        assertThat(matching(patterns(NARROWED), event)).containsExactly("other-ecs-events");
    }

    @Test
    void aFailedDeploymentGetsThroughWhateverItsType() {
        assertThat(matching(
                        patterns(PATTERNS),
                        serviceEvent("ECS Deployment State Change", "SERVICE_DEPLOYMENT_FAILED", "INFO")))
                .containsExactly("deployments");
    }

    @ParameterizedTest
    @CsvSource({
        "ECS Hook State Change, HOOK_IN_PROGRESS",
        "ECS Daemon Deployment State Change, DAEMON_DEPLOYMENT_PENDING"
    })
    void whatGoesWellGetsThroughOnlyWhenItIsAskedFor(String type, String name) {
        JsonNode event = serviceEvent(type, name, "INFO");
        assertThat(matching(patterns(PATTERNS), event)).isEmpty();
        assertThat(matching(patterns(OPT_IN), event)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TASKSET_STEADY_STATE",
                "CAPACITY_PROVIDER_STEADY_STATE",
                "SERVICE_DESIRED_COUNT_UPDATED",
                "TASKS_STOPPED",
                "SERVICE_DEPLOYMENT_IN_PROGRESS"
            })
    void steadyStatesGetThroughOnlyWhenTheyAreAskedFor(String name) {
        for (String type : List.of("ECS Service Action", "ECS Deployment State Change")) {
            JsonNode event = serviceEvent(type, name, "INFO");
            assertThat(matching(patterns(PATTERNS), event)).isEmpty();
            assertThat(matching(patterns(OPT_IN), event)).hasSize(1);
            assertThat(matching(patterns(NARROWED), event)).hasSize(1);
            assertThat(matching(patterns(NARROWED), elsewhere(event))).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ECS Service Action, SERVICE_STEADY_STATE",
        "ECS Service Action, SERVICE_DEPLOYMENT_COMPLETED",
        "ECS Deployment State Change, SERVICE_DEPLOYMENT_COMPLETED",
        "ECS Hook State Change, HOOK_SUCCEEDED",
        "ECS Daemon Deployment State Change, DAEMON_DEPLOYMENT_SUCCESSFUL",
        "ECS Daemon Deployment State Change, DAEMON_DEPLOYMENT_ROLLBACK_SUCCESSFUL"
    })
    void whatEndsSomethingGetsThroughOnce(String type, String name) {
        JsonNode event = serviceEvent(type, name, "INFO");
        assertThat(matching(patterns(PATTERNS), event)).hasSize(1);
        assertThat(matching(patterns(OPT_IN), event)).isEmpty();
        assertThat(matching(patterns(NARROWED), event)).hasSize(1);
        assertThat(matching(patterns(NARROWED), elsewhere(event))).isEmpty();
    }

    @Test
    void theAlarmsOfAutoscalingAreChatter() throws IOException {
        ObjectNode event = (ObjectNode) JSON.readTree(
                Path.of("samples/alarm-eventbridge-metric-firing.json").toFile());
        assertThat(matching(patterns(PATTERNS), event)).containsExactly("alarms");
        ((ObjectNode) event.get("detail"))
                .put("alarmName", "TargetTracking-service/tools/ecs-steward-AlarmHigh-0f9b2c");
        assertThat(matching(patterns(PATTERNS), event)).isEmpty();
    }

    @Test
    void aScanThatFoundNothingIsChatter() throws IOException {
        ObjectNode event = (ObjectNode)
                JSON.readTree(Path.of("samples/guardduty-malware-scan.json").toFile());
        ((ObjectNode) event.at("/detail/scanResultDetails")).put("scanResultStatus", "NO_THREATS_FOUND");
        assertThat(matching(patterns(PATTERNS), event)).isEmpty();
    }

    /** The pattern in examples/complete, in Terraform's own notation. */
    private static EventPattern exampleOfAnExtraPattern() {
        Matcher pattern = Pattern.compile("(?s)order-imports = jsonencode\\(\\{(.*?)\\}\\)")
                .matcher(Module.read("examples/complete/main.tf"));
        assertThat(pattern.find()).isTrue();
        String json = pattern.group(1)
                .strip()
                .replaceAll("(?m)^\\s*([\\w-]+)\\s*= (.*)$", "\"$1\": $2,")
                .replaceAll(",$", "");
        return EventPattern.compile("{" + json + "}");
    }

    private static JsonNode serviceEvent(String detailType, String name, String type) {
        ObjectNode event = JSON.createObjectNode().put("source", "aws.ecs").put("detail-type", detailType);
        event.putArray("resources").add(SERVICES + "web");
        event.putObject("detail").put("eventName", name).put("eventType", type).put("clusterArn", CLUSTER);
        return event;
    }

    private static JsonNode elsewhere(JsonNode event) {
        try {
            return JSON.readTree(event.toString().replace("/prod", "/production"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean inCluster(JsonNode event) {
        return event.at("/detail/clusterArn").asText().equals(CLUSTER)
                || (event.at("/detail/clusterArn").isMissingNode()
                        && event.at("/resources/0").asText().startsWith(SERVICES));
    }

    private static Set<String> matching(Map<String, EventPattern> patterns, JsonNode event) {
        Set<String> names = new TreeSet<>();
        patterns.forEach((name, pattern) -> {
            if (pattern.matches(event)) {
                names.add(name);
            }
        });
        return names;
    }

    private static Map<String, EventPattern> patterns(Path folder) {
        Map<String, EventPattern> patterns = new TreeMap<>();
        for (Path file : list(folder)) {
            patterns.put(file.getFileName().toString().replace(".json", ""), EventPattern.compile(read(file)));
        }
        return patterns;
    }

    private static List<Sample> samples() {
        return list(Path.of("samples")).stream()
                .flatMap(file -> {
                    String name = file.getFileName().toString();
                    JsonNode event;
                    try {
                        event = JSON.readTree(read(file));
                    } catch (IOException e) {
                        return Stream.empty();
                    }
                    // The steward's own follow-ups do not come through EventBridge.
                    if (!event.has("detail-type")
                            || event.path("source").asText().equals("ecs-steward")) {
                        return Stream.empty();
                    }
                    return Stream.of(new Sample(name, event, leadsToSomething(name), isRoutine(name)));
                })
                .toList();
    }

    /** Of a source that no rule of the module is for: whoever wants it adds a pattern. */
    private static boolean isExtra(Sample sample) {
        String source = sample.event().path("source").asText();
        boolean ours = patterns(PATTERNS).values().stream()
                .anyMatch(pattern -> pattern.toString().contains('"' + source + '"'));
        return !ours || sample.event().path("detail-type").asText().equals("AWS API Call via CloudTrail");
    }

    private static boolean leadsToSomething(String name) {
        JsonNode effects = effects(name);
        return Stream.of("ecs", "slack", "followUp")
                        .anyMatch(sink -> !effects.path(sink).isEmpty())
                || effects.path("skipped").path(0).asText().equals("no-incident")
                || effects.has("deadLetter");
    }

    private static boolean isRoutine(String name) {
        return effects(name).path("skipped").path(0).asText().equals("routine");
    }

    private static JsonNode effects(String name) {
        try {
            return JSON.readTree(read(Path.of("src/test/resources/expected", name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
