/**
 * The {@code ecs-host:} component: it drains container instances that are about to be terminated, so that ECS starts
 * their tasks elsewhere in time. Start with {@link io.ecssteward.host.HostEndpoint}. Each operation is a constant in
 * {@link io.ecssteward.host.HostOperation} and a class that performs it.
 */
package io.ecssteward.host;
