package io.ecssteward.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.ecssteward.event.EventReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MismatchTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final String EVENT = """
            {"source": "aws.ecs", "detail-type": "ECS Task State Change", "resources": ["arn:a", "arn:b"], "none": [], "a.b": 1,
             "detail": {"group": "service:web", "stopCode": "EssentialContainerExited", "version": 5, "nothing": null,
              "containers": [{"name": "app", "exitCode": 137}, {"name": "proxy", "exitCode": 0}], "connected": false}}""";

    private static String why(String pattern, String event) throws Exception {
        return EventPattern.compile(pattern.replace('\'', '"'))
                .mismatch(JSON.readTree(event))
                .map(Mismatch::describe)
                .orElse(null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'source': ['aws.ecs'], 'detail': {'stopCode': ['SpotInterruption', 'TerminationNotice']}}|detail.stopCode is \"EssentialContainerExited\", expected one of \"SpotInterruption\", \"TerminationNotice\"",
                "{'source': ['aws.ec2']}|source is \"aws.ecs\", expected \"aws.ec2\"",
                "{'detail': {'absent': ['x']}}|detail.absent is not there, expected \"x\"",
                "{'detail': {'absent': [{'exists': true}]}}|detail.absent is not there, and has to be",
                "{'detail': {'group': [{'exists': false}]}}|detail.group is \"service:web\", and must not be there",
                "{'detail': [{'exists': true}]}|detail is an object, expected a single value",
                "{'detail': {'containers': {'exitCode': [1]}}}|detail.containers.exitCode is 137 and 0, expected 1",
                "{'resources': ['arn:c']}|resources is \"arn:a\" and \"arn:b\", expected \"arn:c\"",
                "{'none': ['x']}|none is an empty list, expected \"x\"",
                "{'a': {'b': [2]}}|a.b is 1, expected 2",
                "{'a.b': [2]}|a.b is 1, expected 2",
                "{'detail': {'nothing': ['x', null, 1], 'version': ['5']}}|detail.version is 5, expected \"5\"",
                "{'detail': {'connected': [true]}}|detail.connected is false, expected true",
                "{'detail': {'group': [{'prefix': 'family:'}, {'suffix': 'shop'}]}}|detail.group is \"service:web\", expected one of prefix \"family:\", suffix \"shop\"",
                "{'detail': {'group': [{'wildcard': '*:w*c'}]}}|detail.group is \"service:web\", expected wildcard \"*:w*c\"",
                "{'detail': {'version': [{'numeric': ['>', 5, '<=', 9]}]}}|detail.version is 5, expected a number > 5 and <= 9",
                "{'detail': {'group': [{'anything-but': ['service:web', 'x']}]}}|detail.group is \"service:web\", expected anything but \"service:web\", \"x\"",
                "{'detail': {'group': [{'anything-but': {'prefix': 'service:'}}]}}|detail.group is \"service:web\", expected anything but prefix \"service:\"",
                "{'source': [{'equals-ignore-case': 'AWS.EC2'}]}|source is \"aws.ecs\", expected \"AWS.EC2\" in upper or lower case",
                "{'source': ['aws.ecs'], '$or': [{'detail': {'version': [6]}}, {'source': ['aws.ecs'], 'detail': {'group': ['x']}}]}|none of 2 alternatives is met: (1) detail.version is 5, expected 6; (2) detail.group is \"service:web\", expected \"x\"",
                "{'detail': {'$or': [{'version': [6]}, {'group': ['x']}]}}|none of 2 alternatives is met: (1) detail.version is 5, expected 6; (2) detail.group is \"service:web\", expected \"x\"",
                "{'detail': {'containers': {'name': ['app'], 'exitCode': [0]}}}|each of these matches, but no single list element matches all: detail.containers.name \"app\" and detail.containers.exitCode 0"
            })
    void theFirstClauseThatFailsIsNamedWithTheValueThatWasFound(String pattern, String words) throws Exception {
        assertThat(why(pattern, EVENT)).isEqualTo(words);
    }

    @Test
    void whatMatchesNeedsNoWords() throws Exception {
        assertThat(why("{'source': ['aws.ecs'], '$or': [{'a': ['b']}, {'detail': {'version': [5]}}]}", EVENT))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"'\"text\"'", "42", "[]", "[{\"source\": \"aws.ecs\"}]"})
    void textNumbersAndListsAreNoObjects(String event) throws Exception {
        assertThat(why("{'source': ['aws.ecs']}", event))
                .isEqualTo("it is not a JSON object, and a pattern matches nothing else");
    }

    @Test
    void aLongValueIsCut() throws Exception {
        assertThat(why("{'source': ['x']}", "{\"source\": \"" + "y".repeat(1_000) + "\"}"))
                .hasSizeLessThan(200)
                .contains("yyy...");
        assertThat(why("{'source': ['x']}", "{\"source\": [1, 2, 3, 4, 5, 6, 7, 8]}"))
                .startsWith("source is 1, 2, 3, 4, 5 and 3 more, expected");
    }

    /**
     * Every sample against every built-in pattern: the words are there exactly when the matcher says no, and mean what
     * it means.
     */
    @Test
    void itNeverDisagreesWithTheMatcher() throws Exception {
        List<JsonNode> events = events();
        Set<String> patterns = patterns();
        assertThat(events).hasSizeGreaterThan(80);
        assertThat(patterns).hasSizeGreaterThan(20);
        int matched = 0;
        for (String written : patterns) {
            EventPattern pattern = EventPattern.compile(written);
            for (JsonNode event : events) {
                Optional<Mismatch> mismatch = pattern.mismatch(event);
                assertThat(mismatch.isEmpty()).as("%s and %s", written, event).isEqualTo(pattern.matches(event));
                mismatch.ifPresent(m -> {
                    assertThat(EventPattern.compile(m.clause().toString()).matches(event))
                            .as("%s of %s and %s", m, written, event)
                            .isFalse();
                    assertThat(m.describe()).isNotBlank().doesNotContain("one by one", "the clauses around it");
                });
                matched += mismatch.isEmpty() ? 1 : 0;
            }
        }
        assertThat(matched).isGreaterThan(100);
    }

    private static List<JsonNode> events() throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (Path file : list(Path.of("samples"), "")) {
            new EventReader().open(Files.readString(file), null).forEach(payload -> events.add(payload.json()));
        }
        return events;
    }

    private static Set<String> patterns() throws IOException {
        Set<String> patterns = new LinkedHashSet<>();
        for (Path file : list(Path.of("src/main/resources/routes"), ".yaml")) {
            patterns(YAML.readTree(file.toFile()), patterns);
        }
        for (Path folder : List.of(
                Path.of("terraform/patterns"),
                Path.of("terraform/patterns/opt-in"),
                Path.of("terraform/tests/narrowed"))) {
            for (Path file : list(folder, ".json")) {
                patterns.add(Files.readString(file));
            }
        }
        return patterns;
    }

    private static void patterns(JsonNode node, Set<String> into) {
        if (node.path("language").asText().equals("event-pattern")) {
            into.add(node.path("expression").asText());
        }
        Stream.of("pattern", "except")
                .map(node::path)
                .filter(pattern -> pattern.asText().startsWith("{"))
                .forEach(pattern -> into.add(pattern.asText()));
        node.forEach(each -> patterns(each, into));
    }

    private static List<Path> list(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> Files.isRegularFile(f)
                            && f.toString().endsWith(end)
                            && !f.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }
}
