package io.ecssteward.check;

import org.snakeyaml.engine.v2.nodes.Node;

/** Custom routes to which no step hands events. */
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
        if (firstProblem == null && input != null && input.scheme().equals("event")) {
            firstProblem = () -> context.problem(
                    place,
                    input.node(),
                    "no route hands events to custom routes; add the built-in intake.camel.yaml, "
                            + "or its step event:all");
        }
    }

    @Override
    public void end() {
        if (context.complete() && !handedOut && firstProblem != null) {
            firstProblem.run();
        }
    }
}
