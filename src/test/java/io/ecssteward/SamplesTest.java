package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.outcome.Action;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.RunningSteward;
import io.ecssteward.testing.RunningSteward.Over;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each file in {@code samples/}, alone, through the built-in routes: what ECS and Slack get, byte for byte, is what
 * {@code src/test/resources/expected/} says. Run with {@code -Dsamples.update=true} to write those files anew, and read
 * the difference before you commit it.
 */
class SamplesTest {

    private static final Path SAMPLES = Path.of("samples");
    private static final Path EXPECTED = Path.of("src/test/resources/expected");

    private static final Pattern DATE = Pattern.compile("<!date\\^(\\d+)\\^[^>]*>");

    /** The container instance of the EC2 instance in the samples of EC2. */
    private static final String HOST = "3f1c4a5e9b7d4c3d8e2f6a7b8c9d0e1f";

    private static RunningSteward steward;
    private static ProducerTemplate events;

    @BeforeAll
    static void start() {
        steward = RunningSteward.create()
                .with("steward.events.from", "direct:events", "steward.one-per-instance.services", "prod/logging-agent")
                .start();
        events = steward.camel().createProducerTemplate();
        steward.ecs.addCluster("prod", 4).addCluster("staging", 1);
        steward.ecs.addContainerInstance("prod", "8e59995608f14e0e7a13a234d71827ac", false, "ACTIVE", 14);
        steward.ecs.addContainerInstance("prod", "9619d206c8dcc34d5a89b6ce532a824a", true, "DRAINING", 90);
        steward.ecs.addTask("prod", HOST, "1", "web");
        steward.ecs.addTask("prod", HOST, "2", "web");
        steward.ecs.addTask("prod", HOST, "3", "worker");
    }

    @AfterAll
    static void stop() {
        steward.close();
    }

    @TestFactory
    Stream<DynamicTest> leadsToWhatIsExpected() throws IOException {
        return samples().stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    Instant began = Instant.now().minusSeconds(1);
                    String effects = withoutNow(effectsOf(file), began);
                    Path expected = expected(file);
                    if (Boolean.getBoolean("samples.update")) {
                        Files.createDirectories(EXPECTED);
                        Files.writeString(expected, effects);
                    }
                    assertThat(expected)
                            .as("what %s leads to; write it with -Dsamples.update=true", file)
                            .exists();
                    assertThat(effects).isEqualTo(Files.readString(expected));
                }));
    }

    /** That every sample has its expectation is above. */
    @Test
    void thereAreNoExpectationsWithoutASample() throws IOException {
        try (Stream<Path> files = Files.list(EXPECTED)) {
            assertThat(samples().stream().map(SamplesTest::expected).toList()).containsAll(files.toList());
        }
    }

    private static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.filter(f -> !f.toString().endsWith(".md")).sorted().toList();
        }
    }

    private static Path expected(Path sample) {
        return EXPECTED.resolve(sample.getFileName().toString().replaceFirst("\\.\\w+$", ".json"));
    }

    /** Without the dates that are those of this run: of what has no time, or was asked of ECS just now. */
    private static String withoutNow(String effects, Instant began) {
        return DATE.matcher(effects.replaceAll("at about [0-9:]+ UTC", "at about (then)"))
                .replaceAll(date -> Long.parseLong(date.group(1)) < began.getEpochSecond()
                        ? Matcher.quoteReplacement(date.group())
                        : "(now)");
    }

    private static String effectsOf(Path file) throws IOException {
        steward.forgetClaims();
        steward.over().clear();
        steward.ecs.clear();
        steward.slack.clear();
        for (String cluster : List.of("prod", "staging")) {
            for (String service : List.of("web", "worker", "checkout")) {
                steward.ecs.removeService(cluster, service);
                steward.ecs.addService(cluster, service).desiredCount(2);
            }
        }
        steward.ecs.addContainerInstance("prod", HOST, true, "ACTIVE", 7);
        steward.ecs.setEc2InstanceId("prod", HOST, "i-0c1a9bcaf444746de");
        steward.ecs.removeService("prod", "logging-agent");
        steward.ecs.addService("prod", "logging-agent").desiredCount(2);

        String body = Files.readString(file);
        // An old notice is no news.
        if (file.getFileName().toString().startsWith("ec2-spot-")) {
            body = body.replaceFirst(
                    "(\"time\": *\")[^\"]+", "$1" + Instant.now().truncatedTo(ChronoUnit.SECONDS));
        }
        String sent = body;
        Exchange done = events.send("direct:events", e -> e.getMessage().setBody(sent));

        ObjectMapper json = new ObjectMapper();
        ObjectNode effects = json.createObjectNode();
        effects.putArray("ecs")
                .addAll(steward.updates().stream().map(c -> c.request()).toList())
                .addAll(steward.ecs.calls(FakeEcs.UPDATE_CONTAINER_INSTANCES_STATE).stream()
                        .map(c -> c.request())
                        .toList());
        effects.putArray("slack")
                .addAll(steward.slack.posts().stream().map(p -> p.body()).toList());
        steward.over().stream()
                .flatMap(o -> o.eventOutcome().performed().stream())
                .filter(e -> e.sink().equals("sqs"))
                .map(Action::request)
                .sorted(Comparator.comparing(JsonNode::toString))
                .forEach(request -> effects.withArray("followUp").add(request));
        // Routes get an event at the same time, so that the order of what they do is that of chance.
        steward.over().stream()
                .map(Over::skipped)
                .flatMap(List::stream)
                .sorted()
                .forEach(effects.withArray("skipped")::add);
        Exception failure = done.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (failure != null) {
            effects.put("deadLetter", failure.getMessage());
        }
        DefaultPrettyPrinter pretty = new DefaultPrettyPrinter();
        pretty.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        return json.writer(pretty).writeValueAsString(effects) + "\n";
    }
}
