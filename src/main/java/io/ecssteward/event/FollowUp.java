package io.ecssteward.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import java.time.Instant;

/**
 * Our own reminder: a message that the steward sends to its own queue with DelaySeconds, so that SQS is the timer and a
 * restart forgets nothing. It carries the event that made somebody look.
 *
 * <pre>
 * {"version": "0", "id": "look-again/agent/...", "source": "ecs-steward", "detail-type": "ECS Steward Look Again",
 *  "detail": {"about": "agent", "event": {...}}}
 * </pre>
 *
 * @param payload what it was read from
 * @param about what to look at, as the routes name it: {@code agent} or {@code instances}
 * @param event the event that was looked at first
 */
public record FollowUp(Payload payload, String about, Event event) implements Event {

    static final String SOURCE = "ecs-steward";
    static final String DETAIL_TYPE = "ECS Steward Look Again";

    static FollowUp read(Payload payload) {
        payload.require("a look-again message", "id", "detail.about");
        if (!payload.at("detail.event").isObject()) {
            throw new MalformedEventException("reading a look-again message: no usable detail.event");
        }
        if (SOURCE.equals(payload.text("detail.event.source"))) {
            throw new MalformedEventException("reading a look-again message: it is about another look-again message");
        }
        Payload first = Payload.of(payload.at("detail.event"), payload.messageId());
        return new FollowUp(payload, payload.text("detail.about"), new EventReader().read(first));
    }

    /**
     * The message to send to the queue.
     *
     * @param about what to look at, as the routes name it
     * @param event the event that was looked at now
     * @param now for the message's own time
     * @return JSON
     */
    public static String message(String about, Event event, Instant now) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", "0");
        // With the time: a second reminder about the same event is no copy of the first.
        json.put("id", "look-again/" + about + "/" + event.identity() + "/" + now);
        json.put("source", SOURCE);
        json.put("detail-type", DETAIL_TYPE);
        json.put("time", now.toString());
        if (event.region() != null) {
            json.put("region", event.region());
        }
        json.putObject("detail")
                .put("about", about)
                .set("event", event.payload().json());
        return json.toString();
    }

    @Override
    public String identity() {
        return payload.text("id");
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

    /**
     * Whoever looks at an agent again raises an alert when it is disconnected; the event may have said that it was not.
     */
    @Override
    public Alert alert() {
        return event instanceof ContainerInstanceStateChange change ? change.alert(false) : event.alert();
    }
}
