package io.ecssteward.ecs;

import io.ecssteward.outcome.SkipReason;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;

/** Texts for people about a service's capacity. */
final class CapacityTexts {
    private CapacityTexts() {}

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    /** Sentences about the decision; empty if there is nothing to say. */
    static String of(CapacityDecision decision, String name, CapacitySituation s) {
        Service found = s.service();
        if (decision.refused() != null) {
            return refused(decision.refused(), name, s);
        }
        return switch (decision.outcome()) {
            case MOVED ->
                why(s) + " " + tasks(found) + " to FARGATE, at the on-demand price. It goes back to "
                        + decision.tag().kept().words() + " at "
                        + time(decision.tag().until()) + " at the earliest.";
            case ON_DEMAND -> onDemand(found);
            case RETURNED ->
                "ECS started a deployment that takes it back: "
                        + decision.tag().kept().words()
                        + ". If Fargate Spot still has no capacity, it goes to on-demand again.";
            case RETURNING -> "It is on its way back to Fargate Spot: " + running(found) + ".";
            case BACK ->
                "It is back on Fargate Spot: all of its tasks run on its own capacity provider strategy again.";
            case SETTLED -> "It has its own capacity provider strategy, and is no longer watched.";
            case ROLLED_BACK ->
                "ECS rolled back the deployment that moved it to Fargate Spot, so it stays on-demand until "
                        + time(decision.tag().until()) + " at least.";
            case MOVE_FAILED ->
                decision.untag()
                        ? (s.failedMove(tag(found))
                                        ? "ECS rolled the deployment back that moved it to on-demand."
                                        : "The deployment that moved it to on-demand is gone: ECS rolled it back, or"
                                                + " somebody replaced it.")
                                + " It has its own capacity provider strategy again: " + running(found)
                                + ". If tasks are still missing after the calm time, it is moved again."
                        : "The deployment that moves it to on-demand failed: " + running(found)
                                + ". The service's events in the ECS console say why. " + goesBack(found);
            case BY_HAND ->
                "Its capacity provider strategy is "
                        + (s.actual().equals(Optional.of(tag(found).kept()))
                                ? "its own again, and not by Steward"
                                : "neither its own nor the one Steward set")
                        + ": a person or a pipeline changed it, or ECS rolled back the deployment. It stays as it is,"
                        + " and the tag " + FailoverTag.KEY + " was removed.";
            case UNREADABLE_TAG ->
                "Nobody can read its tag " + FailoverTag.KEY + ", so it stays as it is. Set its capacity provider"
                        + " strategy yourself, and remove the tag.";
            case STUCK -> stuck(s);
            case WATCHING ->
                "Now " + running(found)
                        + (s.failover()
                                ? ". It moves if tasks are missing at the next check."
                                : ". Its policy is not failover, so it stays on Fargate Spot.");
            case ENOUGH ->
                "Now " + running(found)
                        + (s.startsUnplaced() ? ", and ECS is starting the others" : "")
                        + ", so it stays on Fargate Spot.";
            case NO_FAILOVER, REFUSED -> "";
        };
    }

    /** The earliest time at which the service moves back; empty when it has no tag. */
    static String until(CapacityDecision decision, Service found) {
        String tag = decision.tag() != null ? decision.tag().toString() : found == null ? null : FailoverTag.on(found);
        return tag == null
                ? ""
                : FailoverTag.parse(tag).map(said -> time(said.until())).orElse("");
    }

    private static String why(CapacitySituation s) {
        Instant since = FailoverTag.on(s.service()) == null
                ? Instant.EPOCH
                : FailoverTag.parse(FailoverTag.on(s.service()))
                        .map(FailoverTag::since)
                        .orElse(Instant.EPOCH);
        if (s.unplaced(since)) {
            return "Fargate Spot has no capacity for it: " + running(s.service()) + ".";
        }
        if (!s.missing() && s.interruptions(since) >= CapacitySituation.BURSTS) {
            return "Fargate Spot interrupted many of its tasks " + s.interruptions(since) + " times within an hour.";
        }
        return s.wish() == CapacityDecision.Wish.MOVE
                ? "Somebody asked for it: " + running(s.service()) + "."
                : "Fargate Spot did not replace its tasks: " + running(s.service()) + ".";
    }

    private static String refused(SkipReason reason, String name, CapacitySituation s) {
        return switch (reason) {
            case NO_STRATEGY ->
                name + " cannot move to on-demand: it has a launch type, or no capacity provider strategy of its own."
                        + " Give it one with FARGATE_SPOT.";
            case NO_SPOT ->
                s.actual().filter(CapacityStrategy::leftOnDemand).isPresent()
                        ? name + " is on-demand, with FARGATE_SPOT at weight 0, and has no tag " + FailoverTag.KEY
                                + ". It stays as it is. If it was moved and the tag was lost, set its capacity"
                                + " provider strategy."
                        : name + " cannot move to on-demand: its capacity provider strategy places no tasks on"
                                + " FARGATE_SPOT, or not only on Fargate.";
            case CHANGED_BY_HAND ->
                "Somebody changed its capacity provider strategy, or its tag " + FailoverTag.KEY
                        + ", a while ago, so it is left alone for now.";
            case COOLDOWN -> "ECS refused to move it, or rolled that back, a while ago, so it is left alone for now.";
            case DEPLOYMENT_FAILED ->
                "Its last deployment failed, and another one would start the same tasks. Deploy a working version.";
            case IN_PROGRESS ->
                s.stale()
                        ? "Steward changed it less than a minute ago, and ECS does not show that yet."
                        : "A deployment is in progress, and Steward does not disturb it."
                                + (s.wish() == CapacityDecision.Wish.NONE ? " It checks again until that ends." : "");
            case SCALED_TO_ZERO -> "Its desired count is 0: somebody stopped it, and it is left alone.";
            case SERVICE_NOT_FOUND, SERVICE_INACTIVE -> "It was deleted.";
            default -> "";
        };
    }

    private static String stuck(CapacitySituation s) {
        String running = running(s.primary().orElse(null));
        FailoverTag tag = Optional.ofNullable(FailoverTag.on(s.service()))
                .flatMap(FailoverTag::parse)
                .orElse(null);
        if (tag != null && s.ownReturn(tag)) {
            int most = s.progress().most();
            return "The deployment that takes it back to Fargate Spot is stuck: " + running
                    + ". Its maximumPercent lets "
                    + most + (most == 1 ? " task" : " tasks") + " run at once, so that ECS starts none before an older"
                    + " one has stopped. It stays on-demand until then: raise maximumPercent.";
        }
        if (tag != null && s.ownMove(tag)) {
            return "The deployment that moves it to on-demand is stuck: " + running
                    + ". The service's events in the ECS" + " console say why. " + goesBack(s.service());
        }
        return (tag == null ? "Its" : "The") + " newest deployment is stuck: " + running
                + ". The service's events in the ECS console say why. Steward leaves it alone: stop it or deploy again"
                + " if it stays stuck.";
    }

    private static String onDemand(Service found) {
        return "It has been on FARGATE, at the on-demand price, since "
                + time(tag(found).since()) + ". " + goesBack(found);
    }

    private static String goesBack(Service found) {
        FailoverTag tag = tag(found);
        return "It goes back to " + tag.kept().words() + " at " + time(tag.until()) + " at the earliest.";
    }

    private static FailoverTag tag(Service found) {
        return FailoverTag.parse(FailoverTag.on(found)).orElseThrow();
    }

    private static String tasks(Service found) {
        int desired = number(found.desiredCount());
        return desired == 1 ? "Its task moves" : "All " + desired + " tasks move";
    }

    private static String running(Service found) {
        return running(number(found.runningCount()), number(found.desiredCount()));
    }

    private static String running(Deployment deployment) {
        return running(
                deployment == null ? 0 : number(deployment.runningCount()),
                deployment == null ? 0 : number(deployment.desiredCount()));
    }

    private static String running(int running, int desired) {
        return running + " of " + desired + (desired == 1 ? " task runs" : running == 1 ? " tasks runs" : " tasks run");
    }

    private static int number(Integer count) {
        return count == null ? 0 : count;
    }

    private static String time(Instant time) {
        return MINUTE.format(time);
    }
}
