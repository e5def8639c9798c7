package io.ecssteward.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import io.ecssteward.details.DetailClients;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What ECS says of tasks and their definitions, and CloudWatch Logs of their logs, over HTTP in the protocol JSON 1.1.
 * Operations are called {@code DescribeTasks}, {@code DescribeTaskDefinition} and {@code GetLogEvents}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html">GetLogEvents</a>
 */
public final class FakeTasksAndLogs extends HttpFake {
    public static final String TASKS = "DescribeTasks";
    public static final String DEFINITION = "DescribeTaskDefinition";
    public static final String EVENTS = "GetLogEvents";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Map<String, JsonNode> tasks = new ConcurrentHashMap<>();
    private final Map<String, JsonNode> definitions = new ConcurrentHashMap<>();
    private final Map<String, Map<String, List<String>>> groups = new ConcurrentHashMap<>();
    private final List<String> calls = new ArrayList<>();

    public FakeTasksAndLogs() {
        listen();
    }

    /** Clients that ask this fake, once each. */
    public DetailClients clients() {
        return closeLater(Aws.detailClients(endpoint()));
    }

    /** A task that stopped, with its containers and those of its definition as JSON. */
    public void task(String arn, String containers, String definitions) {
        String definition = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:" + (this.definitions.size() + 1);
        ObjectNode task = NODES.objectNode()
                .put("taskArn", arn)
                .put("clusterArn", "arn:aws:ecs:eu-west-1:111122223333:cluster/prod")
                .put("taskDefinitionArn", definition)
                .put("group", "service:web")
                .put("lastStatus", "STOPPED")
                .put("stopCode", "EssentialContainerExited")
                .put("stoppedReason", "Essential container in task exited");
        task.set("containers", parse(containers));
        tasks.put(arn, task);
        this.definitions.put(
                definition,
                NODES.objectNode()
                        .put("taskDefinitionArn", definition)
                        .set("containerDefinitions", parse(definitions)));
    }

    /** A group without streams. */
    public void group(String group) {
        groups.computeIfAbsent(group, key -> new ConcurrentHashMap<>());
    }

    /** What was logged to a stream, in order. */
    public void log(String group, String stream, String... messages) {
        group(group);
        groups.get(group).put(stream, List.of(messages));
    }

    /** Whether it knows the task definition that is asked for. */
    boolean defines(JsonNode request) {
        return definitions.containsKey(request.path("taskDefinition").asText());
    }

    /** The operations that were asked for, in order. */
    public List<String> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    @Override
    String operation(Headers headers, String body) {
        String target = String.valueOf(headers.getFirst("X-Amz-Target"));
        return target.substring(target.indexOf('.') + 1);
    }

    @Override
    void record(String operation, String body) {
        synchronized (calls) {
            calls.add(operation);
        }
    }

    @Override
    String answer(String operation, String body) {
        JsonNode request = parse(body);
        return switch (operation) {
            case TASKS -> described(request);
            case DEFINITION ->
                NODES.objectNode()
                        .set(
                                "taskDefinition",
                                definitions.get(request.path("taskDefinition").asText()))
                        .toString();
            case EVENTS -> events(request);
            default -> throw AwsError.refusal("UnknownOperationException", "Not faked: " + operation);
        };
    }

    private String described(JsonNode request) {
        if (!request.path("cluster").asText().equals("arn:aws:ecs:eu-west-1:111122223333:cluster/prod")) {
            throw AwsError.refusal("ClusterNotFoundException", "Cluster not found.");
        }
        ObjectNode answer = NODES.objectNode();
        ArrayNode found = answer.putArray("tasks");
        ArrayNode failures = answer.putArray("failures");
        request.path("tasks").forEach(arn -> {
            JsonNode task = tasks.get(arn.asText());
            if (task == null) {
                failures.addObject().put("arn", arn.asText()).put("reason", "MISSING");
            } else {
                found.add(task);
            }
        });
        return answer.toString();
    }

    private String events(JsonNode request) {
        Map<String, List<String>> group =
                groups.get(request.path("logGroupName").asText());
        if (group == null) {
            throw AwsError.refusal("ResourceNotFoundException", "The specified log group does not exist.");
        }
        List<String> stream = group.get(request.path("logStreamName").asText());
        if (stream == null) {
            throw AwsError.refusal("ResourceNotFoundException", "The specified log stream does not exist.");
        }
        // As CloudWatch Logs may do: the first answer is empty, and only its token leads to the events.
        boolean first = !request.hasNonNull("nextToken");
        ObjectNode answer = NODES.objectNode().put("nextBackwardToken", "b/1").put("nextForwardToken", "f/1");
        ArrayNode events = answer.putArray("events");
        int limit = request.path("limit").asInt(10_000);
        if (!first) {
            stream.subList(Math.max(0, stream.size() - limit), stream.size())
                    .forEach(message -> events.addObject()
                            .put("timestamp", 1_700_000_000_000L)
                            .put("message", message)
                            .put("ingestionTime", 1_700_000_000_500L));
        }
        return answer.toString();
    }

    @Override
    String body(AwsError error) {
        return NODES.objectNode()
                .put("__type", error.code())
                .put("message", error.message())
                .toString();
    }

    @Override
    String contentType() {
        return "application/x-amz-json-1.1";
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
