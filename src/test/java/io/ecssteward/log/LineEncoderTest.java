package io.ecssteward.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class LineEncoderTest {

    private static final Logger LOG = LoggerFactory.getLogger("io.ecssteward.events");

    /** What comes from outside: everything that ends a line somewhere, and what moves a terminal's cursor. */
    private static final String HOSTILE =
            "a\nb\rc\r\nd\u0085e\u2028f\u2029g\u001b[2Jh\u0000i\u000bj\fk\u009bl\u007fm\ud800n\"o\\p";

    /** What the programs that split logs take for the end of a line, Python's splitlines being the greediest. */
    private static final String LINE_ENDS = "[\\n\\r\\u000b\\f\\u001c-\\u001e\\u0085\\u2028\\u2029]";

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }

    private static void logHostile() {
        LOG.atInfo().addKeyValue("cluster", HOSTILE).log("{} cluster", HOSTILE);
        try (MDC.MDCCloseable context = MDC.putCloseable("tenant", HOSTILE)) {
            LOG.warn(HOSTILE, new IllegalStateException(HOSTILE, new IllegalArgumentException(HOSTILE)));
        }
    }

    @Test
    void jsonIsOneLineWhateverIsLogged() {
        try (Lines lines = new Lines("json")) {
            logHostile();

            assertThat(lines.written()).hasSize(2).allSatisfy(line -> {
                assertThat(line).endsWith("\n").matches("\\p{ASCII}*");
                assertThat(line.substring(0, line.length() - 1))
                        .doesNotContainPattern(LINE_ENDS)
                        .doesNotContainPattern("[\\x00-\\x1f]");
            });
            JsonNode first = json(lines.written().get(0));
            assertThat(first.get("message").asText()).isEqualTo(HOSTILE + " cluster");
            assertThat(first.get("cluster").asText()).isEqualTo(HOSTILE);
            assertThat(json(lines.written().get(1)).get("exception").asText())
                    .startsWith("java.lang.IllegalStateException: a\nb")
                    .contains("Caused by: java.lang.IllegalArgumentException");
            assertThat(json(lines.written().get(1)).get("tenant").asText()).isEqualTo(HOSTILE);
        }
    }

    @Test
    void textIsOneLineWhateverIsLogged() {
        try (Lines lines = new Lines("text")) {
            logHostile();

            assertThat(lines.written())
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line.replace("\n", ""))
                            .doesNotContainPattern(LINE_ENDS)
                            .doesNotContainPattern("[\\x00-\\x08\\x1b\\x7f-\\x9f]"));
            assertThat(lines.written().get(0).lines())
                    .singleElement()
                    .asString()
                    .contains(" INFO  events a | b | c | d | e | f | g | [2Jh | i | j | k | l | m");
            assertThat(lines.written().get(1).lines().toList())
                    .hasSizeGreaterThan(5)
                    .satisfies(all -> {
                        assertThat(all.get(0)).contains(" WARN  events a | b");
                        assertThat(all.get(1)).startsWith("java.lang.IllegalStateException: a | b");
                        assertThat(all.subList(1, all.size()))
                                .allMatch(l -> l.matches("(\\t(at |\\.\\.\\. )|java\\.lang\\.|Caused by: ).*"));
                    });
        }
    }

    @Test
    void textIsForPeople() {
        try (Lines lines = new Lines("text")) {
            LOG.atInfo().addKeyValue("cluster", "prod").log("task-state-change prod/web: duplicate (event)");

            assertThat(lines.written())
                    .singleElement()
                    .asString()
                    .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S+ INFO  events task-state-change "
                            + "prod/web: duplicate \\(event\\)\n");
        }
    }

    @Test
    void jsonHasWhatIsKnown() {
        try (Lines lines = new Lines("json");
                MDC.MDCCloseable trace = MDC.putCloseable("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736");
                MDC.MDCCloseable span = MDC.putCloseable("span_id", "00f067aa0ba902b7")) {
            LOG.atInfo()
                    .addKeyValue("cluster", "prod")
                    .addKeyValue("count", 3)
                    .addKeyValue("nothing", (Object) null)
                    .log("done");

            JsonNode line = json(lines.written().get(0));
            assertThat(StreamSupport.stream(((Iterable<String>) line::fieldNames).spliterator(), false))
                    .containsExactlyInAnyOrder(
                            "timestamp",
                            "level",
                            "logger",
                            "thread",
                            "message",
                            "cluster",
                            "count",
                            "trace_id",
                            "span_id");
            assertThat(line.get("timestamp").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
            assertThat(line.get("level").asText()).isEqualTo("INFO");
            assertThat(line.get("logger").asText()).isEqualTo("io.ecssteward.events");
            assertThat(line.get("count").isInt()).isTrue();
            assertThat(line.get("trace_id").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
            assertThat(line.get("span_id").asText()).isEqualTo("00f067aa0ba902b7");
        }
    }

    @Test
    void nobodyWritesOverWhatALineIs() {
        try (Lines lines = new Lines("json")) {
            LOG.atInfo()
                    .addKeyValue("level", "ERROR")
                    .addKeyValue("timestamp", "never")
                    .log("done");

            assertThat(json(lines.written().get(0)).get("level").asText()).isEqualTo("INFO");
            assertThat(lines.written().get(0)).doesNotContain("never");
        }
    }

    @Test
    void aLongNameAndALongTraceAreCut() {
        try (Lines lines = new Lines("json")) {
            LOG.atInfo()
                    .addKeyValue("cluster", "x".repeat(100_000))
                    .setCause(new IllegalStateException("y".repeat(100_000)))
                    .log("done");

            assertThat(lines.written().get(0))
                    .hasSizeLessThan(LineEncoder.LONGEST_VALUE + LineEncoder.LONGEST_TRACE + 500);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void theFileHasNoMistake(String format) {
        try (Lines lines = new Lines(format)) {
            assertThat(lines.statuses()).isEmpty();
        }
    }

    @Test
    void theFormatGoesByTheWordAndElseByTheTerminal() {
        assertThat(List.of(
                        LogFormat.of("json", () -> true),
                        LogFormat.of(" TEXT ", () -> false),
                        LogFormat.of("auto", () -> true),
                        LogFormat.of("", () -> false),
                        LogFormat.of("xml", () -> true)))
                .containsExactly(LogFormat.JSON, LogFormat.TEXT, LogFormat.TEXT, LogFormat.JSON, LogFormat.TEXT);
    }
}
