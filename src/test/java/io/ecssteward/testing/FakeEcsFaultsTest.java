package io.ecssteward.testing;

import static io.ecssteward.testing.FakeEcs.DESCRIBE_CLUSTERS;
import static io.ecssteward.testing.FakeEcs.DESCRIBE_SERVICES;
import static io.ecssteward.testing.FakeEcs.UPDATE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.AccessDeniedException;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.ServerException;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.UnsupportedFeatureException;

class FakeEcsFaultsTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final ManualClock clock = ManualClock.at("2026-11-20T10:00:00Z");
    private final FakeEcs ecs = new FakeEcs(clock).addCluster("prod", 3);
    private final FakeService web = ecs.addService("prod", "web");
    private final EcsClient client = ecs.client();

    @AfterEach
    void stop() {
        ecs.close();
    }

    private Service describe() {
        return client.describeServices(request -> request.cluster("prod").services("web"))
                .services()
                .get(0);
    }

    private Service redeploy() {
        return client.updateService(
                        request -> request.cluster("prod").service("web").forceNewDeployment(true))
                .service();
    }

    @Test
    void failsToOrder() {
        ecs.fail(DESCRIBE_SERVICES, 2, FakeEcs.THROTTLED);
        ecs.fail(DESCRIBE_SERVICES, 1, FakeEcs.SERVER_ERROR);
        ecs.fail(DESCRIBE_SERVICES, 1, FakeEcs.ACCESS_DENIED);
        ecs.fail(DESCRIBE_SERVICES, 1, new AwsError("UnsupportedFeatureException", 400, "Not here"));

        for (int i = 0; i < 2; i++) {
            EcsException throttled = catchThrowableOfType(EcsException.class, this::describe);
            assertThat(throttled.isThrottlingException()).isTrue();
            assertThat(throttled.statusCode()).isEqualTo(400);
            assertThat(throttled.awsErrorDetails().errorCode()).isEqualTo("ThrottlingException");
            assertThat(throttled.awsErrorDetails().errorMessage()).isEqualTo("Rate exceeded");
        }
        ServerException broken = catchThrowableOfType(ServerException.class, this::describe);
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThatThrownBy(this::describe).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(this::describe).isInstanceOf(UnsupportedFeatureException.class);
        assertThat(describe().serviceName()).isEqualTo("web");
        assertThat(ecs.calls(DESCRIBE_SERVICES)).as("each asked once").hasSize(6);
    }

    @Test
    void hangsUpWithoutDoingIt() {
        ecs.hangUp(UPDATE_SERVICE, 1);

        assertThatThrownBy(this::redeploy).isInstanceOf(SdkClientException.class);
        assertThat(web.deployments()).hasSize(1);
        redeploy();
        assertThat(web.deployments()).hasSize(2);
    }

    @Test
    void doesItAndLosesTheAnswer() {
        ecs.loseAnswer(UPDATE_SERVICE, 1);

        assertThatThrownBy(this::redeploy).isInstanceOf(SdkClientException.class);
        assertThat(web.deployments()).hasSize(2);
    }

    @Test
    void holdsCallsUntilTheGateOpens() throws Exception {
        Gate gate = ecs.hold(UPDATE_SERVICE, 1);

        CompletableFuture<Service> call = CompletableFuture.supplyAsync(this::redeploy);
        gate.awaitArrivals(1, SOON);
        assertThat(web.deployments()).hasSize(1);
        assertThat(call).isNotDone();
        assertThat(describe().deployments()).as("others are answered meanwhile").hasSize(1);
        gate.open();

        assertThat(call.get(10, TimeUnit.SECONDS).deployments()).hasSize(2);
    }

    @Test
    void letsClientsGiveUpOnHeldCalls() {
        EcsClient impatient = ecs.client(Duration.ofMillis(200));
        ecs.hold(DESCRIBE_CLUSTERS, 1);

        assertThatThrownBy(() -> impatient.describeClusters(request -> request.clusters("prod")))
                .isInstanceOf(ApiCallTimeoutException.class);
    }

    @Test
    void healsToOrder() {
        ecs.fail(DESCRIBE_SERVICES, 100, FakeEcs.THROTTLED);
        ecs.heal();

        assertThat(describe().serviceName()).isEqualTo("web");
    }

    @Test
    void throttlesAsEcsDoes() {
        ecs.limitRates();

        assertThat(untilThrottled(this::redeploy)).isEqualTo(50);
        clock.advance(Duration.ofSeconds(2));
        assertThat(untilThrottled(this::redeploy)).isEqualTo(10);
        clock.advance(Duration.ofHours(1));
        assertThat(untilThrottled(this::redeploy)).isEqualTo(50);
        assertThat(untilThrottled(this::describe)).isEqualTo(100);
        assertThat(untilThrottled(() -> client.describeClusters(request -> request.clusters("prod"))))
                .isEqualTo(50);
        assertThat(untilThrottled(() -> client.describeContainerInstances(
                        request -> request.cluster("prod").containerInstances("a"))))
                .isEqualTo(100);
        assertThat(untilThrottled(() -> client.listServices(request -> request.cluster("prod"))))
                .as("in the bucket that is empty")
                .isZero();
        clock.advance(Duration.ofSeconds(1));
        assertThat(untilThrottled(() -> client.untagResource(
                        request -> request.resourceArn(web.arn()).tagKeys("a"))))
                .isEqualTo(20);
        assertThat(untilThrottled(() -> client.updateContainerInstancesState(request ->
                        request.cluster("prod").containerInstances("a").status("DRAINING"))))
                .isEqualTo(100);
        assertThat(ecs.calls(UPDATE_SERVICE)).as("throttled calls are calls").hasSize(113);
        assertThat(ecs.throttled()).isEqualTo(9);
    }

    /** For each of so many calls whether it was answered. */
    private List<Boolean> answered(int calls, Runnable call) {
        return IntStream.range(0, calls)
                .mapToObj(i -> {
                    try {
                        call.run();
                        return true;
                    } catch (SdkException e) {
                        return false;
                    }
                })
                .toList();
    }

    @Test
    void disturbsAShareOfAllCallsByTheSeed() {
        ecs.disturb(7, 0.3, Duration.ofMillis(50), 2, FakeEcs.SERVER_ERROR, FakeEcs.THROTTLED);
        List<Boolean> once = answered(200, this::redeploy);
        int done = ecs.done(UPDATE_SERVICE).size();
        Map<String, Integer> disturbed = ecs.disturbed();
        ecs.disturb(7, 0.3, Duration.ofMillis(50), 2, FakeEcs.SERVER_ERROR, FakeEcs.THROTTLED);

        assertThat(answered(200, this::redeploy))
                .as("the same seed, the same faults")
                .isEqualTo(once);
        assertThat(disturbed)
                .containsOnlyKeys("HangUp", "KeepSilent", "LoseAnswer", "ServerException", "ThrottlingException");
        assertThat(disturbed).containsEntry("KeepSilent", 2);
        int failed = disturbed.values().stream().mapToInt(i -> i).sum();
        assertThat(failed).isBetween(40, 80);
        assertThat(once).filteredOn(answered -> !answered).hasSize(failed);
        assertThat(done)
                .as("what was done and not told counts as done")
                .isEqualTo(200 - failed + disturbed.get("LoseAnswer"));
        ecs.heal();
        assertThat(answered(50, this::describe)).containsOnly(true);
    }

    private static int untilThrottled(Runnable call) {
        for (int done = 0; done < 1000; done++) {
            try {
                call.run();
            } catch (EcsException e) {
                assertThat(e.isThrottlingException()).isTrue();
                return done;
            }
        }
        throw new AssertionError("never throttled");
    }
}
