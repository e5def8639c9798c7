package io.ecssteward.event;

/**
 * A lifecycle hook of a deployment began, waits for a person, or ended: a Lambda function that tests the new service
 * revision, or a pause until a person calls ContinueServiceDeployment.
 *
 * <pre>
 * {"source": "aws.ecs", "detail-type": "ECS Hook State Change",
 *  "resources": ["arn:aws:ecs:eu-west-1:111122223333:service-deployment/prod/web/0EYSiB0q"],
 *  "detail": {"eventType": "INFO", "eventName": "HOOK_AWAITING_ACTION", "hookId": "ecs-pause-e7tK",
 *             "hookType": "PAUSE", "expiresAt": "2026-03-05T16:04:41Z", "lifecycleStage": "POST_TEST_TRAFFIC_SHIFT",
 *             "clusterArn": "arn:...:cluster/prod", "serviceArn": "arn:...:service/prod/web",
 *             "serviceDeploymentArn": "arn:...", "updatedAt": "2026-03-05T15:54:41.618059641Z"}}
 * </pre>
 *
 * @param payload the message that it was read from
 * @param eventName what happened, a name in {@link ServiceEventName} or a newer one
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_hook_state_change_events.html">Hook
 *     state change events</a>
 */
public record HookStateChange(Payload payload, String eventName) implements ServiceEvent {

    static final String DETAIL_TYPE = "ECS Hook State Change";

    static HookStateChange read(Payload payload) {
        payload.require("a hook state change", "detail.eventName");
        return new HookStateChange(payload, payload.text("detail.eventName"));
    }
}
