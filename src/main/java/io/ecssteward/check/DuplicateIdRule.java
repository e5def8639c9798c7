package io.ecssteward.check;

import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reports an id that two routes or steps share. */
final class DuplicateIdRule implements RouteRule {

    private final RouteContext context;
    private final Map<String, String> places = new HashMap<>();

    DuplicateIdRule(RouteContext context) {
        this.context = context;
    }

    @Override
    public void entry(Position place, Node owner, String name, Node value) {
        if (name.equals("id") && value instanceof ScalarNode id) {
            String first = places.putIfAbsent(id.getValue(), place.file().place(id));
            if (first != null) {
                context.problem(
                        place,
                        id,
                        "the id '" + id.getValue() + "' occurs twice, first in " + first
                                + "; give this one another name, or remove one of them");
            }
        }
    }
}
