package io.ecssteward.host;

import io.ecssteward.event.Arn;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/**
 * An EC2 instance that is a container instance of a cluster.
 *
 * @param cluster the cluster's name
 * @param instance what DescribeContainerInstances returned
 */
record Host(String cluster, ContainerInstance instance) {

    String arn() {
        return instance.containerInstanceArn();
    }

    /** The container instance's id: the last part of its ARN. */
    String id() {
        return Arn.nameOf(arn());
    }

    String status() {
        return instance.status();
    }

    boolean active() {
        return "ACTIVE".equals(status());
    }

    boolean draining() {
        return "DRAINING".equals(status());
    }

    boolean connected() {
        return Boolean.TRUE.equals(instance.agentConnected());
    }
}
