package io.ecssteward.pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.Redactor;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Machine;

/**
 * An EventBridge event pattern, compiled: the same JSON that a rule in Terraform has, matched by the same engine that
 * EventBridge uses. Compiling is slow, matching is fast; instances are thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html">Comparison
 *     operators in event patterns</a>
 * @see <a href="https://github.com/aws/event-ruler">Event Ruler</a>
 */
public final class EventPattern {

    private final String json;
    private final Machine machine;

    private EventPattern(String json, Machine machine) {
        this.json = json;
        this.machine = machine;
    }

    /**
     * Compiles a pattern.
     *
     * @param json the pattern, as in an EventBridge rule
     * @throws IllegalArgumentException if it is not a pattern; the message has the problem, the line and column, and
     *     the pattern
     */
    public static EventPattern compile(String json) {
        Objects.requireNonNull(json);
        String wrong = JsonRuleCompiler.check(json);
        if (wrong != null) {
            throw new IllegalArgumentException("compiling the event pattern: " + describe(wrong) + "\n" + json.strip());
        }
        Machine machine = new Machine();
        try {
            machine.addRule("matches", json);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "compiling the event pattern: " + e.getMessage() + "\n" + json.strip(), e);
        }
        return new EventPattern(json, machine);
    }

    /** Whether the event matches. Text, numbers and lists match no pattern. */
    public boolean matches(JsonNode event) {
        return event.isObject() && !machine.rulesForJSONEvent(event).isEmpty();
    }

    /**
     * Why the event does not match, without secrets; empty if it does. Slow: for explanations to people, not for every
     * event.
     */
    public Optional<Mismatch> mismatch(JsonNode event) {
        return matches(event)
                ? Optional.empty()
                : Mismatch.of(this, Redactor.json(event)).or(() -> Mismatch.of(this, event));
    }

    /** The pattern's original text. */
    @Override
    public String toString() {
        return json;
    }

    /** Jackson's messages end with a dump of the source and the position; only the position is useful. */
    private static String describe(String message) {
        return message.replaceAll("(?s)\\s*at \\[Source: .*?; line: (\\d+), column: (\\d+)\\]", " (line $1, column $2)")
                .strip();
    }
}
