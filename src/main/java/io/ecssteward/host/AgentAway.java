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
 * Drains a container instance whose agent stays disconnected. ECS still counts its service tasks as running, whether
 * they are or not, and does not replace them. While the instance is DRAINING, the scheduler replaces them as the
 * service's deployment configuration allows. Draining has limits: on a host that is still alive, the containers are
 * stopped only when its agent reconnects, so until then a task may run twice; standalone tasks are not moved; and the
 * instance stays DRAINING until it is set to ACTIVE or is gone.
 *
 * <p>An instance is drained only if the problem is the host. If many agents are disconnected at once, the problem is
 * the network or ECS, and most of their tasks are running.
 *
 * @see <a href="https://github.com/aws/containers-roadmap/issues/2040">Tasks of a disconnected agent are never
 *     rescheduled</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-draining.html">Draining
 *     container instances</a>
 */
final class AgentAway {

    /** The longest delay in SQS, in seconds; also the time between checks when too many agents are disconnected. */
    private static final int MAX_SECONDS = SqsLimits.DELAY_SECONDS;

    /** Our choice: how long beyond the set time a disconnected agent is still followed. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private static final String AWAY = "agentConnected == false";

    /**
     * How many agents of a cluster are disconnected, out of how many. A DRAINING instance with a disconnected agent
     * counts in both numbers: otherwise agents that disconnect one after another would never add up.
     */
    record Away(int away, int all) {}

    /**
     * What to do.
     *
     * @param refused why nothing is done now; null when the instance is drained, or when it is too early
     * @param next seconds until the next check; 0 for none
     */
    record Decision(SkipReason refused, int next) {
        boolean drains() {
            return refused == null && next == 0;
        }
    }

    private AgentAway() {}

    /**
     * The truth table. It evaluates only what the decision depends on.
     *
     * @param away how long the agent has been disconnected
     * @param after how long it must be disconnected; zero for never draining
     * @param version the version of the instance in the event
     * @param host supplies the current state in ECS; null when the instance is gone
     * @param counted supplies the numbers of agents in the cluster
     * @param share the share of them that may be disconnected at once; one always may be
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
            // The instance changed since; the event about that change has its own follow-up.
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

    /** Checks the instance, and drains it if it is due. Returns the outcome. */
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
