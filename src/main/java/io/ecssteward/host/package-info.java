/**
 * The {@code ecs-host:} component: container instances that are about to go are drained in time, so that ECS starts
 * their tasks elsewhere. Begin at {@link io.ecssteward.host.HostEndpoint}; an operation is a word in
 * {@link io.ecssteward.host.HostOperation} and a class that performs it.
 */
package io.ecssteward.host;
