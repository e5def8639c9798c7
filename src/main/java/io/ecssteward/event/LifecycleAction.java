package io.ecssteward.event;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.alert.Severity;

/**
 * EC2 Auto Scaling is about to terminate an instance, and waits until its lifecycle hook is completed.
 *
 * <pre>
 * {"source": "aws.autoscaling", "detail-type": "EC2 Instance-terminate Lifecycle Action",
 *  "detail": {"LifecycleActionToken": "87654321-...", "AutoScalingGroupName": "hosts", "LifecycleHookName": "drain",
 *             "EC2InstanceId": "i-0abc", "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
 *             "Origin": "AutoScalingGroup", "Destination": "EC2"}}
 * </pre>
 *
 * @param payload the message that it was read from
 * @param token identifies the action: a hook may be used more than once for one instance
 * @param group the Auto Scaling group's name
 * @param hook the lifecycle hook's name
 * @param instanceId the EC2 instance: {@code i-0abc}
 * @see <a href="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html">Amazon EC2
 *     Auto Scaling event reference</a>
 */
public record LifecycleAction(Payload payload, String token, String group, String hook, String instanceId)
        implements Event {

    static final String DETAIL_TYPE = "EC2 Instance-terminate Lifecycle Action";

    static LifecycleAction read(Payload payload) {
        payload.require(
                "a lifecycle action",
                "detail.LifecycleActionToken",
                "detail.AutoScalingGroupName",
                "detail.LifecycleHookName",
                "detail.EC2InstanceId");
        return new LifecycleAction(
                payload,
                // Not masked like other tokens: it is not a secret, and only identifies this action.
                payload.firstText("detail.LifecycleActionToken"),
                payload.text("detail.AutoScalingGroupName"),
                payload.text("detail.LifecycleHookName"),
                payload.text("detail.EC2InstanceId"));
    }

    @Override
    public String identity() {
        return "lifecycle-action/" + token;
    }

    @Override
    public Alert alert() {
        return Alert.about("host/" + instanceId + "/lifecycle-action")
                .severity(Severity.WARNING)
                .title("Auto Scaling terminates " + instanceId + " of " + group)
                .field("EC2 instance", instanceId)
                .field("Auto Scaling group", group)
                .field("Lifecycle hook", hook)
                .field("Account", account())
                .field("Region", region())
                .link("View EC2 instance", ConsoleLinks.ec2Instance(region(), instanceId))
                .resolveAfter(Alert.NO_NEWS)
                .build();
    }
}
