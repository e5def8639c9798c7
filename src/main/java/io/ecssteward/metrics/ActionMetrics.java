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

    /** More services than most accounts have, and few series for Prometheus. */
    private static final int MAX_SERVICES = 500;

    private final BoundedLabel services = new BoundedLabel(MAX_SERVICES);
    private final MeterRegistry registry;

    ActionMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Tags are written along with a move, and do not count as an action. */
    void performed(Action action) {
        if (action.operation().equals("UpdateService")) {
            count(operation(action.request()), action.about(), EcsServiceEndpoint.UPDATED);
        }
    }

    /** If the strategy has a share of Spot that is not zero, the service moves back to Spot. */
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

    /** Counts a skipped action, whose name is its claim's key. */
    void skipped(Operation operation, String claim, SkipReason reason) {
        count(operation.toString(), inCluster(claim), reason.word());
    }

    void failed(Operation operation, Event event) {
        String service = event.service() == null ? "" : "/" + event.service();
        count(operation.toString(), event.cluster() + service, Metrics.FAILED);
    }

    /** Shortens the cluster's ARN, which claims contain, to its name. */
    private static String inCluster(String service) {
        int cluster = service.startsWith("arn:") ? service.indexOf(":cluster/") : -1;
        return cluster < 0 ? service : service.substring(cluster + ":cluster/".length());
    }

    private void count(String operation, String service, String outcome) {
        registry.counter(ACTIONS, "operation", operation, "service", services.of(service), "outcome", outcome)
                .increment();
    }
}
