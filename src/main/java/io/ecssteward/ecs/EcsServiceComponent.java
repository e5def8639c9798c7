package io.ecssteward.ecs;

import io.ecssteward.alerting.RawParameterText;
import io.ecssteward.claim.ClaimRepository;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.event.LatestVersions;
import io.ecssteward.incident.Incidents;
import io.ecssteward.time.Clocks;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Endpoint;
import org.apache.camel.component.aws2.ecs.ECS2Component;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.Registry;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * The Camel component {@code ecs-service:}: operations on ECS services and container instances that camel-aws2-ecs
 * lacks. It uses the {@link EcsClient} in the registry, or else the client of camel-aws2-ecs.
 *
 * @see EcsServiceEndpoint
 */
@Component("ecs-service")
public class EcsServiceComponent extends DefaultComponent {

    private static final String CLAIMS = "redeploy-claims";

    /**
     * Room for a check and a change of each of a thousand services that lose Spot at once. If the queue were full, the
     * calling thread would make a change out of order.
     */
    private static final int MAX_WAITING = 2_200;

    @Metadata(description = "The ECS client")
    private EcsClient ecsClient;

    @Metadata(description = "The claims on redeployments that no route has claimed")
    private ClaimRepository claims;

    private volatile ClaimStore store;
    private ExecutorService redeploying;
    private ExecutorService others;
    private DueServices dueServices;

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        redeploying = Threads.of(this, "ecs-redeploy", 4, MAX_WAITING, ThreadPoolRejectedPolicy.CallerRuns);
        others = Threads.of(this, "ecs-service", 8, MAX_WAITING, ThreadPoolRejectedPolicy.CallerRuns);
        dueServices = new DueServices(this::getEcsClient, redeploying);
    }

    @Override
    protected void doStop() throws Exception {
        getCamelContext().getExecutorServiceManager().shutdownNow(redeploying);
        getCamelContext().getExecutorServiceManager().shutdownNow(others);
        super.doStop();
    }

    /** The bean {@value #CLAIMS}, looked up late because routes define it; null when there is none. */
    public ClaimRepository getClaims() {
        if (claims == null) {
            ClaimRepository bean = getCamelContext().getRegistry().lookupByNameAndType(CLAIMS, ClaimRepository.class);
            // Camel starts a repository only if an idempotentConsumer refers to it.
            ServiceHelper.startService(bean);
            claims = bean;
        }
        return claims;
    }

    /** The claims on redeployments that no route has claimed. */
    public void setClaims(ClaimRepository claims) {
        this.claims = claims;
    }

    /** The store of claims: the one in the registry, or else in memory. */
    ClaimStore claimStore() {
        if (store == null) {
            ClaimStore bound = getCamelContext().getRegistry().findSingleByType(ClaimStore.class);
            store = bound == null ? new MemoryClaimStore() : bound;
        }
        return store;
    }

    /** The clock in the registry, or else the system clock. */
    Clock clock() {
        return Clocks.of(getCamelContext());
    }

    /** Decides about agents, with the beans {@code versions} and {@code incidents}. */
    AgentConnection agentConnection() {
        Registry beans = getCamelContext().getRegistry();
        Incidents incidents = beans.findSingleByType(Incidents.class);
        return new AgentConnection(
                beans.findSingleByType(LatestVersions.class),
                about -> incidents == null || incidents.open(about),
                arn -> incidents != null && incidents.open("drained/" + arn));
    }

    /** The queue of services that are due for a check or a change. */
    DueServices dueServices() {
        return dueServices;
    }

    /** Threads for all other calls to ECS, and for the steps of a route after any call. */
    ExecutorService others() {
        return others;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        EcsServiceEndpoint endpoint = new EcsServiceEndpoint(uri, this, Operation.of(remaining));
        RawParameterText.checkNames(
                "ecs-service:" + remaining, parameters, RawParameterText.names(EcsServiceEndpoint.class));
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** The client that was set, or else the one in the registry, or else the client of camel-aws2-ecs. */
    public EcsClient getEcsClient() {
        if (ecsClient == null) {
            ecsClient = getCamelContext().getRegistry().findSingleByType(EcsClient.class);
        }
        if (ecsClient == null) {
            ecsClient = getCamelContext()
                    .getComponent("aws2-ecs", ECS2Component.class)
                    .getConfiguration()
                    .getEcsClient();
        }
        return ecsClient;
    }

    /** The ECS client; by default the one in the registry, or else the client of camel-aws2-ecs. */
    public void setEcsClient(EcsClient ecsClient) {
        this.ecsClient = ecsClient;
    }
}
