package io.ecssteward.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * The service scheduler reached a state or met an obstacle: a service cannot start or place its tasks.
 *
 * <pre>
 * {"source": "aws.ecs", "detail-type": "ECS Service Action",
 *  "resources": ["arn:aws:ecs:eu-west-1:111122223333:service/prod/web"],
 *  "detail": {"eventType": "WARN", "eventName": "SERVICE_TASK_START_IMPAIRED", "clusterArn": "arn:...:cluster/prod",
 *             "createdAt": "2019-11-19T19:55:38.725Z", "reason": "RESOURCE:FARGATE"}}
 * </pre>
 *
 * @param payload the message that it was read from
 * @param eventName what happened, a name in {@link ServiceEventName} or a newer one
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html">Service action
 *     events</a>
 */
public record ServiceAction(Payload payload, String eventName) implements ServiceEvent {

    static final String DETAIL_TYPE = "ECS Service Action";

    /** The event name in Steward's own follow-ups, which only name a service. */
    private static final String NAMES = "CAPACITY_CHECK";

    /**
     * Whether ECS cannot place a task because Fargate Spot has no capacity.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html">SERVICE_TASK_PLACEMENT_FAILURE:
     *     RESOURCE:FARGATE, capacityProviderArns</a>
     */
    @Override
    public boolean spotPlacementFailure() {
        return ServiceEventName.SERVICE_TASK_PLACEMENT_FAILURE.name().equals(eventName)
                && "RESOURCE:FARGATE".equals(payload.text("detail.reason"))
                && payload.list("detail.capacityProviderArns").stream()
                        .map(Payload::textOf)
                        .anyMatch(arn -> arn != null && arn.endsWith("/FARGATE_SPOT"));
    }

    /**
     * The JSON of an event that only names a service, for a follow-up about the service rather than about an event.
     *
     * @param serviceArn the service's ARN, in the new format, with the cluster's name, or in the old one
     * @param clusterArn the cluster's ARN
     */
    static ObjectNode naming(String serviceArn, String clusterArn, Instant now) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", "0").put("id", NAMES + "/" + serviceArn + "/" + now);
        json.put("source", "aws.ecs").put("detail-type", DETAIL_TYPE).put("time", now.toString());
        Arn.parse(serviceArn)
                .ifPresent(arn -> json.put("account", arn.account()).put("region", arn.region()));
        json.putArray("resources").add(serviceArn);
        json.putObject("detail")
                .put("eventType", "INFO")
                .put("eventName", NAMES)
                .put("clusterArn", clusterArn)
                .put("createdAt", now.toString());
        return json;
    }

    static ServiceAction read(Payload payload) {
        payload.require("a service action", "detail.eventName", "resources.0");
        return new ServiceAction(payload, payload.text("detail.eventName"));
    }
}
