package io.ecssteward.check;

import io.ecssteward.problem.Suggestion;
import java.util.List;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.apache.camel.spi.Language;
import org.snakeyaml.engine.v2.nodes.Node;

/** Compiles expressions in Camel's simple language, and reports their problems. */
record SimpleSyntax(RouteContext context) {

    private static final List<String> FUNCTIONS =
            List.of("body field header variable exchangeProperty exchange exception date env routeId bean".split(" "));

    void check(Position place, Node node, boolean decides) {
        if (YamlFile.text(node) != null) {
            check(place, node, 0, YamlFile.text(node), decides);
        }
    }

    /** Checks the part of a text that begins at the offset. */
    void check(Position place, Node node, int offset, String text, boolean decides) {
        String resolved = context.resolved(text);
        if (resolved.contains("{{") || resolved.startsWith("resource:")) {
            return;
        }
        try {
            Language simple = context.camel().resolveLanguage("simple");
            if (decides) {
                simple.createPredicate(resolved).initPredicate(context.camel());
            } else {
                simple.createExpression(resolved).init(context.camel());
            }
        } catch (RuntimeException e) {
            int index = -1;
            Throwable cause = e;
            while (cause.getCause() != null && cause.getCause() != cause) {
                if (cause instanceof SimpleIllegalSyntaxException syntax) {
                    index = syntax.getIndex();
                }
                cause = cause.getCause();
            }
            // After a replaced placeholder, ${field()} or ${json()}, positions no longer match the file.
            boolean moved =
                    index < 0 || !resolved.equals(text) || resolved.contains("field(") || resolved.contains("json(");
            String message = String.valueOf(cause.getMessage()).replaceFirst("(?s) at location \\d+.*", "");
            context.problem(place, node, moved ? -1 : offset + index, describe(message, resolved));
        }
    }

    private static String describe(String message, String text) {
        if (message.startsWith("Unknown function: ")) {
            String function = message.substring("Unknown function: ".length()).strip();
            if (function.startsWith("field(") || function.startsWith("json(")) {
                return "${" + function + "} names no field; write ${" + function.replaceFirst("\\(.*", "")
                        + "(detail.name)}";
            }
            String rest = function.replaceFirst("^[^.(]*", "");
            return "there is no ${" + function + "} in Camel's simple language; "
                    + Suggestion.to(function.replaceFirst("[.(].*", ""), FUNCTIONS)
                            .filter(near -> !near.equals(function))
                            .map(near -> "did you mean ${" + near + rest + "}?")
                            .orElse("fields of the event are ${field(detail.name)}, "
                                    + "and what it is about ${body.service}");
        }
        if (message.contains("functionEnd")) {
            return "a ${ is not closed in '" + text.strip() + "'; add the } where the expression ends";
        }
        return message.strip().replaceAll("\\s+", " ") + " in '" + text.strip()
                + "'; write it in Camel's simple language";
    }
}
