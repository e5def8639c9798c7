package io.ecssteward.ecs;

import io.ecssteward.claim.ClaimStore;
import io.ecssteward.event.ContainerInstanceStateChange;
import io.ecssteward.event.Event;
import io.ecssteward.event.ServiceAction;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * The bean {@code drains}: remembers, beside the claims, which clusters have container instances that ECS counts as
 * registered and that a service may not get a task on, because they drain or are external.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-draining.html">Draining
 *     container instances</a>
 */
public class Drains implements CamelContextAware {

    /** A drain that nobody hears of any more is over by then. */
    private static final Duration A_DAY = Duration.ofDays(1);

    private static final Duration A_MONTH = Duration.ofDays(30);

    private CamelContext camelContext;

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /** Remembers what a container instance's event says. */
    public void observe(Event event) {
        if (!(event.original() instanceof ContainerInstanceStateChange change)) {
            return;
        }
        ClaimStore store = store();
        String key = "draining/" + change.clusterArn();
        Set<String> before = draining(store, change.clusterArn());
        Set<String> now = new TreeSet<>(before);
        if ("DRAINING".equals(change.status())) {
            now.add(change.id());
            store.note(key, String.join(" ", now), A_DAY);
        } else if (now.remove(change.id()) && now.isEmpty()) {
            store.forget(key);
        } else if (!now.equals(before)) {
            store.note(key, String.join(" ", now), A_DAY);
        }
        if (InstanceMatching.external(change.ec2InstanceId())) {
            store.record("external/" + change.clusterArn(), A_MONTH);
        }
    }

    /**
     * Whether a service action is a placement failure of a listed service while an instance of its cluster drains: its
     * count is being lowered.
     */
    public boolean explain(Event event, String services) {
        return event instanceof ServiceAction action
                && action.eventName().equals("SERVICE_TASK_PLACEMENT_FAILURE")
                && listed(services, event.cluster()).contains(String.valueOf(event.service()))
                && isDraining(store(), action.payload().firstText("detail.clusterArn"));
    }

    static boolean isDraining(ClaimStore store, String clusterArn) {
        return !draining(store, clusterArn).isEmpty();
    }

    static boolean hasExternal(ClaimStore store, String clusterArn) {
        return store.recorded("external/" + clusterArn);
    }

    private static Set<String> draining(ClaimStore store, String clusterArn) {
        String noted = store.noted("draining/" + clusterArn);
        return noted == null || noted.isBlank() ? Set.of() : Set.of(noted.split(" "));
    }

    /** The names of those services that are listed for a cluster, by name or {@code cluster/name}. */
    static List<String> listed(String services, String cluster) {
        return Arrays.stream(services.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .filter(name -> !name.contains("/") || name.startsWith(cluster + "/"))
                .map(name -> name.substring(name.indexOf('/') + 1))
                .distinct()
                .toList();
    }

    private ClaimStore store() {
        return camelContext
                .getComponent("ecs-service", EcsServiceComponent.class)
                .claimStore();
    }
}
