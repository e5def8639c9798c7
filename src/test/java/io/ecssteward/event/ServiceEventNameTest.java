package io.ecssteward.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.alert.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The names of ECS's events in the code, in the route, in docs/events.md and in samples/README.md are the same. Run
 * with {@code -Dservice-events.update=true} to write the tables anew.
 */
class ServiceEventNameTest {

    private static final Path SAMPLES = Path.of("samples");
    private static final String BEGIN = "<!-- the ECS events, written by ServiceEventNameTest -->\n";
    private static final String END = "<!-- end of the ECS events -->\n";

    /**
     * What AWS documents, in the order of its list:
     * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
     */
    private static final List<String> DETAIL_TYPES = List.of(
            "ECS Container Instance State Change",
            "ECS Task State Change",
            DeploymentStateChange.DETAIL_TYPE,
            HookStateChange.DETAIL_TYPE,
            ServiceAction.DETAIL_TYPE,
            ContainerInstanceHealthChange.DETAIL_TYPE,
            DaemonDeploymentStateChange.DETAIL_TYPE,
            DaemonServiceAction.DETAIL_TYPE);

    @Test
    void theTableOfWhatIsTold() throws IOException {
        StringBuilder table = new StringBuilder("| name | what Slack gets | what ends it |\n| --- | --- | --- |\n");
        for (ServiceEventName name : ServiceEventName.values()) {
            boolean told = name.severity() != Severity.INFO;
            table.append("| `%s` | %s | %s |\n"
                    .formatted(
                            name,
                            told
                                    ? name.severity().name().toLowerCase(Locale.ROOT) + ": *who* " + name.says()
                                    : name.ends() == null
                                            ? "nothing: it is routine"
                                            : "nothing, unless it ends something",
                            name.endedBy().stream().map("`%s`"::formatted).collect(Collectors.joining(", "))));
        }
        asWritten(Path.of("docs/events.md"), table.toString());
    }

    @Test
    void everyTypeAndNameHasASample() throws IOException {
        Map<String, Set<String>> samples = samples();
        StringBuilder table = new StringBuilder("| detail-type | name | samples |\n| --- | --- | --- |\n");
        for (String type : DETAIL_TYPES) {
            List<String> names = Stream.of(ServiceEventName.values())
                    .filter(name -> name.detailTypes().contains(type))
                    .map(Enum::name)
                    .toList();
            for (String name : names.isEmpty() ? List.of("") : names) {
                assertThat(samples).as("the types and names of the samples").containsKey(type + "/" + name);
                table.append("| %s | %s | %s |\n"
                        .formatted(
                                type,
                                name.isEmpty() ? "" : "`" + name + "`",
                                name.isEmpty()
                                        ? "the rows above"
                                        : samples.get(type + "/" + name).stream()
                                                .map("`%s`"::formatted)
                                                .collect(Collectors.joining(", "))));
            }
        }
        asWritten(SAMPLES.resolve("README.md"), table.toString());
    }

    @Test
    void everyTypeThatAwsDocumentsIsRead() {
        assertThat(DETAIL_TYPES)
                .allSatisfy(type -> assertThat(EventTypes.ALL)
                        .anyMatch(known -> known.recognizes()
                                        .test(Payload.of(
                                                new ObjectMapper()
                                                        .createObjectNode()
                                                        .put("source", "aws.ecs")
                                                        .put("detail-type", type),
                                                null))
                                && known.record() != UnknownEvent.class));
    }

    @Test
    void theRoutesTellWhatIsNotRoutineAndWhatEndsIt() throws IOException {
        assertThat(namesIn("service-events")).isEqualTo(names(name -> name.severity() != Severity.INFO));
        assertThat(namesIn("service-recovered")).isEqualTo(names(name -> name.ends() != null));
    }

    private static Set<String> names(Predicate<ServiceEventName> which) {
        return Stream.of(ServiceEventName.values())
                .filter(which)
                .map(Enum::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> namesIn(String route) throws IOException {
        String all = Files.readString(Path.of("src/main/resources/routes/service-events.camel.yaml"));
        String from = all.substring(all.indexOf("id: " + route + "\n"));
        String pattern = from.substring(0, from.indexOf("steps:"));
        return Pattern.compile("\"([A-Z]+_[A-Z_]+)\"")
                .matcher(pattern)
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void whatIsToldHasAnEnd() {
        assertThat(ServiceEventName.values())
                .allSatisfy(name -> assertThat(name.endedBy().isEmpty()).isEqualTo(name.severity() == Severity.INFO));
    }

    /** The samples by detail-type and name; a type without names is its own. */
    private static Map<String, Set<String>> samples() throws IOException {
        Map<String, Set<String>> samples = new TreeMap<>();
        try (Stream<Path> files = Files.list(SAMPLES)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")
                            && !f.getFileName().toString().startsWith("malformed-"))
                    .toList()) {
                JsonNode event = new ObjectMapper().readTree(file.toFile());
                if (event.path("source").asText().equals("aws.ecs")) {
                    String key = event.path("detail-type").asText() + "/"
                            + event.at("/detail/eventName").asText();
                    samples.computeIfAbsent(key, k -> new TreeSet<>())
                            .add(file.getFileName().toString());
                }
            }
        }
        return samples;
    }

    private static void asWritten(Path file, String table) throws IOException {
        String text = Files.readString(file);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        assertThat(begin).as("the place in %s", file).isBetween(BEGIN.length(), end);
        if (Boolean.getBoolean("service-events.update")) {
            Files.writeString(file, text.substring(0, begin) + table + text.substring(end));
        } else {
            assertThat(text.substring(begin, end)).isEqualTo(table);
        }
    }
}
