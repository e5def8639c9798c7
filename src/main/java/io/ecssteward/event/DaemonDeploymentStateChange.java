package io.ecssteward.event;

/**
 * A deployment of a managed daemon began, ended, stopped, or is being rolled back.
 *
 * <pre>
 * {"source": "aws.ecs", "detail-type": "ECS Daemon Deployment State Change",
 *  "resources": ["arn:aws:ecs:eu-west-1:111122223333:daemon/prod/logs"],
 *  "detail": {"eventType": "ERROR", "eventName": "DAEMON_DEPLOYMENT_ROLLBACK_FAILED",
 *             "clusterArn": "arn:...:cluster/prod", "daemonArn": "arn:...:daemon/prod/logs",
 *             "daemonDeploymentArn": "arn:...", "updatedAt": "2026-03-05T15:54:41.618059641Z"}}
 * </pre>
 *
 * @param payload the message that it was read from
 * @param eventName what happened, a name in {@link ServiceEventName} or a newer one
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-daemons-events.html">Daemon
 *     events</a>
 */
public record DaemonDeploymentStateChange(Payload payload, String eventName) implements ServiceEvent {

    static final String DETAIL_TYPE = "ECS Daemon Deployment State Change";

    static DaemonDeploymentStateChange read(Payload payload) {
        payload.require("a daemon deployment state change", "detail.eventName");
        return new DaemonDeploymentStateChange(payload, payload.text("detail.eventName"));
    }
}
