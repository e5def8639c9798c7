package io.ecssteward.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.YamlRoutes;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventPatternLanguageTest {

    private static final String ECS = "{\"source\": [\"aws.ecs\"]}";

    private final YamlRoutes routes = new YamlRoutes();

    @AfterEach
    void stop() {
        routes.close();
    }

    private boolean matches(String pattern, Object body) {
        var exchange = new DefaultExchange(routes.camel());
        exchange.getMessage().setBody(body);
        return routes.predicate("event-pattern", pattern).matches(exchange);
    }

    @Test
    void whatWasFoundCountsForThatEventOnly() {
        var pattern = routes.predicate("event-pattern", "{\"detail\": {\"agentConnected\": [true]}}");
        var exchange = new DefaultExchange(routes.camel());
        exchange.getMessage().setBody(Events.instance("a", true, 1));
        assertThat(pattern.matches(exchange)).isTrue();
        exchange.getMessage().setBody(Events.instance("a", false, 2));
        assertThat(pattern.matches(exchange)).isFalse();
    }

    @Test
    void aPatternThatIsLoadedLaterIsKnownToEventsAtWork() {
        var exchange = new DefaultExchange(routes.camel());
        exchange.getMessage().setBody(Events.instance("a", true, 1));
        assertThat(routes.predicate("event-pattern", "{\"source\": [\"aws.ec2\"]}")
                        .matches(exchange))
                .isFalse();
        assertThat(routes.predicate("event-pattern", ECS).matches(exchange)).isTrue();
    }

    @Test
    void jsonThatARouteChangedIsLookedAtAfresh() {
        var pattern = routes.predicate("event-pattern", ECS);
        var json = new ObjectMapper().createObjectNode().put("source", "aws.ecs");
        var exchange = new DefaultExchange(routes.camel());
        exchange.getMessage().setBody(json);
        assertThat(pattern.matches(exchange)).isTrue();
        json.put("source", "aws.ec2");
        assertThat(pattern.matches(exchange)).isFalse();
    }

    private YamlRoutes route(String pattern) throws Exception {
        return routes.start("""
                - route:
                    id: choosing
                    from:
                      uri: direct:choosing
                      steps:
                        - choice:
                            when:
                              - language:
                                  language: event-pattern
                                  expression: |
                %s
                                steps:
                                  - setBody:
                                      constant: fits
                            otherwise:
                              steps:
                                - setBody:
                                    constant: does not fit
                """.formatted(pattern.indent(20)));
    }

    private Object chosen(Object body) {
        return routes.send("direct:choosing", body).getMessage().getBody();
    }

    @Test
    void aRouteChoosesByPattern() throws Exception {
        route("""
                {"source": ["aws.ecs"],
                 "$or": [{"detail": {"stopCode": ["SpotInterruption"]}},
                         {"detail": {"stoppedReason": [{"prefix": "Your Spot Task"}]}}]}""");

        assertThat(chosen(Events.spot("service:web", "2026-11-20T10:00:00Z"))).isEqualTo("fits");
        assertThat(chosen(Events.instance("a", true, 1))).isEqualTo("does not fit");
        assertThat(chosen(Events.read("just text"))).isEqualTo("does not fit");
    }

    @Test
    void itLooksAtFieldsThatNoRecordModels() {
        var event = Events.read(
                "{\"source\": \"shop\", \"detail-type\": \"Order\", \"detail\": {\"a\": {\"b\": [{\"c\": 1}]}}}");

        assertThat(matches("{\"detail\": {\"a\": {\"b\": {\"c\": [1]}}}}", event))
                .isTrue();
    }

    @Test
    void itReadsABodyThatIsJsonOrItsText() throws Exception {
        String json = "{\"source\": \"aws.ecs\"}";

        assertThat(matches(ECS, json)).isTrue();
        assertThat(matches(ECS, json.getBytes())).isTrue();
        assertThat(matches(ECS, new ObjectMapper().readTree(json))).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "aws.ecs", "42", "[{\"source\": \"aws.ecs\"}]", "{\"source\": \"aws.ecs\""})
    void textNumbersListsAndNothingMatchNothing(String body) {
        assertThat(matches(ECS, body)).isFalse();
    }

    @Test
    void aMistakeStopsTheStartAndNamesTheRouteThePlaceAndThePattern() {
        assertThatThrownBy(() -> route("{\n  \"source\": \"aws.ecs\"\n}"))
                .hasStackTraceContaining("choosing")
                .hasStackTraceContaining("(line 2, column 14)")
                .rootCause()
                .hasMessageStartingWith("compiling the event pattern: ")
                .hasMessageEndingWith("{\n  \"source\": \"aws.ecs\"\n}");
    }

    @Test
    void aPatternCanStandInAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("ecs.json"), ECS);

        assertThat(matches("resource:file:" + file, Events.instance("a", true, 1)))
                .isTrue();
        assertThat(matches("resource:file:" + file, Events.read("text"))).isFalse();
    }

    @Test
    void aRouteReadsItsPatternFromAFile(@TempDir Path folder) throws Exception {
        route("resource:file:" + Files.writeString(folder.resolve("ecs.json"), ECS));

        assertThat(chosen(Events.instance("a", true, 1))).isEqualTo("fits");
        assertThat(chosen(Events.read("text"))).isEqualTo("does not fit");
    }

    @Test
    void aFileThatIsMissingStopsTheStartAndIsNamed() {
        assertThatThrownBy(() -> route("resource:file:/no/such/pattern.json"))
                .hasStackTraceContaining("/no/such/pattern.json");
    }

    @Test
    void itIsAnExpressionToo() {
        var exchange = new DefaultExchange(routes.camel());
        exchange.getMessage().setBody("{\"source\": \"aws.ecs\"}");
        var expression = routes.camel().resolveLanguage("event-pattern").createExpression(ECS);
        expression.init(routes.camel());

        assertThat(expression.evaluate(exchange, Boolean.class)).isTrue();
        assertThat(expression).hasToString("event-pattern{" + ECS + "}");
    }
}
