package io.ecssteward.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.ecs.EcsServiceEndpoint;
import io.ecssteward.ecs.Operation;
import io.ecssteward.event.Event;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.SkipReason;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts the actions on ECS services, performed and skipped, by service and reason. */
final class ActionMetrics {

    static final String ACTIONS = Metrics.PREFIX + "actions";

    private static final String TO_ON_DEMAND = "to-on-demand";
    private static final String BACK_TO_SPOT = "back-to-spot";

    /** More than most accounts have services, and little to Prometheus. */
    private static final int MAX_SERVICES = 500;

    private final BoundedLabel services = new BoundedLabel(MAX_SERVICES);
    private final MeterRegistry registry;

    ActionMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Tags are written along with a move, and are no action of their own. */
    void performed(Action action) {
        if (action.operation().equals("UpdateService")) {
            count(operation(action.request()), action.about(), EcsServiceEndpoint.UPDATED);
        }
    }

    /** A strategy whose share of Spot is not null is one that a service goes back to. */
    private static String operation(JsonNode request) {
        if (!request.has("capacityProviderStrategy")) {
            return (request.has("forceNewDeployment") ? Operation.REDEPLOY : Operation.MATCH_INSTANCES).toString();
        }
        for (JsonNode item : request.get("capacityProviderStrategy")) {
            if (item.path("capacityProvider").asText().equals("FARGATE_SPOT")
                    && item.path("base").asInt() + item.path("weight").asInt() > 0) {
                return BACK_TO_SPOT;
            }
        }
        return TO_ON_DEMAND;
    }

    /** Counts what was skipped, which is named by its claim. */
    void skipped(Operation operation, String claim, SkipReason reason) {
        count(operation.toString(), inCluster(claim), reason.word());
    }

    void failed(Operation operation, Event event) {
        String service = event.service() == null ? "" : "/" + event.service();
        count(operation.toString(), event.cluster() + service, Metrics.FAILED);
    }

    /** Claims name a cluster by its ARN. */
    private static String inCluster(String service) {
        int cluster = service.startsWith("arn:") ? service.indexOf(":cluster/") : -1;
        return cluster < 0 ? service : service.substring(cluster + ":cluster/".length());
    }

    private void count(String operation, String service, String outcome) {
        registry.counter(ACTIONS, "operation", operation, "service", services.of(service), "outcome", outcome)
                .increment();
    }
}
