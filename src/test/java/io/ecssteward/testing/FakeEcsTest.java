package io.ecssteward.testing;

import static io.ecssteward.testing.FakeEcs.DESCRIBE_CLUSTERS;
import static io.ecssteward.testing.FakeEcs.DESCRIBE_CONTAINER_INSTANCES;
import static io.ecssteward.testing.FakeEcs.UPDATE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;

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

    @Test
    void refusesOtherOperations() {
        assertThatThrownBy(() -> client.listClusters())
                .isInstanceOf(EcsException.class)
                .hasMessageContaining("Not faked: ListClusters");
    }
}
