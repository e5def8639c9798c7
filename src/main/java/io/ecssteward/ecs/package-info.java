/**
 * The Camel component {@code ecs-service:}. {@link io.ecssteward.ecs.EcsServiceEndpoint} tells how to use it; what it
 * decides and why is in {@code EcsServices}.
 */
package io.ecssteward.ecs;
