package io.ecssteward.check;

import io.ecssteward.dispatch.EventEndpoint;
import io.ecssteward.problem.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.Node;

/** Routes at {@code event:} to which no step dispatches events, and one that replaces a route which is not there. */
final class EventInputRule implements RouteRule {

    private record Use(String name, Place place, Node node) {}

    private final RouteContext context;
    private final Map<String, Use> inputs = new LinkedHashMap<>();
    private final List<Use> replaced = new ArrayList<>();
    private boolean dispatched;

    EventInputRule(RouteContext context) {
        this.context = context;
    }

    @Override
    public void entry(Place place, Node owner, String name, Node value) {
        EndpointUri called = EndpointUri.called(name, value);
        dispatched |= called != null
                && called.scheme().equals("event")
                && called.path().equals(EventEndpoint.DISPATCH);
        EndpointUri input = name.equals("from") ? EndpointUri.of(value) : null;
        if (input != null && input.scheme().matches("event|slack-action")) {
            String route = (input.scheme().equals("event") ? "" : input.scheme() + ":") + input.path();
            inputs.putIfAbsent(route, new Use(route, place, input.node()));
            Node replaces = input.parameter("replaces");
            for (String other : YamlFile.text(replaces) == null
                    ? new String[0]
                    : YamlFile.text(replaces).split(",")) {
                replaced.add(new Use(other.strip(), place, replaces));
            }
        }
    }

    @Override
    public void end() {
        if (!context.complete()) {
            return;
        }
        if (!dispatched && !inputs.isEmpty()) {
            Use first = inputs.values().iterator().next();
            context.problem(
                    first.place(),
                    first.node(),
                    "begins at " + (first.name().contains(":") ? "" : "event:") + first.name()
                            + ", and no route dispatches events; take the built-in "
                            + "intake.camel.yaml, or add the step to: event:dispatch to yours");
        }
        for (Use use : replaced) {
            if (!inputs.containsKey(use.name())) {
                context.problem(
                        use.place(),
                        use.node(),
                        "replaces '" + use.name() + "', and no route begins at event:" + use.name()
                                + Suggestion.remedy(use.name(), inputs.keySet()));
            }
        }
    }
}
