package io.ecssteward.ecs;

import io.ecssteward.claim.ClaimRepository;
import io.ecssteward.ecs.CapacityDecision.Outcome;
import io.ecssteward.ecs.CapacityDecision.Wish;
import io.ecssteward.ecs.ChangeDecision.Question;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;

/**
 * Plans or makes the move of one service to on-demand, or back to Spot, on a person's request. It uses the same
 * decision, guards, tag and lock as an automatic move, and sets a header with a sentence for that person.
 */
final class CapacityByHand {

    /**
     * The text of a service event when there is no capacity for a task.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html">Service
     *     event messages: unable to place a task, capacity is unavailable at this time</a>
     */
    private static final String UNPLACED = "unable to place a task";

    private static final Duration RECENT_EVENTS = Duration.ofHours(1);

    private final EcsClient client;
    private final ServiceCapacity capacity;
    private final EcsServices ecs;
    private final Exchange exchange;
    private final String cluster;
    private final String service;
    private final String name;
    private final Wish wish;
    private final Instant now;

    CapacityByHand(
            EcsServiceComponent component,
            ServiceCapacity capacity,
            EcsServices ecs,
            Exchange exchange,
            String cluster,
            String service,
            Wish wish) {
        this.client = component.getEcsClient();
        this.capacity = capacity;
        this.ecs = ecs;
        this.exchange = exchange;
        this.cluster = cluster;
        this.service = service;
        this.name = cluster + "/" + service;
        this.wish = wish;
        this.now = component.clock().instant();
    }

    /** Describes what the move would do, or why it would be refused. Returns the outcome. */
    String plan() {
        Message message = exchange.getMessage();
        message.removeHeader(EcsServiceEndpoint.PLAN);
        message.removeHeader(EcsServiceEndpoint.CONFIRM);
        Service found = describe();
        CapacityDecision decision = capacity.decide(found);
        if (!asked(decision) && !decision.untag()) {
            return refused(decision, found);
        }
        message.setHeader(EcsServiceEndpoint.CONFIRM, confirm(decision, found));
        message.setHeader(
                EcsServiceEndpoint.PLAN, decision.untag() ? untags(decision, found) : planned(decision, found));
        return EcsServiceEndpoint.PLANNED;
    }

    /** The current strategy and the new one; they are the same if only the tag is removed. */
    private static String confirm(CapacityDecision decision, Service found) {
        String actual =
                CapacityStrategy.of(found).map(CapacityStrategy::toString).orElse("none");
        return actual + ">" + (decision.strategy() == null ? actual : decision.strategy());
    }

    /**
     * Makes the move, unless it is refused or was already made after the confirmation. Returns the outcome.
     *
     * @param expect the confirmed change, {@code FARGATE_SPOT:0:1>FARGATE:0:1/FARGATE_SPOT:0:0}; empty without
     *     confirmation
     * @param claims the claims on redeployments, which prevent concurrent changes of a service; null for none
     */
    String make(String expect, ClaimRepository claims) {
        Service before = describe();
        return before == null
                ? refused(capacity.decide(null), null)
                : capacity.alone(before, claims, found -> {
                    CapacityDecision decision = capacity.decide(found);
                    String[] sides = expect.split(">", 2);
                    Optional<CapacityStrategy> actual = found == null ? Optional.empty() : CapacityStrategy.of(found);
                    boolean changed = sides.length == 2
                            && !CapacityStrategy.parse(sides[0]).equals(actual);
                    if (changed && CapacityStrategy.parse(sides[1]).equals(actual)) {
                        return withDetail(
                                EcsServiceEndpoint.UPDATED, name + " was moved already. " + tasks(found) + ".");
                    }
                    boolean due = asked(decision) || decision.untag();
                    if (changed || due && sides.length == 2 && !expect.equals(confirm(decision, found))) {
                        return withDetail(
                                ecs.skipped(SkipReason.CHANGED, what()),
                                "Nothing was changed, because the service has changed since it was confirmed.");
                    }
                    if (!due) {
                        return refused(decision, found);
                    }
                    String outcome = capacity.make(decision, found);
                    if (decision.untag()) {
                        return withDetail(outcome, CapacityTexts.of(decision, name, capacity.situation()));
                    }
                    return decision.word().equals(outcome)
                            ? withDetail(EcsServiceEndpoint.UPDATED, made(decision, found))
                            : withDetail(
                                    outcome,
                                    "The service " + name + " was not found in ECS; it may have been deleted.");
                });
    }

    /** Whether the decision is the requested move. */
    private boolean asked(CapacityDecision decision) {
        return decision.outcome() == (wish == Wish.MOVE ? Outcome.MOVED : Outcome.RETURNED);
    }

    /** The sentence for a request that only removes the tag, as the next check would. */
    private String untags(CapacityDecision decision, Service found) {
        boolean own =
                FailoverTag.parse(FailoverTag.on(found)).map(FailoverTag::kept).equals(CapacityStrategy.of(found));
        return name + ": " + tasks(found) + ". "
                + (decision.outcome() == Outcome.BY_HAND && !own
                        ? "Its capacity provider strategy is neither its own nor as we left it, so it is not changed:"
                        : "It has its own capacity provider strategy, so there is nothing to take back:")
                + " only the tag " + FailoverTag.KEY + " is removed, and you can ask again.";
    }

    private String planned(CapacityDecision decision, Service found) {
        String replaced = "starts a deployment that replaces " + count(found) + ", from "
                + CapacityStrategy.of(found).orElseThrow().words() + " to "
                + decision.strategy().words() + ".";
        return wish == Wish.MOVE
                ? name + ": " + tasks(found) + ". " + unplaced(found) + "Moving it to on-demand " + replaced
                        + " Tasks that run on Spot now are replaced too, and cost the on-demand price then. It goes"
                        + " back by itself " + ChangeTexts.time(decision.tag().until()) + " at the earliest."
                        + ChangeTexts.shifting(found)
                : name + ": " + tasks(found) + ", on-demand because Spot was short "
                        + FailoverTag.parse(FailoverTag.on(found))
                                .map(tag -> ChangeTexts.time(tag.since()))
                                .orElse("before")
                        + ". " + unplaced(found) + "Going back to Spot " + replaced
                        + " If Spot is still short, it moves to on-demand again, and stays there twice as long."
                        + ChangeTexts.shifting(found);
    }

    private String made(CapacityDecision decision, Service found) {
        return wish == Wish.MOVE
                ? "ECS started a deployment that moves " + name + " to on-demand; " + ChangeTexts.replaced(found)
                        + " It goes back " + ChangeTexts.time(decision.tag().until()) + " at the earliest."
                : "ECS started a deployment that takes " + name + " back to "
                        + decision.strategy().words() + "; " + ChangeTexts.replaced(found);
    }

    /** When ECS last reported that it could not place a task, if that was recent. */
    private String unplaced(Service found) {
        return found.events().stream()
                .filter(e -> e.message() != null && e.message().contains(UNPLACED))
                .map(ServiceEvent::createdAt)
                .filter(at -> at != null && at.isAfter(now.minus(RECENT_EVENTS)))
                .max(Comparator.naturalOrder())
                .map(at -> "ECS could not place a task " + ChangeTexts.time(at) + ". ")
                .orElse(wish == Wish.MOVE ? "In the last hour, ECS did not report a failure to place a task. " : "");
    }

    private String refused(CapacityDecision decision, Service found) {
        if (decision.refused() != null) {
            ecs.skipped(decision.refused(), what());
        }
        return withDetail(decision.word(), why(decision, found));
    }

    private String why(CapacityDecision decision, Service found) {
        String said = CapacityTexts.of(decision, name, capacity.situation());
        if (decision.refused() == null) {
            return switch (decision.outcome()) {
                case RETURNED ->
                    "Nothing was changed. " + name + " runs on-demand already; it goes back to Spot at"
                            + " the next check. After that you can move it again.";
                case MOVED ->
                    "Nothing was changed. " + name + " has its own capacity provider strategy, so there is nothing to"
                            + " take back; it moves to on-demand at the next check. " + tasks(found) + ".";
                case ON_DEMAND -> name + " already runs on-demand. " + said;
                case BACK, RETURNING -> name + " was already moved back. " + said;
                case ENOUGH, WATCHING -> name + " was not moved to on-demand, so there is nothing to move back.";
                default -> said.isEmpty() ? "Nothing was changed: there is nothing to do for " + name + "." : said;
            };
        }
        Question asked = Question.of(name, found, Optional.of(decision.refused()), null, "");
        return switch (decision.refused()) {
            case IN_PROGRESS ->
                capacity.situation().stale()
                        ? said + " Ask again in a minute."
                        : ChangeTexts.inProgress(asked) + " A second one would disturb it.";
            case NO_STRATEGY, NO_SPOT, DEPLOYMENT_FAILED -> said;
            default -> ChangeTexts.refusal(asked);
        };
    }

    private String what() {
        return "capacity/" + name;
    }

    private static String tasks(Service found) {
        return ChangeTexts.running(found.runningCount(), found);
    }

    private static String count(Service found) {
        int wanted = found.desiredCount() == null ? 0 : found.desiredCount();
        return wanted == 1 ? "1 task" : wanted + " tasks";
    }

    private Service describe() {
        if (service == null) {
            throw new PermanentFailureException("moving between Fargate Spot and on-demand: no service is named");
        }
        return ecs.otherRegion()
                ? null
                : EcsServices.describe(client, cluster, List.of(service)).get(service);
    }

    private String withDetail(String outcome, String sentence) {
        exchange.getMessage().setHeader(EcsServiceEndpoint.DETAIL, sentence);
        return outcome;
    }
}
