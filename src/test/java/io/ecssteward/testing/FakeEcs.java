package io.ecssteward.testing;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import io.ecssteward.details.DetailClients;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * Amazon ECS over HTTP, for the real {@link EcsClient}: the operations below. Tests set up clusters and services, order
 * faults ({@link #fail}, {@link #hangUp}, {@link #loseAnswer}, {@link #hold}) and then look at the {@link #calls} and
 * at the services.
 *
 * <p>Nothing happens by itself: a deployment stays in progress until {@link FakeService#completeDeployment}.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/Welcome.html">Amazon ECS API reference</a>
 */
public final class FakeEcs extends HttpFake {
    public static final String DESCRIBE_SERVICES = "DescribeServices";
    public static final String UPDATE_SERVICE = "UpdateService";
    public static final String DESCRIBE_CLUSTERS = "DescribeClusters";
    public static final String LIST_CONTAINER_INSTANCES = "ListContainerInstances";
    public static final String LIST_SERVICE_DEPLOYMENTS = "ListServiceDeployments";
    public static final String DESCRIBE_SERVICE_REVISIONS = "DescribeServiceRevisions";
    public static final String DESCRIBE_TASK_DEFINITION = "DescribeTaskDefinition";
    public static final String DESCRIBE_CONTAINER_INSTANCES = "DescribeContainerInstances";
    public static final String UPDATE_CONTAINER_INSTANCES_STATE = "UpdateContainerInstancesState";
    public static final String LIST_CLUSTERS = "ListClusters";
    public static final String LIST_SERVICES = "ListServices";
    public static final String LIST_TASKS = "ListTasks";
    public static final String DESCRIBE_CAPACITY_PROVIDERS = "DescribeCapacityProviders";
    public static final String TAG_RESOURCE = "TagResource";
    public static final String UNTAG_RESOURCE = "UntagResource";

    public static final AwsError THROTTLED = new AwsError("ThrottlingException", 400, "Rate exceeded");
    public static final AwsError SERVER_ERROR =
            new AwsError("ServerException", 500, "Service Unavailable. Please try again later.");
    public static final AwsError ACCESS_DENIED = new AwsError(
            "AccessDeniedException",
            400,
            "User: arn:aws:sts::" + Aws.ACCOUNT + ":assumed-role/steward/task is not authorized to perform this");

    private static final String TARGET = "AmazonEC2ContainerServiceV20141113.";
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);

    private final Clock clock;
    private final EcsState state;
    private final List<Call> calls = new ArrayList<>();
    private final List<Call> done = new ArrayList<>();
    private final AtomicInteger throttled = new AtomicInteger();
    private final Map<String, TokenBucket> buckets = new ConcurrentHashMap<>();
    private volatile FakeTasksAndLogs tasks;

    /**
     * A call that arrived, whatever came of it.
     *
     * @param operation such as {@code UpdateService}
     * @param request what was asked
     * @param time when, by the fake's clock
     */
    public record Call(String operation, JsonNode request, Instant time) {}

    /** Starts with an empty account and the system's clock. */
    public FakeEcs() {
        this(Clock.systemUTC());
    }

    /** Starts with an empty account; deployments and token buckets go by the clock. */
    public FakeEcs(Clock clock) {
        this.clock = clock;
        state = new EcsState(clock);
        listen();
    }

    /** A new client of this fake, without retries; it is closed with the fake. */
    public EcsClient client() {
        return client(PATIENCE);
    }

    /** A new client that gives up on a call after the timeout. */
    public EcsClient client(Duration timeout) {
        return closeLater(Aws.client(EcsClient.builder(), endpoint(), timeout));
    }

    /** Clients for details that ask this fake, once each. */
    public DetailClients detailClients() {
        return closeLater(Aws.detailClients(endpoint()));
    }

    /** Adds a cluster, or sets the instances of one that exists. */
    public FakeEcs addCluster(String name, int registeredInstances) {
        state.addCluster(name, registeredInstances);
        return this;
    }

    /** Sets the capacity providers that strategies in the cluster may name; at first both of Fargate. */
    public void capacityProviders(String cluster, String... names) {
        state.capacityProviders(cluster, Set.of(names));
    }

    /** Sets the count of registered instances that DescribeClusters tells; container instances are added apart. */
    public void setInstances(String cluster, int registeredInstances) {
        state.setInstances(cluster, registeredInstances);
    }

    /** Adds a service, in place of one of the same name. */
    public FakeService addService(String cluster, String name) {
        return state.addService(cluster, name);
    }

    /**
     * Says what DescribeTaskDefinition answers in place of what the fake would say.
     *
     * @param familyAndRevision {@code web:42}
     */
    public FakeEcs taskDefinition(String familyAndRevision, ObjectNode definition) {
        state.setTaskDefinition(familyAndRevision, definition);
        return this;
    }

    /** Sets a task definition's status: ACTIVE, INACTIVE, or DELETED when ECS shall not know it any more. */
    public FakeEcs taskDefinitionStatus(String familyAndRevision, String status) {
        return taskDefinition(
                familyAndRevision, JsonNodeFactory.instance.objectNode().put("status", status));
    }

    /** Makes ECS forget a service: it is MISSING then, where a deleted one is at first INACTIVE. */
    public void removeService(String cluster, String name) {
        state.removeService(cluster, name);
    }

    /** Adds a container instance, in place of one of the same id. */
    public void addContainerInstance(String cluster, String id, boolean agentConnected, String status, long version) {
        state.addContainerInstance(cluster, id, agentConnected, status, version);
    }

    /** Sets the EC2 instance's id, or the managed one's of an external instance. */
    public void setEc2InstanceId(String cluster, String id, String ec2InstanceId) {
        state.setEc2InstanceId(cluster, id, ec2InstanceId);
    }

    /** The filter that this container instance satisfies, and its capacity provider; either may be null. */
    public void instanceHas(String cluster, String id, String filter, String capacityProvider) {
        state.instanceHas(cluster, id, filter, capacityProvider);
    }

    /** Adds a task of a service, which runs on a container instance; nothing but {@link #removeTask} ends it. */
    public void addTask(String cluster, String instance, String id, String service) {
        state.addTask(cluster, instance, id, service);
    }

    /** Sets a task's statuses: one that is being stopped has a desired status that its last one is not yet. */
    public void taskStatus(String cluster, String id, String desired, String last) {
        state.taskStatus(cluster, id, desired, last);
    }

    /** Sets a task's group, of one that is of no service: {@code family:job}, {@code daemon:logs}. */
    public void taskGroup(String cluster, String id, String group) {
        state.taskGroup(cluster, id, group);
    }

    /** Makes a capacity provider of an Auto Scaling group known. */
    public void managedDraining(String provider, boolean enabled) {
        state.managedDraining(provider, enabled);
    }

    /** Makes a capacity provider of Managed Instances known, in the one cluster that may use it. */
    public void managedInstances(String cluster, String provider) {
        state.managedInstances(cluster, provider);
    }

    /** Makes ECS forget a container instance. */
    public void removeContainerInstance(String cluster, String id) {
        state.removeContainerInstance(cluster, id);
    }

    /** Makes ECS forget a task. */
    public void removeTask(String cluster, String id) {
        state.removeTask(cluster, id);
    }

    /** How many items a list has a page: 3, unless a test has so many that it would take long. */
    public FakeEcs pageSize(int size) {
        state.pageSize(size);
        return this;
    }

    /**
     * Throttles as ECS does by default, in each account and region: the operations of a line share a bucket.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html">Request
     *     throttling for the Amazon ECS API</a>
     */
    public FakeEcs limitRates() {
        return limitRate(50, 5, UPDATE_SERVICE)
                .limitRate(100, 20, DESCRIBE_SERVICES, LIST_SERVICES)
                .limitRate(50, 20, DESCRIBE_CLUSTERS, LIST_CLUSTERS)
                .limitRate(
                        100,
                        20,
                        DESCRIBE_CONTAINER_INSTANCES,
                        LIST_CONTAINER_INSTANCES,
                        LIST_TASKS,
                        FakeTasksAndLogs.TASKS)
                .limitRate(100, 40, UPDATE_CONTAINER_INSTANCES_STATE)
                .limitRate(50, 20, DESCRIBE_CAPACITY_PROVIDERS)
                .limitRate(20, 10, TAG_RESOURCE, UNTAG_RESOURCE)
                .limitRate(50, 20, DESCRIBE_TASK_DEFINITION)
                .limitRate(50, 20, LIST_SERVICE_DEPLOYMENTS)
                .limitRate(50, 20, DESCRIBE_SERVICE_REVISIONS);
    }

    /** Throttles an operation: so many calls at once, and so many more each second. */
    public FakeEcs limitRate(String operation, int burst, int perSecond) {
        return limitRate(burst, perSecond, operation);
    }

    private FakeEcs limitRate(int burst, int perSecond, String... operations) {
        TokenBucket bucket = new TokenBucket(clock, burst, perSecond);
        for (String operation : operations) {
            buckets.put(operation, bucket);
        }
        return this;
    }

    /** All calls in the order in which they came. */
    public List<Call> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    /** The calls of one operation in the order in which they came. */
    public List<Call> calls(String operation) {
        return calls().stream()
                .filter(call -> call.operation().equals(operation))
                .toList();
    }

    /**
     * The calls of one operation that were done, whether or not the answer was lost, in the order in which they were.
     */
    public List<Call> done(String operation) {
        synchronized (done) {
            return done.stream()
                    .filter(call -> call.operation().equals(operation))
                    .toList();
        }
    }

    /** How many calls were over their rate; those that a test failed do not count. */
    public int throttled() {
        return throttled.get();
    }

    /** Forgets the calls; clusters, services and faults stay. */
    public void clear() {
        synchronized (calls) {
            calls.clear();
        }
        synchronized (done) {
            done.clear();
        }
        throttled.set(0);
    }

    /** Says of tasks, and of their definitions, what this says. */
    public void tasksOf(FakeTasksAndLogs logs) {
        tasks = logs;
    }

    @Override
    String operation(Headers headers, String body) {
        String target = headers.getFirst("X-Amz-Target");
        return target != null && target.startsWith(TARGET) ? target.substring(TARGET.length()) : "";
    }

    @Override
    void record(String operation, String body) {
        Call call = new Call(operation, parse(body), clock.instant());
        synchronized (calls) {
            calls.add(call);
        }
    }

    @Override
    String answer(String operation, String body) {
        TokenBucket bucket = buckets.get(operation);
        if (bucket != null && !bucket.take()) {
            throttled.incrementAndGet();
            throw new AwsError.Thrown(THROTTLED);
        }
        JsonNode request = parse(body);
        JsonNode answer = switch (operation) {
            case DESCRIBE_SERVICES -> state.describeServices(request);
            case UPDATE_SERVICE -> state.updateService(request);
            case LIST_SERVICE_DEPLOYMENTS -> state.listServiceDeployments(request);
            case DESCRIBE_SERVICE_REVISIONS -> state.describeServiceRevisions(request);
            case DESCRIBE_TASK_DEFINITION ->
                tasks != null && tasks.defines(request)
                        ? parse(tasks.answer(operation, body))
                        : state.describeTaskDefinition(request);
            case FakeTasksAndLogs.TASKS ->
                tasks != null ? parse(tasks.answer(operation, body)) : state.describeTasks(request);
            case LIST_TASKS -> state.listTasks(request);
            case DESCRIBE_CAPACITY_PROVIDERS -> state.describeCapacityProviders(request);
            case LIST_CLUSTERS -> state.listClusters(request);
            case LIST_SERVICES -> state.listServices(request);
            case TAG_RESOURCE -> state.tagResource(request);
            case UNTAG_RESOURCE -> state.untagResource(request);
            case UPDATE_CONTAINER_INSTANCES_STATE -> state.updateContainerInstancesState(request);
            case DESCRIBE_CLUSTERS -> state.describeClusters(request);
            case LIST_CONTAINER_INSTANCES -> state.listContainerInstances(request);
            case DESCRIBE_CONTAINER_INSTANCES -> state.describeContainerInstances(request);
            default -> throw AwsError.refusal("UnknownOperationException", "Not faked: " + operation);
        };
        synchronized (done) {
            done.add(new Call(operation, request, clock.instant()));
        }
        return write(answer);
    }

    @Override
    String body(AwsError error) {
        return write(JsonNodeFactory.instance
                .objectNode()
                .put("__type", error.code())
                .put("message", error.message()));
    }

    @Override
    String contentType() {
        return "application/x-amz-json-1.1";
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("reading a request: " + body, e);
        }
    }

    private static String write(JsonNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing an answer", e);
        }
    }
}
