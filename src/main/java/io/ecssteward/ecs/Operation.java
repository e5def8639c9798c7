package io.ecssteward.ecs;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The operation of an {@code ecs-service:} endpoint: the part of its URI after the scheme. */
public enum Operation {
    /** {@code UpdateService(forceNewDeployment)} on one service. */
    REDEPLOY("redeploy"),
    /**
     * {@code UpdateService(taskDefinition)} on one service, to the task definition of the last completed deployment.
     */
    ROLL_BACK("roll-back"),
    /** Describes what a change would do, for the person who confirms it. */
    PLAN("plan"),
    /** {@code UpdateService(capacityProviderStrategy)} on one service that has no Spot capacity, or has it again. */
    ENSURE_CAPACITY("ensure-capacity"),
    /** {@code ListServices} and {@code DescribeServices}, to find the services that were moved to on-demand. */
    FIND_FAILOVERS("find-failovers"),
    /** {@code UpdateService(desiredCount)} on each listed service whose count differs from the number of instances. */
    MATCH_INSTANCES("match-instances"),
    /** {@code DescribeContainerInstances}, if needed to decide what to do about an agent. */
    CHECK_AGENT("check-agent"),
    /** {@code ListContainerInstances}, to find out whether a draining instance explains a placement failure. */
    CHECK_DRAIN("check-drain");

    private final String word;

    Operation(String word) {
        this.word = word;
    }

    /**
     * The operation with this word.
     *
     * @throws IllegalArgumentException if there is no such operation; the message lists all operations
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
