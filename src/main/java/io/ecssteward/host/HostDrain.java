package io.ecssteward.host;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.ecs.EcsErrors;
import io.ecssteward.event.Event;
import io.ecssteward.event.HostNotice;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.SkipReason;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CapacityProvider;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateResponse;

/**
 * Sets container instances to DRAINING for one event, and describes the result. It is idempotent: an instance that is
 * not ACTIVE is unchanged.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateContainerInstancesState.html">UpdateContainerInstancesState</a>
 */
final class HostDrain {

    private static final Logger LOG = LoggerFactory.getLogger(HostDrain.class);

    private final EcsClient client;
    private final Exchange exchange;
    private final Event event;

    HostDrain(EcsClient client, Exchange exchange, Event event) {
        this.client = client;
        this.exchange = exchange;
        this.event = event;
    }

    /** Drains the instance of an EC2 notice, then lists the tasks on it, which may fail. Returns the outcome. */
    String notice(HostNotice notice, Instant now, Supplier<List<Host>> search) {
        if (otherRegion()) {
            return skipped(SkipReason.OTHER_REGION, notice.instanceId());
        }
        if (notice.stale(now)) {
            return skipped(SkipReason.STALE, notice.instanceId());
        }
        List<Host> hosts = search.get();
        tell(hosts);
        HostDecision decision = drain(hosts, "hibernate".equals(notice.action()), !notice.interruption());
        exchange.getMessage()
                .setHeader(HostEndpoint.DETAIL, decision.sentence(notice) + " " + running(hosts) + notice.outlook());
        return decision.refused() == null ? HostEndpoint.DRAINED : skipped(decision.refused(), notice.instanceId());
    }

    /**
     * Drains each host for which {@link HostDecision} allows it. Returns the decision for a drained host, or else for
     * the first.
     */
    HostDecision drain(List<Host> hosts, boolean comesBack, boolean autoScaling) {
        HostDecision first = null;
        for (Host host : hosts) {
            HostDecision decision = HostDecision.of(host, comesBack, autoScaling, () -> provider(host));
            if (decision.refused() == null) {
                decision = update(host);
            }
            first = first == null || decision.refused() == null ? decision : first;
        }
        return first == null ? new HostDecision(SkipReason.NO_CONTAINER_INSTANCE) : first;
    }

    /**
     * Sets one to DRAINING. If that fails because it was changed or removed since, the decision uses its current state.
     */
    private HostDecision update(Host host) {
        String name = host.cluster() + "/" + host.id();
        try {
            UpdateContainerInstancesStateResponse answer = EcsErrors.during(
                    "draining " + name,
                    () -> client.updateContainerInstancesState(r -> r.cluster(host.cluster())
                            .containerInstances(host.arn())
                            .status(ContainerInstanceStatus.DRAINING)));
            if (!answer.failures().isEmpty()) {
                throw new PermanentFailureException("draining " + name + ": ECS answered "
                        + answer.failures().get(0).reason());
            }
        } catch (PermanentFailureException e) {
            Host now = HostSearch.describe(client, host.cluster(), host.arn());
            if (now != null && now.active()) {
                throw e;
            }
            return HostDecision.of(now, false, false, () -> null);
        }
        ObjectNode parameters = JsonNodeFactory.instance.objectNode();
        parameters.put("cluster", host.cluster()).putArray("containerInstances").add(host.id());
        parameters.put("status", "DRAINING");
        EventOutcome.of(exchange).performed(new Action("ecs", "UpdateContainerInstancesState", name, parameters, null));
        return new HostDecision(null);
    }

    /**
     * The host's capacity provider. The request names the cluster, because ECS knows a Managed Instances provider only
     * in its cluster.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeCapacityProviders.html">DescribeCapacityProviders:
     *     cluster</a>
     */
    private CapacityProvider provider(Host host) {
        String name = host.instance().capacityProviderName();
        return name == null
                ? null
                : EcsErrors.during(
                                "describing the capacity provider " + name,
                                () -> client.describeCapacityProviders(
                                                r -> r.cluster(host.cluster()).capacityProviders(name))
                                        .capacityProviders())
                        .stream()
                        .findFirst()
                        .orElse(null);
    }

    /** The tasks on the hosts, in a sentence with a trailing space; empty without hosts. */
    String running(List<Host> hosts) {
        if (hosts.isEmpty()) {
            return "";
        }
        try {
            HostTasks tasks = HostTasks.NONE;
            for (Host host : hosts) {
                tasks = tasks.and(HostTasks.on(client, host));
            }
            return tasks.count() == 0 ? "No task runs on it. " : "On it run " + tasks.words() + ". ";
        } catch (PermanentFailureException | TransientFailureException e) {
            LOG.warn("{}; so the alert does not say what runs there", e.getMessage());
            return "It is not known what runs on it. ";
        }
    }

    /** Sets the headers about the first container instance, if there is one. */
    void tell(List<Host> hosts) {
        for (Host host : hosts.subList(0, Math.min(1, hosts.size()))) {
            exchange.getMessage().setHeader(HostEndpoint.INSTANCE, host.arn());
            exchange.getMessage()
                    .setHeader(
                            HostEndpoint.LINK,
                            ConsoleLinks.containerInstance(event.region(), host.cluster(), host.id()));
        }
    }

    /** Whether the event is from another Region than the client's. */
    boolean otherRegion() {
        Region ours = client.serviceClientConfiguration().region();
        return ours != null && event.region() != null && !event.region().equals(ours.id());
    }

    /** Records that an action was skipped, and returns the reason's word. */
    String skipped(SkipReason reason, String instance) {
        EventOutcome.of(exchange).skipped(reason, "host/" + instance);
        return reason.word();
    }
}
