package io.ecssteward.ecs;

import static software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus.IN_PROGRESS;
import static software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus.PENDING;
import static software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus.ROLLBACK_IN_PROGRESS;
import static software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus.ROLLBACK_REQUESTED;
import static software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus.ROLLBACK_SUCCESSFUL;
import static software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus.STOP_REQUESTED;

import io.ecssteward.ecs.DeploymentHistory.Completed;
import io.ecssteward.outcome.SkipReason;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * The decision about a change of one service that a person requested: it is refused, it was already made, or it is made
 * now. The decision depends only on the current state in ECS.
 *
 * <p>A service is rolled back to the task definition of the last deployment that completed. If that is the present task
 * definition (it completed, but is bad), the target is the last one that completed before it; within the same family,
 * only lower revisions count. So a second roll-back goes further back, never forward again.
 *
 * @param refused why the change is refused; null if it is made or was already made
 * @param done whether the change was already made after the request
 * @param sentence the reply to the person; empty when the change is to be made
 * @param from the ARN of the present task definition
 * @param to what to deploy; its time is null for a redeployment
 */
record ChangeDecision(SkipReason refused, boolean done, String sentence, String from, Completed to) {

    /** A request, and the facts about its service. */
    record Question(
            String name,
            Service service,
            Optional<SkipReason> untouchable,
            Instant since,
            String expectFrom,
            String expectTo) {

        /**
         * A request about a service.
         *
         * @param name {@code prod/web}
         * @param service what DescribeServices returned; null when ECS does not know it
         * @param since the time of the request: a deployment that started later may be its result; null if that does
         *     not matter
         * @param expect {@code web:43>web:42}; anything else is not checked
         */
        static Question of(
                String name, Service service, Optional<SkipReason> untouchable, Instant since, String expect) {
            String[] sides = expect == null ? new String[0] : expect.strip().split(">", -1);
            return sides.length == 2
                    ? new Question(name, service, untouchable, since, sides[0], sides[1])
                    : new Question(name, service, untouchable, since, "", "");
        }

        /** The PRIMARY deployment; null if the service has none. */
        Deployment primary() {
            return service.deployments().stream()
                    .filter(d -> "PRIMARY".equals(d.status()))
                    .findFirst()
                    .orElse(null);
        }

        private String present() {
            return primary() == null ? service.taskDefinition() : primary().taskDefinition();
        }

        private boolean confirmed() {
            return !expectTo.isEmpty();
        }
    }

    /** Decides whether to deploy the same task definition again. */
    static ChangeDecision redeploy(Question q) {
        Optional<ChangeDecision> settled = settled(q, true);
        if (settled.isPresent()) {
            return settled.get();
        }
        if (Deployments.inProgress(q.service().deployments())) {
            return refuse(SkipReason.IN_PROGRESS, ChangeTexts.inProgress(q) + " A second one would disturb it.");
        }
        return new ChangeDecision(null, false, "", q.present(), new Completed(q.present(), null));
    }

    /** Decides whether to deploy an earlier task definition, and which one. */
    static ChangeDecision rollBack(Question q, DeploymentHistory history) {
        Optional<ChangeDecision> settled = settled(q, false);
        if (settled.isPresent()) {
            return settled.get();
        }
        String present = q.present();
        if (history.newestIs(ROLLBACK_REQUESTED, ROLLBACK_IN_PROGRESS)) {
            return refuse(
                    SkipReason.ROLLED_BACK,
                    "ECS is rolling " + q.name() + " back already. " + ChangeTexts.inProgress(q));
        }
        Optional<Completed> target = target(q, history);
        if (history.newestIs(ROLLBACK_SUCCESSFUL)) {
            return refuse(
                    SkipReason.ROLLED_BACK,
                    "ECS has rolled " + q.name() + " back already, to " + ChangeTexts.label(present) + "."
                            + target.map(t -> " Before that, " + ChangeTexts.label(t.taskDefinition())
                                            + ChangeTexts.completed(t) + ".")
                                    .orElse(""));
        }
        boolean inProgress = Deployments.inProgress(q.service().deployments());
        if (!inProgress && history.newestIs(PENDING, IN_PROGRESS, STOP_REQUESTED)) {
            return refuse(SkipReason.IN_PROGRESS, "A deployment of " + q.name() + " is about to begin, or to end.");
        }
        if (inProgress && !ChangeTexts.rolling(q.service())) {
            return refuse(
                    SkipReason.IN_PROGRESS,
                    ChangeTexts.inProgress(q) + " ECS shifts its traffic step by step ("
                            + ChangeTexts.strategy(q.service())
                            + "): stop that deployment in ECS, which then rolls back.");
        }
        if (inProgress && !failing(q)) {
            return refuse(
                    SkipReason.IN_PROGRESS,
                    ChangeTexts.inProgress(q)
                            + " None of its tasks has failed; roll back when it has completed or failed.");
        }
        if (target.isEmpty()) {
            return refuse(
                    SkipReason.NOTHING_COMPLETED,
                    "There is nothing to roll " + q.name()
                            + " back to: no deployment of an earlier task definition than " + ChangeTexts.label(present)
                            + " completed in the last 90 days.");
        }
        if (q.confirmed() && !q.expectTo().equals(ChangeTexts.label(target.get().taskDefinition()))) {
            return refuse(
                    SkipReason.CHANGED,
                    "Nothing was changed: " + q.name() + " would now be rolled back to "
                            + ChangeTexts.label(target.get().taskDefinition()) + ", and not to " + q.expectTo()
                            + " any more.");
        }
        return new ChangeDecision(null, false, "", present, target.get());
    }

    /**
     * The decision for services that cannot be changed, changes that were already made, and services that changed
     * since.
     *
     * @param anyCounts whether any later deployment fulfills the request
     */
    private static Optional<ChangeDecision> settled(Question q, boolean anyCounts) {
        if (q.untouchable().isPresent()) {
            return Optional.of(refuse(q.untouchable().get(), ChangeTexts.refusal(q)));
        }
        Deployment primary = q.primary();
        String present = ChangeTexts.label(q.present());
        boolean since = primary != null
                && q.since() != null
                && primary.createdAt() != null
                && primary.createdAt().isAfter(q.since());
        boolean asConfirmed = q.confirmed() && q.expectTo().equals(present);
        boolean arrived = asConfirmed && !q.expectFrom().equals(q.expectTo());
        String began = "A deployment of " + present + " to " + q.name() + " began "
                + ChangeTexts.time(primary == null ? null : primary.createdAt()) + ".";
        if (arrived || since && (asConfirmed || anyCounts && !q.confirmed())) {
            return Optional.of(new ChangeDecision(null, true, began, q.present(), null));
        }
        if (since && !q.confirmed()) {
            return Optional.of(refuse(SkipReason.ALREADY_DEPLOYED, began + " Check that deployment first."));
        }
        if (since || q.confirmed() && !q.expectFrom().equals(present)) {
            return Optional.of(refuse(
                    SkipReason.CHANGED,
                    "Nothing was changed, because the service has changed since you confirmed. " + began));
        }
        return Optional.empty();
    }

    private static Optional<Completed> target(Question q, DeploymentHistory history) {
        String present = q.present();
        Optional<Completed> last = completed(q.service(), history, td -> true);
        return last.isPresent() && !last.get().taskDefinition().equals(present)
                ? last
                : completed(q.service(), history, td -> earlier(td, present));
    }

    /** The last completed deployment. The service lists those with running tasks, however old it is. */
    private static Optional<Completed> completed(
            Service service, DeploymentHistory history, Predicate<String> taskDefinition) {
        Stream<Completed> running = service.deployments().stream()
                .filter(d -> "ACTIVE".equals(d.status()) && d.rolloutState() == DeploymentRolloutState.COMPLETED)
                .filter(d -> taskDefinition.test(d.taskDefinition()))
                .map(d -> new Completed(d.taskDefinition(), d.updatedAt()));
        return Stream.concat(history.completed(taskDefinition).stream(), running)
                .max(Comparator.comparing(Completed::at, Comparator.nullsFirst(Comparator.naturalOrder())));
    }

    /** Whether one was registered before the other, as far as their names show. */
    private static boolean earlier(String taskDefinition, String than) {
        String[] one = ChangeTexts.label(taskDefinition).split(":", 2);
        String[] other = ChangeTexts.label(than).split(":", 2);
        boolean sameFamily = one.length == 2 && other.length == 2 && one[0].equals(other[0]);
        return sameFamily ? Integer.parseInt(one[1]) < Integer.parseInt(other[1]) : !taskDefinition.equals(than);
    }

    /** Whether tasks never ran (ECS counts these as failed), or start and stop repeatedly. */
    private static boolean failing(Question q) {
        Deployment primary = q.primary();
        return primary != null
                && (primary.failedTasks() != null && primary.failedTasks() > 0
                        || Deployments.impaired(q.service(), primary));
    }

    private static ChangeDecision refuse(SkipReason reason, String sentence) {
        return new ChangeDecision(reason, false, sentence, null, null);
    }
}
