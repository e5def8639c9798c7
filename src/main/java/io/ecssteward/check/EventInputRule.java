package io.ecssteward.check;

import io.ecssteward.dispatch.EventEndpoint;
import io.ecssteward.problem.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Routes at {@code event:} to which no step dispatches events, one that replaces a route which is not there, and an
 * alert that offers an action which no route is for.
 */
final class EventInputRule implements RouteRule {

    private static final String ACTION = "slack-action:";

    /** No action has this name, so an alert that names it has no buttons. */
    private static final String NONE = "none";

    private record Use(String name, Place place, Node node) {}

    private final RouteContext context;
    private final Map<String, Use> inputs = new LinkedHashMap<>();
    private final List<Use> replaced = new ArrayList<>();
    private final List<Use> buttons = new ArrayList<>();
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
        String offered =
                called != null && called.scheme().equals("alert") ? YamlFile.text(called.parameter("actions")) : null;
        if (offered != null && !offered.contains("${")) {
            Stream.of(offered.split(","))
                    .map(String::strip)
                    .filter(action -> !action.isEmpty() && !action.equals(NONE))
                    .forEach(action -> buttons.add(new Use(action, place, called.parameter("actions"))));
        }
        EndpointUri input = name.equals("from") ? EndpointUri.of(value) : null;
        if (input != null && input.scheme().matches("event|slack-action")) {
            String route = (input.scheme().equals("event") ? "" : ACTION) + input.path();
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
        List<String> actions = inputs.keySet().stream()
                .filter(route -> route.startsWith(ACTION))
                .map(route -> route.substring(ACTION.length()))
                .toList();
        for (Use use : buttons) {
            if (!actions.contains(use.name())) {
                context.problem(
                        use.place(),
                        use.node(),
                        "offers '" + use.name() + "', and no route begins at " + ACTION + use.name()
                                + Suggestion.remedy(use.name(), actions));
            }
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
