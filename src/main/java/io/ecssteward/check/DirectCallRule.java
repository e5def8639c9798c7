package io.ecssteward.check;

import io.ecssteward.problem.Suggestion;
import io.ecssteward.settings.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reports a call of a {@code direct:} endpoint that no route consumes from, and a route that nothing calls. */
final class DirectCallRule implements RouteRule {

    /** The routes that the bean {@code incidents} calls. */
    private static final Set<String> CALLED_BY_INCIDENTS = Set.of("incident-event", "post-to-channel");

    private record Use(String name, Position place, Node node) {}

    private final RouteContext context;
    private final Map<String, Use> inputs = new LinkedHashMap<>();
    private final List<Use> calls = new ArrayList<>();
    private boolean callsUnknown;

    DirectCallRule(RouteContext context) {
        this.context = context;
    }

    @Override
    public void entry(Position place, Node owner, String name, Node value) {
        EndpointUri uri = EndpointUri.of(value);
        EndpointUri called = EndpointUri.called(name, value);
        if (name.equals("from") && uri != null && uri.isDirect()) {
            inputs.putIfAbsent(uri.path(), new Use(uri.path(), place, uri.node()));
        } else if (called != null && called.isDirect()) {
            calls.add(new Use(called.path(), place, called.node()));
        } else if (called != null && called.scheme().equals("alert")) {
            calls.add(new Use("alerts", place, called.node()));
        } else if (name.matches("dynamicRouter|recipientList|routingSlip")
                || name.matches("to|toD|wireTap|poll")
                        && uri != null
                        && uri.uri().matches("(direct:.*)?\\$\\{.*")) {
            // These compute their endpoints at run time.
            callsUnknown = true;
        }
    }

    @Override
    public void end() {
        if (!context.complete()) {
            return;
        }
        for (Use call : calls) {
            if (!inputs.containsKey(call.name())) {
                boolean alert = String.valueOf(YamlFile.text(call.node())).startsWith("alert:");
                String remedy = alert
                        ? "; add the built-in slack.camel.yaml to the folder"
                        : Suggestion.to(call.name(), inputs.keySet())
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse("; correct it, or add the file with that route to the folder");
                context.problem(
                        call.place(),
                        call.node(),
                        "calls direct:" + call.name() + ", and no route begins there" + remedy);
            }
        }
        Use alerts = inputs.get("alerts");
        for (String name : CALLED_BY_INCIDENTS) {
            if (alerts != null && !inputs.containsKey(name)) {
                // A copy from before the route was renamed would lose alerts without an error.
                context.problem(
                        alerts.place(),
                        alerts.node(),
                        "sends alerts, and no route begins at direct:" + name
                                + ", which the bean incidents calls; export "
                                + "the built-in files again, and reapply your changes");
            }
        }
        if (callsUnknown) {
            return;
        }
        calls.forEach(call -> inputs.remove(call.name()));
        inputs.keySet().removeAll(CALLED_BY_INCIDENTS);
        Settings settings = context.settings();
        String froms = settings.get(Settings.FROM) + " " + settings.get(Settings.URGENT_FROM) + " "
                + settings.get(Settings.ALERTS_FROM);
        inputs.forEach((name, input) -> {
            if (!froms.matches("(?s).*direct:" + Pattern.quote(name) + "\\b.*")) {
                context.warning(
                        input.place(),
                        input.node(),
                        "nothing calls direct:" + name + ", so this route never runs; call it, or remove it");
            }
        });
    }
}
