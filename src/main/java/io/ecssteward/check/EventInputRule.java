package io.ecssteward.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.dispatch.EventEndpoint;
import io.ecssteward.event.Event;
import io.ecssteward.event.EventReader;
import io.ecssteward.event.MalformedEventException;
import io.ecssteward.event.Payload;
import io.ecssteward.event.UnknownEvent;
import io.ecssteward.problem.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reports routes at {@code event:} that receive no events, a route that replaces one that does not exist, and an alert
 * with an action that no route implements, or with actions but no incident, and so no buttons.
 */
final class EventInputRule implements RouteRule {

    private static final String ACTION = "slack-action:";

    /** Not the name of an action: an alert with it has no buttons. */
    private static final String NONE = "none";

    private static final ObjectMapper JSON = new ObjectMapper();

    private record Use(String name, Position place, Node node) {}

    private final RouteContext context;
    private final Map<String, Use> inputs = new LinkedHashMap<>();
    private final List<Use> replaced = new ArrayList<>();
    private final List<Use> buttons = new ArrayList<>();
    private boolean dispatched;

    /** The pattern of the current route; null if it has none. */
    private String pattern;

    EventInputRule(RouteContext context) {
        this.context = context;
    }

    @Override
    public void entry(Position place, Node owner, String name, Node value) {
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
            String state = state(called);
            if (state.matches("info|resolved") && !offered.strip().matches(NONE + "|")) {
                context.problem(
                        place,
                        called.parameter("actions"),
                        "nobody sees these buttons: the alert's state is '" + state
                                + "', which opens no incident; set 'state: firing', or remove 'actions'");
            }
        }
        EndpointUri input = name.equals("from") ? EndpointUri.of(value) : null;
        if (input != null) {
            pattern = YamlFile.text(input.parameter("pattern"));
        }
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

    /** The alert's state; empty if it depends on the event. */
    private String state(EndpointUri alert) {
        String written = YamlFile.text(alert.parameter("state"));
        if (written != null) {
            return written.strip().toLowerCase(Locale.ROOT);
        }
        List<Event> events = events();
        return !events.isEmpty() && events.stream().allMatch(UnknownEvent.class::isInstance) ? "info" : "";
    }

    /** An event for each source and detail-type that the pattern names; none if it does not name them. */
    private List<Event> events() {
        List<Event> events = new ArrayList<>();
        try {
            JsonNode asked = JSON.readTree(pattern == null ? "{}" : pattern);
            for (JsonNode source : asked.path("source")) {
                for (JsonNode type : asked.path("detail-type")) {
                    if (!source.isTextual() || !type.isTextual()) {
                        return List.of();
                    }
                    events.add(new EventReader()
                            .read(Payload.of(
                                    JSON.createObjectNode()
                                            .put("source", source.asText())
                                            .put("detail-type", type.asText()),
                                    null)));
                }
            }
            return events;
        } catch (JsonProcessingException | MalformedEventException e) {
            return List.of();
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
