package io.ecssteward.ecs;

import io.ecssteward.ecs.CapacityDecision.Rules;
import io.ecssteward.ecs.CapacityDecision.Wish;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;

/**
 * A service in a small world, a minute at a time: Spot has room for so many tasks or none, ECS interrupts, replaces and
 * deploys (never below the minimum as long as it can), people and pipelines do things, and the steward decides, dies in
 * between, and misses events.
 */
final class CapacityModel {

    static final Rules RULES = new Rules(Duration.ofMinutes(5), Duration.ofMinutes(30));

    /** A deployment: how many of its tasks run where. */
    private static final class Rollout {
        final CapacityStrategy strategy;
        final String taskDefinition;
        final Instant createdAt;
        final boolean ours;
        DeploymentRolloutState state = DeploymentRolloutState.IN_PROGRESS;
        int spot;
        int onDemand;

        Rollout(CapacityStrategy strategy, String taskDefinition, Instant createdAt, boolean ours) {
            this.strategy = strategy;
            this.taskDefinition = taskDefinition;
            this.createdAt = createdAt;
            this.ours = ours;
        }

        int running() {
            return spot + onDemand;
        }

        String id() {
            return taskDefinition + " " + createdAt;
        }
    }

    /** An update of ours. */
    record Update(Instant at, boolean onDemand, boolean tagged, boolean supersededOthers) {}

    final List<Update> updates = new ArrayList<>();
    final List<String> outcomes = new ArrayList<>();
    Instant now = Instant.parse("2026-11-20T00:00:00Z");
    /** What people want it to be. */
    CapacityStrategy wanted =
            CapacityStrategy.parse("FARGATE:1:1/FARGATE_SPOT:0:3").orElseThrow();

    private final Random random;
    private final List<Rollout> rollouts = new ArrayList<>();
    private int desired = 4;
    private int room = 100;
    private int minimumHealthyPercent = 100;
    private boolean emptied;
    private int revision = 1;
    private String tag;
    private Instant missing;
    private final List<Instant> bursts = new ArrayList<>();
    private Instant leftAloneUntil = Instant.EPOCH;
    private CapacityNotes.Ours ours;
    private String progress = "";
    private Instant stalled;
    private final TreeSet<Instant> looks = new TreeSet<>();
    private Instant unplaced;
    private Service stale;
    private Instant staleUntil = Instant.EPOCH;
    private int lost;
    private int crash;

    CapacityModel(Random random) {
        this.random = random;
        Rollout first = new Rollout(wanted, "web:1", now.minusSeconds(86_400), false);
        first.state = DeploymentRolloutState.COMPLETED;
        rollouts.add(first);
        schedule();
    }

    /** How many in a hundred events are lost, and how often we die between the tag and the update. */
    CapacityModel faults(int lostOf100, int crashesOf100) {
        lost = lostOf100;
        crash = crashesOf100;
        return this;
    }

    /** ECS stops older tasks down to so many in a hundred, rounded up, whether newer ones start or not. */
    CapacityModel minimumHealthyPercent(int percent) {
        minimumHealthyPercent = percent;
        return this;
    }

    /** Whether ECS stopped the last task for a deployment of ours. */
    boolean emptied() {
        return emptied;
    }

    void room(int tasks) {
        room = tasks;
    }

    void scale(int tasks) {
        desired = tasks;
    }

    /** A pipeline deploys a new revision, and leaves the strategy. */
    void deploy() {
        deploy(rollouts.get(0).strategy, "web:" + ++revision, false);
    }

    /** A person, or a pipeline that knows the strategy, sets it. */
    void set(CapacityStrategy strategy) {
        wanted = strategy;
        deploy(strategy, rollouts.get(0).taskDefinition, likeOurReturn(strategy));
    }

    /** Whoever does what we do, when we do it, cannot be told from us, and nothing of theirs is lost. */
    private boolean likeOurReturn(CapacityStrategy strategy) {
        return tag != null
                && FailoverTag.parse(tag)
                        .filter(said -> said.phase() == FailoverTag.Phase.RETURNED
                                && said.kept().equals(strategy)
                                && now.isBefore(said.since().plus(CapacityDecision.CHECK_INTERVAL)))
                        .isPresent();
    }

    String tag() {
        return tag;
    }

    int desired() {
        return desired;
    }

    int running() {
        return rollouts.stream().mapToInt(Rollout::running).sum();
    }

    CapacityStrategy strategy() {
        return rollouts.get(0).strategy;
    }

    boolean inProgress() {
        return rollouts.size() > 1 || rollouts.get(0).state == DeploymentRolloutState.IN_PROGRESS;
    }

    private void deploy(CapacityStrategy strategy, String taskDefinition, boolean ours) {
        rollouts.add(0, new Rollout(strategy, taskDefinition, now, ours));
    }

    /** A minute goes by. */
    void minute() {
        now = now.plusSeconds(60);
        boolean interrupted = interrupt();
        boolean failure = schedule();
        if (interrupted && !eventLost()) {
            decide(null, true);
            if (random.nextInt(4) == 0) {
                // Another replica gets a copy.
                decide(null, true);
            }
        }
        // ECS says it again and again, and not each minute.
        if (failure && random.nextInt(4) == 0 && !eventLost()) {
            decide(now, false);
        }
        if (!looks.isEmpty() && !looks.first().isAfter(now)) {
            looks.headSet(now, true).clear();
            if (!eventLost()) {
                decide(null, false);
            }
        }
        if (Duration.between(Instant.EPOCH, now).toMinutes() % 60 == 0 && tag != null) {
            decide(null, false);
        }
    }

    private boolean eventLost() {
        return random.nextInt(100) < lost;
    }

    /** Spot takes back what it has no room for. */
    private boolean interrupt() {
        int over = rollouts.stream().mapToInt(r -> r.spot).sum() - room;
        int taken = 0;
        int before = running();
        for (Rollout rollout : rollouts) {
            int take = Math.max(0, Math.min(rollout.spot, over - taken));
            rollout.spot -= take;
            taken += take;
        }
        if (taken > 0 && taken * 10 >= before) {
            bursts.removeIf(at -> at.isBefore(now.minusSeconds(3_600)));
            if (bursts.isEmpty() || !bursts.get(bursts.size() - 1).isAfter(now.minusSeconds(300))) {
                bursts.add(now);
            }
        }
        return taken > 0;
    }

    /** Starts what is missing, and stops what is no longer needed. Whether Spot had no room for a task. */
    private boolean schedule() {
        Rollout primary = rollouts.get(0);
        int spotWanted = spotOf(primary.strategy);
        int onDemandWanted = desired - spotWanted;
        int others = rollouts.stream().skip(1).mapToInt(r -> r.spot).sum();
        primary.onDemand = onDemandWanted;
        primary.spot = Math.min(spotWanted, Math.max(Math.min(primary.spot, spotWanted), room - others));
        boolean failure = primary.spot < spotWanted;
        int before = running();
        int healthy = (desired * minimumHealthyPercent + 99) / 100;
        int keep = Math.max(0, healthy - primary.running());
        for (Rollout old : rollouts.subList(1, rollouts.size())) {
            old.onDemand = Math.min(old.onDemand, keep);
            keep -= old.onDemand;
            old.spot = Math.min(old.spot, keep);
            keep -= old.spot;
        }
        emptied |= primary.ours && desired > 0 && before > 0 && running() == 0;
        if (primary.running() >= desired) {
            primary.state = DeploymentRolloutState.COMPLETED;
            rollouts.subList(1, rollouts.size()).clear();
        }
        return failure;
    }

    private int spotOf(CapacityStrategy strategy) {
        int base = 0;
        int weight = 0;
        int spotBase = 0;
        int spotWeight = 0;
        for (var item : strategy.items()) {
            base += item.base();
            weight += item.weight();
            if (item.capacityProvider().equals("FARGATE_SPOT")) {
                spotBase = item.base();
                spotWeight = item.weight();
            }
        }
        int ofBase = Math.min(spotBase, desired);
        int rest = Math.max(0, desired - base);
        return ofBase + (weight == 0 ? 0 : rest * spotWeight / weight);
    }

    private Service described() {
        return now.isBefore(staleUntil) ? stale : described(tag);
    }

    private Service described(String tag) {
        List<Deployment> deployments = new ArrayList<>();
        for (Rollout rollout : rollouts) {
            deployments.add(Deployment.builder()
                    .id(rollout.id())
                    .status(deployments.isEmpty() ? "PRIMARY" : "ACTIVE")
                    .taskDefinition(rollout.taskDefinition)
                    .capacityProviderStrategy(rollout.strategy.items())
                    .rolloutState(rollout.state)
                    .createdAt(rollout.createdAt)
                    .updatedAt(rollout.createdAt)
                    .desiredCount(desired)
                    .runningCount(rollout.running())
                    .pendingCount(0)
                    .build());
        }
        Service.Builder service = Service.builder()
                .serviceName("web")
                .status("ACTIVE")
                .desiredCount(desired)
                .runningCount(running())
                .pendingCount(0)
                .capacityProviderStrategy(strategy().items())
                .deployments(deployments);
        return tag == null
                ? service.build()
                : service.tags(Tag.builder().key(FailoverTag.KEY).value(tag).build())
                        .build();
    }

    private Instant stalledSince() {
        if (!inProgress()) {
            return null;
        }
        String seen = rollouts.get(0).id() + " " + rollouts.get(0).running();
        if (!seen.equals(progress)) {
            progress = seen;
            stalled = now;
        }
        return stalled;
    }

    private void decide(Instant placementFailure, boolean interrupted) {
        unplaced = placementFailure;
        boolean short_ = running() < desired;
        missing = CapacitySituation.missingSince(missing, short_, interrupted, RULES.failoverAfter(), now);
        CapacityDecision decision = CapacityDecision.of(new CapacitySituation(
                described(),
                desired == 0 ? Optional.of(SkipReason.SCALED_TO_ZERO) : Optional.empty(),
                true,
                unplaced,
                missing,
                bursts.stream()
                        .filter(at -> at.isAfter(now.minusSeconds(3_600)))
                        .toList(),
                now.isBefore(leftAloneUntil) ? SkipReason.CHANGED_BY_HAND : null,
                ours,
                stalledSince(),
                Wish.NONE,
                RULES,
                now));
        outcomes.add(now + " " + decision.word() + " running " + running() + "/" + desired + " " + strategy() + " tag "
                + tag);
        String tagBefore = tag;
        boolean tagged = tag != null;
        if (decision.tag() != null) {
            tag = decision.tag().toString();
        }
        switch (decision.outcome()) {
            case BY_HAND, MOVE_FAILED -> leftAloneUntil = now.plus(RULES.calmTime());
            case MOVED -> leftAloneUntil = now.plus(decision.tag().calm());
            case SETTLED -> leftAloneUntil = Instant.EPOCH;
            default -> {}
        }
        if (decision.untag()) {
            tag = null;
        }
        if (decision.strategy() != null) {
            if (random.nextInt(100) < crash) {
                // The message comes again when its visibility timeout is over, if it is not lost.
                looks.add(now.plusSeconds(60));
                return;
            }
            boolean others = inProgress() && !rollouts.get(0).ours;
            updates.add(new Update(
                    now, decision.strategy().equals(decision.tag().kept().onDemand()), tagged, others));
            Service before = described(random.nextBoolean() ? tag : tagBefore);
            deploy(decision.strategy(), rollouts.get(0).taskDefinition, true);
            // Every fifth answer is lost.
            boolean known = random.nextInt(5) > 0;
            if (known) {
                ours = new CapacityNotes.Ours(rollouts.get(0).id(), now);
            }
            progress = rollouts.get(0).id() + " 0";
            stalled = now;
            if (known && random.nextInt(3) == 0) {
                // A copy of the event, while ECS still answers as before.
                stale = before;
                staleUntil = now.plus(CapacitySituation.VISIBLE);
                now = now.plusSeconds(random.nextInt(50));
                decide(placementFailure, interrupted);
                now = staleUntil;
            }
        }
        if (decision.next() != null) {
            looks.add(now.plus(decision.next()));
        }
    }
}
