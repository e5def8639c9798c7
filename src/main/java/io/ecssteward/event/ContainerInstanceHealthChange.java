package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.alert.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A health check of a container instance changed: of its container runtime, its accelerators, its daemons or its
 * agent's connection. ECS itself replaces only impaired Managed Instances.
 *
 * <pre>
 * {"source": "aws.ecs", "detail-type": "ECS Container Instance Health Change",
 *  "resources": ["arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/a1b2"],
 *  "detail": {"clusterArn": "arn:...:cluster/prod", "containerInstanceArn": "arn:...", "ec2InstanceId": "i-0abc",
 *             "capacityProviderName": null, "overallStatus": "IMPAIRED",
 *             "healthChecks": [{"type": "CONTAINER_RUNTIME", "status": "IMPAIRED", "statusReason": "...",
 *                               "lastStatusChange": "2026-04-11T00:48:53Z"}]}}
 * </pre>
 *
 * @param payload the message that it was read from
 * @param arn the container instance's ARN
 * @param overallStatus the worst status of its checks: OK, INITIALIZING, INSUFFICIENT_DATA or IMPAIRED
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_container_instance_health_events.html">Container
 *     instance health change events</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-health.html">Container
 *     instance health</a>
 */
public record ContainerInstanceHealthChange(Payload payload, String arn, String overallStatus) implements Event {

    static final String DETAIL_TYPE = "ECS Container Instance Health Change";

    /** The names of the health checks, by type. */
    private static final Map<String, String> CHECKS = Map.of(
            "CONTAINER_RUNTIME", "container runtime",
            "ACCELERATED_COMPUTE", "accelerator",
            "DAEMON", "daemon",
            "AGENT_CONNECTIVITY", "agent connection");

    static ContainerInstanceHealthChange read(Payload payload) {
        payload.require("a container instance health change", "detail.containerInstanceArn", "detail.overallStatus");
        return new ContainerInstanceHealthChange(
                payload, payload.text("detail.containerInstanceArn"), payload.text("detail.overallStatus"));
    }

    @Override
    public String identity() {
        return time() == null
                ? payload.fallbackIdentity()
                : "container-instance-health/" + arn + "/" + overallStatus + "/" + time() + "/" + since(checks());
    }

    /** The time serves as the version, because these events have none; health is versioned apart from the instance. */
    @Override
    public Optional<ResourceVersion> version() {
        return Optional.ofNullable(time()).map(at -> new ResourceVersion(about(), at.getEpochSecond()));
    }

    private String about() {
        return "container-instance-health/" + arn;
    }

    @Override
    public String cluster() {
        return Arn.parse(arn).flatMap(Arn::cluster).orElse(Arn.nameOf(clusterArn()));
    }

    @Override
    public String clusterArn() {
        return payload.firstText("detail.clusterArn");
    }

    @Override
    public Alert alert() {
        String id = Arn.nameOf(arn);
        String ec2 = payload.firstText("detail.ec2InstanceId");
        String host = "Container instance " + (ec2 == null ? id : ec2);
        boolean back = overallStatus.equals("OK");
        List<JsonNode> impaired = checks().filter(
                        check -> "IMPAIRED".equals(check.path("status").textValue()))
                .toList();
        String which = said(impaired, "type")
                .map(type -> CHECKS.getOrDefault(type, type))
                .collect(Collectors.joining(", "));
        String reasons = said(impaired, "statusReason").collect(Collectors.joining("\n"));
        String since = since(impaired.stream());
        return Alert.about(back ? about() + "*" : about())
                .incident("instance/" + arn)
                .resource(arn)
                .occurrence(since.isEmpty() ? null : since)
                .state(back ? Alert.State.RESOLVED : Alert.State.FIRING)
                .severity(overallStatus.equals("IMPAIRED") || back ? Severity.ERROR : Severity.WARNING)
                .title(back ? host + " is healthy again" : Notice.titled(host + " is " + overallStatus, which))
                .text(reasons)
                .field("Cluster", cluster())
                .field("Container instance", id)
                .field("EC2 instance", ec2)
                .field("Failed checks", which)
                .field("Capacity provider", payload.firstText("detail.capacityProviderName"))
                .field("Account", account())
                .field("Region", region())
                .link("View container instance", ConsoleLinks.containerInstance(region(), cluster(), id))
                .coolDown(Duration.ofHours(1))
                .build();
    }

    private static Stream<String> said(List<JsonNode> checks, String name) {
        return checks.stream().map(check -> Notice.value(check.path(name))).filter(Objects::nonNull);
    }

    private Stream<JsonNode> checks() {
        return payload.list("detail.healthChecks").stream();
    }

    /** The status of each check and the time of its last change, which identify the change. */
    private static String since(Stream<JsonNode> checks) {
        return checks.map(check -> check.path("type").asText() + "="
                        + check.path("status").asText() + "@"
                        + check.path("lastStatusChange").asText())
                .sorted()
                .collect(Collectors.joining(","));
    }
}
