package io.ecssteward.check;

import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * One kind of mistake in routes that are well-formed. {@link RouteRules} shows a rule every file of one check, because
 * routes call routes of other files.
 */
interface RouteRule {

    /** A bean of a list {@code beans:}. */
    default void bean(Position place, Node bean) {}

    /**
     * A name and its value in a route, but not among an endpoint's parameters and not within an expression.
     *
     * @param owner the mapping that has them
     */
    default void entry(Position place, Node owner, String name, Node value) {}

    /** A text, wherever it is. */
    default void text(Position place, ScalarNode text) {}

    /** After the last file. */
    default void end() {}
}
