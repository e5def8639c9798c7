package io.ecssteward.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What {@link FakeEcs} knows, and the operations on it. ARNs of any account and region are taken for ours; a service's
 * ARN of another cluster is refused, as ECS does.
 */
final class EcsState {
    private static final int MAX_SERVICES = 10;
    private static final int MAX_OTHERS = 100;
    private static final int MAX_REVISIONS = 20;

    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateContainerInstancesState.html
    private static final int MAX_STATES = 10;

    private final Clock clock;
    private final Map<String, Cluster> clusters = new LinkedHashMap<>();
    private final Map<String, ObjectNode> taskDefinitions = new LinkedHashMap<>();
    private final Map<String, Boolean> managedDraining = new LinkedHashMap<>();
    private int pageSize = 3;
    private long deploymentIds = 1_000_000_000_000_000_000L;

    private static final class Cluster {
        private int registeredInstances;
        private final Map<String, FakeService> services = new LinkedHashMap<>();
        private final Map<String, ObjectNode> instances = new LinkedHashMap<>();
        private final Map<String, ObjectNode> tasks = new LinkedHashMap<>();
        private final Set<String> managedInstances = new TreeSet<>();
        private final Set<String> capacityProviders = new TreeSet<>(Set.of("FARGATE", "FARGATE_SPOT"));
    }

    EcsState(Clock clock) {
        this.clock = clock;
    }

    static String arn(String resource) {
        return "arn:aws:ecs:" + Aws.REGION + ":" + Aws.ACCOUNT + ":" + resource;
    }

    /** The protocol's time: seconds since 1970 with a fraction. */
    static BigDecimal seconds(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli(), 3);
    }

    Instant now() {
        return clock.instant();
    }

    String nextDeploymentId() {
        return "ecs-svc/" + deploymentIds++;
    }

    synchronized void addCluster(String name, int registeredInstances) {
        Cluster cluster = clusters.computeIfAbsent(name, key -> new Cluster());
        cluster.registeredInstances = registeredInstances;
        // Whose instances are counted anew has none of those that were added before.
        cluster.instances.clear();
    }

    synchronized void capacityProviders(String cluster, Set<String> names) {
        known(cluster).capacityProviders.clear();
        known(cluster).capacityProviders.addAll(names);
    }

    synchronized void setInstances(String cluster, int registeredInstances) {
        known(cluster).registeredInstances = registeredInstances;
    }

    synchronized FakeService addService(String cluster, String name) {
        FakeService service = new FakeService(this, cluster, name);
        known(cluster).services.put(name, service);
        return service;
    }

    synchronized void removeService(String cluster, String name) {
        known(cluster).services.remove(name);
    }

    synchronized void addContainerInstance(
            String cluster, String id, boolean agentConnected, String status, long version) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("containerInstanceArn", arn("container-instance/" + cluster + "/" + id));
        json.put("ec2InstanceId", "i-%017x".formatted(id.hashCode() & 0xffffffffL));
        json.put("version", version);
        json.putObject("versionInfo").put("agentVersion", "1.90.0").put("dockerVersion", "DockerVersion: 25.0.8");
        json.put("status", status);
        json.put("agentConnected", agentConnected);
        json.put("runningTasksCount", 0);
        json.put("pendingTasksCount", 0);
        json.put("registeredAt", seconds(now()));
        known(cluster).instances.put(id, json);
    }

    synchronized void setEc2InstanceId(String cluster, String id, String ec2InstanceId) {
        known(cluster).instances.get(id).put("ec2InstanceId", ec2InstanceId);
    }

    synchronized void instanceHas(String cluster, String id, String filter, String capacityProvider) {
        ObjectNode json = known(cluster).instances.get(id);
        json.put("fakeFilter", filter).put("capacityProviderName", capacityProvider);
        if (capacityProvider != null) {
            known(cluster).capacityProviders.add(capacityProvider);
        }
    }

    /**
     * Three a page, so that whoever forgets the next page is found out. Registered instances that nobody added are
     * ACTIVE and satisfy no filter.
     */
    synchronized ObjectNode listContainerInstances(JsonNode request) {
        String clusterName = clusterName(request);
        Cluster cluster = cluster(clusterName);
        Stream<ObjectNode> others = IntStream.range(
                        0, Math.max(0, cluster.registeredInstances - cluster.instances.size()))
                .mapToObj(i -> JsonNodeFactory.instance
                        .objectNode()
                        .put("containerInstanceArn", arn("container-instance/" + clusterName + "/other" + i))
                        .put("status", "ACTIVE"));
        List<ObjectNode> fitting = Stream.concat(cluster.instances.values().stream(), others)
                .filter(i -> !request.hasNonNull("status") || i.path("status").equals(request.path("status")))
                .filter(i -> fits(i, request.path("filter").asText("")))
                .toList();
        return page(
                request,
                "containerInstanceArns",
                fitting.stream().map(i -> i.path("containerInstanceArn")).toList());
    }

    synchronized void pageSize(int size) {
        pageSize = size;
    }

    private ObjectNode page(JsonNode request, String list, List<? extends JsonNode> all) {
        int from = request.path("nextToken").asInt(0);
        int to = from + Math.min(pageSize, request.path("maxResults").asInt(pageSize));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode page = answer.putArray(list);
        all.stream().skip(from).limit(to - from).forEach(page::add);
        if (to < all.size()) {
            answer.put("nextToken", Integer.toString(to));
        }
        return answer;
    }

    private ObjectNode pageOfArns(JsonNode request, String list, Stream<String> arns) {
        return page(request, list, arns.map(JsonNodeFactory.instance::textNode).toList());
    }

    /** Three a page, as below. */
    synchronized ObjectNode listClusters(JsonNode request) {
        return pageOfArns(request, "clusterArns", clusters.keySet().stream().map(name -> arn("cluster/" + name)));
    }

    /** Three a page, as below. */
    synchronized ObjectNode listServices(JsonNode request) {
        return pageOfArns(
                request,
                "serviceArns",
                cluster(clusterName(request)).services.values().stream().map(FakeService::arn));
    }

    synchronized ObjectNode tagResource(JsonNode request) {
        tagged(request).add(request.path("tags"));
        return JsonNodeFactory.instance.objectNode();
    }

    synchronized ObjectNode untagResource(JsonNode request) {
        tagged(request).remove(request.path("tagKeys"));
        return JsonNodeFactory.instance.objectNode();
    }

    /** Of services only. */
    private Tags tagged(JsonNode request) {
        String arn = request.path("resourceArn").asText();
        String[] segments = arn.substring(arn.lastIndexOf(':') + 1).split("/");
        if (segments.length != 3 || !segments[0].equals("service")) {
            throw AwsError.refusal("InvalidParameterException", "Long arn format must be used for tagging operations");
        }
        FakeService service = cluster(segments[1]).services.get(segments[2]);
        if (service == null) {
            throw AwsError.refusal("ResourceNotFoundException", "The specified resource could not be found.");
        }
        return service.tagged();
    }

    synchronized ObjectNode updateContainerInstancesState(JsonNode request) {
        String clusterName = clusterName(request);
        Cluster cluster = cluster(clusterName);
        limit(request.path("containerInstances"), "container instances", MAX_STATES);
        String status = request.path("status").asText();
        if (!status.equals("ACTIVE") && !status.equals("DRAINING")) {
            throw AwsError.refusal("InvalidParameterException", "Invalid container instance status: " + status);
        }
        ObjectNode answer = answer("containerInstances");
        for (JsonNode wanted : request.path("containerInstances")) {
            String id = nameInCluster(wanted.asText(), clusterName);
            ObjectNode instance = cluster.instances.get(id);
            if (instance == null) {
                missing(answer, arn("container-instance/" + clusterName + "/" + id));
                continue;
            }
            String was = instance.path("status").asText();
            if (!was.equals("ACTIVE") && !was.equals("DRAINING")) {
                answer.withArray("failures")
                        .addObject()
                        .put("arn", instance.path("containerInstanceArn").asText())
                        .put("reason", was);
                continue;
            }
            if (!was.equals(status)) {
                instance.put("status", status);
                instance.put("version", instance.path("version").asLong() + 1);
            }
            answer.withArray("containerInstances").add(counted(cluster, instance));
        }
        return answer;
    }

    synchronized void addTask(String cluster, String instance, String id, String service) {
        ObjectNode task = JsonNodeFactory.instance.objectNode();
        task.put("taskArn", arn("task/" + cluster + "/" + id));
        task.put("clusterArn", arn("cluster/" + cluster));
        task.put("containerInstanceArn", arn("container-instance/" + cluster + "/" + instance));
        task.put("group", "service:" + service);
        task.put("taskDefinitionArn", arn("task-definition/" + service + ":1"));
        task.put("lastStatus", "RUNNING").put("desiredStatus", "RUNNING").put("launchType", "EC2");
        known(cluster).tasks.put(id, task);
    }

    synchronized void taskStatus(String cluster, String id, String desired, String last) {
        known(cluster).tasks.get(id).put("desiredStatus", desired).put("lastStatus", last);
    }

    synchronized void taskGroup(String cluster, String id, String group) {
        known(cluster).tasks.get(id).put("group", group);
    }

    synchronized void managedDraining(String provider, boolean enabled) {
        managedDraining.put(provider, enabled);
    }

    synchronized void managedInstances(String cluster, String provider) {
        known(cluster).managedInstances.add(provider);
    }

    /**
     * As tests said; another is unknown. With a cluster only its own, and without one none of Managed Instances.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeCapacityProviders.html">DescribeCapacityProviders:
     *     cluster</a>
     */
    synchronized ObjectNode describeCapacityProviders(JsonNode request) {
        Cluster cluster = request.hasNonNull("cluster") ? cluster(clusterName(request)) : null;
        ObjectNode answer = answer("capacityProviders");
        for (JsonNode wanted : request.path("capacityProviders")) {
            String name = wanted.asText();
            Boolean draining =
                    cluster == null || cluster.capacityProviders.contains(name) ? managedDraining.get(name) : null;
            boolean instances = cluster != null && cluster.managedInstances.contains(name);
            if (draining == null && !instances) {
                missing(answer, arn("capacity-provider/" + name));
                continue;
            }
            ObjectNode provider = answer.withArray("capacityProviders").addObject();
            provider.put("name", name).put("status", "ACTIVE");
            if (instances) {
                provider.putObject("managedInstancesProvider").put("propagateTags", "NONE");
            } else {
                provider.putObject("autoScalingGroupProvider")
                        .put("managedDraining", draining ? "ENABLED" : "DISABLED");
            }
        }
        return answer;
    }

    synchronized void removeContainerInstance(String cluster, String id) {
        known(cluster).instances.remove(id);
    }

    synchronized void removeTask(String cluster, String id) {
        known(cluster).tasks.remove(id);
    }

    /** Three a page, as above. */
    synchronized ObjectNode listTasks(JsonNode request) {
        String clusterName = clusterName(request);
        return page(
                request,
                "taskArns",
                cluster(clusterName).tasks.values().stream()
                        .filter(task -> !request.hasNonNull("containerInstance")
                                || nameInCluster(
                                                request.path("containerInstance")
                                                        .asText(),
                                                clusterName)
                                        .equals(lastSegment(task.path("containerInstanceArn")
                                                .asText())))
                        .filter(task -> !request.hasNonNull("serviceName")
                                || task.path("group")
                                        .asText()
                                        .equals("service:"
                                                + lastSegment(request.path("serviceName")
                                                        .asText())))
                        .filter(task -> request.path("desiredStatus")
                                .asText("RUNNING")
                                .equals(task.path("desiredStatus").asText()))
                        .map(task -> task.path("taskArn"))
                        .toList());
    }

    synchronized ObjectNode describeTasks(JsonNode request) {
        String clusterName = clusterName(request);
        Cluster cluster = cluster(clusterName);
        limit(request.path("tasks"), "tasks", MAX_OTHERS);
        ObjectNode answer = answer("tasks");
        for (JsonNode wanted : request.path("tasks")) {
            ObjectNode task = cluster.tasks.get(nameInCluster(wanted.asText(), clusterName));
            if (task == null) {
                missing(answer, wanted.asText());
            } else {
                answer.withArray("tasks").add(task.deepCopy());
            }
        }
        return answer;
    }

    /** With the count of its tasks. */
    private static ObjectNode counted(Cluster cluster, ObjectNode instance) {
        return instance.deepCopy()
                .put(
                        "runningTasksCount",
                        cluster.tasks.values().stream()
                                .filter(t ->
                                        t.path("containerInstanceArn").equals(instance.path("containerInstanceArn")))
                                .count());
    }

    /**
     * Which instances are external, and which one is asked for, is told by their ids; what else a filter asks is what
     * {@link #instanceHas} said.
     */
    private static boolean fits(JsonNode instance, String filter) {
        String id = instance.path("ec2InstanceId").asText();
        if (filter.startsWith("ec2InstanceId == ")) {
            return filter.equals("ec2InstanceId == " + id);
        }
        if (filter.equals("agentConnected == false")) {
            return !instance.path("agentConnected").asBoolean(true);
        }
        boolean external = id.startsWith("mi-");
        boolean wrongKind = filter.contains("ec2InstanceId =~ mi-.*") && !external
                || filter.contains("ec2InstanceId !~ mi-.*") && external;
        String rest = filter.replaceAll("( and )?\\(ec2InstanceId .. mi-\\.\\*\\)", "");
        boolean one = rest.startsWith("(") && rest.indexOf(')') == rest.length() - 1;
        String asked = one ? rest.substring(1, rest.length() - 1) : rest;
        return !wrongKind
                && (asked.isEmpty() || instance.path("fakeFilter").asText().equals(asked));
    }

    synchronized ObjectNode describeServices(JsonNode request) {
        String clusterName = clusterName(request);
        Cluster cluster = cluster(clusterName);
        limit(request.path("services"), "service names", MAX_SERVICES);
        ObjectNode answer = answer("services");
        for (JsonNode wanted : request.path("services")) {
            String name = nameInCluster(wanted.asText(), clusterName);
            FakeService service = cluster.services.get(name);
            if (service == null) {
                missing(answer, arn("service/" + clusterName + "/" + name));
            } else {
                answer.withArray("services")
                        .add(service.toJson(request.path("include").toString().contains("TAGS")));
            }
        }
        return answer;
    }

    synchronized ObjectNode updateService(JsonNode request) {
        String clusterName = clusterName(request);
        Cluster cluster = cluster(clusterName);
        FakeService service =
                cluster.services.get(nameInCluster(request.path("service").asText(), clusterName));
        if (service == null) {
            throw AwsError.refusal("ServiceNotFoundException", "Service not found.");
        }
        List<Capacity> capacity = request.hasNonNull("capacityProviderStrategy")
                ? Capacity.strategy(request.path("capacityProviderStrategy"))
                : null;
        if (capacity != null) {
            Capacity.check(capacity, cluster.capacityProviders);
        }
        JsonNode count = request.path("desiredCount");
        service.update(
                count.isNumber() ? count.intValue() : null,
                request.path("forceNewDeployment").asBoolean(),
                request.hasNonNull("taskDefinition")
                        ? usable(request.path("taskDefinition").asText())
                        : null,
                capacity);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.set("service", service.toJson(false));
        return answer;
    }

    /** ECS refuses what was deregistered or deleted. */
    private String usable(String taskDefinition) {
        if (!"ACTIVE".equals(taskDefinition(taskDefinition).path("status").asText())) {
            throw AwsError.refusal("ClientException", "TaskDefinition is inactive");
        }
        return lastSegment(taskDefinition);
    }

    synchronized void setTaskDefinition(String familyAndRevision, ObjectNode definition) {
        taskDefinitions.put(familyAndRevision, definition);
    }

    /** Unless a test said otherwise, each is ACTIVE and has one container, whose image has the revision as its tag. */
    private ObjectNode taskDefinition(String nameOrArn) {
        String[] label = lastSegment(nameOrArn).split(":");
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("taskDefinitionArn", arn("task-definition/" + lastSegment(nameOrArn)));
        json.put("family", label[0]).put("revision", Integer.parseInt(label[1]));
        json.put("status", "ACTIVE").put("cpu", "256").put("memory", "512");
        json.putArray("containerDefinitions").addObject().put("name", "app").put("image", label[0] + ":1." + label[1]);
        if (taskDefinitions.containsKey(lastSegment(nameOrArn))) {
            json.setAll(taskDefinitions.get(lastSegment(nameOrArn)));
        }
        return json;
    }

    synchronized ObjectNode describeTaskDefinition(JsonNode request) {
        ObjectNode definition = taskDefinition(request.path("taskDefinition").asText());
        if (definition.path("status").asText().equals("DELETED")) {
            throw AwsError.refusal("ClientException", "Unable to describe task definition.");
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.set("taskDefinition", definition);
        return answer;
    }

    /** Three a page, as above. */
    synchronized ObjectNode listServiceDeployments(JsonNode request) {
        String clusterName = clusterName(request);
        FakeService service = cluster(clusterName)
                .services
                .get(nameInCluster(request.path("service").asText(), clusterName));
        if (service == null) {
            throw AwsError.refusal("ServiceNotFoundException", "Service not found.");
        }
        return page(request, "serviceDeployments", service.serviceDeployments());
    }

    synchronized ObjectNode describeServiceRevisions(JsonNode request) {
        limit(request.path("serviceRevisionArns"), "service revisions", MAX_REVISIONS);
        ObjectNode answer = answer("serviceRevisions");
        for (JsonNode wanted : request.path("serviceRevisionArns")) {
            clusters.values().stream()
                    .flatMap(c -> c.services.values().stream())
                    .map(s -> s.serviceRevision(wanted.asText()))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .ifPresentOrElse(answer.withArray("serviceRevisions")::add, () -> missing(answer, wanted.asText()));
        }
        return answer;
    }

    synchronized ObjectNode describeClusters(JsonNode request) {
        limit(request.path("clusters"), "clusters", MAX_OTHERS);
        ArrayNode wanted = request.path("clusters") instanceof ArrayNode list && !list.isEmpty()
                ? list
                : JsonNodeFactory.instance.arrayNode().add("default");
        ObjectNode answer = answer("clusters");
        for (JsonNode identifier : wanted) {
            String name = lastSegment(identifier.asText());
            Cluster cluster = clusters.get(name);
            if (cluster == null) {
                missing(answer, arn("cluster/" + name));
            } else {
                answer.withArray("clusters").add(toJson(name, cluster));
            }
        }
        return answer;
    }

    synchronized ObjectNode describeContainerInstances(JsonNode request) {
        String clusterName = clusterName(request);
        Cluster cluster = cluster(clusterName);
        limit(request.path("containerInstances"), "container instances", MAX_OTHERS);
        if (request.path("containerInstances").isEmpty()) {
            throw AwsError.refusal("InvalidParameterException", "Container instances cannot be empty.");
        }
        ObjectNode answer = answer("containerInstances");
        for (JsonNode wanted : request.path("containerInstances")) {
            String id = nameInCluster(wanted.asText(), clusterName);
            ObjectNode instance = cluster.instances.get(id);
            if (instance == null) {
                missing(answer, arn("container-instance/" + clusterName + "/" + id));
            } else {
                answer.withArray("containerInstances").add(counted(cluster, instance));
            }
        }
        return answer;
    }

    private static ObjectNode toJson(String name, Cluster cluster) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("clusterArn", arn("cluster/" + name));
        json.put("clusterName", name);
        json.put("status", "ACTIVE");
        json.put("registeredContainerInstancesCount", cluster.registeredInstances);
        cluster.capacityProviders.forEach(json.putArray("capacityProviders")::add);
        json.put("runningTasksCount", 0);
        json.put("pendingTasksCount", 0);
        json.put("activeServicesCount", cluster.services.size());
        return json;
    }

    private static ObjectNode answer(String list) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.putArray(list);
        answer.putArray("failures");
        return answer;
    }

    private static void missing(ObjectNode answer, String arn) {
        answer.withArray("failures").addObject().put("arn", arn).put("reason", "MISSING");
    }

    private static void limit(JsonNode list, String what, int most) {
        if (list.size() > most) {
            throw AwsError.refusal("InvalidParameterException", what + " can have at most " + most + " items.");
        }
    }

    private static String clusterName(JsonNode request) {
        return lastSegment(request.path("cluster").asText("default"));
    }

    private static String nameInCluster(String nameOrArn, String cluster) {
        String[] segments = nameOrArn.split("/");
        if (segments.length == 3 && !segments[1].equals(cluster)) {
            throw AwsError.refusal(
                    "InvalidParameterException",
                    "Invalid identifier: Identifier is for cluster " + segments[1] + ". Your cluster is " + cluster);
        }
        return segments[segments.length - 1];
    }

    private static String lastSegment(String nameOrArn) {
        return nameOrArn.substring(nameOrArn.lastIndexOf('/') + 1);
    }

    private Cluster cluster(String name) {
        Cluster cluster = clusters.get(name);
        if (cluster == null) {
            throw AwsError.refusal("ClusterNotFoundException", "Cluster not found.");
        }
        return cluster;
    }

    private Cluster known(String name) {
        Cluster cluster = clusters.get(name);
        if (cluster == null) {
            throw new IllegalArgumentException("no cluster " + name + ": call addCluster first");
        }
        return cluster;
    }
}
