package io.ecssteward.event;

/**
 * A deployment of a service began, completed or failed, whatever its strategy. It has no cluster ARN: only the
 * service's ARN names the cluster. When ECS rolls back, it sends another event, about the deployment that it rolls back
 * to.
 *
 * <pre>
 * {"source": "aws.ecs", "detail-type": "ECS Deployment State Change",
 *  "resources": ["arn:aws:ecs:eu-west-1:111122223333:service/prod/web"],
 *  "detail": {"eventType": "ERROR", "eventName": "SERVICE_DEPLOYMENT_FAILED", "deploymentId": "ecs-svc/123",
 *             "updatedAt": "2020-05-23T12:31:14Z", "reason": "ECS deployment circuit breaker: ..."}}
 * </pre>
 *
 * @param payload the message that it was read from
 * @param eventName what happened, a name in {@link ServiceEventName} or a newer one
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html">Service
 *     deployment state change events</a>
 */
public record DeploymentStateChange(Payload payload, String eventName) implements ServiceEvent {

    static final String DETAIL_TYPE = "ECS Deployment State Change";

    static DeploymentStateChange read(Payload payload) {
        payload.require("a deployment state change", "detail.eventName", "resources.0");
        return new DeploymentStateChange(payload, payload.text("detail.eventName"));
    }
}
