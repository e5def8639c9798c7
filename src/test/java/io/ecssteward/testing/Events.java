package io.ecssteward.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.event.Event;
import io.ecssteward.event.EventReader;
import io.ecssteward.event.SlackAction;
import java.time.Instant;

/** Events as the queue would bring them, of the account and region that the fakes stand for. */
public final class Events {

    private static final EventReader READER = new EventReader();

    private Events() {}

    /** The event in a message's body. */
    public static Event read(String body) {
        return READER.read(READER.open(body, "sqs-1").get(0));
    }

    /** Fargate Spot interrupts a task of cluster prod. */
    public static Event spot(String group, String time) {
        return spot("b99d", group, time);
    }

    /** Fargate Spot interrupts this task of cluster prod. */
    public static Event spot(String task, String group, String time) {
        return read("""
                {"version": "0", "id": "e-1-%5$s", "source": "aws.ecs", "detail-type": "ECS Task State Change",
                 "account": "%2$s", "region": "%3$s", "time": "%4$s",
                 "resources": ["arn:aws:ecs:%3$s:%2$s:task/prod/%5$s"],
                 "detail": {"clusterArn": "arn:aws:ecs:%3$s:%2$s:cluster/prod", "group": "%1$s", "version": 5,
                  "taskArn": "arn:aws:ecs:%3$s:%2$s:task/prod/%5$s", "lastStatus": "RUNNING", "stopCode": "SpotInterruption"}}
                """.formatted(group, Aws.ACCOUNT, Aws.REGION, time, task));
    }

    /** A container instance of cluster prod changed. */
    public static Event instance(String id, boolean agentConnected, long version) {
        return instance(id, "ACTIVE", agentConnected, version);
    }

    /** A container instance of cluster prod changed, and has this status now. */
    public static Event instance(String id, String status, boolean agentConnected, long version) {
        return read("""
                {"version": "0", "id": "e-2", "source": "aws.ecs", "detail-type": "ECS Container Instance State Change",
                 "account": "%2$s", "region": "%3$s", "time": "2026-11-20T10:00:00Z",
                 "resources": ["arn:aws:ecs:%3$s:%2$s:container-instance/prod/%1$s"],
                 "detail": {"clusterArn": "arn:aws:ecs:%3$s:%2$s:cluster/prod", "status": "%6$s", "version": %5$d,
                  "containerInstanceArn": "arn:aws:ecs:%3$s:%2$s:container-instance/prod/%1$s", "agentConnected": %4$s}}
                """.formatted(id, Aws.ACCOUNT, Aws.REGION, agentConnected, version, status));
    }

    /**
     * A person presses a button of the incident of prod/web, at this time; the text is what was chosen or confirmed.
     */
    public static Event click(String user, String action, String text, Instant time) {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        detail.put("action", action).put("text", text).put("user", user).put("confirmed", !text.isEmpty());
        detail.put("about", "service/" + Aws.ACCOUNT + "/" + Aws.REGION + "/prod/web");
        return read(SlackAction.message(user + "/" + action + "/" + time, time, detail));
    }
}
