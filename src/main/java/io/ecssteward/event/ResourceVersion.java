package io.ecssteward.event;

/**
 * A state of a task or container instance. ECS raises {@code detail.version} with each change of the resource, so an
 * event with an equal version is a duplicate, and one with a lower version is stale.
 *
 * @param arn the resource
 * @param version rises with each change; 0 or more
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html">ECS task state change
 *     events</a>
 */
public record ResourceVersion(String arn, long version) {}
