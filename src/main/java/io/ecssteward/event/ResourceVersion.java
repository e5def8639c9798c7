package io.ecssteward.event;

/**
 * A state of a task or container instance. ECS raises {@code detail.version} with each change of the resource, so an
 * equal version is a copy and a lower one is stale.
 *
 * @param arn the resource
 * @param version rises with each change; 0 or more
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html">ECS task state change
 *     events</a>
 */
public record ResourceVersion(String arn, long version) {}
