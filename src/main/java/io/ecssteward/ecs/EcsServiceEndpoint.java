package io.ecssteward.ecs;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Updates ECS services. Each decision is made from what ECS says now, not from what the event said.
 *
 * <pre>
 * - to: ecs-service:redeploy
 * </pre>
 *
 * <p>A service is redeployed once in the cool-down: unless a route around the step has claimed the redeployment, the
 * step claims it.
 *
 * <p>The cluster and the service are those of the event in the body, unless the parameters name others. The body stays
 * as it is. The header {@value #OUTCOME} has the outcome: {@code updated}, or the word of the
 * {@linkplain io.ecssteward.outcome.SkipReason reason} why nothing was done. The outcome of {@code check-agent} is what
 * to do next: {@code wait}, {@code alert}, {@code resolve}, {@code resolve-leaving}, or another word for nothing; of
 * {@code check-drain} it is {@code draining} or {@value #NO_DRAIN}.
 *
 * <p>{@code ensure-capacity} moves a service to on-demand when Fargate Spot has no capacity for it, and back. It
 * changes at most one thing and may be called as often as anybody likes; {@value #NEXT} says when it has to be.
 * {@code find-failovers} takes the place of the body with a list of follow-up messages, one for each service that was
 * moved.
 *
 * <p>What a person asks for, with a {@link io.ecssteward.event.SlackAction}, goes by other rules than what events do.
 * The policy, the share and the cap of Spot do not hold, nor the cool-down, but nothing is done that does harm, and
 * what was asked for once is done once. The header {@value #DETAIL} then has a sentence for that person, whatever the
 * outcome. First {@code plan} says what would happen, in {@value #PLAN}; what it puts into {@value #CONFIRM} goes with
 * the confirmation and comes back as the parameter {@code expect}, so that what was confirmed is what happens.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "ecs-service",
        title = "ECS Service",
        syntax = "ecs-service:operation",
        producerOnly = true,
        category = {Category.CLOUD})
public class EcsServiceEndpoint extends DefaultEndpoint {

    /** The header with the outcome. */
    public static final String OUTCOME = "CamelEcsServiceOutcome";

    /**
     * The header with when {@code check-agent} asked ECS, an {@link java.time.Instant}: the answer may take long, and
     * is no newer than the question.
     */
    public static final String ASKED = "CamelEcsServiceAsked";

    /** The header with what there is to say beside the outcome: {@code 1 of 200 tasks; ECS replaces it}. */
    public static final String DETAIL = "CamelEcsServiceDetail";

    /**
     * The header with what {@code plan} found, in sentences for whoever has to confirm it. There is none when the
     * change would be refused: then {@value #OUTCOME} and {@value #DETAIL} say why.
     */
    public static final String PLAN = "CamelEcsServicePlan";

    /** The header with what {@code expect} takes to do what was planned and nothing else: {@code web:43>web:42}. */
    public static final String CONFIRM = "CamelEcsServiceConfirm";

    /** The header with how many seconds later the service must be checked again; absent when it need not be. */
    public static final String NEXT = "CamelEcsServiceNext";

    /** The header with when a service on-demand goes back at the earliest: {@code 2026-11-20 10:30 UTC}, or empty. */
    public static final String UNTIL = "CamelEcsServiceUntil";

    /** The header with the key of that follow-up, so that one is pending and not many. */
    public static final String FOLLOW_UP_KEY = "CamelEcsServiceFollowUpKey";

    /** The header with how long the key is claimed, a {@link java.time.Duration}: a little less than the delay. */
    public static final String FOLLOW_UP_TTL = "CamelEcsServiceFollowUpTtl";

    /** The header with the service's ARN. */
    public static final String SERVICE_ARN = "CamelEcsServiceArn";

    /** The header with the ARN of the service's cluster. */
    public static final String CLUSTER_ARN = "CamelEcsServiceClusterArn";

    /** The outcome of a redeployment when the service's policy is to fail over: {@code ensure-capacity} is next. */
    public static final String FAILOVER = "failover";

    /** The outcome when a change is possible and was only planned. */
    public static final String PLANNED = "planned";

    /** The outcome when no instance drains, or it explains nothing. */
    public static final String NO_DRAIN = "no-drain";

    /** The outcome when a service was updated. */
    public static final String UPDATED = "updated";

    @UriPath(description = "What to do")
    @Metadata(required = true)
    final Operation operation;

    @UriParam(description = "The cluster's name, as text or simple expression; that of the event by default")
    String cluster;

    @UriParam(description = "The service's name, as text or simple expression; that of the event by default")
    String service;

    @UriParam(description = "redeploy: minimum time between two redeployments of the service; by default as set")
    String coolDown;

    @UriParam(
            description = "plan: what would be done, redeploy, roll-back, to-on-demand or back-to-spot",
            defaultValue = "redeploy")
    String change = "redeploy";

    @UriParam(
            description = "redeploy, roll-back, ensure-capacity: what was confirmed, as text or simple expression; "
                    + "not checked when empty")
    String expect;

    @UriParam(
            description =
                    "match-instances, check-drain: the services to match, by name or cluster/name, separated by commas")
    String services = "";

    @UriParam(
            description =
                    "redeploy, ensure-capacity: what to do about Spot interruptions, redeploy, observe or failover",
            defaultValue = "redeploy")
    private String spotPolicy = "redeploy";

    @UriParam(description = "redeploy: the same for single services; the first match wins: prod/batch-*=observe")
    private String spotPolicies = "";

    @UriParam(
            description = "redeploy: the share of the running tasks that Spot has to interrupt within five minutes",
            defaultValue = "0.1")
    double spotShare = 0.1;

    @UriParam(
            description = "redeploy: maximum number of Spot-triggered redeployments of a service per hour",
            defaultValue = "4")
    int spotLimit = 4;

    @UriParam(
            description = "ensure-capacity: how long tasks may be missing before the service moves to on-demand",
            defaultValue = "5m")
    String failoverAfter = "5m";

    @UriParam(description = "ensure-capacity: how long the service stays on-demand at first", defaultValue = "30m")
    String calmTime = "30m";

    @UriParam(
            description = "ensure-capacity: on-demand or spot, when a person asks for that; by itself when empty",
            defaultValue = "")
    String to = "";

    @UriParam(description = "match-instances: the least desired count", defaultValue = "0")
    int min;

    @UriParam(description = "match-instances: the greatest desired count", defaultValue = "10000")
    int max = 10_000;

    @UriParam(
            description = "match-instances: also raise a service whose desired count somebody set to 0",
            defaultValue = "false")
    boolean fromZero;

    public EcsServiceEndpoint(String uri, EcsServiceComponent component, Operation operation) {
        super(uri, component);
        this.operation = operation;
    }

    @Override
    public EcsServiceComponent getComponent() {
        return (EcsServiceComponent) super.getComponent();
    }

    @Override
    public Producer createProducer() {
        return new EcsServiceProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("ecs-service: cannot be read from");
    }

    public Operation getOperation() {
        return operation;
    }

    /** The cluster's name, as text or simple expression, instead of the event's. */
    public void setCluster(String cluster) {
        this.cluster = cluster;
    }

    /** The service's name, as text or simple expression, instead of the event's. */
    public void setService(String service) {
        this.service = service;
    }

    /** How long another redeployment of the service is not started, instead of what the settings say: {@code 1h}. */
    public void setCoolDown(String coolDown) {
        this.coolDown = coolDown;
    }

    /** What is planned: {@code redeploy} or {@code roll-back}. */
    public void setChange(String change) {
        this.change = change;
    }

    /**
     * What a person confirmed, as the header {@value #CONFIRM} had it: {@code web:43>web:42}. When ECS is not so any
     * more, nothing is done.
     */
    public void setExpect(String expect) {
        this.expect = expect;
    }

    public String getSpotPolicy() {
        return spotPolicy;
    }

    /** What to do about the Spot interruption of a service that has no policy of its own. */
    public void setSpotPolicy(String spotPolicy) {
        this.spotPolicy = spotPolicy;
    }

    public String getSpotPolicies() {
        return spotPolicies;
    }

    /** What to do about single services: a name or {@code cluster/name} with {@code *}, {@code =} and the policy. */
    public void setSpotPolicies(String spotPolicies) {
        this.spotPolicies = spotPolicies;
    }

    /** The least share of a service's running tasks, from 0 to 1, whose interruption is worth a deployment. */
    public void setSpotShare(double spotShare) {
        this.spotShare = spotShare;
    }

    /** How many deployments are started in an hour for the interruptions of one service. */
    public void setSpotLimit(int spotLimit) {
        this.spotLimit = spotLimit;
    }

    /** How long tasks of the service may be missing before it moves to on-demand: {@code 5m}. */
    public void setFailoverAfter(String failoverAfter) {
        this.failoverAfter = failoverAfter;
    }

    /** How long the service stays on-demand at first; twice as long each time Spot failed soon after: {@code 30m}. */
    public void setCalmTime(String calmTime) {
        this.calmTime = calmTime;
    }

    /** Where a person wants the service to be: {@code on-demand} or {@code spot}; empty when nobody asks. */
    public void setTo(String to) {
        this.to = to;
    }

    /** The services that run one task on each instance, by name or {@code cluster/name}, separated by commas. */
    public void setServices(String services) {
        this.services = services;
    }

    /** The least desired count, 0 or more. */
    public void setMin(int min) {
        this.min = min;
    }

    /** The greatest desired count, at least {@code min}. */
    public void setMax(int max) {
        this.max = max;
    }

    /** Whether a service whose desired count somebody set to 0 is raised, too. */
    public void setFromZero(boolean fromZero) {
        this.fromZero = fromZero;
    }
}
