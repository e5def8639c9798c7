package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import java.time.Instant;

/**
 * A message that ECS Steward sends to its own queue with DelaySeconds to check something again: SQS is the timer, so no
 * follow-up is lost in a restart. It contains the event that was handled first.
 *
 * <pre>
 * {"version": "0", "id": "follow-up/agent/...", "source": "ecs-steward", "detail-type": "ECS Steward Follow Up",
 *  "detail": {"kind": "agent", "event": {...}}}
 * </pre>
 *
 * @param payload the message that it was read from
 * @param kind what to check, the same word as in the routes: {@code agent}, {@code agent-away}, {@code instances},
 *     {@code contributors}, {@code host} or {@code capacity}
 * @param event the event that was handled first
 */
public record FollowUp(Payload payload, String kind, Event event) implements Event {

    /** The source of events that Steward sends to its own queue. */
    public static final String SOURCE = "ecs-steward";

    static final String DETAIL_TYPE = "ECS Steward Follow Up";

    static FollowUp read(Payload payload) {
        payload.require("a follow-up", "id", "detail.kind");
        if (!payload.at("detail.event").isObject()) {
            throw new MalformedEventException("reading a follow-up: no usable detail.event");
        }
        if (SOURCE.equals(payload.text("detail.event.source"))) {
            throw new MalformedEventException("reading a follow-up: it holds another follow-up message");
        }
        Payload first = Payload.of(payload.at("detail.event"), payload.messageId());
        return new FollowUp(payload, payload.text("detail.kind"), new EventReader().read(first));
    }

    /**
     * The message to send to the queue.
     *
     * @param kind what to check, the same word as in the routes
     * @param event the event to check again
     * @param now the message's time
     * @return JSON
     */
    public static String message(String kind, Event event, Instant now) {
        return message(
                kind,
                event.original().identity(),
                event.region(),
                event.original().payload().json(),
                now);
    }

    /**
     * The message about a service, for no particular event.
     *
     * @param serviceArn of the service
     * @param clusterArn of its cluster
     */
    public static String message(String kind, String serviceArn, String clusterArn, Instant now) {
        return message(
                kind,
                serviceArn,
                Arn.parse(serviceArn).map(Arn::region).orElse(null),
                ServiceAction.naming(serviceArn, clusterArn, now),
                now);
    }

    private static String message(String kind, String about, String region, JsonNode event, Instant now) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", "0");
        // The time distinguishes a second follow-up on the same event from a duplicate of the first.
        json.put("id", "follow-up/" + kind + "/" + about + "/" + now);
        json.put("source", SOURCE);
        json.put("detail-type", DETAIL_TYPE);
        json.put("time", now.toString());
        if (region != null) {
            json.put("region", region);
        }
        json.putObject("detail").put("kind", kind).set("event", event);
        return json.toString();
    }

    @Override
    public String identity() {
        return payload.text("id");
    }

    @Override
    public Event original() {
        return event;
    }

    @Override
    public String cluster() {
        return event.cluster();
    }

    @Override
    public String clusterArn() {
        return event.clusterArn();
    }

    @Override
    public String service() {
        return event.service();
    }

    @Override
    public String account() {
        return event.account();
    }

    @Override
    public String region() {
        return event.region();
    }

    /** The event's alert. About an agent, it says that it is disconnected, even if the event said otherwise. */
    @Override
    public Alert alert() {
        Alert alert = event instanceof ContainerInstanceStateChange change ? change.alert(false) : event.alert();
        // Dated back to the event: whatever resolved the alert meanwhile must not seem older than it.
        return alert.time() == null ? alert.change().time(event.time()).build() : alert;
    }
}
