package io.ecssteward.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.pattern.PatternSubsumption;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reports a branch of a {@code choice} that is never reached, because an earlier one always matches first. */
record UnreachableBranchRule(RouteContext context) implements RouteRule {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The condition of a branch: an event pattern, or a text in the simple language. */
    private record Condition(JsonNode pattern, String text, int line) {

        static Condition of(Node when) {
            Node expression = YamlFile.get(when, "expression") == null ? when : YamlFile.get(when, "expression");
            Node language = YamlFile.get(expression, "language");
            Node simple = YamlFile.get(expression, "simple");
            if ("event-pattern".equals(YamlFile.text(YamlFile.get(language, "language")))) {
                JsonNode pattern = json(YamlFile.text(YamlFile.get(language, "expression")));
                return pattern == null ? null : new Condition(pattern, null, YamlFile.line(when));
            }
            String text = YamlFile.text(simple instanceof MappingNode ? YamlFile.get(simple, "expression") : simple);
            return text == null ? null : new Condition(null, text.strip(), YamlFile.line(when));
        }

        /** The pattern's JSON; null if it is invalid, which {@link ExpressionRule} reports. */
        private static JsonNode json(String text) {
            try {
                JsonNode pattern = text == null ? null : JSON.readTree(text);
                return pattern != null && pattern.isObject() && !pattern.isEmpty() ? pattern : null;
            } catch (JsonProcessingException e) {
                return null;
            }
        }

        boolean hides(Condition later) {
            if (pattern != null) {
                return later.pattern != null && PatternSubsumption.covers(pattern, later.pattern);
            }
            return text.equals(later.text) || text.equals("true") || text.equals("${true}");
        }
    }

    @Override
    public void entry(Position place, Node owner, String name, Node value) {
        if (!name.equals("choice")) {
            return;
        }
        List<Condition> earlier = new ArrayList<>();
        for (Node when : YamlFile.items(YamlFile.get(value, "when"))) {
            Condition condition = Condition.of(when);
            if (condition == null) {
                continue;
            }
            earlier.stream().filter(c -> c.hides(condition)).findFirst().ifPresent(c -> {
                boolean same = c.pattern() == null || c.pattern().equals(condition.pattern());
                context.problem(
                        place,
                        when,
                        "this branch is never reached, because the one in line " + c.line()
                                + (same ? " has the same condition" : " matches everything that this one does")
                                + "; put this one before it, or remove it");
            });
            earlier.add(condition);
        }
    }
}
