package io.ecssteward.pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.event.Event;
import io.ecssteward.event.EventReader;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.spi.annotations.Language;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.LanguageSupport;

/**
 * The Camel language {@code event-pattern}: a predicate that is an EventBridge event pattern.
 *
 * <pre>
 * - when:
 *     - expression:
 *         language:
 *           language: event-pattern
 *           expression: |
 *             {"source": ["aws.ecs"], "detail": {"stopCode": ["SpotInterruption"]}}
 * </pre>
 *
 * <p>It matches the event in the body, or the body's JSON. Patterns are compiled when the routes are loaded; if one
 * does not compile, the startup fails. As with every Camel language, {@code resource:file:pattern.json} reads the
 * pattern from a file.
 */
@Language("event-pattern")
public class EventPatternLanguage extends LanguageSupport {

    private final EventPatterns patterns = new EventPatterns();
    private final EventReader reader = new EventReader();

    @Override
    public Predicate createPredicate(String expression) {
        return matching(expression);
    }

    @Override
    public Expression createExpression(String expression) {
        return matching(expression);
    }

    /** The pattern of an expression in a route: the expression itself, or the content of the file that it names. */
    public String pattern(String expression) {
        return loadResource(getCamelContext().resolvePropertyPlaceholders(expression));
    }

    private Matching matching(String expression) {
        String json = loadResource(expression);
        patterns.add(json);
        return new Matching(json);
    }

    /** The patterns of all routes; other components may add patterns. */
    public EventPatterns patterns() {
        return patterns;
    }

    private JsonNode json(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof JsonNode json) {
            return json;
        }
        return reader.open(exchange.getMessage().getBody(String.class), null)
                .get(0)
                .json();
    }

    private final class Matching extends ExpressionAdapter implements Predicate {
        private final String pattern;

        private Matching(String pattern) {
            this.pattern = pattern;
        }

        @Override
        public boolean matches(Exchange exchange) {
            return exchange.getMessage().getBody() instanceof Event event
                    ? patterns.match(pattern, event.payload().json(), exchange)
                    : patterns.match(pattern, json(exchange));
        }

        @Override
        public Object evaluate(Exchange exchange) {
            return matches(exchange);
        }

        @Override
        public void initPredicate(CamelContext context) {
            init(context);
        }

        @Override
        public String toString() {
            return "event-pattern{" + pattern + "}";
        }
    }
}
