package io.ecssteward.check;

import java.util.Set;

/**
 * The position of a rule in a file.
 *
 * @param inside the name of the mapping, or of the list that contains it; empty at the top of a file's item
 * @param decides whether an expression is a condition here
 * @param bodyKnown whether the body is an event or an alert
 */
record Position(YamlFile file, String inside, boolean decides, boolean bodyKnown) {

    private static final Set<String> CONDITIONS =
            Set.of("when", "filter", "onWhen", "validate", "retryWhile", "handled", "continued");
    private static final Set<String> EXPRESSIONS = Set.of("expression", "simple", "language", "method");

    /** One level deeper. */
    Position into(String name) {
        return new Position(file, name, CONDITIONS.contains(name) || decides && EXPRESSIONS.contains(name), bodyKnown);
    }

    /** Whether the value of this name is a bean to call: a step {@code bean}, or the language {@code method}. */
    boolean isBeanCall(String name) {
        return name.equals("bean") || name.equals("method") && !inside.equals("bean") && !inside.equals("method");
    }
}
