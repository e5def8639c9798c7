/**
 * Details that an engineer looks for first, as replies in the thread of an incident: the end of a task's log, the graph
 * of an alarm, the last deployment. {@link io.ecssteward.details.DetailComponent} is the Camel component
 * {@code ecs-detail:}, and each detail a {@link io.ecssteward.details.Detail}.
 */
package io.ecssteward.details;
