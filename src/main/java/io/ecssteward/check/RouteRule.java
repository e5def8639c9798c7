package io.ecssteward.check;

import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * One kind of mistake in routes that are well-formed. {@link RouteRules} passes every file of one check to a rule,
 * because routes call routes of other files.
 */
interface RouteRule {

    /** Called for a bean of a list {@code beans:}. */
    default void bean(Position place, Node bean) {}

    /**
     * Called for a name and its value in a route, except for an endpoint's parameters and within an expression.
     *
     * @param owner the mapping that contains them
     */
    default void entry(Position place, Node owner, String name, Node value) {}

    /** Called for every text. */
    default void text(Position place, ScalarNode text) {}

    /** Called after the last file. */
    default void end() {}
}
