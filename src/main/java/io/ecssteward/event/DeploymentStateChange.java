package io.ecssteward.event;

import io.ecssteward.alert.Alert;

/**
 * A deployment of a service began, completed or failed. It has no cluster ARN: the cluster is only in the service's.
 *
 * <pre>
 * {"source": "aws.ecs", "detail-type": "ECS Deployment State Change",
 *  "resources": ["arn:aws:ecs:eu-west-1:111122223333:service/prod/web"],
 *  "detail": {"eventType": "ERROR", "eventName": "SERVICE_DEPLOYMENT_FAILED", "deploymentId": "ecs-svc/123",
 *             "updatedAt": "2020-05-23T12:31:14Z", "reason": "ECS deployment circuit breaker: ..."}}
 * </pre>
 *
 * @param payload what it was read from
 * @param eventName what happened: {@code SERVICE_DEPLOYMENT_FAILED}
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html">Service
 *     deployment state change events</a>
 */
public record DeploymentStateChange(Payload payload, String eventName) implements Event {

    static DeploymentStateChange read(Payload payload) {
        payload.require("a deployment state change", "detail.eventName", "resources.0");
        return new DeploymentStateChange(payload, payload.text("detail.eventName"));
    }

    @Override
    public String identity() {
        String id = payload.firstText("detail.deploymentId");
        return id == null
                ? payload.fallbackIdentity()
                : "deployment/" + payload.resource() + "/" + eventName + "/" + id;
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
