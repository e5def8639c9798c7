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
 * Updates ECS services. Each decision uses the current state in ECS, not the state in the event.
 *
 * <pre>
 * - to: ecs-service:redeploy
 * </pre>
 *
 * <p>A service is redeployed at most once per cool-down: unless the route has already claimed the redeployment, this
 * step claims it.
 *
 * <p>The cluster and the service are those of the event in the body, unless the parameters name others. The body is
 * unchanged. The header {@value #OUTCOME} has the outcome: {@code updated}, or the word of the
 * {@linkplain io.ecssteward.outcome.SkipReason reason} why nothing was done. The outcome of {@code check-agent} is what
 * to do next: {@code wait}, {@code alert}, {@code resolve}, {@code resolve-leaving}, or the reason for doing nothing.
 * The outcome of {@code check-drain} is {@code draining} or {@value #NO_DRAIN}.
 *
 * <p>{@code ensure-capacity} moves a service to on-demand when Fargate Spot has no capacity for it, and back. It makes
 * at most one change per call and can be called at any time; {@value #NEXT} says when the next call is due.
 * {@code find-failovers} replaces the body with a list of follow-up messages, one for each service that was moved.
 *
 * <p>A person's request, a {@link io.ecssteward.event.SlackAction}, follows different rules from an event. The Spot
 * policy, share and cap and the cool-down do not apply, but harmful changes are refused, and each request is carried
 * out once. The header {@value #DETAIL} then has a sentence for that person, whatever the outcome. First, {@code plan}
 * describes in {@value #PLAN} what would happen. Its {@value #CONFIRM} is sent with the confirmation and comes back as
 * the parameter {@code expect}, so that only the confirmed change is made.
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
     * The header with the {@link java.time.Instant} at which {@code check-agent} called ECS. The response may take
     * long, and is as old as the call.
     */
    public static final String ASKED = "CamelEcsServiceAsked";

    /** The header with details of the outcome: {@code 1 of 200 tasks; ECS replaces it}. */
    public static final String DETAIL = "CamelEcsServiceDetail";

    /**
     * The header with the result of {@code plan}, in sentences for the person who confirms it. It is absent when the
     * change would be refused: then {@value #OUTCOME} and {@value #DETAIL} say why.
     */
    public static final String PLAN = "CamelEcsServicePlan";

    /**
     * The header with the value for {@code expect}, so that only the planned change is made: {@code web:43>web:42}, or
     * two strategies.
     */
    public static final String CONFIRM = "CamelEcsServiceConfirm";

    /** The header with the seconds until the next check of the service; absent if none is needed. */
    public static final String NEXT = "CamelEcsServiceNext";

    /**
     * The header with the earliest time at which an on-demand service moves back: {@code 2026-11-20 10:30 UTC}, or
     * empty.
     */
    public static final String UNTIL = "CamelEcsServiceUntil";

    /** The header with the key of that follow-up, so that only one is pending at a time. */
    public static final String FOLLOW_UP_KEY = "CamelEcsServiceFollowUpKey";

    /** The header with the {@link java.time.Duration} for which the key is claimed: slightly less than the delay. */
    public static final String FOLLOW_UP_TTL = "CamelEcsServiceFollowUpTtl";

    /** The header with the service's ARN. */
    public static final String SERVICE_ARN = "CamelEcsServiceArn";

    /** The header with the ARN of the service's cluster. */
    public static final String CLUSTER_ARN = "CamelEcsServiceClusterArn";

    /** The outcome of a redeployment when the service's policy is to fail over: call {@code ensure-capacity} next. */
    public static final String FAILOVER = "failover";

    /** The outcome when a change is possible and was only planned. */
    public static final String PLANNED = "planned";

    /** The outcome when no instance is draining, or a draining one does not explain the placement failure. */
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

    /** The minimum time between two redeployments of the service, instead of the setting: {@code 1h}. */
    public void setCoolDown(String coolDown) {
        this.coolDown = coolDown;
    }

    /** The change to plan: {@code redeploy}, {@code roll-back}, {@code to-on-demand} or {@code back-to-spot}. */
    public void setChange(String change) {
        this.change = change;
    }

    /**
     * The confirmed change, from the header {@value #CONFIRM}: {@code web:43>web:42}, or for a move the two strategies.
     * If the state in ECS has changed, nothing is done.
     */
    public void setExpect(String expect) {
        this.expect = expect;
    }

    public String getSpotPolicy() {
        return spotPolicy;
    }

    /** What to do about the Spot interruption of a service without its own policy. */
    public void setSpotPolicy(String spotPolicy) {
        this.spotPolicy = spotPolicy;
    }

    public String getSpotPolicies() {
        return spotPolicies;
    }

    /**
     * Policies for some services: a name or {@code cluster/name}, with {@code *} as wildcard, then {@code =} and the
     * policy.
     */
    public void setSpotPolicies(String spotPolicies) {
        this.spotPolicies = spotPolicies;
    }

    /** The minimum share of a service's running tasks, from 0 to 1, whose interruption starts a deployment. */
    public void setSpotShare(double spotShare) {
        this.spotShare = spotShare;
    }

    /** The maximum number of deployments per hour for the interruptions of one service. */
    public void setSpotLimit(int spotLimit) {
        this.spotLimit = spotLimit;
    }

    /** How long tasks of the service may be missing before it moves to on-demand: {@code 5m}. */
    public void setFailoverAfter(String failoverAfter) {
        this.failoverAfter = failoverAfter;
    }

    /** How long the service stays on-demand at first, {@code 30m}; doubled each time Spot fails again soon after. */
    public void setCalmTime(String calmTime) {
        this.calmTime = calmTime;
    }

    /** Where a person wants the service to run: {@code on-demand} or {@code spot}; empty without a request. */
    public void setTo(String to) {
        this.to = to;
    }

    /** The services that run one task on each instance, by name or {@code cluster/name}, separated by commas. */
    public void setServices(String services) {
        this.services = services;
    }

    /** The minimum desired count, 0 or more. */
    public void setMin(int min) {
        this.min = min;
    }

    /** The maximum desired count, at least {@code min}. */
    public void setMax(int max) {
        this.max = max;
    }

    /** Whether a service that an operator scaled to 0 is raised, too. */
    public void setFromZero(boolean fromZero) {
        this.fromZero = fromZero;
    }
}
