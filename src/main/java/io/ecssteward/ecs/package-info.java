/**
 * The Camel component {@code ecs-service:}. {@link io.ecssteward.ecs.EcsServiceEndpoint} says how to use it, and
 * {@code EcsServiceProducer} performs its operations. Every decision is made from what ECS says now, each by one class:
 *
 * <ul>
 *   <li>{@code Redeployment}: takes a redeployment to ECS, once in its cool-down; {@code EcsServices} reads the
 *       service, and skips it where it is draining, has another deployment controller, or is being deployed already.
 *   <li>{@code SpotGuard}: whether a Fargate Spot interruption is worth a deployment; {@code SpotPolicy}: what the
 *       service's tag, or else the settings, want done about it.
 *   <li>{@code CapacityDecision}: whether a service moves to on-demand capacity, goes back to Spot, or waits.
 *       {@code ServiceCapacity} carries it out for an event, and {@code CapacityByHand} for a person.
 *   <li>{@code ChangeDecision}: whether a redeployment or a roll-back that a person asked for is refused, done already,
 *       or made. {@code ServiceChange} carries it out.
 *   <li>{@code AgentConnection}: whether the agent of a container instance is away, and when that is an alert or over.
 *   <li>{@code InstanceMatching}: the desired count of services that run one task on each container instance.
 * </ul>
 *
 * <p>{@link io.ecssteward.ecs.RateLimitedEcsClient} has ECS's rate limits. Draining is in {@link io.ecssteward.host}.
 */
package io.ecssteward.ecs;
