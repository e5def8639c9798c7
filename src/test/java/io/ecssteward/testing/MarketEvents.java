package io.ecssteward.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Writes what happens in a {@link SpotMarket} as EventBridge would deliver it. The samples {@code task-spot-*},
 * {@code service-*} and {@code deployment-*} have the same shapes.
 */
final class MarketEvents {
    private final Consumer<String> listener;
    private int written;

    MarketEvents(Consumer<String> listener) {
        this.listener = listener;
    }

    /** A task changed; the more is what this change adds. */
    void task(SpotMarket.Task task, String lastStatus, String desiredStatus, Instant now, ObjectNode more) {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.put("availabilityZone", task.zone)
                .put("capacityProviderName", task.provider)
                .put("clusterArn", clusterArn(task.service.fake))
                .put("group", "service:" + task.service.fake.name())
                .put("launchType", "FARGATE")
                .put("lastStatus", lastStatus)
                .put("desiredStatus", desiredStatus)
                .put("startedBy", task.deployment)
                .put("taskArn", task.arn())
                .put("taskDefinitionArn", EcsState.arn("task-definition/" + task.definition))
                .put("createdAt", task.created.toString())
                .put("updatedAt", now.toString())
                .put("version", ++task.version);
        detail.setAll(more);
        send("ECS Task State Change", task.arn(), now, detail);
    }

    /** A service action, such as {@code SERVICE_STEADY_STATE}. */
    void action(FakeService service, String type, String name, Instant now, ObjectNode more) {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.put("eventType", type).put("eventName", name).put("clusterArn", clusterArn(service));
        detail.setAll(more);
        detail.put("createdAt", now.toString());
        send("ECS Service Action", service.arn(), now, detail);
    }

    /** A deployment began or was completed. */
    void deployment(FakeService service, String name, String deployment, Instant now) {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.put("eventType", "INFO")
                .put("eventName", name)
                .put("deploymentId", deployment)
                .put("updatedAt", now.toString())
                .put("reason", "ECS deployment " + deployment + ".");
        send("ECS Deployment State Change", service.arn(), now, detail);
    }

    private void send(String detailType, String resource, Instant now, ObjectNode detail) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        byte[] number = ("market " + ++written).getBytes(StandardCharsets.UTF_8);
        event.put("version", "0")
                .put("id", UUID.nameUUIDFromBytes(number).toString())
                .put("detail-type", detailType)
                .put("source", "aws.ecs")
                .put("account", Aws.ACCOUNT)
                .put("time", now.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("region", Aws.REGION.id());
        event.putArray("resources").add(resource);
        event.set("detail", detail);
        listener.accept(event.toString());
    }

    private static String clusterArn(FakeService service) {
        return EcsState.arn("cluster/" + service.cluster());
    }
}
