package io.ecssteward.event;

import io.ecssteward.alert.Alert;

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
 * <p>A real SERVICE_TASK_PLACEMENT_FAILURE carried the eventType INFO: choose by the name.
 *
 * @param payload what it was read from
 * @param eventName what happened: {@code SERVICE_TASK_START_IMPAIRED}
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html">Service action
 *     events</a>
 */
public record ServiceAction(Payload payload, String eventName) implements Event {

    static ServiceAction read(Payload payload) {
        payload.require("a service action", "detail.eventName", "resources.0");
        return new ServiceAction(payload, payload.text("detail.eventName"));
    }

    @Override
    public String identity() {
        String at = payload.firstText("detail.createdAt");
        return at == null
                ? payload.fallbackIdentity()
                : "service-action/" + payload.resource() + "/" + eventName + "/" + at;
    }

    @Override
    public String cluster() {
        return ServiceEvents.cluster(payload);
    }

    @Override
    public String service() {
        return ServiceEvents.service(payload);
    }

    @Override
    public Alert alert() {
        return ServiceEvents.alert(this, eventName);
    }
}
