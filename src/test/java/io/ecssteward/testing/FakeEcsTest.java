package io.ecssteward.testing;

import static io.ecssteward.testing.FakeEcs.DESCRIBE_CLUSTERS;
import static io.ecssteward.testing.FakeEcs.DESCRIBE_CONTAINER_INSTANCES;
import static io.ecssteward.testing.FakeEcs.UPDATE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceField;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.Tag;

class FakeEcsTest {
    private final ManualClock clock = ManualClock.at("2026-11-20T10:00:00.250Z");
    private final FakeEcs ecs = new FakeEcs(clock).addCluster("prod", 3);
    private final EcsClient client = ecs.client();

    @AfterEach
    void stop() {
        ecs.close();
    }

    private Service describe(String service) {
        return client.describeServices(request -> request.cluster("prod").services(service))
                .services()
                .get(0);
    }

    private Service redeploy(String service) {
        return client.updateService(
                        request -> request.cluster("prod").service(service).forceNewDeployment(true))
                .service();
    }

    private void scale(String service, int count) {
        client.updateService(request -> request.cluster("prod").service(service).desiredCount(count));
    }

    @Test
    void describesServices() {
        ecs.addService("prod", "web").desiredCount(4);
        ecs.addService("prod", "agent").schedulingStrategy("DAEMON").status("DRAINING");
        ecs.addService("prod", "blue").deploymentController("CODE_DEPLOY");

        Service web = describe("web");
        assertThat(web.serviceArn()).isEqualTo("arn:aws:ecs:eu-west-1:111122223333:service/prod/web");
        assertThat(web.clusterArn()).isEqualTo("arn:aws:ecs:eu-west-1:111122223333:cluster/prod");
        assertThat(web.serviceName()).isEqualTo("web");
        assertThat(web.status()).isEqualTo("ACTIVE");
        assertThat(web.desiredCount()).isEqualTo(4);
        assertThat(web.schedulingStrategy()).isEqualTo(SchedulingStrategy.REPLICA);
        assertThat(web.deploymentController().type()).isEqualTo(DeploymentControllerType.ECS);
        assertThat(web.deployments()).singleElement().satisfies(deployment -> {
            assertThat(deployment.status()).isEqualTo("PRIMARY");
            assertThat(deployment.rolloutState()).isEqualTo(DeploymentRolloutState.COMPLETED);
            assertThat(deployment.createdAt()).isEqualTo(Instant.parse("2026-11-19T10:00:00.250Z"));
        });
        assertThat(describe("agent").schedulingStrategy()).isEqualTo(SchedulingStrategy.DAEMON);
        assertThat(describe("agent").status()).isEqualTo("DRAINING");
        assertThat(describe("blue").deploymentController().type()).isEqualTo(DeploymentControllerType.CODE_DEPLOY);
        assertThat(describe("blue").deployments()).isEmpty();
    }

    @Test
    void takesArnsAndNames() {
        FakeService web = ecs.addService("prod", "web");

        assertThat(client.describeServices(request -> request.cluster("arn:aws:ecs:eu-west-1:111122223333:cluster/prod")
                                .services(web.arn(), "arn:aws:ecs:eu-west-1:111122223333:service/web", "web"))
                        .services())
                .hasSize(3)
                .allSatisfy(service -> assertThat(service.serviceName()).isEqualTo("web"));
        assertThatThrownBy(() -> client.describeServices(request ->
                        request.cluster("prod").services("arn:aws:ecs:eu-west-1:111122223333:service/stage/web")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Identifier is for cluster stage. Your cluster is prod");
    }

    @Test
    void tellsMissingServicesWithoutAnException() {
        ecs.addService("prod", "web");

        var answer = client.describeServices(request -> request.cluster("prod").services("web", "gone"));

        assertThat(answer.services()).hasSize(1);
        assertThat(answer.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.arn()).isEqualTo("arn:aws:ecs:eu-west-1:111122223333:service/prod/gone");
            assertThat(failure.reason()).isEqualTo("MISSING");
        });
    }

    @Test
    void describesTenServicesAtMost() {
        assertThatThrownBy(() -> client.describeServices(request -> request.cluster("prod")
                        .services(IntStream.range(0, 11).mapToObj(i -> "s" + i).toList())))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("service names can have at most 10 items.");
    }

    @Test
    void refusesUnknownClusters() {
        assertThatThrownBy(() -> client.describeServices(
                        request -> request.cluster("none").services("web")))
                .isInstanceOf(ClusterNotFoundException.class);
        assertThatThrownBy(() ->
                        client.updateService(request -> request.cluster("none").service("web")))
                .isInstanceOf(ClusterNotFoundException.class);
        assertThatThrownBy(() -> client.describeContainerInstances(
                        request -> request.cluster("none").containerInstances("a")))
                .isInstanceOf(ClusterNotFoundException.class);
        assertThatThrownBy(() -> client.describeServices(request -> request.services("web")))
                .as("the cluster named default")
                .isInstanceOf(ClusterNotFoundException.class);
    }

    @Test
    void redeploys() {
        FakeService web = ecs.addService("prod", "web").desiredCount(2);

        Service updated = redeploy("web");

        assertThat(updated.deployments()).extracting(Deployment::status).containsExactly("PRIMARY", "ACTIVE");
        assertThat(updated.deployments())
                .extracting(Deployment::rolloutState)
                .containsExactly(DeploymentRolloutState.IN_PROGRESS, DeploymentRolloutState.COMPLETED);
        assertThat(updated.deployments().get(0).createdAt()).isEqualTo(clock.instant());
        assertThat(updated.desiredCount()).isEqualTo(2);

        clock.advance(Duration.ofMinutes(2));
        web.completeDeployment();
        assertThat(describe("web").deployments()).singleElement().satisfies(deployment -> {
            assertThat(deployment.rolloutState()).isEqualTo(DeploymentRolloutState.COMPLETED);
            assertThat(deployment.updatedAt()).isEqualTo(clock.instant());
        });
    }

    @Test
    void setsTheDesiredCountWithoutANewDeployment() {
        FakeService web = ecs.addService("prod", "web");

        scale("web", 5);

        assertThat(web.desiredCount()).isEqualTo(5);
        assertThat(web.deployments()).singleElement().satisfies(deployment -> {
            assertThat(deployment.desiredCount()).isEqualTo(5);
            assertThat(deployment.rolloutState()).isEqualTo("COMPLETED");
        });
    }

    @Test
    void showsDeploymentsThatWereSetUp() {
        ecs.addService("prod", "web").deployment(Duration.ofSeconds(30), "IN_PROGRESS");

        assertThat(describe("web").deployments()).hasSize(2).first().satisfies(deployment -> {
            assertThat(deployment.createdAt()).isEqualTo(clock.instant().minusSeconds(30));
            assertThat(deployment.rolloutState()).isEqualTo(DeploymentRolloutState.IN_PROGRESS);
        });
    }

    @Test
    void refusesUpdatesAsEcsDoes() {
        ecs.addService("prod", "old").status("INACTIVE");
        ecs.addService("prod", "agent").schedulingStrategy("DAEMON");
        ecs.addService("prod", "blue").deploymentController("CODE_DEPLOY");
        ecs.addService("prod", "foreign").deploymentController("EXTERNAL");

        assertThatThrownBy(() -> redeploy("none")).isInstanceOf(ServiceNotFoundException.class);
        assertThatThrownBy(() -> redeploy("old")).isInstanceOf(ServiceNotActiveException.class);
        assertThatThrownBy(() -> scale("agent", 2))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("daemon scheduling strategy does not support a desired count");
        assertThatThrownBy(() -> redeploy("blue"))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("CODE_DEPLOY");
        assertThatThrownBy(() -> redeploy("foreign")).isInstanceOf(InvalidParameterException.class);
        scale("blue", 2);
        assertThat(redeploy("agent").deployments()).hasSize(2);
    }

    @Test
    void describesClusters() {
        ecs.setInstances("prod", 7);

        var answer = client.describeClusters(request -> request.clusters("prod", "none"));

        assertThat(answer.clusters()).singleElement().satisfies(cluster -> {
            assertThat(cluster.clusterName()).isEqualTo("prod");
            assertThat(cluster.status()).isEqualTo("ACTIVE");
            assertThat(cluster.registeredContainerInstancesCount()).isEqualTo(7);
        });
        assertThat(answer.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.arn()).isEqualTo("arn:aws:ecs:eu-west-1:111122223333:cluster/none");
            assertThat(failure.reason()).isEqualTo("MISSING");
        });
    }

    @Test
    void describesContainerInstances() {
        ecs.addContainerInstance("prod", "aaa", false, "ACTIVE", 12);

        var answer = client.describeContainerInstances(request -> request.cluster("prod")
                .containerInstances("arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/aaa", "bbb"));

        assertThat(answer.containerInstances()).singleElement().satisfies(instance -> {
            assertThat(instance.agentConnected()).isFalse();
            assertThat(instance.status()).isEqualTo("ACTIVE");
            assertThat(instance.version()).isEqualTo(12);
            assertThat(instance.ec2InstanceId()).startsWith("i-");
        });
        assertThat(answer.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.arn()).isEqualTo("arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/bbb");
            assertThat(failure.reason()).isEqualTo("MISSING");
        });
    }

    @Test
    void recordsCalls() {
        ecs.addService("prod", "web");
        scale("web", 3);
        clock.advance(Duration.ofSeconds(1));
        client.describeClusters(request -> request.clusters("prod"));

        assertThat(ecs.calls()).extracting(FakeEcs.Call::operation).containsExactly(UPDATE_SERVICE, DESCRIBE_CLUSTERS);
        assertThat(ecs.calls(UPDATE_SERVICE)).singleElement().satisfies(call -> {
            assertThat(call.request()).hasToString("{\"cluster\":\"prod\",\"service\":\"web\",\"desiredCount\":3}");
            assertThat(call.time()).isEqualTo(clock.instant().minusSeconds(1));
        });
        assertThat(ecs.calls(DESCRIBE_CONTAINER_INSTANCES)).isEmpty();
        ecs.clear();
        assertThat(ecs.calls()).isEmpty();
    }

    private static CapacityProviderStrategyItem item(String provider, int base, int weight) {
        return CapacityProviderStrategyItem.builder()
                .capacityProvider(provider)
                .base(base)
                .weight(weight)
                .build();
    }

    private Service move(String service, CapacityProviderStrategyItem... strategy) {
        return client.updateService(request -> request.cluster("prod")
                        .service(service)
                        .capacityProviderStrategy(strategy)
                        .forceNewDeployment(true))
                .service();
    }

    @Test
    void tellsTheStrategyOfTheServiceAndOfEachDeployment() {
        ecs.addService("prod", "web").capacity("FARGATE_SPOT", 0, 4).capacity("FARGATE", 1, 1);

        Service web = move("web", item("FARGATE", 1, 1), item("FARGATE_SPOT", 0, 0));

        assertThat(web.capacityProviderStrategy()).containsExactly(item("FARGATE", 1, 1), item("FARGATE_SPOT", 0, 0));
        assertThat(web.launchType()).isNull();
        assertThat(web.deployments())
                .extracting(Deployment::capacityProviderStrategy)
                .containsExactly(
                        List.of(item("FARGATE", 1, 1), item("FARGATE_SPOT", 0, 0)),
                        List.of(item("FARGATE_SPOT", 0, 4), item("FARGATE", 1, 1)));
        assertThat(redeploy("web").capacityProviderStrategy())
                .as("kept by what does not name it")
                .hasSize(2);
    }

    @Test
    void goesFromALaunchTypeToAStrategy() {
        ecs.addService("prod", "web");
        ecs.addService("prod", "neither").launchType(null);

        assertThat(describe("web").launchTypeAsString()).isEqualTo("FARGATE");
        assertThat(describe("neither").launchType()).isNull();
        assertThat(describe("neither").capacityProviderStrategy()).isEmpty();
        assertThat(move("web", item("FARGATE_SPOT", 0, 1)).launchType()).isNull();
        assertThat(describe("web").deployments().get(1).launchTypeAsString()).isNull();
    }

    @Test
    void refusesStrategiesAsEcsDoes() {
        FakeService web = ecs.addService("prod", "web").capacity("FARGATE_SPOT", 0, 1);
        ecs.instanceHas("prod", ecs1(), "", "hosts");

        assertThatThrownBy(() -> client.updateService(request ->
                        request.cluster("prod").service("web").capacityProviderStrategy(item("FARGATE", 0, 1))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("you must force a new deployment");
        assertThat(client.updateService(request -> request.cluster("prod")
                                .service("web")
                                .capacityProviderStrategy(item("FARGATE_SPOT", 0, 1)))
                        .service()
                        .deployments())
                .as("not a change")
                .hasSize(1);
        assertThatThrownBy(() -> move("web", item("FARGATE", 0, 1), item("hosts", 0, 1)))
                .hasMessageContaining("cannot contain a mix");
        assertThatThrownBy(() -> move("web", item("gone", 0, 1))).hasMessageContaining("not associated");
        assertThatThrownBy(() -> move("web", item("FARGATE", 1, 1), item("FARGATE_SPOT", 1, 1)))
                .hasMessageContaining("base");
        assertThatThrownBy(() -> move("web", item("FARGATE", 1, 0), item("FARGATE_SPOT", 0, 0)))
                .hasMessageContaining("weight");
        ecs.capacityProviders("prod", "FARGATE_SPOT");
        assertThatThrownBy(() -> move("web", item("FARGATE", 0, 1))).hasMessageContaining("not associated");
        assertThat(web.deployments()).hasSize(1);
        assertThat(web.capacity()).containsExactly(new Capacity("FARGATE_SPOT", 0, 1));
    }

    private String ecs1() {
        ecs.addContainerInstance("prod", "aaa", true, "ACTIVE", 1);
        return "aaa";
    }

    @Test
    void countsTasksAsATestSays() {
        FakeService web = ecs.addService("prod", "web").desiredCount(4).tasks(1, 3);

        assertThat(describe("web").runningCount()).isEqualTo(1);
        assertThat(describe("web").pendingCount()).isEqualTo(3);

        String old = web.deployments().get(0).id();
        redeploy("web");
        web.tasks(2, 0).tasks(old, 3, 0).tasks("ecs-svc/1", 9, 9);

        assertThat(describe("web").runningCount()).isEqualTo(5);
        assertThat(describe("web").deployments())
                .extracting(Deployment::runningCount)
                .containsExactly(2, 3);
        web.tasks(4, 0).completeDeployment();
        assertThat(describe("web").runningCount()).isEqualTo(4);
    }

    @Test
    void tagsServices() {
        FakeService web = ecs.addService("prod", "web").tag("team", "shop");
        ecs.addService("prod", "full");

        client.tagResource(request -> request.resourceArn(web.arn())
                .tags(
                        tag("team", "pay"),
                        tag("ecs-steward:failover", "on-demand since=2026-11-20T10:00:00Z +1@x/y_z")));
        assertThat(web.tags())
                .containsEntry("team", "pay")
                .containsEntry("ecs-steward:failover", "on-demand since=2026-11-20T10:00:00Z +1@x/y_z");
        client.untagResource(request -> request.resourceArn(web.arn()).tagKeys("team", "none"));
        assertThat(web.tags()).containsOnlyKeys("ecs-steward:failover");
        assertThat(client.describeServices(request ->
                                request.cluster("prod").services("web").include(ServiceField.TAGS))
                        .services()
                        .get(0)
                        .tags())
                .hasSize(1);
        assertThat(describe("web").tags()).as("only when asked for").isEmpty();
    }

    @Test
    void refusesTagsAsEcsDoes() {
        FakeService web = ecs.addService("prod", "web");
        for (int i = 0; i < 49; i++) {
            web.tag("key" + i, "");
        }

        for (Tag wrong : List.of(
                tag("", "v"),
                tag("k".repeat(129), "v"),
                tag("k", "v".repeat(257)),
                tag("k", "a,b"),
                tag("k{}", "v"),
                tag("AWS:k", "v"))) {
            assertThatThrownBy(() -> client.tagResource(
                            request -> request.resourceArn(web.arn()).tags(tag("good", "v"), wrong)))
                    .as("%s", wrong)
                    .isInstanceOf(InvalidParameterException.class);
        }
        assertThatThrownBy(() -> client.tagResource(
                        request -> request.resourceArn(web.arn()).tags(tag("a", ""), tag("b", ""))))
                .hasMessageContaining("50 tags");
        assertThat(web.tags()).as("all or none").hasSize(49);
        client.tagResource(request ->
                request.resourceArn(web.arn()).tags(tag("k".repeat(128), "ü".repeat(256)), tag("key1", "v")));
        assertThat(web.tags()).hasSize(50);
        assertThatThrownBy(() -> client.tagResource(request ->
                        request.resourceArn(web.arn().replace("/web", "/none")).tags(tag("a", ""))))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> client.untagResource(request ->
                        request.resourceArn(web.arn().replace("prod/", "")).tagKeys("a")))
                .hasMessageContaining("Long arn format");
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    @Test
    void listsClustersAndServicesPageByPage() {
        for (int i = 0; i < 7; i++) {
            ecs.addService("prod", "s" + i);
            ecs.addCluster("c" + i, 0);
        }

        var first = client.listServices(request -> request.cluster("prod"));
        assertThat(first.serviceArns()).hasSize(3).first().asString().endsWith(":service/prod/s0");
        assertThat(first.nextToken()).isNotNull();
        assertThat(client.listServicesPaginator(request -> request.cluster("prod"))
                        .serviceArns())
                .hasSize(7)
                .doesNotHaveDuplicates();
        assertThat(client.listServices(request -> request.cluster("c1")).nextToken())
                .isNull();
        assertThat(client.listClustersPaginator().clusterArns())
                .hasSize(8)
                .contains("arn:aws:ecs:eu-west-1:111122223333:cluster/prod");
        assertThat(ecs.pageSize(5).client().listClusters().clusterArns()).hasSize(5);
    }

    @Test
    void drainsContainerInstances() {
        ecs.addContainerInstance("prod", "aaa", true, "ACTIVE", 4);
        ecs.addContainerInstance("prod", "bbb", true, "REGISTERING", 1);

        var answer = client.updateContainerInstancesState(request ->
                request.cluster("prod").containerInstances("aaa", "bbb", "gone").status("DRAINING"));

        assertThat(answer.containerInstances()).singleElement().satisfies(instance -> {
            assertThat(instance.status()).isEqualTo("DRAINING");
            assertThat(instance.version()).isEqualTo(5);
        });
        assertThat(answer.failures()).extracting(Failure::reason).containsExactly("REGISTERING", "MISSING");
        assertThatThrownBy(() -> client.updateContainerInstancesState(request ->
                        request.cluster("prod").containerInstances("aaa").status("DEREGISTERING")))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> client.updateContainerInstancesState(request -> request.cluster("prod")
                        .status("ACTIVE")
                        .containerInstances(
                                IntStream.range(0, 11).mapToObj(i -> "i" + i).toList())))
                .hasMessageContaining("at most 10");
    }

    @Test
    void listsTheTasksOfAContainerInstance() {
        ecs.addContainerInstance("prod", "aaa", true, "ACTIVE", 4);
        for (int i = 0; i < 4; i++) {
            ecs.addTask("prod", "aaa", "t" + i, "web");
        }
        ecs.addTask("prod", "bbb", "other", "web");

        var tasks = client.listTasksPaginator(request -> request.cluster("prod").containerInstance("aaa"))
                .taskArns();
        assertThat(tasks).hasSize(4);
        assertThat(client.listTasks(request ->
                                request.cluster("prod").containerInstance("aaa").desiredStatus("STOPPED"))
                        .taskArns())
                .isEmpty();
        ecs.removeTask("prod", "t0");
        assertThat(client.describeTasks(request -> request.cluster("prod").tasks("t0", "t1"))
                        .tasks())
                .singleElement()
                .satisfies(task -> assertThat(task.group()).isEqualTo("service:web"));
        assertThat(client.describeContainerInstances(
                                request -> request.cluster("prod").containerInstances("aaa"))
                        .containerInstances()
                        .get(0)
                        .runningTasksCount())
                .isEqualTo(3);
    }

    @Test
    void refusesOtherOperations() {
        assertThatThrownBy(() -> client.listTaskDefinitions())
                .isInstanceOf(EcsException.class)
                .hasMessageContaining("Not faked: ListTaskDefinitions");
    }
}
