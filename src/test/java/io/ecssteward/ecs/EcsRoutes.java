package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.ManualClock;
import io.ecssteward.testing.YamlRoutes;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;

/** A route with {@code ecs-service:} steps in front of an ECS with the cluster prod. */
abstract class EcsRoutes {

    static final String NOW = "2026-11-20T10:00:00Z";

    final ManualClock clock = ManualClock.at(NOW);
    final FakeEcs ecs = new FakeEcs(clock).addCluster("prod", 3);
    final YamlRoutes routes = new YamlRoutes();

    @AfterEach
    void stop() {
        routes.close();
        ecs.close();
    }

    /** Starts a route with one step; each parameter is one line of YAML. */
    void start(String uri, String... parameters) throws Exception {
        if (routes.camel().getRegistry().lookupByName("ecsClient") == null) {
            routes.bind("ecsClient", ecs.client());
        }
        routes.start(step("direct:in", "", uri, parameters));
    }

    /** A route with one step, and others before it. */
    static String step(String from, String before, String uri, String... parameters) {
        return """
                - route:
                    from:
                      uri: %s
                      steps:
                %s        - to:
                            uri: %s%s
                """.formatted(
                from,
                before,
                uri,
                parameters.length == 0
                        ? ""
                        : "\n            parameters:\n              " + String.join("\n              ", parameters));
    }

    /** Sends a body through the route. */
    Exchange send(Object body) {
        return routes.send("direct:in", body);
    }

    /** The outcome of a step that did not fail. */
    static String outcome(Exchange exchange) {
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getHeader(EcsServiceEndpoint.OUTCOME, String.class);
    }

    /** What a step that did not fail decided against. */
    static List<String> skipped(Exchange exchange) {
        assertThat(exchange.getException()).isNull();
        return EventOutcome.of(exchange).skipped().stream()
                .map(Object::toString)
                .toList();
    }

    /** The requests of the calls to UpdateService. */
    List<JsonNode> updates() {
        return ecs.calls(FakeEcs.UPDATE_SERVICE).stream()
                .map(FakeEcs.Call::request)
                .toList();
    }

    /** A Spot interruption of service web, at this moment. */
    Object interrupted() {
        return Events.spot("service:web", clock.instant().toString());
    }
}
