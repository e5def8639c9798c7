package io.ecssteward.ecs;

import io.ecssteward.claim.ClaimRepository;
import io.ecssteward.event.Event;
import io.ecssteward.event.TaskStateChange;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import org.apache.camel.Exchange;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * The redeployment of a service for an event: at most once per cool-down, in order of urgency, and claimed here unless
 * the route has claimed it. The claim is released if the redeployment fails, if the service fails over instead, or if
 * too few tasks were interrupted.
 */
final class Redeployment {

    private final EcsServiceComponent component;
    private final Exchange exchange;
    private final EcsServices ecs;
    private final String cluster;
    private final String service;
    private final String claim;
    private final Duration coolDown;
    private final SpotGuard spot;
    private final ClaimRepository claims;
    private boolean claimedHere;

    /**
     * @param named the cluster from the parameter; null for the event's cluster
     * @param service null when the task belongs to no service
     * @param coolDown null for the claim repository's default
     */
    Redeployment(
            EcsServiceEndpoint endpoint,
            Exchange exchange,
            Event event,
            EcsServices ecs,
            String named,
            String service,
            Duration coolDown) {
        this.component = endpoint.getComponent();
        this.exchange = exchange;
        this.ecs = ecs;
        this.cluster = named == null ? event.cluster() : named;
        this.service = service;
        this.coolDown = coolDown;
        String arn = named == null ? event.clusterArn() : arn(named, event);
        String id = (arn == null ? "" : arn) + "/" + service;
        claim = "redeploy/" + id;
        spot = event instanceof TaskStateChange task && task.spotInterruption()
                ? new SpotGuard(endpoint, task, component.claimStore(), id)
                : null;
        claims = component.getClaims();
    }

    /**
     * Queues it, and starts the deployment when it is due.
     *
     * @param done called in some thread of the component, with the outcome or the exception in the exchange
     */
    void begin(Runnable done) {
        if (service == null || ecs.otherRegion()) {
            EcsServiceProducer.setOutcome(exchange, () -> ecs.redeploy(cluster, service, null, null));
            done.run();
            return;
        }
        try {
            claimedHere = claims != null && !claims.holds(exchange, claim);
            if (claimedHere && !ServiceChange.claim(claims, exchange, claim, coolDown)) {
                exchange.getMessage().setHeader(EcsServiceEndpoint.OUTCOME, SkipReason.COOLDOWN.word());
                done.run();
                return;
            }
        } catch (RuntimeException e) {
            exchange.setException(e);
            done.run();
            return;
        }
        component
                .dueServices()
                .add(
                        DueServices.ALL_RUNNING,
                        cluster,
                        service,
                        found -> {
                            EcsServiceProducer.setOutcome(exchange, () -> ecs.redeploy(cluster, service, found, spot));
                            exchange.getMessage().setHeader(EcsServiceEndpoint.DETAIL, ecs.detail());
                            end(done);
                        },
                        failure -> {
                            exchange.setException(failure);
                            end(done);
                        });
    }

    /** Continues in another thread, so that the rest of the route does not hold up other redeployments. */
    private void end(Runnable done) {
        component.others().execute(() -> {
            settle();
            done.run();
        });
    }

    private void settle() {
        if (!claimedHere) {
            return;
        }
        String outcome = exchange.getMessage().getHeader(EcsServiceEndpoint.OUTCOME, String.class);
        if (exchange.getException() != null
                || EcsServiceEndpoint.FAILOVER.equals(outcome)
                || SkipReason.SMALL_SHARE.word().equals(outcome)) {
            // The next interrupted task may make the share large enough, and has to be counted.
            claims.remove(exchange, claim);
        } else if (spot != null && coolDown != null && EcsServiceEndpoint.UPDATED.equals(outcome)) {
            claims.confirm(exchange, claim, spot.coolDown(coolDown));
        } else {
            claims.confirm(exchange, claim);
        }
    }

    /**
     * The cluster's ARN, so that the claim is the same whether a parameter or an event names the cluster; only the name
     * if the account is unknown or the event is from another Region.
     */
    private String arn(String named, Event event) {
        Region region = component.getEcsClient().serviceClientConfiguration().region();
        boolean sameRegion =
                event != null && region != null && region.id().equals(event.region()) && event.account() != null;
        return named.startsWith("arn:") || !sameRegion
                ? named
                : "arn:" + PartitionMetadata.of(region).id() + ":ecs:" + region.id() + ":" + event.account()
                        + ":cluster/" + named;
    }
}
