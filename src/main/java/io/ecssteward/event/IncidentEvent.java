package io.ecssteward.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.alert.Severity;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * An incident opened, reopened, was acknowledged or resolved, or was not acknowledged for some time. ECS Steward sends
 * these events to its own queue, if a route matches them, so that a custom route can page a person, open a ticket or
 * call a webhook.
 *
 * <pre>
 * {"version": "0", "id": "incident/web-7f3a/1794909600000/1", "source": "ecs-steward",
 *  "detail-type": "Incident Opened", "time": "2026-11-17T10:00:00Z", "account": "111122223333", "region": "eu-west-1",
 *  "detail": {"id": "web-7f3a", "about": "service/111122223333/eu-west-1/prod/web", "status": "open",
 *             "severity": "error", "title": "...", "channel": "#ops", "cluster": "prod", "service": "web",
 *             "opened": "2026-11-17T10:00:00Z", "resolved": null, "acknowledgedBy": null, "minutes": 0,
 *             "alerts": [{"key": "...", "title": "...", "severity": "error", "state": "firing", "count": 1}]}}
 * </pre>
 *
 * @param payload the message that it was read from
 */
public record IncidentEvent(Payload payload) implements Event {

    /** The beginning of the detail-type. */
    private static final String INCIDENT = "Incident ";

    static boolean recognizes(Payload payload) {
        return FollowUp.SOURCE.equals(payload.source())
                && payload.detailType() != null
                && payload.detailType().startsWith(INCIDENT);
    }

    static IncidentEvent read(Payload payload) {
        payload.require("an incident", "id", "detail.id", "detail.title");
        return new IncidentEvent(payload);
    }

    /**
     * The message to send to the queue.
     *
     * @param what the detail-type: {@code Incident Opened}
     * @param opened when the incident opened, which distinguishes two incidents with one id
     * @param number distinguishes the events of one incident; duplicates have the same number
     * @param at when it happened
     * @param account null if unknown
     * @param region null if unknown
     * @param detail the state of the incident, with its {@code id} and {@code title}
     * @return JSON
     */
    public static String message(
            String what, Instant opened, int number, Instant at, String account, String region, ObjectNode detail) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", "0");
        json.put("id", "incident/" + detail.path("id").asText() + "/" + opened.toEpochMilli() + "/" + number);
        json.put("source", FollowUp.SOURCE);
        json.put("detail-type", what);
        json.put("time", at.toString());
        if (account != null) {
            json.put("account", account);
        }
        if (region != null) {
            json.put("region", region);
        }
        return json.set("detail", detail).toString();
    }

    @Override
    public String identity() {
        return payload.text("id");
    }

    @Override
    public String cluster() {
        return payload.firstText("detail.cluster");
    }

    @Override
    public String service() {
        return payload.firstText("detail.service");
    }

    /** An alert without an end about the change: one that fires would open another incident. */
    @Override
    public Alert alert() {
        return Notice.about(this, severity(), payload.detailType() + ": " + payload.text("detail.title"))
                .field("Incident", payload.text("detail.id"))
                .field("Cluster", cluster())
                .field("Service", service())
                .field("Minutes", payload.text("detail.minutes"))
                .field("Acknowledged by", payload.text("detail.acknowledgedBy"))
                .field("Account", account())
                .field("Region", region())
                .link("View service", ConsoleLinks.service(region(), cluster(), service()))
                .build();
    }

    private Severity severity() {
        String word = payload.firstText("detail.severity");
        return Stream.of(Severity.values())
                .filter(s -> EnumWord.of(s).equals(word))
                .findFirst()
                .orElse(Severity.INFO);
    }
}
