package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.alert.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One row of the table of stopped tasks, {@code stopped-tasks.json}: a reason why a task stops, how it is recognized,
 * and what the alert says. The first row that matches counts. A condition that a row omits matches everything.
 *
 * <p>Titles and sentences have placeholders ({@code {image}}); a part in brackets is left out if its placeholder has no
 * value.
 *
 * @param id the row's name in kebab-case; alerts of one service with one cause are one alert within the cool-down
 * @param stopCodes stop codes, {@code none} for an event without one
 * @param says regular expressions, ignoring case, all of which must be found in ECS's text; one line of the text is the
 *     stop code, the others are sentences
 * @param exit {@code zero} or {@code nonzero}: the exit code of the container that ended first
 * @param of {@code service} or {@code standalone}: whether ECS replaces the task
 * @param ranUnder the task ran for less than this time
 * @param severity the alert's severity; null if the cause is routine and needs no alert
 * @param title one line, which begins with the cause
 * @param cause what happened, in sentences
 * @param look what to check first, or what ECS does automatically; empty if there is neither
 * @param page URL of AWS's page about it
 * @param example parts of an event's {@code detail} that match this row and no row before it
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html">Stopped
 *     tasks error messages</a>
 */
record StopCause(
        String id,
        List<String> stopCodes,
        List<Pattern> says,
        String exit,
        String of,
        Duration ranUnder,
        Severity severity,
        String title,
        String cause,
        String look,
        String page,
        JsonNode example) {

    private static final String GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/";

    /** The table's JSON. */
    static final JsonNode TABLE = table();

    /** The rows, in order. */
    static final List<StopCause> ALL =
            items(TABLE.path("stops")).map(StopCause::of).toList();

    private static JsonNode table() {
        try (InputStream in = StopCause.class.getResourceAsStream("stopped-tasks.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("reading stopped-tasks.json", e);
        }
    }

    static Stream<JsonNode> items(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private static StopCause of(JsonNode row) {
        String page = row.path("page").asText();
        String severity = row.path("severity").asText();
        String ranUnder = row.path("ranUnder").textValue();
        return new StopCause(
                row.path("id").asText(),
                items(row.path("stopCode")).map(JsonNode::asText).toList(),
                items(row.path("says"))
                        .map(says -> Pattern.compile(says.asText(), Pattern.CASE_INSENSITIVE | Pattern.MULTILINE))
                        .toList(),
                row.path("exit").textValue(),
                row.path("of").textValue(),
                ranUnder == null ? null : Duration.parse(ranUnder),
                severity.equals("routine") ? null : Severity.valueOf(severity.toUpperCase(Locale.ROOT)),
                row.path("title").asText(),
                row.path("cause").asText(),
                row.path("look").asText(),
                GUIDE + (page.contains("#") ? page.replace("#", ".html#") : page + ".html"),
                row.path("example"));
    }

    /** Whether this row's conditions match the task. */
    boolean matches(StoppedTask stopped) {
        return (stopCodes.isEmpty() || stopCodes.contains(Notice.either(stopped.stopCode(), "none")))
                && says.stream().allMatch(part -> part.matcher(stopped.says()).find())
                && (exit == null || exit.equals(stopped.exit()))
                && (of == null || of.equals(stopped.standalone() ? "standalone" : "service"))
                && (ranUnder == null || stopped.ran() != null && stopped.ran().compareTo(ranUnder) < 0);
    }
}
