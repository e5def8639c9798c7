package io.ecssteward.host;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The operation of an {@code ecs-host:} endpoint: the part of its URI after the scheme. */
public enum HostOperation {
    /** Sets the container instance of an EC2 instance to DRAINING, if it is ACTIVE. */
    DRAIN("drain"),
    /** One step of a lifecycle action: drains, waits for the tasks, and completes it. */
    LIFECYCLE_ACTION("lifecycle-action"),
    /** Drains an instance whose agent stays disconnected. */
    AGENT_AWAY("agent-away");

    private final String word;

    HostOperation(String word) {
        this.word = word;
    }

    /**
     * The operation with this word.
     *
     * @throws IllegalArgumentException if there is no such operation; the message lists all operations
     */
    public static HostOperation of(String word) {
        return Arrays.stream(values())
                .filter(o -> o.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("ecs-host: has no operation '" + word + "'; there are "
                        + Arrays.stream(values()).map(o -> o.word).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return word;
    }
}
