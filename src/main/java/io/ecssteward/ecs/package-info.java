/**
 * The Camel component {@code ecs-service:}. {@link io.ecssteward.ecs.EcsServiceEndpoint} describes how to use it, and
 * {@code EcsServiceProducer} performs its operations. Every decision uses the current state in ECS, and one class makes
 * each kind of decision:
 *
 * <ul>
 *   <li>{@code Redeployment}: redeploys a service, at most once per cool-down; {@code EcsServices} reads the service,
 *       and skips it if it is draining, has another deployment controller, or is already being deployed.
 *   <li>{@code SpotGuard}: whether a Fargate Spot interruption is worth a deployment; {@code SpotPolicy}: the policy
 *       for the service, from its tag or else from the settings.
 *   <li>{@code CapacityDecision}: whether a service moves to on-demand capacity, goes back to Spot, or waits.
 *       {@code ServiceCapacity} carries it out for an event, and {@code CapacityByHand} for a person.
 *   <li>{@code ChangeDecision}: whether a redeployment or a roll-back that a person requested is refused, already done,
 *       or made. {@code ServiceChange} carries it out.
 *   <li>{@code AgentConnection}: when a disconnected agent of a container instance causes an alert, and when the alert
 *       is resolved.
 *   <li>{@code InstanceMatching}: the desired count of services that run one task on each container instance.
 * </ul>
 *
 * <p>{@link io.ecssteward.ecs.RateLimitedEcsClient} applies ECS's rate limits. Draining is in
 * {@link io.ecssteward.host}.
 */
package io.ecssteward.ecs;
