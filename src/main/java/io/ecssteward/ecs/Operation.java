package io.ecssteward.ecs;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What an {@code ecs-service:} endpoint does: the part of its URI after the scheme. */
public enum Operation {
    /** {@code UpdateService(forceNewDeployment)} on one service. */
    REDEPLOY("redeploy"),
    /** {@code UpdateService(taskDefinition)} on one service, to the one of the last deployment that completed. */
    ROLL_BACK("roll-back"),
    /** Asks ECS what a redeployment or a roll-back would do, in words for whoever has to confirm it. */
    PLAN("plan"),
    /** {@code UpdateService(capacityProviderStrategy)} on one service that has no Spot capacity, or has it again. */
    ENSURE_CAPACITY("ensure-capacity"),
    /** {@code ListServices} and {@code DescribeServices}, to find the services that were moved to on-demand. */
    FIND_FAILOVERS("find-failovers"),
    /** {@code UpdateService(desiredCount)} on each listed service whose count is not that of the instances. */
    MATCH_INSTANCES("match-instances"),
    /** {@code DescribeContainerInstances}, where needed to decide what to do about an agent. */
    CHECK_AGENT("check-agent"),
    /** {@code ListContainerInstances}, to see whether an instance that drains explains a placement failure. */
    CHECK_DRAIN("check-drain");

    private final String word;

    Operation(String word) {
        this.word = word;
    }

    /**
     * The operation with this word.
     *
     * @throws IllegalArgumentException naming the operations there are, when there is no such one
     */
    public static Operation of(String word) {
        return Arrays.stream(values())
                .filter(o -> o.word.equals(word))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("ecs-service: has no operation '" + word + "'; there are "
                                + Arrays.stream(values()).map(o -> o.word).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return word;
    }
}
