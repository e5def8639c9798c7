package io.ecssteward.event;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.alert.Severity;
import java.time.Duration;
import java.util.Optional;

/**
 * A container instance registered, drains, was deregistered, got a task, or its agent disconnected or connected.
 *
 * <pre>
 * {"source": "aws.ecs", "detail-type": "ECS Container Instance State Change",
 *  "resources": ["arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/a1b2"],
 *  "detail": {"agentConnected": false, "clusterArn": "arn:...:cluster/prod", "containerInstanceArn": "arn:...",
 *             "ec2InstanceId": "i-0abc", "status": "ACTIVE", "version": 14}}
 * </pre>
 *
 * <p>The agent disconnects and reconnects several times an hour in normal operation, so {@code agentConnected: false}
 * alone is not a problem.
 *
 * @param payload the message that it was read from
 * @param arn the container instance's ARN
 * @param clusterArn the cluster's ARN
 * @param status REGISTERING, REGISTRATION_FAILED, ACTIVE, INACTIVE, DEREGISTERING or DRAINING; null if absent
 * @param agentConnected whether the ECS agent is connected; null if absent
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_container_instance_events.html">Container
 *     instance state change events</a>
 */
public record ContainerInstanceStateChange(
        Payload payload, String arn, String clusterArn, String status, Boolean agentConnected) implements Event {

    static ContainerInstanceStateChange read(Payload payload) {
        payload.require("a container instance state change", "detail.clusterArn", "detail.containerInstanceArn");
        var connected = payload.at("detail.agentConnected");
        return new ContainerInstanceStateChange(
                payload,
                payload.text("detail.containerInstanceArn"),
                payload.text("detail.clusterArn"),
                payload.firstText("detail.status"),
                connected.isBoolean() ? connected.booleanValue() : null);
    }

    @Override
    public String identity() {
        return version()
                .map(v -> "container-instance/" + v.arn() + "/" + v.version())
                .orElseGet(payload::fallbackIdentity);
    }

    @Override
    public Optional<ResourceVersion> version() {
        return Optional.ofNullable(payload.number("detail.version")).map(v -> new ResourceVersion(arn, v));
    }

    /** The container instance's id: the last part of its ARN. */
    public String id() {
        return Arn.nameOf(arn);
    }

    /**
     * The id of the EC2 instance, or of the SSM managed instance of an ECS Anywhere host ({@code mi-...}); null if
     * absent.
     */
    public String ec2InstanceId() {
        return payload.firstText("detail.ec2InstanceId");
    }

    /** Its name in alerts: the EC2 instance's id, or else the container instance's. */
    public String host() {
        return ec2InstanceId() == null ? id() : ec2InstanceId();
    }

    @Override
    public String cluster() {
        return Arn.nameOf(clusterArn);
    }

    /** The incident of its alerts, so that all share one message in Slack. */
    public String incident() {
        return Alert.incidentOf("instance/" + arn);
    }

    @Override
    public Alert alert() {
        if ("REGISTRATION_FAILED".equals(status)) {
            return described(Alert.about("registration/" + arn), "Container instance " + host() + " failed to register")
                    .resolveAfter(Alert.NO_NEWS)
                    .text(payload.text("detail.statusReason"))
                    .build();
        }
        return alert(Boolean.TRUE.equals(agentConnected));
    }

    /** The alert about the agent's connection as ECS reports it now, whatever the event said. */
    Alert alert(boolean back) {
        return described(
                        Alert.about("agent/" + arn + (back ? "*" : ""))
                                .state(back ? Alert.State.RESOLVED : Alert.State.FIRING),
                        "ECS agent on " + host() + " is " + (back ? "connected again" : "disconnected"))
                .text(
                        back
                                ? ""
                                : "ECS cannot start or stop tasks on this host until its agent reconnects. "
                                        + "Tasks already running keep running.")
                .build();
    }

    private Alert.Builder described(Alert.Builder alert, String title) {
        return alert.incident(incident())
                .resource(arn)
                .severity(Severity.ERROR)
                .title(title)
                .field("Cluster", cluster())
                .field("Container instance", id())
                .field("EC2 instance", ec2InstanceId())
                .field("Status", status)
                .field("Running tasks", payload.text("detail.runningTasksCount"))
                .field("Agent version", payload.text("detail.versionInfo.agentVersion"))
                .field("Account", account())
                .field("Region", region())
                .link("View container instance", ConsoleLinks.containerInstance(region(), cluster(), id()))
                .coolDown(Duration.ofHours(1));
    }
}
