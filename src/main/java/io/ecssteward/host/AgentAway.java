package io.ecssteward.host;

import io.ecssteward.ecs.EcsErrors;
import io.ecssteward.event.ContainerInstanceStateChange;
import io.ecssteward.event.ResourceVersion;
import io.ecssteward.limits.SqsLimits;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;

/**
 * Drains a container instance whose agent stays away. ECS goes on counting its service tasks as running, whether they
 * are or not, and starts no others for them; while it is DRAINING, the scheduler replaces them as the service's
 * deployment configuration allows. What draining cannot do: the containers on a host that still lives are stopped only
 * when its agent is back, so until then a task may run twice; standalone tasks are not moved; and the instance stays
 * DRAINING until it is set to ACTIVE or gone.
 *
 * <p>It is only done when the fault is the host's. When many agents are away at once it is the network's or ECS's, and
 * their tasks mostly run.
 *
 * @see <a href="https://github.com/aws/containers-roadmap/issues/2040">Tasks of a disconnected agent are never
 *     rescheduled</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-draining.html">Draining
 *     container instances</a>
 */
final class AgentAway {

    /** SQS delays no longer; also how often it is checked again when too many are away. */
    private static final int MAX_SECONDS = SqsLimits.DELAY_SECONDS;

    /** Ours: an agent that is away for longer is nobody's news any more. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private static final String AWAY = "agentConnected == false";

    /**
     * How many agents of a cluster are away, of how many. A DRAINING instance whose agent is away counts in both:
     * otherwise agents that go one after another would never be many.
     */
    record Away(int away, int all) {}

    /**
     * What to do.
     *
     * @param refused why nothing is done now; null when the instance is to be drained, or it is too early
     * @param next seconds until the next check; 0 for none
     */
    record Decision(SkipReason refused, int next) {
        boolean drains() {
            return refused == null && next == 0;
        }
    }

    private AgentAway() {}

    /**
     * The truth table. It asks only what the decision depends on.
     *
     * @param away since when the agent is
     * @param after how long it has to be away; zero: forever
     * @param version of the instance in the event
     * @param host what ECS says now; null when it is gone
     * @param counted the agents of the cluster
     * @param share of them that may be away at once; one always may
     */
    static Decision decide(
            Duration away, Duration after, Long version, Supplier<Host> host, Supplier<Away> counted, double share) {
        if (after.isZero() || away.compareTo(after.plus(LONGEST)) > 0) {
            return new Decision(SkipReason.STALE, 0);
        }
        if (away.compareTo(after) < 0) {
            return new Decision(null, seconds(after.minus(away)));
        }
        Host now = host.get();
        if (now == null || !now.active()) {
            return new Decision(now == null ? SkipReason.NOT_ACTIVE : SkipReason.DRAINING, 0);
        }
        if (Boolean.TRUE.equals(now.instance().agentConnected())) {
            return new Decision(SkipReason.RECONNECTED, 0);
        }
        if (version != null
                && now.instance().version() != null
                && now.instance().version() > version) {
            // Something about it changed since, which led to an event that is followed up in its own time.
            return new Decision(SkipReason.STALE, 0);
        }
        Away agents = counted.get();
        if (agents.away() >= agents.all()) {
            return new Decision(SkipReason.NO_OTHER_HOST, MAX_SECONDS);
        }
        return agents.away() > Math.max(1, (int) (share * agents.all()))
                ? new Decision(SkipReason.MANY_AWAY, MAX_SECONDS)
                : new Decision(null, 0);
    }

    private static int seconds(Duration left) {
        return (int) Math.max(1, Math.min(MAX_SECONDS, left.toSeconds() + (left.getNano() > 0 ? 1 : 0)));
    }

    /** Checks, and does what is due. Returns the outcome. */
    static String take(HostEndpoint endpoint, Exchange exchange, ContainerInstanceStateChange change, Duration after) {
        HostComponent component = endpoint.getComponent();
        EcsClient ecs = component.ecs();
        HostDrain drain = new HostDrain(ecs, exchange, change);
        if (drain.otherRegion()) {
            return drain.skipped(SkipReason.OTHER_REGION, change.host());
        }
        Instant now = component.clock().instant();
        Instant since = change.time() == null ? now : change.time();
        Host[] found = new Host[1];
        Decision decision = decide(
                Duration.between(since, now),
                after,
                change.version().map(ResourceVersion::version).orElse(null),
                () -> found[0] = HostSearch.describe(ecs, change.cluster(), change.arn()),
                () -> count(ecs, change.cluster()),
                endpoint.share);
        Message message = exchange.getMessage();
        if (decision.next() > 0) {
            message.setHeader(HostEndpoint.NEXT, decision.next());
        }
        if (!decision.drains()) {
            return decision.refused() == null || after.isZero()
                    ? HostEndpoint.WAITING
                    : drain.skipped(decision.refused(), change.host());
        }
        HostTasks tasks = HostTasks.on(ecs, found[0]);
        if (!tasks.withoutDaemons(ecs, found[0]).ofServices()) {
            return drain.skipped(SkipReason.NOTHING_TO_MOVE, change.host());
        }
        List<Host> host = List.of(found[0]);
        HostDecision drained = drain.drain(host, false, false);
        if (drained.refused() != null) {
            return drain.skipped(drained.refused(), change.host());
        }
        drain.tell(host);
        message.setHeader(
                HostEndpoint.DETAIL,
                "Its agent has been disconnected for " + minutes(Duration.between(since, now)) + ". On it run "
                        + tasks.words()
                        + ". ECS starts service tasks elsewhere; those on the host are stopped when its agent"
                        + " reconnects. Set it to ACTIVE then, or replace it.");
        return HostEndpoint.DRAINED;
    }

    private static String minutes(Duration time) {
        return time.toMinutes() == 1 ? "1 minute" : time.toMinutes() + " minutes";
    }

    private static Away count(EcsClient ecs, String cluster) {
        int gone = list(ecs, cluster, ContainerInstanceStatus.DRAINING, AWAY);
        return new Away(
                gone + list(ecs, cluster, ContainerInstanceStatus.ACTIVE, AWAY),
                gone + list(ecs, cluster, ContainerInstanceStatus.ACTIVE, null));
    }

    private static int list(EcsClient ecs, String cluster, ContainerInstanceStatus status, String filter) {
        return EcsErrors.during(
                "counting the agents of " + cluster,
                () -> ecs
                        .listContainerInstancesPaginator(
                                r -> r.cluster(cluster).status(status).filter(filter))
                        .containerInstanceArns()
                        .stream()
                        .toList()
                        .size());
    }
}
