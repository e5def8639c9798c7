package io.ecssteward.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import io.ecssteward.alerting.AlertEndpoint;
import io.ecssteward.dispatch.EventEndpoint;
import io.ecssteward.interactivity.SlackActionEndpoint;
import io.ecssteward.interactivity.SlackAnswerEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.spi.UriParam;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an editor says of a route file with our schema. */
class EditorSchemaTest {

    private static final ObjectNode SCHEMA = EditorSchema.write();
    private static final JsonSchema VALIDATOR =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(SCHEMA);
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static Set<ValidationMessage> said(String yaml) throws IOException {
        return VALIDATOR.validate(YAML.readTree(yaml));
    }

    private static Set<ValidationMessage> saidOfStep(String step) throws IOException {
        return said("""
                - route:
                    from:
                      uri: direct:mine
                      steps:
                """ + step.indent(8));
    }

    @TestFactory
    Stream<DynamicTest> eachBuiltInFileIsRight() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/routes"))) {
            return files.sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(
                            file.getFileName().toString(),
                            () -> assertThat(said(Files.readString(file))).isEmpty()));
        }
    }

    @Test
    void anAlertWithAllItsParametersIsRight() throws IOException {
        assertThat(saidOfStep("""
                - to:
                    uri: alert:order-import
                    parameters:
                      channel: "#orders"
                      severity: critical
                      state: firing
                      title: The import of ${body.field('detail.file')} failed
                      text: a text
                      fields: "Line: 4"
                      links: "Runbook: https://wiki.example.com"
                      key: order-import
                      coolDown: 30m
                """)).isEmpty();
    }

    @Test
    void aMistypedParameterIsWrong() throws IOException {
        assertThat(saidOfStep("""
                - to:
                    uri: alert:order-import
                    parameters:
                      coolDwon: 30m
                """))
                .isNotEmpty()
                .anySatisfy(message -> assertThat(message.getMessage()).contains("coolDwon"));
    }

    @Test
    void aSeverityThatDoesNotExistIsWrong() throws IOException {
        assertThat(saidOfStep("""
                - to:
                    uri: alert:order-import
                    parameters:
                      severity: catastrophic
                """))
                .isNotEmpty()
                .anySatisfy(message -> assertThat(message.getMessage()).contains("critical"));
    }

    @Test
    void anActionIsRightWithItsParametersAndWrongWithThoseOfAnAlert() throws IOException {
        String step = """
                - to:
                    uri: ecs-service:redeploy
                    parameters:
                      cluster: prod
                      service: web
                """;
        assertThat(saidOfStep(step)).isEmpty();
        assertThat(saidOfStep(step.replace("service: web", "title: web"))).isNotEmpty();
    }

    @Test
    void aRouteOfOnesOwnBeginsWithAPatternAndNothingElse() throws IOException {
        String route = Files.readString(Path.of("docs/cookbook/order-import/order-import.camel.yaml"));
        assertThat(said(route)).isEmpty();
        assertThat(said(route.replace("pattern:", "patern:"))).isNotEmpty();
    }

    @Test
    void whatIsCamelsOwnIsCheckedAsCamelDoes() throws IOException {
        assertThat(saidOfStep("""
                - to:
                    uri: aws2-sqs:other
                    parameters:
                      queueUrl: https://sqs.invalid/other
                """)).isEmpty();
        assertThat(saidOfStep("- too:\n    uri: direct:x\n")).isNotEmpty();
    }

    /** What the documentation lists is what there is. */
    @ParameterizedTest
    @ValueSource(
            classes = {AlertEndpoint.class, EventEndpoint.class, SlackActionEndpoint.class, SlackAnswerEndpoint.class})
    void theDocumentationHasEachParameter(Class<?> endpoint) throws IOException {
        String tables = (Files.readString(Path.of("docs/routes.md")) + Files.readString(Path.of("docs/actions.md")))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .collect(Collectors.joining());
        assertThat(Arrays.stream(endpoint.getDeclaredFields())
                        .filter(field -> field.isAnnotationPresent(UriParam.class))
                        .filter(field ->
                                !field.getAnnotation(UriParam.class).label().equals("producer"))
                        .map(field -> '`' + field.getName() + '`'))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(tables).contains(name));
    }

    @Test
    void theWordsAreThoseThatTheCodeKnows() {
        String written = SCHEMA.toString();
        for (Severity severity : Severity.values()) {
            assertThat(written).contains('"' + severity.name().toLowerCase(Locale.ROOT) + '"');
        }
        assertThat(written)
                .contains(Arrays.stream(Alert.State.values())
                        .map(state -> '"' + state.name().toLowerCase(Locale.ROOT) + '"')
                        .toList());
        assertThat(written)
                .contains(
                        "\"ecs-service:redeploy\"",
                        "\"ecs-service:match-instances\"",
                        "skip(${exchange}, 'suppressed')");
    }
}
