package io.ecssteward.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.outcome.SkipReason;
import java.util.Arrays;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.CapacityProvider;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ManagedDraining;

/** The truth table of draining. */
class HostDecisionTest {

    private static final Supplier<CapacityProvider> NOT_ASKED = () -> {
        throw new AssertionError("nothing depends on the capacity provider");
    };

    private static Host host(String status, String ec2InstanceId, String... attributes) {
        return new Host(
                "prod",
                ContainerInstance.builder()
                        .containerInstanceArn("arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/a1")
                        .ec2InstanceId(ec2InstanceId)
                        .status(status)
                        .attributes(Arrays.stream(attributes)
                                .map(name -> Attribute.builder().name(name).build())
                                .toList())
                        .build());
    }

    private static CapacityProvider group(ManagedDraining draining) {
        return CapacityProvider.builder()
                .autoScalingGroupProvider(g -> g.managedDraining(draining))
                .build();
    }

    @Test
    void anInstanceOfNoClusterIsNobodysBusiness() {
        assertThat(HostDecision.of(null, false, true, NOT_ASKED).refused()).isEqualTo(SkipReason.NO_CONTAINER_INSTANCE);
    }

    @ParameterizedTest
    @CsvSource({
        "DRAINING, DRAINING",
        "INACTIVE, NOT_ACTIVE",
        "DEREGISTERING, NOT_ACTIVE",
        "REGISTERING, NOT_ACTIVE",
        "REGISTRATION_FAILED, NOT_ACTIVE"
    })
    void whatIsNotActiveStaysAsItIs(String status, SkipReason reason) {
        assertThat(HostDecision.of(host(status, "i-0abc"), false, true, NOT_ASKED)
                        .refused())
                .isEqualTo(reason);
        assertThat(HostDecision.of(host(status, "mi-0abc"), true, true, NOT_ASKED)
                        .refused())
                .isEqualTo(reason);
    }

    @Test
    void whatIsOutsideAwsIsLeftAlone() {
        assertThat(HostDecision.of(host("ACTIVE", "mi-0abc"), false, true, NOT_ASKED)
                        .refused())
                .isEqualTo(SkipReason.EXTERNAL_INSTANCE);
        assertThat(HostDecision.of(host("ACTIVE", "i-0abc", "ecs.capability.external"), false, true, NOT_ASKED)
                        .refused())
                .isEqualTo(SkipReason.EXTERNAL_INSTANCE);
    }

    @Test
    void whatHibernatesComesBackWithItsTasks() {
        assertThat(HostDecision.of(host("ACTIVE", "i-0abc"), true, true, NOT_ASKED)
                        .refused())
                .isEqualTo(SkipReason.HIBERNATES);
    }

    @Test
    void whatEcsDrainsOrReplacesItselfIsLeftToIt() {
        Host host = host("ACTIVE", "i-0abc");
        assertThat(HostDecision.of(host, false, true, () -> group(ManagedDraining.ENABLED))
                        .refused())
                .isEqualTo(SkipReason.MANAGED_DRAINING);
        assertThat(HostDecision.of(
                                host,
                                false,
                                true,
                                () -> CapacityProvider.builder()
                                        .managedInstancesProvider(m -> {})
                                        .build())
                        .refused())
                .isEqualTo(SkipReason.MANAGED_INSTANCE);
    }

    @Test
    void whatEcsHearsNothingOfIsDrained() {
        assertThat(HostDecision.of(host("ACTIVE", "i-0abc"), false, false, () -> group(ManagedDraining.ENABLED))
                        .refused())
                .isNull();
    }

    @Test
    void theRestIsDrained() {
        Host host = host("ACTIVE", "i-0abc", "ecs.capability.task-eni");
        assertThat(HostDecision.of(host, false, true, () -> null).refused()).isNull();
        assertThat(HostDecision.of(host, false, true, () -> group(ManagedDraining.DISABLED))
                        .refused())
                .isNull();
        assertThat(HostDecision.of(host, false, true, () -> group(null)).refused())
                .isNull();
    }
}
