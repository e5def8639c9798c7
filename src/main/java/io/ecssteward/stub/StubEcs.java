package io.ecssteward.stub;

import io.ecssteward.event.Arn;
import io.ecssteward.event.ContainerInstanceStateChange;
import io.ecssteward.event.Event;
import io.ecssteward.event.ResourceVersion;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.EcsServiceClientConfiguration;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentController;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.DescribeCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeCapacityProvidersResponse;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServiceRevisionsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServiceRevisionsResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsResponse;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentBrief;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;
import software.amazon.awssdk.services.ecs.model.ServiceRevision;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TagResourceRequest;
import software.amazon.awssdk.services.ecs.model.TagResourceResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;
import software.amazon.awssdk.services.ecs.model.UntagResourceRequest;
import software.amazon.awssdk.services.ecs.model.UntagResourceResponse;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateRequest;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateResponse;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceResponse;

/**
 * An ECS client that answers without AWS: every service exists and is active, with a desired count of {@value #DESIRED}
 * or the one set last, every cluster has {@value #INSTANCES} instances, and every agent is disconnected, unless
 * {@linkplain #observe an event} says otherwise.
 *
 * <p>Long because it answers each operation that the routes call.
 */
public final class StubEcs implements EcsClient {
    static final int DESIRED = 2;
    static final int INSTANCES = 3;

    private static final String ACTIVE = "ACTIVE";
    private static final String TASK_DEFINITION = "arn:aws:ecs:eu-west-1:111122223333:task-definition/";
    private static final String SERVICE = "arn:aws:ecs:eu-west-1:111122223333:service/";
    private static final int REVISION = 2;

    /** The strategy of a service until it is moved. */
    private static final List<CapacityProviderStrategyItem> SPOT = List.of(CapacityProviderStrategyItem.builder()
            .capacityProvider("FARGATE_SPOT")
            .base(0)
            .weight(1)
            .build());

    /** The statuses of container instances that do not count. */
    private static final Set<String> GONE = Set.of("INACTIVE", "DEREGISTERING", "REGISTERING", "REGISTRATION_FAILED");

    /** Describes this stub for people. */
    public static String describe() {
        return "ECS is a stub: every service is active with " + DESIRED
                + " tasks, every cluster has " + INSTANCES
                + " instances, and disconnected agents stay disconnected.";
    }

    /** Describes this stub if it {@linkplain #observe observes} the events of a recording. */
    public static String describeObserved() {
        return "ECS is a stub: every service is active, with one task on each instance of its cluster that "
                + "the recording\nnames (or " + DESIRED
                + ") until its count is changed; instances and agents are as the recording last reported them.";
    }

    private static final int MAX_KNOWN = 50_000;

    private final Map<String, Integer> desired = new ConcurrentHashMap<>();

    /** The container instances that were drained, and whether their tasks were listed since. */
    private final Map<String, Boolean> drained = new ConcurrentHashMap<>();

    /** The container instances seen last, by ARN. */
    private final Map<String, Known> instances = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MAX_KNOWN;
        }
    };

    /** By cluster, how many instances seen so far were older than the first one seen. */
    private final Map<String, Integer> old = new HashMap<>();

    /** The strategy that was last set for each service, by cluster and name. */
    private final Map<String, List<CapacityProviderStrategyItem>> strategies = new ConcurrentHashMap<>();

    /** The tags, by the ARN of a service. */
    private final Map<String, Map<String, String>> tags = new ConcurrentHashMap<>();

    /** The services for which Fargate Spot has no capacity, until they are moved. */
    private final Set<String> dry = ConcurrentHashMap.newKeySet();

    private Instant begin;

    /** The last known state of a container instance. */
    private record Known(String cluster, String ec2InstanceId, long version, String status, boolean connected) {}

    public void forget() {
        desired.clear();
        drained.clear();
        synchronized (instances) {
            instances.clear();
            old.clear();
            begin = null;
        }
    }

    /** Records what an event says about services and container instances, for later answers. */
    public void observe(Event event) {
        if (event instanceof ContainerInstanceStateChange change) {
            observe(change);
        } else if (event.spotPlacementFailure()) {
            dry.add(event.cluster() + "/" + event.service());
        }
    }

    /** Records this state, unless a later one is known. */
    private void observe(ContainerInstanceStateChange change) {
        long version = change.version().map(ResourceVersion::version).orElse(Long.MAX_VALUE);
        synchronized (instances) {
            Known before = instances.get(change.arn());
            begin = begin == null ? change.time() : begin;
            if (before == null && !joined(change)) {
                old.merge(change.cluster(), 1, Integer::sum);
            }
            if (before == null || before.version() <= version) {
                boolean connected = change.agentConnected() == null
                        ? before == null || before.connected()
                        : change.agentConnected();
                instances.put(
                        change.arn(),
                        new Known(change.cluster(), change.ec2InstanceId(), version, change.status(), connected));
            }
        }
    }

    private boolean joined(ContainerInstanceStateChange change) {
        Instant registered = change.payload().instant("detail.registeredAt");
        return registered != null && begin != null && !registered.isBefore(begin);
    }

    /**
     * The number of instances to leave out of desired counts: an instance that existed before its first event is no
     * reason to change the count, since the service already had a task on it.
     */
    private int old(String cluster) {
        synchronized (instances) {
            return old.getOrDefault(cluster, 0);
        }
    }

    private int instances(String cluster) {
        synchronized (instances) {
            List<Known> here = instances.values().stream()
                    .filter(i -> cluster.equals(i.cluster()))
                    .toList();
            return here.isEmpty()
                    ? INSTANCES
                    : (int) here.stream()
                            .filter(i -> !GONE.contains(String.valueOf(i.status())))
                            .count();
        }
    }

    private ContainerInstance instance(String arn) {
        Known known;
        synchronized (instances) {
            known = instances.get(arn);
        }
        return ContainerInstance.builder()
                .containerInstanceArn(arn)
                .status(
                        drained.containsKey(arn)
                                ? "DRAINING"
                                : known == null || known.status() == null ? ACTIVE : known.status())
                .agentConnected(known != null && known.connected())
                .build();
    }

    /** Without a region, so that events from any region can be replayed. */
    @Override
    public EcsServiceClientConfiguration serviceClientConfiguration() {
        return EcsServiceClientConfiguration.builder().build();
    }

    @Override
    public UpdateServiceResponse updateService(UpdateServiceRequest request) {
        if (request.desiredCount() != null) {
            desired.put(request.cluster() + "/" + request.service(), request.desiredCount() - old(request.cluster()));
        }
        if (request.hasCapacityProviderStrategy()) {
            String service = Arn.nameOf(request.cluster()) + "/" + request.service();
            strategies.put(service, request.capacityProviderStrategy());
            dry.remove(service);
        }
        return UpdateServiceResponse.builder().build();
    }

    @Override
    public DescribeServicesResponse describeServices(DescribeServicesRequest request) {
        return DescribeServicesResponse.builder()
                .services(request.services().stream()
                        .map(name -> describe(request.cluster(), name))
                        .toList())
                .build();
    }

    private Service describe(String cluster, String name) {
        String service = Arn.nameOf(cluster) + "/" + name;
        String arn = SERVICE + service;
        int count = old(cluster) + desired.getOrDefault(cluster + "/" + name, old(cluster) == 0 ? DESIRED : 0);
        int running = dry.contains(service) ? Math.max(0, count - 1) : count;
        List<CapacityProviderStrategyItem> strategy = strategies.getOrDefault(service, SPOT);
        return Service.builder()
                .serviceName(name)
                .serviceArn(arn)
                .status(ACTIVE)
                .taskDefinition(taskDefinition(name, REVISION))
                .capacityProviderStrategy(strategy)
                .deployments(Deployment.builder()
                        .status("PRIMARY")
                        .taskDefinition(taskDefinition(name, REVISION))
                        .rolloutState(DeploymentRolloutState.COMPLETED)
                        .capacityProviderStrategy(strategy)
                        .runningCount(DESIRED)
                        .build())
                .schedulingStrategy(SchedulingStrategy.REPLICA)
                .deploymentController(DeploymentController.builder()
                        .type(DeploymentControllerType.ECS)
                        .build())
                .desiredCount(count)
                .runningCount(running)
                .pendingCount(0)
                .tags(tags.getOrDefault(arn, Map.of()).entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList())
                .build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        request.tags()
                .forEach(tag -> tags.computeIfAbsent(request.resourceArn(), arn -> new ConcurrentHashMap<>())
                        .put(tag.key(), tag.value()));
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        tags.getOrDefault(request.resourceArn(), new HashMap<>()).keySet().removeAll(request.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    /** Each service has two deployments, with the first and the second revision of the task definition of its name. */
    @Override
    public ListServiceDeploymentsResponse listServiceDeployments(ListServiceDeploymentsRequest request) {
        return ListServiceDeploymentsResponse.builder()
                .serviceDeployments(IntStream.iterate(REVISION, revision -> revision > 0, revision -> revision - 1)
                        .mapToObj(revision -> ServiceDeploymentBrief.builder()
                                .targetServiceRevisionArn(taskDefinition(request.service(), revision))
                                .status(ServiceDeploymentStatus.SUCCESSFUL)
                                .build())
                        .toList())
                .build();
    }

    @Override
    public DescribeServiceRevisionsResponse describeServiceRevisions(DescribeServiceRevisionsRequest request) {
        return DescribeServiceRevisionsResponse.builder()
                .serviceRevisions(request.serviceRevisionArns().stream()
                        .map(arn -> ServiceRevision.builder()
                                .serviceRevisionArn(arn)
                                .taskDefinition(arn)
                                .build())
                        .toList())
                .build();
    }

    @Override
    public DescribeTaskDefinitionResponse describeTaskDefinition(DescribeTaskDefinitionRequest request) {
        return DescribeTaskDefinitionResponse.builder()
                .taskDefinition(TaskDefinition.builder()
                        .taskDefinitionArn(request.taskDefinition())
                        .status(TaskDefinitionStatus.ACTIVE)
                        .containerDefinitions(ContainerDefinition.builder()
                                .name("app")
                                .image(request.taskDefinition().substring(TASK_DEFINITION.length()))
                                .build())
                        .build())
                .build();
    }

    private static String taskDefinition(String service, int revision) {
        return TASK_DEFINITION + service + ":" + revision;
    }

    @Override
    public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
        return DescribeClustersResponse.builder()
                .clusters(request.clusters().stream()
                        .map(name -> Cluster.builder()
                                .clusterName(name)
                                .status(ACTIVE)
                                .registeredContainerInstancesCount(instances(name))
                                .build())
                        .toList())
                .build();
    }

    @Override
    public ListContainerInstancesResponse listContainerInstances(ListContainerInstancesRequest request) {
        synchronized (instances) {
            List<Map.Entry<String, Known>> here = instances.entrySet().stream()
                    .filter(i -> request.cluster().equals(i.getValue().cluster()))
                    .toList();
            List<String> arns = here.isEmpty()
                    ? IntStream.range(0, asked(request))
                            .mapToObj(i -> "instance-" + i)
                            .toList()
                    : here.stream()
                            .filter(i -> request.filter() == null
                                    || !request.filter().startsWith("ec2InstanceId == ")
                                    || request.filter()
                                            .endsWith(" " + i.getValue().ec2InstanceId()))
                            .filter(i -> request.status() == null
                                    || request.statusAsString()
                                            .equals(Objects.requireNonNullElse(
                                                    i.getValue().status(), ACTIVE)))
                            .map(Map.Entry::getKey)
                            .toList();
            return ListContainerInstancesResponse.builder()
                    .containerInstanceArns(arns)
                    .build();
        }
    }

    /** A request for any status returns one instance. */
    private static int asked(ListContainerInstancesRequest request) {
        return request.status() == null ? 1 : request.status() == ContainerInstanceStatus.ACTIVE ? INSTANCES : 0;
    }

    @Override
    public ListClustersResponse listClusters(ListClustersRequest request) {
        synchronized (instances) {
            List<String> heardOf =
                    instances.values().stream().map(Known::cluster).distinct().toList();
            return ListClustersResponse.builder()
                    .clusterArns(heardOf.isEmpty() ? List.of("prod") : heardOf)
                    .build();
        }
    }

    /**
     * Each instance runs as many tasks of one service as the desired count; a drained one has none at the second call.
     */
    @Override
    public ListTasksResponse listTasks(ListTasksRequest request) {
        boolean empty = request.desiredStatus() == DesiredStatus.STOPPED
                || Boolean.TRUE.equals(drained.replace(request.containerInstance(), true));
        return ListTasksResponse.builder()
                .taskArns(
                        empty
                                ? List.of()
                                : IntStream.range(0, DESIRED)
                                        .mapToObj(i -> "task-" + i)
                                        .toList())
                .build();
    }

    @Override
    public DescribeTasksResponse describeTasks(DescribeTasksRequest request) {
        return DescribeTasksResponse.builder()
                .tasks(request.tasks().stream()
                        .map(arn -> Task.builder()
                                .taskArn(arn)
                                .group("service:web")
                                .lastStatus("RUNNING")
                                .build())
                        .toList())
                .build();
    }

    @Override
    public DescribeCapacityProvidersResponse describeCapacityProviders(DescribeCapacityProvidersRequest request) {
        return DescribeCapacityProvidersResponse.builder().build();
    }

    @Override
    public UpdateContainerInstancesStateResponse updateContainerInstancesState(
            UpdateContainerInstancesStateRequest request) {
        request.containerInstances().forEach(arn -> drained.putIfAbsent(arn, false));
        return UpdateContainerInstancesStateResponse.builder().build();
    }

    @Override
    public DescribeContainerInstancesResponse describeContainerInstances(DescribeContainerInstancesRequest request) {
        return DescribeContainerInstancesResponse.builder()
                .containerInstances(request.containerInstances().stream()
                        .map(this::instance)
                        .toList())
                .build();
    }

    @Override
    public String serviceName() {
        return "ecs";
    }

    @Override
    public void close() {}
}
