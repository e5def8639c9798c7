package io.ecssteward.testing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A service of {@link FakeEcs}, to set up and to look at. At first it is ACTIVE, a REPLICA of one task under the ECS
 * controller, with one deployment that was completed a day ago.
 */
public final class FakeService {
    private static final String ECS_CONTROLLER = "ECS";

    private final EcsState state;
    private final String cluster;
    private final String name;
    private final Instant createdAt;
    private String status = "ACTIVE";
    private String schedulingStrategy = "REPLICA";
    private String deploymentController = ECS_CONTROLLER;
    private String strategy = "ROLLING";
    private String launchType = "FARGATE";
    private ObjectNode described = JsonNodeFactory.instance.objectNode();
    private final List<ObjectNode> events = new ArrayList<>();
    private List<Capacity> capacity = List.of();
    private final List<String> constraints = new ArrayList<>();
    private final Tags tags = new Tags();
    private Duration bakeTime = Duration.ZERO;
    private Duration takes;
    private Duration failsEvery;
    private int desiredCount = 1;
    /** The newest first. */
    private List<Deployment> deployments = new ArrayList<>();

    /** The newest first; ECS keeps them when the deployments above are gone. */
    private final List<Past> history = new ArrayList<>();

    private String taskDefinition;

    /**
     * A service deployment.
     *
     * @param id of the deployment, the same as above
     * @param status {@code SUCCESSFUL}, {@code ROLLBACK_IN_PROGRESS}...
     * @param finishedAt null as long as it goes on
     */
    public record Past(String id, String taskDefinition, String status, Instant createdAt, Instant finishedAt) {}

    /**
     * A deployment of the service.
     *
     * @param id {@code ecs-svc/} and a number
     * @param status {@code PRIMARY} for the newest, {@code ACTIVE} for those that it replaces
     * @param rolloutState {@code IN_PROGRESS}, {@code COMPLETED}, {@code FAILED}; null as for a Classic Load Balancer
     * @param desiredCount how many tasks it wants
     * @param createdAt when it began
     * @param updatedAt when it last changed
     * @param failedTasks how many of its tasks failed so far
     * @param taskDefinition what it starts: {@code web:1}
     * @param capacity the capacity provider strategy it starts tasks by; empty with a launch type
     * @param tasks how many tasks it has; null as long as nobody said: all that it wants once it is COMPLETED, and none
     *     before
     */
    public record Deployment(
            String id,
            String status,
            String rolloutState,
            int desiredCount,
            Instant createdAt,
            Instant updatedAt,
            int failedTasks,
            String taskDefinition,
            List<Capacity> capacity,
            Tasks tasks) {

        /** How many tasks run, and how many are being started. */
        public record Tasks(int running, int pending) {}

        private Deployment withStatus(String newStatus) {
            return with(newStatus, rolloutState, desiredCount, updatedAt, failedTasks, tasks);
        }

        private Deployment withRolloutState(String newState, Instant now) {
            return with(status, newState, desiredCount, now, failedTasks, tasks);
        }

        private Deployment withDesiredCount(int newCount, Instant now) {
            return with(status, rolloutState, newCount, now, failedTasks, tasks);
        }

        private Deployment withTasks(Tasks newTasks) {
            return with(status, rolloutState, desiredCount, updatedAt, failedTasks, newTasks);
        }

        private Deployment with(
                String newStatus, String newState, int newCount, Instant updated, int failed, Tasks newTasks) {
            return new Deployment(
                    id, newStatus, newState, newCount, createdAt, updated, failed, taskDefinition, capacity, newTasks);
        }

        private Tasks shown() {
            return tasks != null ? tasks : new Tasks("COMPLETED".equals(rolloutState) ? desiredCount : 0, 0);
        }
    }

    FakeService(EcsState state, String cluster, String name) {
        this.state = state;
        this.cluster = cluster;
        this.name = name;
        taskDefinition = name + ":1";
        createdAt = state.now().minus(Duration.ofDays(365));
        deployment(Duration.ofDays(1), "COMPLETED");
    }

    /** ACTIVE, DRAINING or INACTIVE. */
    public FakeService status(String newStatus) {
        synchronized (state) {
            status = newStatus;
            return this;
        }
    }

    /** REPLICA or DAEMON. */
    public FakeService schedulingStrategy(String strategy) {
        synchronized (state) {
            schedulingStrategy = strategy;
            return this;
        }
    }

    /** ECS, CODE_DEPLOY or EXTERNAL; null for a service that names none. Only ECS's own has deployments. */
    public FakeService deploymentController(String type) {
        synchronized (state) {
            deploymentController = type;
            return this;
        }
    }

    /** ROLLING, BLUE_GREEN, LINEAR or CANARY. */
    public FakeService strategy(String newStrategy) {
        synchronized (state) {
            strategy = newStrategy;
            return this;
        }
    }

    /** What DescribeServices says of it, in place of what the fake would say. */
    public FakeService described(ObjectNode service) {
        synchronized (state) {
            described = service;
            return this;
        }
    }

    /** EC2, FARGATE, EXTERNAL; null, without any capacity, for a service that shows neither. */
    public FakeService launchType(String type) {
        synchronized (state) {
            launchType = type;
            capacity = List.of();
            showCapacity();
            return this;
        }
    }

    /** Adds an item to the capacity provider strategy, which stands in place of a launch type. */
    public FakeService capacity(String provider, int base, int weight) {
        synchronized (state) {
            launchType = null;
            List<Capacity> more = new ArrayList<>(capacity);
            more.add(new Capacity(provider, base, weight));
            capacity = List.copyOf(more);
            showCapacity();
            return this;
        }
    }

    /** What a test sets up holds for the deployment that there is. */
    private void showCapacity() {
        Deployment d = deployments.get(0);
        deployments.set(
                0,
                new Deployment(
                        d.id(),
                        d.status(),
                        d.rolloutState(),
                        d.desiredCount(),
                        d.createdAt(),
                        d.updatedAt(),
                        d.failedTasks(),
                        d.taskDefinition(),
                        capacity,
                        d.tasks()));
    }

    /** The capacity provider strategy; empty with a launch type. */
    public List<Capacity> capacity() {
        synchronized (state) {
            return capacity;
        }
    }

    /** A message among the service's events. */
    public FakeService event(String message) {
        synchronized (state) {
            events.add(JsonNodeFactory.instance
                    .objectNode()
                    .put("id", "event-" + events.size())
                    .put("createdAt", state.now().toEpochMilli() / 1000.0)
                    .put("message", message));
            return this;
        }
    }

    /** How many tasks of the PRIMARY deployment run, and how many are being started. */
    public FakeService tasks(int running, int pending) {
        synchronized (state) {
            return tasks(deployments.get(0).id(), running, pending);
        }
    }

    /** The same of any deployment; nothing happens when it is gone. */
    public FakeService tasks(String deployment, int running, int pending) {
        synchronized (state) {
            deployments.replaceAll(
                    d -> d.id().equals(deployment) ? d.withTasks(new Deployment.Tasks(running, pending)) : d);
            return this;
        }
    }

    /** A placement constraint: memberOf with this expression. */
    public FakeService memberOf(String expression) {
        synchronized (state) {
            constraints.add(expression);
            return this;
        }
    }

    /** A tag, which is told when it is asked for. */
    public FakeService tag(String key, String value) {
        synchronized (state) {
            tags.add(JsonNodeFactory.instance
                    .arrayNode()
                    .add(JsonNodeFactory.instance.objectNode().put("key", key).put("value", value)));
            return this;
        }
    }

    /** All tags. */
    public Map<String, String> tags() {
        synchronized (state) {
            return tags.all();
        }
    }

    /** Deployments that take so long by the fake's clock, and then bake; without it they take until somebody says. */
    public FakeService deploysIn(Duration duration, Duration bake) {
        synchronized (state) {
            takes = duration;
            bakeTime = bake;
            return this;
        }
    }

    /** From now on a task of each deployment fails so often; the third fails the deployment, and ECS rolls it back. */
    public FakeService failsEvery(Duration duration) {
        synchronized (state) {
            failsEvery = duration;
            return this;
        }
    }

    /** What ECS did by itself since it was last asked. */
    private void proceed() {
        Deployment primary = deployments.get(0);
        if (!"IN_PROGRESS".equals(primary.rolloutState())) {
            return;
        }
        Duration age = Duration.between(primary.createdAt(), state.now());
        if (failsEvery != null) {
            int failed = (int) Math.min(3, age.dividedBy(failsEvery));
            Instant at = primary.createdAt().plus(failsEvery.multipliedBy(failed));
            deployments.set(
                    0,
                    primary.with(
                            failed < 3 ? "PRIMARY" : "ACTIVE",
                            failed < 3 ? "IN_PROGRESS" : "FAILED",
                            primary.desiredCount(),
                            at,
                            failed,
                            primary.tasks()));
            if (failed == 3) {
                failsEvery = null;
                taskDefinition = history.stream()
                        .filter(past -> past.status().equals("SUCCESSFUL"))
                        .map(Past::taskDefinition)
                        .findFirst()
                        .orElse(taskDefinition);
                ended(primary.id(), "ROLLBACK_IN_PROGRESS", null);
                deployments.add(
                        0,
                        new Deployment(
                                state.nextDeploymentId(),
                                "PRIMARY",
                                "IN_PROGRESS",
                                primary.desiredCount(),
                                at,
                                at,
                                0,
                                taskDefinition,
                                capacity,
                                null));
                proceed();
            }
        } else if (takes != null && age.compareTo(takes.plus(bakeTime)) >= 0) {
            completeDeployment();
        }
    }

    private void ended(String id, String status, Instant at) {
        history.replaceAll(past ->
                past.id().equals(id) ? new Past(id, past.taskDefinition(), status, past.createdAt(), at) : past);
    }

    /** What the next deployments start: {@code web:42}. At first it is the first revision of the service's name. */
    public FakeService taskDefinition(String familyAndRevision) {
        synchronized (state) {
            taskDefinition = familyAndRevision;
            return this;
        }
    }

    /** So many tasks of the PRIMARY deployment failed. */
    public FakeService failedTasks(int count) {
        synchronized (state) {
            Deployment d = deployments.get(0);
            deployments.set(0, d.with(d.status(), d.rolloutState(), d.desiredCount(), d.updatedAt(), count, d.tasks()));
            return this;
        }
    }

    /** The PRIMARY deployment fails and stays, as with a circuit breaker that does not roll back. */
    public FakeService failDeployment() {
        synchronized (state) {
            deployments.set(0, deployments.get(0).withRolloutState("FAILED", state.now()));
            ended(deployments.get(0).id(), "STOPPED", state.now());
            return this;
        }
    }

    /** Forgets all service deployments, as ECS does after 90 days. */
    public FakeService forgetHistory() {
        synchronized (state) {
            history.clear();
            return this;
        }
    }

    /** The service deployments, the newest first. */
    public List<Past> history() {
        synchronized (state) {
            proceed();
            return List.copyOf(history);
        }
    }

    /** How many tasks the service wants. */
    public FakeService desiredCount(int count) {
        synchronized (state) {
            desiredCount = count;
            return this;
        }
    }

    /**
     * Adds a PRIMARY deployment that began so long ago. The older ones become ACTIVE; when it is COMPLETED, they are
     * gone.
     */
    public FakeService deployment(Duration age, String rolloutState) {
        synchronized (state) {
            Instant began = state.now().minus(age);
            List<Deployment> newest = new ArrayList<>();
            Deployment primary = new Deployment(
                    state.nextDeploymentId(),
                    "PRIMARY",
                    rolloutState,
                    desiredCount,
                    began,
                    began,
                    0,
                    taskDefinition,
                    capacity,
                    null);
            newest.add(primary);
            history.replaceAll(past -> past.finishedAt() != null
                    ? past
                    : new Past(past.id(), past.taskDefinition(), "STOPPED", past.createdAt(), state.now()));
            boolean completed = "COMPLETED".equals(rolloutState);
            history.add(
                    0,
                    new Past(
                            primary.id(),
                            taskDefinition,
                            completed ? "SUCCESSFUL" : "FAILED".equals(rolloutState) ? "STOPPED" : "IN_PROGRESS",
                            began,
                            completed || "FAILED".equals(rolloutState) ? began.plusSeconds(120) : null));
            if (!"COMPLETED".equals(rolloutState)) {
                deployments.forEach(older -> newest.add(older.withStatus("ACTIVE")));
            }
            deployments = newest;
            return this;
        }
    }

    /** Completes the PRIMARY deployment, as ECS does once its tasks are steady; the older ones are gone. */
    public FakeService completeDeployment() {
        synchronized (state) {
            deployments = new ArrayList<>(List.of(deployments.get(0).withRolloutState("COMPLETED", state.now())));
            ended(deployments.get(0).id(), "SUCCESSFUL", state.now());
            history.stream()
                    .filter(past -> past.status().equals("ROLLBACK_IN_PROGRESS"))
                    .toList()
                    .forEach(past -> ended(past.id(), "ROLLBACK_SUCCESSFUL", state.now()));
            return this;
        }
    }

    /** ECS forgets a deployment that was replaced and has no task left; nothing happens when it is the PRIMARY one. */
    public FakeService forget(String deployment) {
        synchronized (state) {
            deployments.removeIf(d -> d.id().equals(deployment) && !d.status().equals("PRIMARY"));
            return this;
        }
    }

    public String cluster() {
        return cluster;
    }

    public String name() {
        return name;
    }

    /** What the service is addressed by. */
    public String arn() {
        return EcsState.arn("service/" + cluster + "/" + name);
    }

    public int desiredCount() {
        synchronized (state) {
            return desiredCount;
        }
    }

    /** The newest first. */
    public List<Deployment> deployments() {
        synchronized (state) {
            proceed();
            return List.copyOf(deployments);
        }
    }

    Tags tagged() {
        return tags;
    }

    /** Changes what is not null. */
    void update(Integer newCount, boolean forceNewDeployment, String newTaskDefinition, List<Capacity> newCapacity) {
        if (!status.equals("ACTIVE")) {
            throw AwsError.refusal("ServiceNotActiveException", "Service was not ACTIVE.");
        }
        if (newCount != null && newCount < 0) {
            throw AwsError.refusal("InvalidParameterException", "desiredCount cannot be negative.");
        }
        if (newCount != null && schedulingStrategy.equals("DAEMON")) {
            throw AwsError.refusal(
                    "InvalidParameterException",
                    "The daemon scheduling strategy does not support a desired count for services."
                            + " Remove the desired count value and try again");
        }
        if (forceNewDeployment && !rollsItself()) {
            throw AwsError.refusal(
                    "InvalidParameterException",
                    "Cannot force a new deployment on services with a " + deploymentController
                            + " deployment controller. Use "
                            + (deploymentController.equals("CODE_DEPLOY") ? "AWS CodeDeploy" : "task sets")
                            + " to trigger a new deployment.");
        }
        boolean elsewhere = newCapacity != null && !newCapacity.equals(capacity);
        if (elsewhere && !forceNewDeployment) {
            throw AwsError.refusal(
                    "InvalidParameterException",
                    "When switching from launch type to capacity provider strategy on an existing service, or making a"
                            + " change to a capacity provider strategy on a service that is already using one, you must"
                            + " force a new deployment.");
        }
        if (newCount != null && newCount != desiredCount) {
            desiredCount = newCount;
            deployments.set(0, deployments.get(0).withDesiredCount(newCount, state.now()));
        }
        proceed();
        boolean other = newTaskDefinition != null && !newTaskDefinition.equals(taskDefinition);
        if (other && !rollsItself()) {
            throw AwsError.refusal(
                    "InvalidParameterException",
                    "Unable to update task definition on services with a " + deploymentController
                            + " deployment controller.");
        }
        if (other) {
            taskDefinition = newTaskDefinition;
        }
        if (elsewhere) {
            launchType = null;
            capacity = newCapacity;
        }
        if (forceNewDeployment || other) {
            deployment(Duration.ZERO, "IN_PROGRESS");
        }
    }

    ObjectNode toJson(boolean withTags) {
        proceed();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("serviceArn", arn());
        json.put("serviceName", name);
        json.put("clusterArn", EcsState.arn("cluster/" + cluster));
        json.put("status", status);
        json.put("desiredCount", desiredCount);
        boolean counted = deployments.stream().anyMatch(d -> d.tasks() != null);
        List<Deployment.Tasks> tasks =
                deployments.stream().map(Deployment::shown).toList();
        json.put(
                "runningCount",
                counted ? tasks.stream().mapToInt(Deployment.Tasks::running).sum() : desiredCount);
        json.put(
                "pendingCount",
                tasks.stream().mapToInt(Deployment.Tasks::pending).sum());
        json.put("launchType", launchType);
        json.set("capacityProviderStrategy", Capacity.json(capacity));
        ArrayNode placement = json.putArray("placementConstraints");
        constraints.forEach(c -> placement.addObject().put("type", "memberOf").put("expression", c));
        json.put("taskDefinition", arn(taskDefinition));
        json.put("schedulingStrategy", schedulingStrategy);
        if (deploymentController != null) {
            json.putObject("deploymentController").put("type", deploymentController);
        }
        json.putObject("deploymentConfiguration")
                .put("strategy", strategy)
                .put("bakeTimeInMinutes", bakeTime.toMinutes())
                .putObject("deploymentCircuitBreaker")
                .put("enable", failsEvery != null)
                .put("rollback", failsEvery != null);
        if (withTags) {
            json.set("tags", tags.json());
        }
        ArrayNode list = json.putArray("deployments");
        if (rollsItself()) {
            deployments.forEach(deployment -> list.add(toJson(deployment)));
        }
        json.putArray("events").addAll(events);
        json.put("createdAt", EcsState.seconds(createdAt));
        json.setAll(described);
        return json;
    }

    private ObjectNode toJson(Deployment deployment) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        boolean completed = "COMPLETED".equals(deployment.rolloutState());
        json.put("id", deployment.id());
        json.put("status", deployment.status());
        json.put("taskDefinition", arn(deployment.taskDefinition()));
        json.put("desiredCount", deployment.desiredCount());
        json.put("pendingCount", deployment.shown().pending());
        json.put("runningCount", deployment.shown().running());
        json.put("failedTasks", deployment.failedTasks());
        json.put("createdAt", EcsState.seconds(deployment.createdAt()));
        json.put("updatedAt", EcsState.seconds(deployment.updatedAt()));
        if (deployment.capacity().isEmpty()) {
            json.put("launchType", launchType);
        } else {
            json.set("capacityProviderStrategy", Capacity.json(deployment.capacity()));
        }
        if (deployment.rolloutState() != null) {
            json.put("rolloutState", deployment.rolloutState());
            json.put(
                    "rolloutStateReason",
                    "ECS deployment " + deployment.id()
                            + (completed ? " completed." : " is " + deployment.rolloutState() + "."));
        }
        return json;
    }

    private boolean rollsItself() {
        return deploymentController == null || deploymentController.equals(ECS_CONTROLLER);
    }

    /** As ListServiceDeployments tells them. */
    List<ObjectNode> serviceDeployments() {
        proceed();
        return history.stream()
                .map(past -> {
                    ObjectNode json = JsonNodeFactory.instance.objectNode();
                    json.put("serviceDeploymentArn", EcsState.arn(past("service-deployment", past)));
                    json.put("serviceArn", arn());
                    json.put("clusterArn", EcsState.arn("cluster/" + cluster));
                    json.put("targetServiceRevisionArn", EcsState.arn(past("service-revision", past)));
                    json.put("status", past.status());
                    json.put("createdAt", EcsState.seconds(past.createdAt()));
                    json.put("startedAt", EcsState.seconds(past.createdAt()));
                    if (past.finishedAt() != null) {
                        json.put("finishedAt", EcsState.seconds(past.finishedAt()));
                    }
                    return json;
                })
                .toList();
    }

    /** As DescribeServiceRevisions tells it; null when it is of none of the deployments. */
    ObjectNode serviceRevision(String revision) {
        return history.stream()
                .filter(past -> EcsState.arn(past("service-revision", past)).equals(revision))
                .map(past -> JsonNodeFactory.instance
                        .objectNode()
                        .put("serviceRevisionArn", revision)
                        .put("serviceArn", arn())
                        .put("clusterArn", EcsState.arn("cluster/" + cluster))
                        .put("taskDefinition", arn(past.taskDefinition())))
                .findFirst()
                .orElse(null);
    }

    private String past(String kind, Past past) {
        return kind + "/" + cluster + "/" + name + "/"
                + past.id().substring(past.id().indexOf('/') + 1);
    }

    private static String arn(String taskDefinition) {
        return EcsState.arn("task-definition/" + taskDefinition);
    }
}
