package io.ecssteward.event;

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
 * @param payload what it was read from
 * @param eventName what happened, a name in {@link ServiceEventName} or a newer one
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html">Service action
 *     events</a>
 */
public record ServiceAction(Payload payload, String eventName) implements ServiceEvent {

    static final String DETAIL_TYPE = "ECS Service Action";

    static ServiceAction read(Payload payload) {
        payload.require("a service action", "detail.eventName", "resources.0");
        return new ServiceAction(payload, payload.text("detail.eventName"));
    }
}
