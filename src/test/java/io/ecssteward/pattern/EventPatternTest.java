package io.ecssteward.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.testing.Events;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventPatternTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String EVENT = """
            {"source": "aws.ecs", "detail-type": "ECS Task State Change", "resources": ["arn:a", "arn:b"],
             "detail": {"group": "service:web", "stoppedReason": "Your Spot Task was interrupted.", "version": 5, "nothing": null,
              "containers": [{"name": "app", "exitCode": 137}, {"name": "proxy", "exitCode": 0}], "connected": false}}""";

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text);
    }

    private static boolean matches(String pattern) throws Exception {
        return EventPattern.compile(pattern).matches(json(EVENT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'source': ['aws.ecs']}",
                "{'source': ['aws.ec2', 'aws.ecs'], 'detail-type': ['ECS Task State Change']}",
                "{'resources': ['arn:b']}",
                "{'detail': {'stoppedReason': [{'prefix': 'Your Spot Task'}]}}",
                "{'detail': {'stoppedReason': [{'suffix': 'interrupted.'}]}}",
                "{'detail': {'group': [{'anything-but': ['service:shop']}]}}",
                "{'detail': {'group': [{'anything-but': {'prefix': 'family:'}}]}}",
                "{'detail': {'version': [5]}}",
                "{'detail': {'version': [{'numeric': ['>', 4, '<=', 5]}]}}",
                "{'detail': {'containers': {'exitCode': [{'anything-but': [0]}]}}}",
                "{'detail': {'connected': [false]}}",
                "{'detail': {'nothing': [null]}}",
                "{'detail': {'group': [{'exists': true}], 'absent': [{'exists': false}]}}",
                "{'detail': {'group': [{'wildcard': '*:w*b'}]}}",
                "{'source': [{'equals-ignore-case': 'AWS.ECS'}]}",
                "{'$or': [{'source': ['aws.ec2']}, {'detail': {'version': [5]}}]}"
            })
    void whatEventBridgeMatchesMatches(String pattern) throws Exception {
        assertThat(matches(pattern.replace('\'', '"'))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'source': ['aws.ec2']}",
                "{'source': ['aws.ecs'], 'detail-type': ['ECS Service Action']}",
                "{'source': ['aws.ec']}",
                "{'detail': {'stoppedReason': [{'prefix': 'Spot Task'}]}}",
                "{'detail': {'group': [{'anything-but': ['service:web', 'service:shop']}]}}",
                "{'detail': {'version': ['5']}}",
                "{'detail': {'version': [{'numeric': ['>', 5]}]}}",
                "{'detail': {'connected': [true]}}",
                "{'detail': {'group': [{'exists': false}]}}",
                "{'detail': {'absent': [{'exists': true}]}}",
                "{'detail': {'absent': [{'anything-but': ['x']}]}}",
                "{'detail': {'group': [{'wildcard': '*:w*c'}]}}",
                "{'$or': [{'source': ['aws.ec2']}, {'detail': {'version': [6]}}]}"
            })
    void whatEventBridgeDoesNotMatchDoesNot(String pattern) throws Exception {
        assertThat(matches(pattern.replace('\'', '"'))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"aws.ecs\"", "42", "true", "null", "[{\"source\": \"aws.ecs\"}]", "[]", "{}"})
    void textNumbersAndListsMatchNothing(String body) throws Exception {
        assertThat(EventPattern.compile("{\"source\": [\"aws.ecs\"]}").matches(json(body)))
                .isFalse();
        assertThat(EventPattern.compile("{\"source\": [{\"exists\": false}]}").matches(json(body)))
                .isEqualTo(body.equals("{}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'source': 'aws.ecs'}|(line 1, column 13)",
                "{'source': ['aws.ecs']|(line 1, column",
                "{'source': []}|(line 1, column",
                "{'detail': {'version': [{'numeric': ['=>', 4]}]}}|(line 1, column",
                "{'source': [{'starts-with': 'aws'}]}|starts-with",
                "[]|(line 1, column"
            })
    void aMistakeIsShownWithItsPlaceAndThePattern(String pattern, String said) {
        String json = pattern.replace('\'', '"');

        assertThatThrownBy(() -> EventPattern.compile(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("compiling the event pattern: ")
                .hasMessageContaining(said)
                .hasMessageEndingWith("\n" + json)
                .message()
                .doesNotContain("[Source", "StreamReadFeature", "com.fasterxml");
    }

    @Test
    void aMistakeOnALaterLineIsFoundThere() {
        assertThatThrownBy(() -> EventPattern.compile(
                        "{\n  \"source\": [\"aws.ecs\"],\n  \"detail\": {\"group\": \"web\"}\n}\n"))
                .hasMessageContaining("(line 3, column 24)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "source = aws.ecs", "{}"})
    void whatIsNoPatternIsRefused(String text) {
        assertThatThrownBy(() -> EventPattern.compile(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("compiling the event pattern: ");
    }

    @Test
    void onePatternServesManyThreads() throws Exception {
        EventPattern pattern = EventPattern.compile("{\"detail\": {\"version\": [{\"numeric\": [\">=\", 500]}]}}");
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Future<Boolean>> answers = IntStream.range(0, 1_000)
                    .mapToObj(i -> pool.submit(
                            () -> pattern.matches(json("{\"detail\": {\"version\": " + i + "}}")) == (i >= 500)))
                    .toList();
            for (Future<Boolean> right : answers) {
                assertThat(right.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** As the reader reads it, with all its digits: written out, this number would have a billion. */
    @Test
    void aNumberThatIsTooLongToWriteOutTakesNoTime() {
        JsonNode event = Events.read("{\"source\": \"shop\", \"detail\": {\"n\": 1e999999999, \"m\": 1e-999999999}}")
                .payload()
                .json();
        for (String pattern : List.of(
                "{\"detail\": {\"n\": [{\"numeric\": [\">\", 1]}]}}",
                "{\"detail\": {\"m\": [{\"numeric\": [\"<\", 1]}], \"n\": [{\"exists\": true}]}}",
                "{\"detail\": {\"n\": [5]}}")) {
            assertThat(EventPattern.compile(pattern))
                    .satisfies(p -> assertTimeoutPreemptively(Duration.ofSeconds(10), () -> p.mismatch(event)));
        }
    }
}
