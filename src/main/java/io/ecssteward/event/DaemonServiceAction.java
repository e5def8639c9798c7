package io.ecssteward.event;

/**
 * A managed daemon cannot start its task on a container instance. The event's resource is the task, if there is one,
 * rather than the daemon.
 *
 * <pre>
 * {"source": "aws.ecs", "detail-type": "ECS Daemon Service Action",
 *  "resources": ["arn:aws:ecs:eu-west-1:111122223333:task/prod/a1b2"],
 *  "detail": {"eventType": "WARNING", "eventName": "DAEMON_TASK_START_IMPAIRED", "clusterArn": "arn:...:cluster/prod",
 *             "containerInstanceArn": "arn:...", "taskArn": "arn:...", "daemonArn": "arn:...:daemon/prod/logs",
 *             "failureType": "TASK_FAILED_TO_RUN", "createdAt": "2026-03-24T12:00:00.000Z", "reason": "..."}}
 * </pre>
 *
 * @param payload the message that it was read from
 * @param eventName what happened, a name in {@link ServiceEventName} or a newer one
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-daemons-events.html">Daemon
 *     events</a>
 */
public record DaemonServiceAction(Payload payload, String eventName) implements ServiceEvent {

    static final String DETAIL_TYPE = "ECS Daemon Service Action";

    static DaemonServiceAction read(Payload payload) {
        payload.require("a daemon service action", "detail.eventName");
        return new DaemonServiceAction(payload, payload.text("detail.eventName"));
    }
}
