package io.ecssteward.ecs;

import io.ecssteward.outcome.SkipReason;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import software.amazon.awssdk.services.ecs.model.Service;

/** What people are told of a service's capacity. */
final class CapacityWords {
    private CapacityWords() {}

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    /** In sentences; empty where there is nothing to say. */
    static String of(CapacityDecision decision, String name, Service found) {
        if (decision.refused() != null) {
            return refused(decision.refused(), name);
        }
        return switch (decision.outcome()) {
            case MOVED ->
                running(found) + " when Fargate Spot had no capacity for it. " + tasks(found)
                        + " to FARGATE, and costs the on-demand price there. It goes back to "
                        + decision.tag().kept() + " at " + time(decision.tag().until()) + " at the earliest.";
            case ON_DEMAND -> onDemand(found);
            case RETURNED ->
                "ECS started a deployment that takes it back to "
                        + decision.tag().kept()
                        + ". If Fargate Spot still has no capacity, it goes to on-demand again.";
            case RETURNING -> running(found) + " while a deployment goes on.";
            case BACK -> "All of its tasks run with its own capacity provider strategy again.";
            case SETTLED -> "It has its own capacity provider strategy, and is no longer watched.";
            case ROLLED_BACK ->
                "ECS rolled the way back to Fargate Spot back, so it stays on demand until "
                        + time(decision.tag().until()) + " at least.";
            case BY_HAND ->
                "Its capacity provider strategy is neither changed by us nor as we left it: a person or a pipeline"
                        + " changed it, or ECS rolled the deployment back. Hands off: it stays as it is, and the tag "
                        + FailoverTag.KEY + " was removed.";
            case UNREADABLE_TAG ->
                "Nobody can read its tag " + FailoverTag.KEY + ", so it stays as it is. Set its capacity provider"
                        + " strategy yourself, and remove the tag.";
            case WATCHING -> running(found) + ". It moves to on-demand if tasks are still missing at the next look.";
            case ENOUGH -> running(found) + ", so it stays with Fargate Spot.";
            case NO_FAILOVER, REFUSED -> "";
        };
    }

    private static String refused(SkipReason reason, String name) {
        return switch (reason) {
            case NO_STRATEGY ->
                name + " cannot move to on-demand: it has a launch type, or no capacity provider strategy of its own."
                        + " Give it one with FARGATE_SPOT.";
            case NO_SPOT ->
                name + " cannot move to on-demand: its capacity provider strategy places no tasks on FARGATE_SPOT, or"
                        + " not only on Fargate.";
            case CHANGED_BY_HAND ->
                "Somebody changed its capacity provider strategy by hand a while ago, so it is left alone.";
            case IN_PROGRESS ->
                "A deployment is in progress, which is not disturbed. It is looked at again as long as that is so.";
            case SCALED_TO_ZERO -> "Its desired count is 0: somebody stopped it, and it is left alone.";
            case SERVICE_NOT_FOUND, SERVICE_INACTIVE -> "It was deleted.";
            default -> "";
        };
    }

    private static String onDemand(Service found) {
        FailoverTag tag = FailoverTag.parse(FailoverTag.on(found)).orElseThrow();
        return "It runs on FARGATE since " + time(tag.since())
                + ", and costs the on-demand price there. It goes back to " + tag.kept() + " at " + time(tag.until())
                + " at the earliest.";
    }

    private static String tasks(Service found) {
        int desired = number(found.desiredCount());
        return desired == 1 ? "Its task moves" : "All " + desired + " tasks move";
    }

    private static String running(Service found) {
        return number(found.runningCount()) + " of " + number(found.desiredCount()) + " tasks ran";
    }

    private static int number(Integer count) {
        return count == null ? 0 : count;
    }

    private static String time(Instant time) {
        return MINUTE.format(time);
    }
}
