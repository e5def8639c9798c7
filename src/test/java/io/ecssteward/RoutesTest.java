package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.ecssteward.check.RouteCheck;
import io.ecssteward.problem.Problem;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The built-in routes are canonical Camel YAML, and what Camel does not notice about a folder of routes is noticed. */
class RoutesTest {

    private static final Path ROUTES = Path.of("src/main/resources/routes");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @TempDir
    private Path folder;

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(ROUTES)) {
            return files.sorted().toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> eachFileFitsCamelsSchema() throws IOException {
        JsonSchema schema;
        try (InputStream in = RoutesTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(in);
        }
        return files().stream()
                .map(file -> DynamicTest.dynamicTest(
                        file.getFileName().toString(),
                        () -> assertThat(schema.validate(YAML.readTree(file.toFile())))
                                .isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> eachExpressionStandsUnderItsName() throws IOException {
        return files().stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    List<String> compact = new ArrayList<>();
                    compact(YAML.readTree(file.toFile()), "", compact);
                    assertThat(compact).isEmpty();
                }));
    }

    /** The schema wants the language of a {@code retryWhile} right under it. */
    private static final Set<String> LANGUAGES_ARE_IN = Set.of("expression", "retryWhile");

    private static void compact(JsonNode node, String name, List<String> found) {
        node.fieldNames().forEachRemaining(child -> {
            if (Set.of("simple", "constant", "language", "method").contains(child)
                    && node.path(child).isObject()
                    && !LANGUAGES_ARE_IN.contains(name)) {
                found.add(name + "/" + child);
            }
            compact(node.path(child), child, found);
        });
        if (node.isArray()) {
            node.forEach(each -> compact(each, name, found));
        }
    }

    @TestFactory
    Stream<DynamicTest> eachRouteIsDescribedAndHasTheNameOfItsEndpoint() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : files()) {
            for (JsonNode item : YAML.readTree(file.toFile())) {
                JsonNode route = item.path("route");
                if (!route.isMissingNode()) {
                    String id = route.path("id").asText();
                    tests.add(DynamicTest.dynamicTest(id, () -> {
                        assertThat(route.path("description").asText()).isNotBlank();
                        String from = id.endsWith("intake")
                                ? "\\{\\{steward\\.\\w+\\.from}}|slack-socket:" + id
                                : "(direct|event|timer):" + id + "|slack-action:" + id.replaceFirst("^slack-", "");
                        assertThat(route.path("from").path("uri").asText()).matches(from);
                    }));
                }
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    @Test
    void theBuiltInRoutesCallOnlyWhatIsThere() {
        assertThat(problems("classpath:routes/*.camel.yaml")).isEmpty();
    }

    @Test
    void aCallThatLeadsNowhereIsNamedWithItsLine() throws IOException {
        Files.writeString(folder.resolve("mine.camel.yaml"), """
                - route:
                    id: mine
                    from:
                      uri: direct:mine
                      steps:
                        - to:
                            uri: direct:nowhere
                        - to:
                            uri: alert:mine
                        - bean:
                            ref: outcomes
                            method: skip(${exchange}, 'supressed')
                """);
        assertThat(problems("file:" + folder + "/*.camel.yaml"))
                .satisfiesExactly(
                        nowhere -> assertThat(nowhere)
                                .asString()
                                .contains("mine.camel.yaml:7:18: calls direct:nowhere")
                                .contains("no route begins there"),
                        alerts -> assertThat(alerts).asString().contains("mine.camel.yaml:9:18: calls direct:alerts"),
                        reason -> assertThat(reason)
                                .asString()
                                .contains("mine.camel.yaml:12")
                                .contains("supressed")
                                .contains("suppressed"));
    }

    /** It would be consistent in itself, and post nothing. */
    @Test
    void aCopyFromBeforeARouteOfIncidentsWasRenamedIsNamed() throws IOException {
        String built = Files.readString(Path.of("src/main/resources/routes/slack.camel.yaml"));
        Files.writeString(folder.resolve("slack.camel.yaml"), built.replace("post-to-channel", "post"));
        assertThat(problems("classpath:routes/*.camel.yaml,file:" + folder + "/*.camel.yaml"))
                .singleElement()
                .asString()
                .contains("slack.camel.yaml", "no route begins at direct:post-to-channel", "export the built-in files");
    }

    @Test
    void aFieldThatNoEventHasIsNamedBeforeAnythingStarts() throws IOException {
        Files.writeString(folder.resolve("mine.camel.yaml"), """
                - route:
                    id: mine
                    from:
                      uri: direct:mine
                      steps:
                        - setBody:
                            expression:
                              simple:
                                expression: ${body.clutser}
                """);
        assertThat(problems("file:" + folder + "/*.camel.yaml"))
                .singleElement()
                .asString()
                .endsWith(
                        "mine.camel.yaml:9:36: neither events nor alerts have 'clutser'; did you mean ${body.cluster}?");
    }

    @Test
    void routesForEventsNeedAStepThatDispatchesEvents() throws IOException {
        Files.writeString(folder.resolve("mine.camel.yaml"), """
                - route:
                    id: mine
                    from:
                      uri: event:mine
                      parameters:
                        pattern: '{"source": ["x"]}'
                """);
        String own = "file:" + folder + "/*.camel.yaml";

        assertThat(problems(own))
                .singleElement()
                .asString()
                .contains("mine.camel.yaml:4:12: begins at event:mine, and no route dispatches events; take the "
                        + "built-in intake.camel.yaml");
        assertThat(problems("classpath:routes/*.camel.yaml," + own)).isEmpty();
    }

    private static List<Problem> problems(String routes) {
        return RouteCheck.beforeStart(Settings.of(Map.of(), Map.of(Settings.ROUTES, routes)));
    }
}
