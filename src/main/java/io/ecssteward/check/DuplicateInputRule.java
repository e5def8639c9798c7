package io.ecssteward.check;

import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reports two routes that begin at the same {@code direct:} or {@code event:} endpoint. */
final class DuplicateInputRule implements RouteRule {

    private final RouteContext context;
    private final Map<String, String> places = new HashMap<>();

    DuplicateInputRule(RouteContext context) {
        this.context = context;
    }

    @Override
    public void entry(Position place, Node owner, String name, Node value) {
        EndpointUri uri = EndpointUri.of(value);
        if (name.equals("from") && uri != null && uri.scheme().matches("direct|event|slack-action")) {
            String endpoint = uri.scheme() + ":" + uri.path();
            String first = places.putIfAbsent(endpoint, place.file().place(uri.node()));
            if (first != null) {
                context.problem(
                        place,
                        uri.node(),
                        "another route begins at " + endpoint + " too, in " + first
                                + ", and only one can; give this one another name");
            }
        }
    }
}
