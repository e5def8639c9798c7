package io.ecssteward.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.outcome.SkipReason;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.Dynamo;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeSocketMode;
import io.ecssteward.testing.FaultySqs;
import io.ecssteward.testing.RunningSteward;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What a running steward shows to Prometheus after some samples, and that the dashboard and the rules ask for no more.
 */
class MetricsTest {

    private static final Pattern SERIES = Pattern.compile("^(\\w+)(?:\\{(.*)})? (\\S+)$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    /** A selector in PromQL; that of no metric of ours or of Java's is not looked at. */
    private static final Pattern SELECTOR = Pattern.compile("\\b((?:steward|jvm)_\\w+)(?:\\{([^}]*)})?");

    /** Prometheus itself adds these. */
    private static final Set<String> BY_PROMETHEUS = Set.of("job", "instance");

    private static final List<Series> EXPOSED = new ArrayList<>();
    private static RunningSteward steward;

    private record Series(String name, Map<String, String> labels, double value) {}

    @BeforeAll
    static void replay() {
        steward = RunningSteward.create().observed().withUrgentQueue();
        steward.with(Settings.TOPIC, steward.sns.topicArn("alerts"), Settings.CHANNEL, "#ops")
                .start();
        steward.ecs.addCluster("prod", 3).addService("prod", "web");
        steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 1, FakeEcs.THROTTLED);
        for (String sample :
                List.of("task-spot-interrupted", "service-start-impaired", "malformed-task-without-cluster")) {
            steward.sendSample(sample);
            steward.awaitDone();
        }
        steward.sendSample("task-spot-interrupted");
        steward.sendSample("heartbeat-each-minute");
        steward.awaitDone();
        HttpResponse<String> answer = steward.observe("metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        expose(answer.body(), "");
        try (RunningSteward buttons = RunningSteward.create()
                .postingWithAToken()
                .with(Settings.APP_TOKEN, FakeSocketMode.TOKEN, Settings.SPOT_SWEEP, "1h")
                .observed()
                .start()) {
            buttons.sendSample("slack-action-acknowledge");
            buttons.awaitDone();
            expose(buttons.observe("metrics").body(), "steward_(slack_(socket|envelopes|actions)|failover).*");
        }
    }

    /** Adds the series of this name; all when it is empty. */
    private static void expose(String metrics, String name) {
        Matcher series = SERIES.matcher(metrics);
        while (series.find()) {
            if (name.isEmpty() || series.group(1).matches(name)) {
                EXPOSED.add(new Series(series.group(1), labels(series.group(2)), Double.parseDouble(series.group(3))));
            }
        }
    }

    @AfterAll
    static void close() {
        steward.close();
    }

    private static Map<String, String> labels(String written) {
        Map<String, String> labels = new HashMap<>();
        Matcher label = LABEL.matcher(written == null ? "" : written);
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        return labels;
    }

    private static double value(String name, String... labels) {
        Map<String, String> wanted = new HashMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            wanted.put(labels[i], labels[i + 1]);
        }
        return EXPOSED.stream()
                .filter(s -> s.name().equals(name) && s.labels().entrySet().containsAll(wanted.entrySet()))
                .mapToDouble(Series::value)
                .sum();
    }

    @Test
    void eventsAreCountedByWhatBecameOfThem() {
        assertThat(value("steward_events_total", "type", "task-state-change", "outcome", "performed"))
                .isEqualTo(1);
        assertThat(value("steward_events_total", "type", "service-action", "outcome", "performed"))
                .isEqualTo(1);
        assertThat(value("steward_events_total", "outcome", "duplicate")).isEqualTo(1);
        assertThat(value("steward_dead_letters_total")).isEqualTo(1);
    }

    @Test
    void actionsAreCountedByServiceAndFailuresByWhoFailed() {
        assertThat(value("steward_actions_total", "service", "prod/web", "operation", "redeploy", "outcome", "updated"))
                .isEqualTo(1);
        assertThat(value("steward_actions_total", "service", "prod/web", "outcome", "failed"))
                .isEqualTo(1);
        assertThat(value("steward_failures_total", "sink", "ecs", "reason", "transient"))
                .isEqualTo(1);
        assertThat(value("steward_failures_total", "sink", "slack")).isZero();
    }

    @Test
    void alertsAreCountedByChannelAndState() {
        assertThat(value("steward_alerts_total", "sink", "slack", "channel", "#ops", "outcome", "sent"))
                .isEqualTo(2);
        assertThat(value("steward_alerts_total", "sink", "sns", "state", "firing", "outcome", "sent"))
                .isPositive();
    }

    @Test
    void timeIsTakenFromTheEventToTheEffect() {
        assertThat(value("steward_reaction_seconds_count", "sink", "ecs")).isEqualTo(1);
        assertThat(value("steward_reaction_seconds_count", "sink", "slack")).isEqualTo(2);
        assertThat(value("steward_reaction_seconds_bucket", "sink", "ecs", "le", "+Inf"))
                .isEqualTo(1);
    }

    @Test
    void theLastHeartbeatHasATime() {
        assertThat(value("steward_heartbeat_timestamp_seconds"))
                .isCloseTo(Instant.now().getEpochSecond(), within(120.0));
    }

    @Test
    void claimsAreCountedByTheirAnswer() {
        assertThat(value("steward_claims_total", "answer", "recorded"))
                .as("the copy")
                .isEqualTo(1);
        assertThat(value("steward_claims_total", "answer", "claimed"))
                .as("two events and the heartbeat, and what they led to")
                .isGreaterThan(5);
        assertThat(value("steward_claims_total", "answer", "held")).isZero();
    }

    @Test
    void requestsToTheTableThatFailAreCounted() {
        try (Dynamo dynamo = new Dynamo();
                RunningSteward other = RunningSteward.create()
                        .observed()
                        .claimingIn(dynamo, dynamo.createTable())
                        .start()) {
            assertThat(other.observe("metrics").body())
                    .contains("steward_failures_total{reason=\"permanent\",sink=\"dynamodb\"} 0.0")
                    .containsPattern("steward_heartbeat_timestamp_seconds NaN");
            dynamo.fail("PutItem", 1, Dynamo.ACCESS_DENIED);
            other.sendSample("service-start-impaired");
            other.awaitDone();
            assertThat(other.slack.posts()).hasSize(1);
            assertThat(other.observe("metrics").body())
                    .contains("steward_failures_total{reason=\"permanent\",sink=\"dynamodb\"} 1.0");
        }
    }

    @Test
    void pollsThatFailAreCounted() {
        try (RunningSteward other = RunningSteward.create();
                FaultySqs faults = new FaultySqs(other.sqs)) {
            faults.fail(FaultySqs.RECEIVE, 1, FaultySqs.DENIED);
            other.through(faults).observed().start();
            RunningSteward.await(() -> other.observe("metrics")
                    .body()
                    .contains("steward_failures_total{reason=\"permanent\",sink=\"sqs\"} 1.0"));
            // It needs SQS to the end.
            other.stop();
        }
    }

    @Test
    void outcomesAreTheWordsOfTheLog() {
        Set<String> words = new HashSet<>(Set.of(
                "performed", "failed", "retried", "updated", "sent", "success", "failure", "opened", "queued", "late"));
        for (SkipReason reason : SkipReason.values()) {
            words.add(reason.word());
        }
        assertThat(EXPOSED.stream().map(s -> s.labels().get("outcome")).filter(o -> o != null))
                .isNotEmpty()
                .allMatch(words::contains);
    }

    @Test
    void theDashboardShowsEveryMetricAndNoOther() throws IOException {
        JsonNode dashboard = new ObjectMapper()
                .readTree(Path.of("ops/grafana-dashboard.json").toFile());
        List<String> expressions = dashboard.findValuesAsText("expr");
        assertThat(expressions).hasSizeGreaterThan(10);
        expressions.forEach(MetricsTest::assertExposed);
        assertThat(names(String.join("\n", expressions))).containsAll(ours());
        assertThat(dashboard.findValuesAsText("legendFormat")).allSatisfy(MetricsTest::assertLabelsExposed);
    }

    @Test
    void theRulesAskForWhatThereIs() throws IOException {
        Object yaml = new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(Path.of("ops/prometheus-rules.yaml")));
        JsonNode rules =
                new ObjectMapper().valueToTree(yaml).path("groups").path(0).path("rules");
        assertThat(rules).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule.fieldNames()).toIterable().contains("alert", "expr", "labels", "annotations");
            assertThat(rule.path("labels").path("severity").textValue()).isIn("critical", "warning");
            assertThat(rule.path("annotations").path("summary").textValue()).isNotBlank();
            assertThat(rule.path("annotations").path("description").textValue()).isNotBlank();
            assertExposed(rule.path("expr").textValue());
        });
    }

    @Test
    void everyMetricIsInTheDocumentation() throws IOException {
        String docs = Files.readString(Path.of("docs/operating.md"));
        assertThat(ours()).allSatisfy(name -> assertThat(docs).contains("`" + name + "`"));
    }

    /** What an operator may filter by, for the labels whose values are there from the start. */
    @ParameterizedTest
    @CsvSource({"steward_failures_total, sink", "steward_claims_total, answer", "steward_slack_requests_total, method"})
    void theDocumentationHasTheValuesOfLabels(String metric, String label) throws IOException {
        String row = Files.readAllLines(Path.of("docs/operating.md")).stream()
                .filter(line -> line.startsWith("| `" + metric + "`"))
                .findFirst()
                .orElseThrow();
        assertThat(EXPOSED)
                .filteredOn(series -> series.name().equals(metric))
                .isNotEmpty()
                .allSatisfy(series -> assertThat(row).contains(series.labels().get(label)));
    }

    /** Our metrics, a histogram's by its name alone. */
    private static Set<String> ours() {
        return EXPOSED.stream()
                .map(Series::name)
                .filter(n -> n.startsWith("steward_"))
                .map(MetricsTest::withoutSuffix)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(String expressions) {
        Set<String> names = new TreeSet<>();
        Matcher selector = SELECTOR.matcher(expressions);
        while (selector.find()) {
            names.add(withoutSuffix(selector.group(1)));
        }
        return names;
    }

    private static String withoutSuffix(String name) {
        return name.replaceFirst("_seconds_(bucket|count|sum|max)$", "_seconds");
    }

    /** There are such series, with such labels; values are not compared where the samples led to none of them. */
    private static void assertExposed(String expression) {
        Matcher selector = SELECTOR.matcher(expression);
        while (selector.find()) {
            List<Series> series = EXPOSED.stream()
                    .filter(s -> s.name().equals(selector.group(1)))
                    .toList();
            assertThat(series).as(selector.group(1) + " in " + expression).isNotEmpty();
            Matcher label = Pattern.compile("(\\w+)(?:=~|!~|!=|=)\"([^\"]*)\"")
                    .matcher(selector.group(2) == null ? "" : selector.group(2));
            while (label.find()) {
                if (!BY_PROMETHEUS.contains(label.group(1))) {
                    assertThat(series.get(0).labels()).as(expression).containsKey(label.group(1));
                }
            }
        }
        Matcher by = Pattern.compile("by \\(([^)]*)\\)[^a-z]*\\(.*?\\b((?:steward|jvm)_\\w+)")
                .matcher(expression);
        while (by.find()) {
            Series series = EXPOSED.stream()
                    .filter(s -> s.name().equals(by.group(2)))
                    .findFirst()
                    .orElseThrow();
            assertThat(series.labels().keySet())
                    .as(expression)
                    .contains(by.group(1).split(", "));
        }
    }

    private static void assertLabelsExposed(String legend) {
        Set<String> all =
                EXPOSED.stream().flatMap(s -> s.labels().keySet().stream()).collect(Collectors.toSet());
        Matcher label = Pattern.compile("\\{\\{(\\w+)}}").matcher(legend);
        while (label.find()) {
            assertThat(all).contains(label.group(1));
        }
    }
}
