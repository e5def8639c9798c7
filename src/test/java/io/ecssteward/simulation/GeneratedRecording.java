package io.ecssteward.simulation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A recording of as many events as one likes, made from samples with names and times of their own: of a hundred, 97 are
 * what ECS sends all day, and one each is a Spot interruption, an alarm and a finding. The same seed makes the same
 * file.
 *
 * <pre>
 * java -cp target/test-classes:target/ecs-steward.jar io.ecssteward.simulation.GeneratedRecording 100000 recording.jsonl
 * </pre>
 */
public final class GeneratedRecording {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant BEGIN = Instant.parse("2026-11-09T00:00:00Z");

    private final Random random;
    private final Map<String, ObjectNode> samples = new TreeMap<>();

    private GeneratedRecording(long seed) {
        random = new Random(seed);
    }

    /** Writes one, of so many events and into the file that the arguments name. */
    public static void main(String[] arguments) throws IOException {
        write(Path.of(arguments[1]), Integer.parseInt(arguments[0]), Duration.ofDays(7), 20261121);
    }

    /** Writes one. */
    public static void write(Path file, int events, Duration span, long seed) throws IOException {
        GeneratedRecording recording = new GeneratedRecording(seed);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < events; i++) {
                Instant time = BEGIN.plus(span.multipliedBy(i).dividedBy(events));
                // As a replay of EventBridge mixes them up within a minute.
                out.write(recording.event(time.minusMillis(recording.random.nextInt(60_000)), i) + "\n");
            }
        }
    }

    private String event(Instant time, int number) throws IOException {
        int kind = number % 100;
        ObjectNode event = sample(
                        kind < 58
                                ? "task-running"
                                : kind < 77
                                        ? "container-instance-placed-task"
                                        : kind < 97
                                                ? "service-steady"
                                                : kind < 98
                                                        ? "task-spot-interrupted"
                                                        : kind < 99
                                                                ? "alarm-eventbridge-metric-firing"
                                                                : "guardduty-finding-high")
                .deepCopy();
        event.put("id", "event-" + number)
                .put(
                        "time",
                        time.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString());
        ObjectNode detail = (ObjectNode) event.get("detail");
        String service = "service-" + random.nextInt(40);
        if (kind < 58 || kind == 97) {
            detail.put("taskArn", "arn:aws:ecs:eu-west-1:111122223333:task/prod/" + number)
                    .put("group", "service:" + service);
            resource(event, detail.path("taskArn").asText());
        } else if (kind < 77) {
            String arn = "arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/instance-" + random.nextInt(50);
            detail.put("containerInstanceArn", arn).put("version", number);
            resource(event, arn);
        } else if (kind < 97) {
            resource(event, "arn:aws:ecs:eu-west-1:111122223333:service/prod/" + service);
            detail.put("createdAt", time.toString());
        } else if (kind == 98) {
            detail.put("alarmName", service + "-cpu");
            resource(event, "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:" + service + "-cpu");
            ((ObjectNode) detail.get("state")).put("timestamp", time.toString());
        } else {
            detail.put("id", "finding-" + random.nextInt(20));
        }
        return event.toString();
    }

    private static void resource(ObjectNode event, String arn) {
        ArrayNode resources = event.putArray("resources");
        resources.add(arn);
    }

    private ObjectNode sample(String name) throws IOException {
        if (!samples.containsKey(name)) {
            samples.put(name, (ObjectNode) JSON.readTree(Files.readString(Path.of("samples", name + ".json"))));
        }
        return samples.get(name);
    }
}
