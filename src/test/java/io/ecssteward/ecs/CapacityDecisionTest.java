package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.ecs.CapacityDecision.Rules;
import io.ecssteward.ecs.CapacityDecision.Wish;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.Tag;

/** The table in the Javadoc of {@link CapacityDecision}, row by row. */
class CapacityDecisionTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final Rules RULES = new Rules(Duration.ofMinutes(5), Duration.ofMinutes(30));
    private static final CapacityStrategy KEPT =
            CapacityStrategy.parse("FARGATE:1:1/FARGATE_SPOT:0:4").orElseThrow();
    private static final CapacityStrategy ON_DEMAND = KEPT.onDemand();
    private static final CapacityStrategy OTHER =
            CapacityStrategy.parse("FARGATE_SPOT:0:1").orElseThrow();

    private CapacityStrategy strategy = KEPT;
    private final List<Deployment> deployments = new ArrayList<>();
    private String tag;
    private int running = 4;
    private int pending;
    private boolean failover = true;
    private Instant unplaced;
    private Instant missingSince;
    private List<Instant> bursts = List.of();
    private SkipReason leftAlone;
    private List<ServiceEvent> events = List.of();
    private CapacityNotes.Ours ours;
    private Instant stalledSince;
    private Wish wish = Wish.NONE;
    private LaunchType launchType;
    private SkipReason untouchable;
    private Integer maximumPercent;

    private CapacityDecision decide() {
        return CapacityDecision.of(situation());
    }

    private String told() {
        CapacitySituation situation = situation();
        return CapacityTexts.of(CapacityDecision.of(situation), "prod/web", situation);
    }

    private CapacitySituation situation() {
        if (deployments.isEmpty()) {
            deployment("PRIMARY", strategy, DeploymentRolloutState.COMPLETED, Duration.ofDays(1), 4);
        }
        Service.Builder service = Service.builder()
                .serviceName("web")
                .status("ACTIVE")
                .desiredCount(4)
                .runningCount(running)
                .pendingCount(pending)
                .launchType(launchType)
                .deploymentConfiguration(c -> c.maximumPercent(maximumPercent))
                .events(events)
                .deployments(deployments);
        if (strategy != null) {
            service.capacityProviderStrategy(strategy.items());
        }
        if (tag != null) {
            service.tags(Tag.builder().key(FailoverTag.KEY).value(tag).build());
        }
        return new CapacitySituation(
                service.build(),
                Optional.ofNullable(untouchable),
                failover,
                unplaced,
                missingSince,
                bursts,
                leftAlone,
                ours,
                stalledSince,
                wish,
                RULES,
                NOW);
    }

    private void deployment(
            String status, CapacityStrategy of, DeploymentRolloutState state, Duration age, int itsRunning) {
        deployments.add(Deployment.builder()
                .id(status + " " + age)
                .status(status)
                .capacityProviderStrategy(of == null ? List.of() : of.items())
                .taskDefinition("web:1")
                .rolloutState(state)
                .createdAt(NOW.minus(age))
                .updatedAt(NOW.minus(age))
                .desiredCount(4)
                .runningCount(itsRunning)
                .pendingCount(0)
                .build());
    }

    private void onDemandSince(Duration ago) {
        strategy = ON_DEMAND;
        tag = FailoverTag.onDemand(KEPT, NOW.minus(ago), RULES.calmTime()).toString();
        deployment("PRIMARY", ON_DEMAND, DeploymentRolloutState.COMPLETED, ago.minusSeconds(2), 4);
    }

    private void returnedSince(Duration ago) {
        strategy = KEPT;
        tag = FailoverTag.onDemand(KEPT, NOW.minus(Duration.ofHours(3)), RULES.calmTime())
                .returned(NOW.minus(ago))
                .toString();
    }

    /** Our return goes on: so many of its tasks run, the others still run on demand. */
    private void returning(Duration ago, int itsRunning) {
        returnedSince(ago);
        deployment("PRIMARY", KEPT, DeploymentRolloutState.IN_PROGRESS, ago.minusSeconds(2), itsRunning);
        deployment("ACTIVE", ON_DEMAND, DeploymentRolloutState.COMPLETED, Duration.ofHours(3), 4 - itsRunning);
    }

    private void unplaced() {
        running = 3;
        unplaced = NOW.minusSeconds(5);
    }

    private static void isMoved(CapacityDecision decision, String until) {
        assertThat(decision.word()).isEqualTo("moved");
        assertThat(decision.strategy()).hasToString("FARGATE:1:1/FARGATE_SPOT:0:0");
        assertThat(decision.tag().phase()).isEqualTo(FailoverTag.Phase.ON_DEMAND);
        assertThat(decision.tag().kept()).isEqualTo(KEPT);
        assertThat(decision.tag().until()).isEqualTo(until);
        assertThat(decision.next()).isEqualTo(Duration.ofMinutes(15));
    }

    private static void changesNothing(CapacityDecision decision, String word) {
        assertThat(decision.word()).isEqualTo(word);
        assertThat(decision.changes()).isFalse();
        assertThat(decision.strategy()).isNull();
    }

    @Test
    void aPlacementFailureMovesAtOnceWhenTasksAreMissing() {
        unplaced();

        isMoved(decide(), "2026-11-20T10:30:00Z");
    }

    @Test
    void aPlacementFailureThatIsOverMovesNothing() {
        unplaced();
        running = 4;

        changesNothing(decide(), "enough");
    }

    @Test
    void tasksThatEcsIsStartingAreNotMissing() {
        unplaced();
        pending = 1;

        changesNothing(decide(), "enough");
    }

    @Test
    void aPlacementFailureWhileEcsStartsTasksIsCheckedAgainSoon() {
        unplaced();
        pending = 1;

        assertThat(decide().next()).isEqualTo(Duration.ofSeconds(121));
        assertThat(decide().quick()).isTrue();
        assertThat(told())
                .isEqualTo("Now 3 of 4 tasks run, and ECS is starting the others, so it stays on Fargate Spot.");
        returnedSince(Duration.ofMinutes(20));
        changesNothing(decide(), "back");
        assertThat(decide().next()).isEqualTo(Duration.ofSeconds(121));
    }

    /** ECS asks for capacity for all of its tasks, again and again. */
    private void pendingReturn(Duration ago) {
        returning(ago, 0);
        deployments.set(0, deployments.get(0).toBuilder().pendingCount(4).build());
        pending = 4;
    }

    @Test
    void aReturnWhoseTasksArePendingIsTakenBackWhenEcsCannotPlaceOne() {
        pendingReturn(Duration.ofMinutes(3));
        changesNothing(decide(), "returning");
        unplaced = NOW;

        isMoved(decide(), "2026-11-20T11:00:00Z");
    }

    @Test
    void aReturnForWhichThereIsNoRoomIsToldAfterHalfAnHourAndCheckedSeldom() {
        returning(Duration.ofHours(3), 0);
        maximumPercent = 124;
        stalledSince = NOW.minus(Duration.ofMinutes(29));
        changesNothing(decide(), "returning");
        stalledSince = NOW.minus(Duration.ofMinutes(30));
        changesNothing(decide(), "stuck");
        assertThat(decide().next()).isEqualTo(CapacityDecision.LONGEST);
        assertThat(decide().quick()).isFalse();
        assertThat(told())
                .isEqualTo("The deployment that takes it back to Fargate Spot is stuck: 0 of 4 tasks run. Its"
                        + " maximumPercent lets 4 tasks run at once, so that ECS starts none before an older one has"
                        + " stopped. It stays on-demand until then: raise maximumPercent.");
    }

    @Test
    void aReturnWhoseTasksStayPendingIsTakenBackAfterHalfAnHour() {
        pendingReturn(Duration.ofMinutes(40));
        stalledSince = NOW.minus(Duration.ofMinutes(29));
        changesNothing(decide(), "returning");
        stalledSince = NOW.minus(Duration.ofMinutes(30));

        isMoved(decide(), "2026-11-20T11:00:00Z");
    }

    @Test
    void tasksThatAreMissingForLongMove() {
        running = 3;
        missingSince = NOW.minus(RULES.failoverAfter());

        isMoved(decide(), "2026-11-20T10:30:00Z");
    }

    @Test
    void tasksThatAreMissingForAWhileAreCheckedAgain() {
        running = 3;
        missingSince = NOW.minusSeconds(200);
        CapacityDecision decision = decide();

        changesNothing(decision, "watching");
        assertThat(decision.next()).isEqualTo(Duration.ofSeconds(101));
        assertThat(decision.quick()).isTrue();
    }

    @Test
    void threeBurstsInAnHourMoveEvenIfEcsReplacedTheTasksEachTime() {
        bursts = List.of(NOW.minusSeconds(2400), NOW.minusSeconds(1200), NOW);
        isMoved(decide(), "2026-11-20T10:30:00Z");
        bursts = bursts.subList(0, 2);
        changesNothing(decide(), "enough");
    }

    @Test
    void anotherPolicyMovesNothing() {
        unplaced();
        failover = false;

        changesNothing(decide(), "no-failover");
    }

    @Test
    void aServiceWithALaunchTypeHasNoStrategy() {
        unplaced();
        launchType = LaunchType.FARGATE;

        changesNothing(decide(), "no-strategy");
    }

    @Test
    void aServiceThatNamesNoStrategyHasNone() {
        unplaced();
        strategy = null;
        deployment("PRIMARY", null, DeploymentRolloutState.COMPLETED, Duration.ofDays(1), 4);

        changesNothing(decide(), "no-strategy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"FARGATE:0:1", "FARGATE:0:1/FARGATE_SPOT:0:0", "hosts:0:1", "FARGATE_SPOT:0:1/hosts:0:1"})
    void aServiceWithoutFargateSpotHasNowhereToGoFrom(String other) {
        unplaced();
        strategy = CapacityStrategy.parse(other).orElseThrow();

        changesNothing(decide(), "no-spot");
    }

    @Test
    void aDeploymentInProgressIsLeftAloneAndCheckedAgain() {
        unplaced();
        deployment("PRIMARY", KEPT, DeploymentRolloutState.IN_PROGRESS, Duration.ofMinutes(1), 3);
        CapacityDecision decision = decide();

        changesNothing(decision, "in-progress");
        assertThat(decision.next()).isEqualTo(RULES.failoverAfter());
    }

    @Test
    void afterAChangeByHandNothingIsMovedForTheCalmTime() {
        unplaced();
        leftAlone = SkipReason.CHANGED_BY_HAND;

        changesNothing(decide(), "changed-by-hand");
    }

    @ParameterizedTest
    @CsvSource({"SERVICE_NOT_FOUND", "SERVICE_INACTIVE", "EXTERNAL_CONTROLLER", "OTHER_ACCOUNT", "SCALED_TO_ZERO"})
    void whatCannotBeTouchedIsNot(SkipReason reason) {
        unplaced();
        untouchable = reason;

        changesNothing(decide(), reason.word());
        assertThat(decide().next()).isNull();
    }

    @Test
    void onDemandItStaysForTheCalmTime() {
        onDemandSince(Duration.ofMinutes(20));
        CapacityDecision decision = decide();

        changesNothing(decision, "on-demand");
        assertThat(decision.next()).isEqualTo(Duration.ofSeconds(601));
        assertThat(decision.quick()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterTheCalmTimeItGoesBackWhateverThePolicyIsNow(boolean stillFailover) {
        onDemandSince(Duration.ofMinutes(30));
        failover = stillFailover;
        CapacityDecision decision = decide();

        assertThat(decision.word()).isEqualTo("returned");
        assertThat(decision.strategy()).hasToString(KEPT.toString());
        assertThat(decision.tag().phase()).isEqualTo(FailoverTag.Phase.RETURNED);
        assertThat(decision.tag().until()).isEqualTo("2026-11-20T11:00:00Z");
        assertThat(decision.tag().calm()).isEqualTo(RULES.calmTime());
        assertThat(decision.next()).isEqualTo(CapacityDecision.CHECK_INTERVAL);
    }

    @Test
    void aDeploymentInProgressPutsTheReturnOff() {
        onDemandSince(Duration.ofMinutes(30));
        deployments.clear();
        deployment("PRIMARY", ON_DEMAND, DeploymentRolloutState.IN_PROGRESS, Duration.ofMinutes(1), 3);

        changesNothing(decide(), "in-progress");
        assertThat(decide().next()).isNotNull();
    }

    @Test
    void aServiceThatWasStoppedOnDemandIsCheckedUntilItRunsAgain() {
        onDemandSince(Duration.ofMinutes(40));
        untouchable = SkipReason.SCALED_TO_ZERO;

        changesNothing(decide(), "scaled-to-zero");
        assertThat(decide().next()).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void aMoveThatWasTaggedAndNotMadeIsMade() {
        tag = FailoverTag.onDemand(KEPT, NOW.minusSeconds(900), RULES.calmTime())
                .toString();
        running = 3;

        isMoved(decide(), "2026-11-20T10:30:00Z");
    }

    @Test
    void aMoveThatWasTaggedAndIsNoLongerNeededIsForgotten() {
        tag = FailoverTag.onDemand(KEPT, NOW.minusSeconds(900), RULES.calmTime())
                .toString();

        assertThat(decide().word()).isEqualTo("settled");
        assertThat(decide().untag()).isTrue();
        assertThat(decide().strategy()).isNull();
    }

    @Test
    void aReturnThatWeDiedTakingBackIsStillWatched() {
        tag = FailoverTag.onDemand(KEPT, NOW.minusSeconds(60), Duration.ofHours(1))
                .toString();
        deployment("PRIMARY", KEPT, DeploymentRolloutState.COMPLETED, Duration.ofMinutes(2), 4);
        CapacityDecision decision = decide();

        assertThat(decision.word()).isEqualTo("back");
        assertThat(decision.tag())
                .hasToString("returned " + KEPT + " since 2026-11-20T09:58:00Z until 2026-11-20T10:58:00Z calm 60");
        assertThat(decision.strategy()).isNull();
        assertThat(decision.next()).isEqualTo(CapacityDecision.LONGEST);
    }

    @Test
    void whoeverGoesBackByHandIsLeftAlone() {
        tag = FailoverTag.onDemand(KEPT, NOW.minusSeconds(900), RULES.calmTime())
                .toString();
        deployment("PRIMARY", KEPT, DeploymentRolloutState.COMPLETED, Duration.ofSeconds(600), 4);
        unplaced();

        assertThat(decide().word()).isEqualTo("by-hand");
        assertThat(decide().untag()).isTrue();
        assertThat(decide().strategy()).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoeverChoosesAnotherStrategyIsLeftAlone(boolean onDemand) {
        if (onDemand) {
            onDemandSince(Duration.ofMinutes(10));
        } else {
            returnedSince(Duration.ofMinutes(10));
        }
        strategy = OTHER;
        deployments.clear();

        assertThat(decide().word()).isEqualTo("by-hand");
        assertThat(decide().untag()).isTrue();
        assertThat(decide().strategy()).isNull();
        assertThat(decide().next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoeverPinsItToFargateIsLeftAlone(boolean known) {
        onDemandSince(Duration.ofMinutes(31));
        ours = known ? new CapacityNotes.Ours("ours", NOW.minus(Duration.ofMinutes(31))) : null;
        strategy = CapacityStrategy.parse("FARGATE:1:1").orElseThrow();
        deployments.clear();
        deployment("PRIMARY", strategy, DeploymentRolloutState.COMPLETED, Duration.ofMinutes(9), 4);

        assertThat(decide().word()).isEqualTo("by-hand");
        assertThat(decide().untag()).isTrue();
        assertThat(decide().strategy()).isNull();

        returnedSince(Duration.ofMinutes(20));
        strategy = CapacityStrategy.parse("FARGATE:1:1").orElseThrow();
        assertThat(decide().word()).isEqualTo("by-hand");
        assertThat(decide().strategy()).isNull();
    }

    @Test
    void aPipelineThatKeepsTheListOnDemandChangesNothing() {
        onDemandSince(Duration.ofMinutes(31));
        ours = new CapacityNotes.Ours("ours", NOW.minus(Duration.ofMinutes(31)));
        deployments.clear();
        deployment("PRIMARY", ON_DEMAND, DeploymentRolloutState.COMPLETED, Duration.ofMinutes(9), 4);

        assertThat(decide().word()).isEqualTo("returned");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "on-demand", "on-demand FARGATE:0:1 since 2026-11-20T10:00:00Z until now calm 30"})
    void aTagThatNobodyCanReadIsLeftAlone(String written) {
        onDemandSince(Duration.ofHours(5));
        tag = written;

        changesNothing(decide(), "unreadable-tag");
        assertThat(decide().next()).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void aReturnThatWasTaggedAndNotMadeIsMade() {
        onDemandSince(Duration.ofHours(1));
        tag = FailoverTag.parse(tag)
                .orElseThrow()
                .returned(NOW.minusSeconds(60))
                .toString();

        assertThat(decide().word()).isEqualTo("returned");
        assertThat(decide().strategy()).isEqualTo(KEPT);
        assertThat(decide().tag().since()).isEqualTo(NOW);
    }

    @Test
    void anAnswerThatDoesNotShowOurReturnYetDecidesNothing() {
        onDemandSince(Duration.ofMinutes(30));
        tag = FailoverTag.parse(tag).orElseThrow().returned(NOW.minusSeconds(3)).toString();
        ours = new CapacityNotes.Ours("ours", NOW.minusSeconds(2));

        changesNothing(decide(), "in-progress");
        assertThat(decide().next()).isEqualTo(Duration.ofMinutes(1));
        assertThat(told()).isEqualTo("Steward changed it less than a minute ago, and ECS does not show that yet.");
        wish = Wish.MOVE;
        changesNothing(decide(), "in-progress");
        ours = new CapacityNotes.Ours("ours", NOW.minusSeconds(60));
        tag = FailoverTag.parse(tag)
                .orElseThrow()
                .returned(NOW.minusSeconds(61))
                .toString();
        assertThat(decide().word()).isEqualTo("rolled-back");
    }

    @Test
    void anAnswerThatDoesNotShowOurMoveYetDecidesNothing() {
        tag = FailoverTag.onDemand(KEPT, NOW.minusSeconds(3), RULES.calmTime()).toString();
        ours = new CapacityNotes.Ours("ours", NOW.minusSeconds(2));
        unplaced();

        changesNothing(decide(), "in-progress");
        tag = null;
        changesNothing(decide(), "in-progress");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerThatDoesNotShowOurTagYetDecidesNothing(boolean returned) {
        if (returned) {
            onDemandSince(Duration.ofMinutes(30));
            deployments.clear();
            deployment("PRIMARY", KEPT, DeploymentRolloutState.IN_PROGRESS, Duration.ofSeconds(2), 0);
        } else {
            deployment("PRIMARY", ON_DEMAND, DeploymentRolloutState.IN_PROGRESS, Duration.ofSeconds(2), 0);
        }
        ours = new CapacityNotes.Ours(deployments.get(0).id(), NOW.minusSeconds(2));

        changesNothing(decide(), "in-progress");
    }

    @Test
    void whoeverDeploysOverOurMoveIsSeenAtOnce() {
        tag = FailoverTag.onDemand(KEPT, NOW.minusSeconds(30), RULES.calmTime()).toString();
        strategy = OTHER;
        deployment("PRIMARY", OTHER, DeploymentRolloutState.IN_PROGRESS, Duration.ofSeconds(5), 0);
        deployment("ACTIVE", ON_DEMAND, DeploymentRolloutState.IN_PROGRESS, Duration.ofSeconds(29), 0);
        ours = new CapacityNotes.Ours(deployments.get(1).id(), NOW.minusSeconds(29));

        assertThat(decide().word()).isEqualTo("by-hand");
    }

    @Test
    void aReturnThatEcsRolledBackStaysOnDemandForTwiceAsLong() {
        returnedSince(Duration.ofMinutes(20));
        strategy = KEPT;
        deployment("PRIMARY", ON_DEMAND, DeploymentRolloutState.COMPLETED, Duration.ofMinutes(5), 4);
        CapacityDecision decision = decide();

        assertThat(decision.word()).isEqualTo("rolled-back");
        assertThat(decision.tag().calm()).isEqualTo(Duration.ofHours(1));
        assertThat(decision.strategy()).isNull();
    }

    @Test
    void aReturnThatTookAllTasksAwayIsOursByItsId() {
        returnedSince(Duration.ofMinutes(6));
        deployment("PRIMARY", KEPT, DeploymentRolloutState.IN_PROGRESS, Duration.ofMinutes(6), 0);
        ours = new CapacityNotes.Ours(deployments.get(0).id(), NOW);
        running = 0;
        unplaced = NOW;

        isMoved(decide(), "2026-11-20T11:00:00Z");
    }

    @Test
    void aReturnWhoseTasksStopAgainAndAgainIsNotTakenBack() {
        returning(Duration.ofMinutes(40), 2);
        stalledSince = NOW.minus(Duration.ofMinutes(30));
        events = List.of(ServiceEvent.builder()
                .createdAt(NOW.minusSeconds(60))
                .message("(service web) is unable to consistently start tasks successfully.")
                .build());

        changesNothing(decide(), "returning");
    }

    @Test
    void tasksThatStopAgainAndAgainAreNoWantOfSpotCapacity() {
        running = 0;
        missingSince = NOW.minus(Duration.ofMinutes(20));
        events = List.of(ServiceEvent.builder()
                .createdAt(NOW.minusSeconds(60))
                .message("(service web) is unable to consistently start tasks successfully.")
                .build());

        changesNothing(decide(), "watching");
    }

    @Test
    void aMoveThatGetsNoTasksIsToldAndTakenBackWhenItsTimeIsOver() {
        onDemandSince(Duration.ofMinutes(20));
        deployments.clear();
        deployment("PRIMARY", ON_DEMAND, DeploymentRolloutState.IN_PROGRESS, Duration.ofMinutes(20), 0);
        deployment("ACTIVE", KEPT, DeploymentRolloutState.COMPLETED, Duration.ofDays(1), 3);
        stalledSince = NOW.minus(Duration.ofMinutes(20));
        ours = new CapacityNotes.Ours(deployments.get(0).id(), NOW);

        changesNothing(decide(), "stuck");
        assertThat(decide().next()).isNotNull();
        assertThat(told())
                .contains("moves it to on-demand is stuck: 0 of 4 tasks run.", "It goes back to the first task");

        tag = FailoverTag.onDemand(KEPT, NOW.minus(Duration.ofMinutes(31)), RULES.calmTime())
                .toString();
        assertThat(decide().word()).isEqualTo("returned");
    }

    @Test
    void aDeploymentOfAPipelineThatGetsNoTasksIsTold() {
        unplaced();
        deployment("PRIMARY", KEPT, DeploymentRolloutState.IN_PROGRESS, Duration.ofMinutes(20), 0);
        stalledSince = NOW.minus(Duration.ofMinutes(16));

        changesNothing(decide(), "stuck");
        assertThat(decide().next()).isNotNull();
    }

    @Test
    void whatEcsStoppedIsNotStartedAgain() {
        unplaced();
        deployment("PRIMARY", KEPT, DeploymentRolloutState.FAILED, Duration.ofMinutes(20), 0);
        deployment("ACTIVE", KEPT, DeploymentRolloutState.COMPLETED, Duration.ofDays(1), 2);

        changesNothing(decide(), "deployment-failed");
        assertThat(decide().next()).isNotNull();
    }

    @Test
    void aReturnThatNeverBeganIsMadeThoughTheServiceWasScaledSince() {
        returnedSince(Duration.ofMinutes(4));
        strategy = ON_DEMAND;
        deployment("PRIMARY", ON_DEMAND, DeploymentRolloutState.COMPLETED, Duration.ofHours(3), 4);
        Deployment primary = deployments.remove(0);
        deployments.add(primary.toBuilder().updatedAt(NOW.minusSeconds(30)).build());
        ours = new CapacityNotes.Ours(primary.id(), NOW.minus(Duration.ofHours(3)));

        assertThat(decide().word()).isEqualTo("returned");
    }

    @Test
    void aDeploymentLikeOurReturnIsNotOursWhenWeKnowOurs() {
        returning(Duration.ofMinutes(1), 2);
        ours = new CapacityNotes.Ours("ours", NOW);
        unplaced = NOW;

        changesNothing(decide(), "returning");
    }

    @Test
    void aTagThatSomebodyTookAwayIsMissed() {
        strategy = ON_DEMAND;

        changesNothing(decide(), "no-spot");
    }

    @Test
    void aReturnThatGetsTasksGoesOn() {
        returning(Duration.ofMinutes(3), 2);

        changesNothing(decide(), "returning");
        assertThat(decide().next()).isEqualTo(Duration.ofSeconds(121));
    }

    @Test
    void aReturnThatIsSlowAndGoesOnIsNotTakenBack() {
        returning(Duration.ofMinutes(40), 2);
        stalledSince = NOW.minus(Duration.ofMinutes(9));

        changesNothing(decide(), "returning");
    }

    @Test
    void aReturnThatGetsNoTasksIsTakenBackForTwiceAsLong() {
        returning(Duration.ofMinutes(16), 2);
        stalledSince = NOW.minus(Duration.ofMinutes(10));

        isMoved(decide(), "2026-11-20T11:00:00Z");
    }

    @Test
    void aReturnThatCannotPlaceATaskIsTakenBackAtOnceEvenUnderAnotherPolicy() {
        returning(Duration.ofSeconds(40), 2);
        unplaced = NOW;
        failover = false;

        isMoved(decide(), "2026-11-20T11:00:00Z");
    }

    @Test
    void aPlacementFailureOfBeforeTheReturnDoesNotCount() {
        returning(Duration.ofSeconds(40), 2);
        unplaced = NOW.minusSeconds(50);

        changesNothing(decide(), "returning");
    }

    @Test
    void aPipelinesDeploymentIsNotSupersededHoweverShortItIs() {
        returnedSince(Duration.ofMinutes(20));
        deployment("PRIMARY", KEPT, DeploymentRolloutState.IN_PROGRESS, Duration.ofMinutes(6), 2);
        deployment("ACTIVE", KEPT, DeploymentRolloutState.COMPLETED, Duration.ofMinutes(20), 1);
        unplaced();

        changesNothing(decide(), "returning");
    }

    @Test
    void aPipelineThatDeployedOverOurReturnIsNotSuperseded() {
        returning(Duration.ofMinutes(6), 2);
        deployments.set(
                0, deployments.get(0).toBuilder().taskDefinition("web:2").build());

        changesNothing(decide(), "returning");
    }

    @Test
    void aReturnThatFailedIsTakenBack() {
        returning(Duration.ofMinutes(3), 2);
        deployments.set(
                0,
                deployments.get(0).toBuilder()
                        .rolloutState(DeploymentRolloutState.FAILED)
                        .build());

        isMoved(decide(), "2026-11-20T11:00:00Z");
    }

    @Test
    void onceAllRunItIsBackAndWatched() {
        returnedSince(Duration.ofMinutes(50));
        CapacityDecision decision = decide();

        changesNothing(decision, "back");
        assertThat(decision.next()).isEqualTo(Duration.ofSeconds(601));
    }

    @Test
    void spotThatFailsWithinTheHourMovesItForTwiceAsLong() {
        returnedSince(Duration.ofMinutes(50));
        unplaced();

        isMoved(decide(), "2026-11-20T11:00:00Z");
    }

    @Test
    void underAnotherPolicySpotThatFailsWithinTheHourMovesNothing() {
        returnedSince(Duration.ofMinutes(50));
        unplaced();
        failover = false;

        changesNothing(decide(), "watching");
    }

    @Test
    void whoeverMovesAReturnedServiceByHandDoesNotDoubleTheCalmTime() {
        returnedSince(Duration.ofMinutes(30));
        wish = Wish.MOVE;

        isMoved(decide(), "2026-11-20T10:30:00Z");
        unplaced();
        isMoved(decide(), "2026-11-20T11:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "true,  Now 3 of 4 tasks run. It moves if tasks are missing at the next check.",
        "false, 'Now 3 of 4 tasks run. Its policy is not failover, so it stays on Fargate Spot.'"
    })
    void aServiceThatIsWatchedSaysWhatComesNext(boolean policy, String words) {
        returnedSince(Duration.ofMinutes(30));
        running = 3;
        failover = policy;

        changesNothing(decide(), "watching");
        assertThat(told()).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"NONE, ' It checks again until that ends.'", "MOVE, ''"})
    void whoAsksDuringADeploymentIsToldNoMoreThanIsDone(Wish who, String more) {
        unplaced();
        wish = who;
        deployment("PRIMARY", KEPT, DeploymentRolloutState.IN_PROGRESS, Duration.ofMinutes(1), 3);

        changesNothing(decide(), "in-progress");
        assertThat(decide().next() != null).isEqualTo(who == Wish.NONE);
        assertThat(told()).isEqualTo("A deployment is in progress, and Steward does not disturb it." + more);
    }

    @Test
    void anHourAfterTheReturnTheTagIsRemoved() {
        returnedSince(Duration.ofMinutes(60));

        assertThat(decide().word()).isEqualTo("settled");
        assertThat(decide().untag()).isTrue();
        assertThat(decide().next()).isNull();
    }

    @Test
    void aSlowReturnIsWatchedForAnHourFromWhenItIsBack() {
        returnedSince(Duration.ofMinutes(90));
        String steady = "(service web) has reached a steady state.";
        events = List.of(
                said(steady, Duration.ofMinutes(5)),
                said(steady, Duration.ofMinutes(29)),
                said(steady, Duration.ofMinutes(95)));
        changesNothing(decide(), "back");
        assertThat(decide().next()).isEqualTo(CapacityDecision.LONGEST);
        unplaced();
        isMoved(decide(), "2026-11-20T11:00:00Z");

        events = List.of(said(steady, Duration.ofMinutes(5)), said(steady, Duration.ofMinutes(60)));
        unplaced = null;
        running = 4;
        assertThat(decide().word()).isEqualTo("settled");
    }

    @Test
    void theCalmTimeDoublesUpToEightHours() {
        FailoverTag said = FailoverTag.onDemand(KEPT, NOW, Duration.ofMinutes(30));
        List<Long> hours = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            hours.add(said.calm().toMinutes());
            said = said.again(NOW);
        }

        assertThat(hours).containsExactly(30L, 60L, 120L, 240L, 480L, 480L, 480L);
    }

    @Test
    void aPersonMovesItWithoutEvidenceAndBringsItBackBeforeTheTime() {
        wish = Wish.MOVE;
        failover = false;
        isMoved(decide(), "2026-11-20T10:30:00Z");

        deployments.clear();
        onDemandSince(Duration.ofMinutes(10));
        wish = Wish.BACK;
        assertThat(decide().word()).isEqualTo("returned");
    }

    @Test
    void theOrderOfAStrategyAndWhatGetsNoTasksDoNotMatter() {
        assertThat(CapacityStrategy.parse("FARGATE_SPOT:0:4/FARGATE:1:1")).contains(KEPT);
        assertThat(CapacityStrategy.parse("FARGATE:1:1")).contains(ON_DEMAND);
        assertThat(OTHER.onDemand()).hasToString("FARGATE:0:1/FARGATE_SPOT:0:0");
        assertThat(CapacityStrategy.parse("FARGATE:3:0/FARGATE_SPOT:0:1")
                        .orElseThrow()
                        .onDemand())
                .hasToString("FARGATE:3:1/FARGATE_SPOT:0:0");
        assertThat(KEPT.spot()).isTrue();
        assertThat(ON_DEMAND.spot()).isFalse();
    }

    @Test
    void theLongestTagFits() {
        CapacityStrategy longest = CapacityStrategy.parse("FARGATE_SPOT:100000:1000/FARGATE:0:1000")
                .orElseThrow();
        FailoverTag said = FailoverTag.onDemand(longest, NOW, FailoverTag.MAX_CALM);

        assertThat(said.toString())
                .hasSizeLessThanOrEqualTo(FailoverTag.MAX_LENGTH)
                .matches("[\\p{L}\\p{N} +\\-=._:/@]*");
        assertThat(FailoverTag.parse(said.toString())).contains(said);
    }

    @Test
    void aMoveOfOursThatFailedIsTakenBackWhenTheCalmTimeIsOver() {
        strategy = ON_DEMAND;
        Duration ago = Duration.ofMinutes(31);
        tag = FailoverTag.onDemand(KEPT, NOW.minus(ago), RULES.calmTime()).toString();
        running = 2;
        deployment("PRIMARY", ON_DEMAND, DeploymentRolloutState.FAILED, ago.minusSeconds(2), 0);
        deployment("ACTIVE", KEPT, DeploymentRolloutState.COMPLETED, Duration.ofDays(1), 2);

        assertThat(decide().word()).isEqualTo("returned");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMoveOfOursThatFailedIsToldAndStaysUntilTheCalmTimeIsOver(boolean known) {
        onDemandSince(Duration.ofMinutes(10));
        deployments.clear();
        running = 1;
        deployment("PRIMARY", ON_DEMAND, DeploymentRolloutState.FAILED, Duration.ofSeconds(598), 0);
        deployment("ACTIVE", KEPT, DeploymentRolloutState.COMPLETED, Duration.ofDays(1), 1);
        ours = known ? new CapacityNotes.Ours(deployments.get(0).id(), NOW.minusSeconds(598)) : null;

        changesNothing(decide(), "move-failed");
        assertThat(decide().next()).isEqualTo(CapacityDecision.LONGEST);
        assertThat(told())
                .isEqualTo("The deployment that moves it to on-demand failed: 1 of 4 tasks runs. The service's events"
                        + " in the ECS console say why. It goes back to the first task on FARGATE, then 4 of 5 on"
                        + " FARGATE_SPOT and 1 of 5 on FARGATE at 2026-11-20 10:20 UTC at the earliest.");
        wish = Wish.BACK;
        assertThat(decide().word()).isEqualTo("returned");
        wish = Wish.MOVE;
        changesNothing(decide(), "move-failed");
    }

    @Test
    void aDeploymentOfSomebodyElseThatFailedOnDemandIsNotStartedAnew() {
        strategy = ON_DEMAND;
        Duration ago = Duration.ofMinutes(31);
        tag = FailoverTag.onDemand(KEPT, NOW.minus(ago), RULES.calmTime()).toString();
        ours = new CapacityNotes.Ours("another", NOW.minus(ago));
        deployment("PRIMARY", ON_DEMAND, DeploymentRolloutState.FAILED, Duration.ofMinutes(9), 0);

        changesNothing(decide(), "deployment-failed");
    }

    @Test
    void aMoveThatEcsRolledBackIsToldAndTriedAgainLater() {
        tag = FailoverTag.onDemand(KEPT, NOW.minus(Duration.ofMinutes(9)), RULES.calmTime())
                .toString();
        running = 2;
        deployment("PRIMARY", KEPT, DeploymentRolloutState.COMPLETED, Duration.ofMinutes(2), 2);
        deployment("ACTIVE", ON_DEMAND, DeploymentRolloutState.FAILED, Duration.ofMinutes(9), 0);

        CapacityDecision decision = decide();
        assertThat(decision.word()).isEqualTo("move-failed");
        assertThat(decision.untag()).isTrue();
        assertThat(decision.strategy()).isNull();
        assertThat(decision.next()).isEqualTo(CapacityDecision.LONGEST);
    }

    @Test
    void aMoveThatIsGoneWithoutATraceIsToldWhenTasksAreMissing() {
        tag = FailoverTag.onDemand(KEPT, NOW.minus(Duration.ofMinutes(20)), RULES.calmTime())
                .toString();
        deployment("PRIMARY", KEPT, DeploymentRolloutState.COMPLETED, Duration.ofMinutes(10), 1);
        ours = new CapacityNotes.Ours("ours", NOW.minus(Duration.ofMinutes(20)));
        unplaced();

        assertThat(decide().word()).isEqualTo("move-failed");
        assertThat(decide().untag()).isTrue();
        assertThat(decide().next()).isEqualTo(CapacityDecision.LONGEST);
        assertThat(told())
                .isEqualTo("The deployment that moved it to on-demand is gone: ECS rolled it back, or somebody replaced"
                        + " it. It has its own capacity provider strategy again: 3 of 4 tasks run. If tasks are still"
                        + " missing after the calm time, it is moved again.");

        running = 4;
        assertThat(decide().word()).isEqualTo("by-hand");
        assertThat(told())
                .startsWith("Its capacity provider strategy is its own again, and not by Steward: a person or");
    }

    @Test
    void aMoveThatDiedInBetweenIsDecidedAnewAfterAPipelineDeployed() {
        tag = FailoverTag.onDemand(KEPT, NOW.minus(Duration.ofMinutes(10)), RULES.calmTime())
                .toString();
        deployment("PRIMARY", KEPT, DeploymentRolloutState.IN_PROGRESS, Duration.ofMinutes(5), 1);
        deployment("ACTIVE", KEPT, DeploymentRolloutState.COMPLETED, Duration.ofDays(1), 0);
        unplaced();

        assertThat(decide().word()).isEqualTo("settled");
        assertThat(decide().untag()).isTrue();
        assertThat(decide().strategy()).isNull();
        assertThat(decide().next()).isEqualTo(Duration.ofSeconds(121));

        deployments.set(
                1,
                deployments.get(1).toBuilder()
                        .capacityProviderStrategy(ON_DEMAND.items())
                        .build());
        assertThat(decide().word()).isEqualTo("by-hand");
    }

    @Test
    void aShortServiceThatSomebodyChangedIsCheckedAgain() {
        tag = FailoverTag.onDemand(KEPT, NOW.minus(Duration.ofMinutes(9)), RULES.calmTime())
                .toString();
        strategy = OTHER;
        running = 2;
        assertThat(decide().next()).isEqualTo(CapacityDecision.LONGEST);
        running = 4;
        assertThat(decide().next()).isNull();
    }

    @Test
    void aReturnThatWaitsForOlderTasksToStopIsNotDry() {
        returning(Duration.ofMinutes(20), 1);
        stalledSince = NOW.minus(Duration.ofMinutes(12));
        deployments.set(1, deployments.get(1).toBuilder().runningCount(4).build());
        maximumPercent = 125;
        running = 5;
        changesNothing(decide(), "returning");

        deployments.set(1, deployments.get(1).toBuilder().runningCount(3).build());
        running = 4;
        isMoved(decide(), "2026-11-20T11:00:00Z");
    }

    @Test
    void aMoveThatDiedInBetweenGoesOnThoughEcsReplacedTheTasks() {
        tag = FailoverTag.onDemand(KEPT, NOW.minusSeconds(20), RULES.calmTime()).toString();
        bursts = List.of(NOW.minusSeconds(1_200), NOW.minusSeconds(700), NOW.minusSeconds(30));

        isMoved(decide(), "2026-11-20T10:30:00Z");
    }

    @Test
    void aMoveThatIsNotNeededAnyMoreIsWatched() {
        tag = FailoverTag.onDemand(KEPT, NOW.minusSeconds(20), RULES.calmTime()).toString();
        missingSince = NOW.minusSeconds(20);

        CapacityDecision decision = decide();
        assertThat(decision.word()).isEqualTo("settled");
        assertThat(decision.next()).isPositive();
    }

    @Test
    void aCrashLoopThatEndedDaysAgoKeepsNothingFromMoving() {
        running = 3;
        missingSince = NOW.minus(RULES.failoverAfter());
        events = List.of(
                said("(service web) is unable to consistently start tasks successfully.", Duration.ofHours(20)),
                said("(service web) has reached a steady state.", Duration.ofHours(19)));
        isMoved(decide(), "2026-11-20T10:30:00Z");

        events = List.of(
                said("(service web) has reached a steady state.", Duration.ofHours(20)),
                said("(service web) is unable to consistently start tasks successfully.", Duration.ofHours(19)));
        changesNothing(decide(), "watching");
    }

    private static ServiceEvent said(String message, Duration ago) {
        return ServiceEvent.builder().message(message).createdAt(NOW.minus(ago)).build();
    }

    @Test
    void aReturnedServiceThatEcsRefusedToMoveIsLeftAlone() {
        returnedSince(Duration.ofMinutes(20));
        unplaced();
        leftAlone = SkipReason.COOLDOWN;
        changesNothing(decide(), "cooldown");
        leftAlone = SkipReason.CHANGED_BY_HAND;
        assertThat(decide().word()).isEqualTo("moved");
    }

    @ParameterizedTest
    @CsvSource({
        // noted, missing, interrupted, since
        ",             false, false, ",
        ",             true,  false, 0",
        ",             false, true,  0",
        "-60,          false, false, -60",
        "-60,          true,  false, -60",
        "-200,         true,  true,  -200",
        "-200,         false, false, ",
        "-200,         false, true,  0"
    })
    void tasksAreMissingSinceTheFirstCheckThatFoundOneMissing(
            Long noted, boolean missing, boolean interrupted, Long since) {
        assertThat(CapacitySituation.missingSince(
                        noted == null ? null : NOW.plusSeconds(noted),
                        missing,
                        interrupted,
                        Duration.ofMinutes(5),
                        NOW))
                .isEqualTo(since == null ? null : NOW.plusSeconds(since));
    }
}
