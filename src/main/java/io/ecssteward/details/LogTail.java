package io.ecssteward.details;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.event.Arn;
import io.ecssteward.event.Event;
import io.ecssteward.event.Payload;
import io.ecssteward.event.TaskStateChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LogConfiguration;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The last log lines of the container that ended first, if the log driver awslogs sends them to CloudWatch Logs.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html">Example task
 *     definition: the options of awslogs</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html">GetLogEvents</a>
 */
final class LogTail implements Detail {

    private static final String AWSLOGS = "awslogs";

    /** More than are shown, because lines may be empty, and a private key has many lines. */
    private static final int EVENTS = 100;

    /** A page can be empty although the next one has events. */
    private static final int PAGES = 3;

    private final DetailClients clients;

    LogTail(DetailClients clients) {
        this.clients = clients;
    }

    /** The log stream of a container. */
    private record Stream(String region, String group, String name) {}

    @Override
    public String name() {
        return "log-tail";
    }

    @Override
    public String permissions() {
        return "ecs:DescribeTasks, ecs:DescribeTaskDefinition and logs:GetLogEvents";
    }

    @Override
    public String setting() {
        return "STEWARD_DETAILS_LOGS";
    }

    @Override
    public Arn subject(Arn resource, Event event) {
        return resource != null
                        && resource.service().equals("ecs")
                        && resource.resource().startsWith("task/")
                ? resource
                : null;
    }

    @Override
    public String noSubjectAnswer() {
        return "No task of this incident is known to have stopped, so there is no log to show.";
    }

    @Override
    public DetailResult find(Arn arn, String named) {
        String cluster = arn.cluster().orElse(named);
        if (cluster == null) {
            return DetailResult.nothing(
                    "The log is not shown: it is not known which cluster task " + id(arn) + " was in.");
        }
        EcsClient ecs = clients.ecs(arn.region());
        // The cluster's ARN, because another account can have a cluster of the same name.
        String clusterArn =
                "arn:" + arn.partition() + ":ecs:" + arn.region() + ":" + arn.account() + ":cluster/" + cluster;
        List<Task> tasks;
        try {
            tasks = ecs.describeTasks(r -> r.cluster(clusterArn).tasks(arn.text()))
                    .tasks();
        } catch (ClusterNotFoundException | InvalidParameterException e) {
            return DetailResult.nothing("The log of task " + id(arn) + " is not shown: ECS says "
                    + e.awsErrorDetails().errorMessage());
        }
        if (tasks.isEmpty()) {
            return DetailResult.unavailable("The log is not shown: ECS has forgotten task " + id(arn)
                    + ", as it does about an hour after a task stopped.");
        }
        Task task = tasks.get(0);
        List<ContainerDefinition> definitions = ecs.describeTaskDefinition(
                        r -> r.taskDefinition(task.taskDefinitionArn()))
                .taskDefinition()
                .containerDefinitions();
        String failed = failed(task, definitions);
        ContainerDefinition definition = definitions.stream()
                .filter(d -> d.name().equals(failed))
                .findFirst()
                .orElse(null);
        return definition == null
                ? DetailResult.nothing("No container of task " + id(arn) + " failed first, so no log is shown.")
                : find(arn, task, definition);
    }

    /** The container that ended first, if ECS still has the task; else the first essential one. */
    private static String failed(Task task, List<ContainerDefinition> definitions) {
        ObjectNode detail = JsonNodeFactory.instance
                .objectNode()
                .put("stopCode", task.stopCodeAsString())
                .put("stoppedReason", task.stoppedReason());
        ArrayNode containers = detail.putArray("containers");
        task.containers()
                .forEach(c -> containers
                        .addObject()
                        .put("name", c.name())
                        .put("exitCode", c.exitCode())
                        .put("reason", c.reason())
                        .put("image", c.image()));
        ObjectNode event = JsonNodeFactory.instance.objectNode().set("detail", detail);
        String first = new TaskStateChange(
                        Payload.of(event, null),
                        task.taskArn(),
                        task.clusterArn(),
                        task.group(),
                        task.stopCodeAsString(),
                        task.stoppedReason())
                .firstContainer();
        return first != null
                ? first
                : definitions.stream()
                        .filter(d -> !Boolean.FALSE.equals(d.essential()))
                        .map(ContainerDefinition::name)
                        .findFirst()
                        .orElse(null);
    }

    private DetailResult find(Arn arn, Task task, ContainerDefinition definition) {
        String which = definition.name() + " in task " + id(arn);
        Container container = task.containers().stream()
                .filter(c -> definition.name().equals(c.name()))
                .findFirst()
                .orElse(null);
        boolean ran = container == null || container.exitCode() != null || !"STOPPED".equals(container.lastStatus());
        if (!ran) {
            return DetailResult.nothing("There is no log: " + which + " never ran.");
        }
        LogConfiguration log = definition.logConfiguration();
        if (log == null || !AWSLOGS.equals(log.logDriverAsString())) {
            return DetailResult.nothing(elsewhere(which, log));
        }
        Stream stream = stream(arn, log.options(), definition.name(), container);
        return stream == null
                ? DetailResult.nothing(
                        "There is no log to show: the task definition of " + which + " names no log group.")
                : read(which, stream);
    }

    /** A sentence about where the log is instead. */
    private static String elsewhere(String which, LogConfiguration log) {
        if (log == null) {
            return "There is no log to show: the task definition of " + which + " has no log configuration.";
        }
        String plugin = log.options().get("Name");
        return "The log of " + which + " is not in CloudWatch Logs: its task definition sends it with the driver "
                + log.logDriverAsString() + (plugin == null ? "" : " to " + plugin) + ", not with awslogs.";
    }

    private static Stream stream(Arn arn, Map<String, String> options, String container, Container ran) {
        String group = options.get("awslogs-group");
        String region = options.getOrDefault("awslogs-region", arn.region());
        String prefix = options.get("awslogs-stream-prefix");
        // Without a prefix, which only EC2 allows, Docker names the stream after the container's id.
        String name = prefix != null
                ? prefix + "/" + container + "/" + Arn.nameOf(arn.text())
                : ran == null ? null : ran.runtimeId();
        return group == null || name == null || !Payload.isRegion(region) ? null : new Stream(region, group, name);
    }

    private DetailResult read(String which, Stream stream) {
        try {
            List<String> lines = LogText.lines(messages(stream));
            return lines.isEmpty()
                    ? DetailResult.notYet(
                            "There is no log to show: " + which + " logged nothing (" + place(stream) + ").")
                    : DetailResult.found(LogText.below(
                            "Log of " + which + ", last " + (lines.size() == 1 ? "line" : lines.size() + " lines")
                                    + " (" + place(stream) + ")",
                            lines));
        } catch (ResourceNotFoundException e) {
            // The agent creates the stream with the first lines, seconds after they were logged.
            return e.getMessage().contains("log group")
                    ? DetailResult.unavailable("There is no log to show: log group " + stream.group()
                            + " does not exist in " + stream.region() + ".")
                    : DetailResult.notYet("There is no log to show: " + which + " has no log stream (" + place(stream)
                            + "). It may have logged nothing.");
        }
    }

    private static String place(Stream stream) {
        return stream.group() + " in " + stream.region();
    }

    private List<String> messages(Stream stream) {
        CloudWatchLogsClient logs = clients.logs(stream.region());
        List<String> messages = new ArrayList<>();
        String token = null;
        for (int page = 0; page < PAGES && messages.isEmpty(); page++) {
            String from = token;
            GetLogEventsResponse answer = logs.getLogEvents(r -> r.logGroupName(stream.group())
                    .logStreamName(stream.name())
                    .startFromHead(false)
                    .limit(EVENTS)
                    .nextToken(from));
            answer.events().stream().map(OutputLogEvent::message).forEach(messages::add);
            if (answer.nextBackwardToken() == null || answer.nextBackwardToken().equals(token)) {
                break;
            }
            token = answer.nextBackwardToken();
        }
        return messages;
    }

    private static String id(Arn task) {
        String id = Arn.nameOf(task.text());
        return id.substring(0, Math.min(8, id.length()));
    }
}
