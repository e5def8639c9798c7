package io.ecssteward.check;

import org.snakeyaml.engine.v2.nodes.Node;

/** A custom route without an event pattern, and custom routes to which no step hands events. */
final class EventInputRule implements RouteRule {

    private final RouteContext context;
    private Runnable firstProblem;
    private boolean handedOut;

    EventInputRule(RouteContext context) {
        this.context = context;
    }

    @Override
    public void entry(Place place, Node owner, String name, Node value) {
        EndpointUri called = EndpointUri.called(name, value);
        handedOut |= called != null && called.scheme().equals("event") && called.parameter("shipped") != null;
        EndpointUri input = name.equals("from") ? EndpointUri.of(value) : null;
        if (input == null || !input.scheme().equals("event")) {
            return;
        }
        if (firstProblem == null) {
            firstProblem = () -> context.problem(
                    place,
                    input.node(),
                    "no route hands events to custom routes; add the built-in intake.camel.yaml, or its step event:all");
        }
        Node pattern = input.parameter("pattern");
        if (YamlFile.text(pattern) == null && pattern != null && !YamlFile.isNothing(pattern)) {
            context.problem(
                    place,
                    pattern,
                    "the event pattern is read as YAML and not as a text; write it as a block below pattern: |");
        } else if (YamlFile.text(pattern) == null && !input.uri().contains("pattern=")) {
            context.problem(
                    place,
                    input.node(),
                    input.uri() + " has no pattern, so no event would come; add the parameter pattern, "
                            + "an EventBridge event pattern");
        }
    }

    @Override
    public void end() {
        if (context.complete() && !handedOut && firstProblem != null) {
            firstProblem.run();
        }
    }
}
