package io.ecssteward.check;

import io.ecssteward.pattern.EventPattern;
import io.ecssteward.problem.Suggestion;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reports an expression or event pattern that does not compile, and an unknown language. */
record ExpressionRule(RouteContext context, SimpleSyntax simple) implements RouteRule {

    private static final Pattern POSITION = Pattern.compile("\\(line (\\d+), column (\\d+)\\)");

    @Override
    public void entry(Position place, Node owner, String name, Node value) {
        EndpointUri uri = name.equals("from") ? EndpointUri.of(value) : null;
        if (name.equals("simple")) {
            simple.check(
                    place, value instanceof MappingNode ? YamlFile.get(value, "expression") : value, place.decides());
        } else if (name.equals("language")) {
            language(place, value);
        } else if (uri != null && uri.scheme().equals("event")) {
            pattern(place, uri);
        }
    }

    private void pattern(Position place, EndpointUri event) {
        boolean takesAll = "true".equals(YamlFile.text(event.parameter("fallback")));
        if (!pattern(place, event, "pattern") && !takesAll && !event.uri().matches(".*[?&](pattern|fallback)=.*")) {
            context.problem(
                    place,
                    event.node(),
                    event.uri() + " has no pattern, so no event would come; add the parameter pattern, "
                            + "an EventBridge event pattern");
        }
        pattern(place, event, "except");
    }

    /** Checks a parameter that is an event pattern; false if the parameter is none. */
    private boolean pattern(Position place, EndpointUri event, String name) {
        Node pattern = event.parameter(name);
        if (pattern == null || YamlFile.isNothing(pattern)) {
            return false;
        }
        if (YamlFile.text(pattern) == null) {
            context.problem(
                    place,
                    pattern,
                    "the event pattern is parsed as YAML, not as text; write it as a block below " + name + ": |");
        } else {
            pattern(place, pattern);
        }
        return true;
    }

    private void language(Position place, Node definition) {
        Node node = YamlFile.get(definition, "language");
        String language = YamlFile.text(node);
        Node expression = YamlFile.get(definition, "expression");
        if (language == null || language.contains("{{")) {
            return;
        }
        if (!RouteContext.camelProvides("language", language)) {
            context.problem(
                    place,
                    node,
                    "there is no language '" + language + "'"
                            + Suggestion.remedy(language, List.of("event-pattern", "simple", "constant")));
        } else if (language.equals("event-pattern")) {
            pattern(place, expression);
        } else if (language.equals("simple")) {
            simple.check(place, expression, false);
        }
    }

    private void pattern(Position place, Node node) {
        String text = YamlFile.text(node);
        if (text == null || text.startsWith("resource:") || text.contains("{{steward.")) {
            return;
        }
        try {
            EventPattern.compile(text);
        } catch (IllegalArgumentException e) {
            String message = e.getMessage()
                    .lines()
                    .findFirst()
                    .orElse("")
                    .replaceFirst("^compiling the event pattern: ", "")
                    .replaceFirst(" \\(code \\d+\\)", "");
            Matcher position = POSITION.matcher(message);
            int offset = -1;
            if (position.find()) {
                offset = offset(text, Integer.parseInt(position.group(1)), Integer.parseInt(position.group(2)));
                message = position.replaceFirst("").strip();
            }
            context.problem(
                    place,
                    node,
                    offset,
                    "the event pattern does not compile: " + message + "; write it as for an EventBridge rule");
        }
    }

    private static int offset(String text, int line, int column) {
        int begin = 0;
        for (int i = 1; i < line; i++) {
            begin = text.indexOf('\n', begin) + 1;
        }
        return Math.max(0, Math.min(text.length(), begin + column - 1));
    }
}
