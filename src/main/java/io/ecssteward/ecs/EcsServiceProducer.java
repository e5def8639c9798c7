package io.ecssteward.ecs;

import io.ecssteward.claim.ClaimRepository;
import io.ecssteward.claim.Durations;
import io.ecssteward.ecs.CapacityDecision.Rules;
import io.ecssteward.ecs.CapacityDecision.Wish;
import io.ecssteward.event.ContainerInstanceStateChange;
import io.ecssteward.event.Event;
import io.ecssteward.event.FollowUp;
import io.ecssteward.event.TaskStateChange;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultAsyncProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * Performs the operation in the endpoint's URI on the cluster and service that the parameters or the event name. It
 * calls ECS in a thread of the component: a call may have to wait for the rate limit, and the thread that reads the
 * queue must not.
 *
 * <p>Long because one producer has all operations.
 */
class EcsServiceProducer extends DefaultAsyncProducer {

    private static final Logger LOG = LoggerFactory.getLogger(EcsServiceProducer.class);

    /** What {@code plan} plans. */
    private static final List<String> PLANNED =
            List.of(Operation.REDEPLOY.toString(), Operation.ROLL_BACK.toString(), "to-on-demand", "back-to-spot");

    /** Where a planned move leads. */
    private static final Map<String, String> MOVES = Map.of("to-on-demand", "on-demand", "back-to-spot", "spot");

    private final EcsServiceEndpoint endpoint;
    private final EcsServiceComponent component;
    private Expression cluster;
    private Expression service;
    private Expression expect;
    private Duration coolDown;
    private Rules rules;
    private Wish wish;

    EcsServiceProducer(EcsServiceEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.component = endpoint.getComponent();
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        if (endpoint.getMin() < 0 || endpoint.getMax() < endpoint.getMin()) {
            throw new IllegalArgumentException("ecs-service:match-instances: min is " + endpoint.getMin()
                    + " and max is " + endpoint.getMax() + "; set 0 <= min <= max");
        }
        if (!SpotPolicy.WORDS.contains(endpoint.getSpotPolicy())) {
            throw new IllegalArgumentException("ecs-service:" + endpoint.getOperation() + ": spotPolicy is '"
                    + endpoint.getSpotPolicy() + "'; set one of " + SpotPolicy.WORDS);
        }
        coolDown = endpoint.getCoolDown() == null ? null : duration("coolDown", endpoint.getCoolDown());
        rules = new Rules(
                duration("failoverAfter", endpoint.getFailoverAfter()), duration("calmTime", endpoint.getCalmTime()));
        wish = Wish.of(
                endpoint.getOperation() == Operation.PLAN
                        ? MOVES.getOrDefault(endpoint.getChange(), "")
                        : endpoint.getTo());
        cluster = simple(endpoint.getCluster());
        service = simple(endpoint.getService());
        expect = simple(endpoint.getExpect());
        if (!PLANNED.contains(endpoint.getChange())) {
            throw new IllegalArgumentException(
                    "ecs-service:plan: change is '" + endpoint.getChange() + "'; set one of " + PLANNED);
        }
    }

    private Duration duration(String parameter, String written) {
        try {
            return Durations.parse(written);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "ecs-service:" + endpoint.getOperation() + ": " + parameter + " is " + e.getMessage());
        }
    }

    private Expression simple(String text) {
        if (text == null) {
            return null;
        }
        Expression expression =
                endpoint.getCamelContext().resolveLanguage("simple").createExpression(text);
        expression.init(endpoint.getCamelContext());
        return expression;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Event event = exchange.getMessage().getBody() instanceof Event body ? body.original() : null;
        String namedCluster = evaluate(cluster, exchange, null);
        String clusterName = namedCluster != null || event == null ? namedCluster : event.cluster();
        if (clusterName == null && endpoint.getOperation() == Operation.CHECK_DRAIN) {
            exchange.getMessage().setHeader(EcsServiceEndpoint.OUTCOME, EcsServiceEndpoint.NO_DRAIN);
            callback.done(true);
            return true;
        }
        Operation operation = endpoint.getOperation();
        if (operation == Operation.FIND_FAILOVERS) {
            component.others().execute(() -> {
                findFailovers(exchange);
                callback.done(false);
            });
            return false;
        }
        boolean change = operation == Operation.PLAN && wish == Wish.NONE
                || operation == Operation.ROLL_BACK
                || operation == Operation.REDEPLOY && ServiceChange.byHand(event);
        if (clusterName == null && !(change && ServiceChange.byHand(event))) {
            exchange.setException(new PermanentFailureException("ecs-service:" + endpoint.getOperation()
                    + ": neither the parameters nor the event name a cluster"));
            callback.done(true);
            return true;
        }
        EcsServices ecs = new EcsServices(component.getEcsClient(), event, namedCluster == null, exchange);
        String serviceName = evaluate(service, exchange, event == null ? null : event.service());
        if (change) {
            ServiceChange asked =
                    new ServiceChange(component.getEcsClient(), ecs, exchange, event, clusterName, serviceName);
            component.others().execute(() -> {
                setOutcome(
                        exchange,
                        () -> operation == Operation.PLAN
                                ? asked.plan(Operation.of(endpoint.getChange()))
                                : asked.make(
                                        operation, evaluate(expect, exchange, ""), component.getClaims(), coolDown));
                callback.done(false);
            });
            return false;
        }
        if (operation == Operation.ENSURE_CAPACITY || wish != Wish.NONE) {
            ServiceCapacity capacity =
                    new ServiceCapacity(endpoint, ecs, exchange, event, clusterName, serviceName, rules, wish);
            if (wish == Wish.NONE) {
                capacity.ensure(outcome -> {
                    setOutcome(exchange, outcome);
                    proceed(callback);
                });
                return false;
            }
            CapacityByHand asked =
                    new CapacityByHand(component, capacity, ecs, exchange, clusterName, serviceName, wish);
            component.others().execute(() -> {
                setOutcome(
                        exchange,
                        () -> operation == Operation.PLAN
                                ? asked.plan()
                                : asked.make(evaluate(expect, exchange, ""), component.getClaims()));
                callback.done(false);
            });
            return false;
        }
        if (operation == Operation.REDEPLOY) {
            String clusterArn = namedCluster == null ? event.clusterArn() : arn(namedCluster, event);
            String id = (clusterArn == null ? "" : clusterArn) + "/" + serviceName;
            SpotGuard spot = event instanceof TaskStateChange task && task.spotInterruption()
                    ? new SpotGuard(endpoint, task, component.claimStore(), id)
                    : null;
            return redeploy(exchange, callback, ecs, clusterName, serviceName, "redeploy/" + id, spot);
        }
        component.others().execute(() -> {
            InstanceMatching instances =
                    new InstanceMatching(component.getEcsClient(), ecs, endpoint, component.claimStore(), clusterName);
            setOutcome(exchange, () -> switch (operation) {
                case CHECK_AGENT -> checkAgent(exchange, ecs, clusterName, event);
                case CHECK_DRAIN -> checkDrain(ecs, instances, clusterName, serviceName);
                default -> instances.match();
            });
            callback.done(false);
        });
        return false;
    }

    /** Where ECS does not say, nothing drains: an alert too many is better than one too few. */
    private static String checkDrain(
            EcsServices ecs, InstanceMatching instances, String clusterName, String serviceName) {
        try {
            return instances.drains(serviceName)
                    ? ecs.skipped(SkipReason.DRAINING, "place/" + clusterName + "/" + serviceName)
                    : EcsServiceEndpoint.NO_DRAIN;
        } catch (PermanentFailureException | TransientFailureException e) {
            LOG.warn("{}; so its placement failure is told", e.getMessage());
            return EcsServiceEndpoint.NO_DRAIN;
        }
    }

    private String checkAgent(Exchange exchange, EcsServices ecs, String clusterName, Event event) {
        if (!(event instanceof ContainerInstanceStateChange change)) {
            throw new PermanentFailureException("checking an agent: the event is a "
                    + (event == null ? "nothing" : event.type()) + " and not a container-instance-state-change");
        }
        return component.agentConnection().next(exchange, change, () -> {
            exchange.getMessage()
                    .setHeader(EcsServiceEndpoint.ASKED, component.clock().instant());
            return ecs.agentState(clusterName, change);
        });
    }

    /**
     * The cluster's ARN, so that a claim is the same whether a parameter or an event names the service; the name alone
     * where the event is from elsewhere.
     */
    private String arn(String cluster, Event event) {
        Region region = component.getEcsClient().serviceClientConfiguration().region();
        boolean sameRegion =
                event != null && region != null && region.id().equals(event.region()) && event.account() != null;
        return cluster.startsWith("arn:") || !sameRegion
                ? cluster
                : "arn:" + PartitionMetadata.of(region).id() + ":ecs:" + region.id() + ":" + event.account()
                        + ":cluster/" + cluster;
    }

    private boolean redeploy(
            Exchange exchange,
            AsyncCallback callback,
            EcsServices ecs,
            String clusterName,
            String serviceName,
            String claim,
            SpotGuard spot) {
        if (serviceName == null || ecs.otherRegion()) {
            setOutcome(exchange, () -> ecs.redeploy(clusterName, serviceName, null, null));
            callback.done(true);
            return true;
        }
        ClaimRepository claims = component.getClaims();
        boolean claimHere = claims != null && !claims.holds(exchange, claim);
        try {
            if (claimHere && !ServiceChange.claim(claims, exchange, claim, coolDown)) {
                exchange.getMessage().setHeader(EcsServiceEndpoint.OUTCOME, SkipReason.COOLDOWN.word());
                callback.done(true);
                return true;
            }
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        AsyncCallback completed = doneSync -> {
            String outcome = exchange.getMessage().getHeader(EcsServiceEndpoint.OUTCOME, String.class);
            if (claimHere
                    && (exchange.getException() != null
                            || EcsServiceEndpoint.FAILOVER.equals(outcome)
                            || SkipReason.SMALL_SHARE.word().equals(outcome))) {
                // The next interrupted task may be the one that makes the share large enough, or is counted.
                claims.remove(exchange, claim);
            } else if (claimHere && spot != null && coolDown != null && EcsServiceEndpoint.UPDATED.equals(outcome)) {
                claims.confirm(exchange, claim, spot.coolDown(coolDown));
            } else if (claimHere) {
                claims.confirm(exchange, claim);
            }
            callback.done(doneSync);
        };
        component
                .dueServices()
                .add(
                        DueServices.ALL_RUNNING,
                        clusterName,
                        serviceName,
                        found -> {
                            setOutcome(exchange, () -> ecs.redeploy(clusterName, serviceName, found, spot));
                            exchange.getMessage().setHeader(EcsServiceEndpoint.DETAIL, ecs.detail());
                            proceed(completed);
                        },
                        failure -> {
                            exchange.setException(failure);
                            proceed(completed);
                        });
        return false;
    }

    private void findFailovers(Exchange exchange) {
        try {
            exchange.getMessage()
                    .setBody(
                            FailedOverService.described(component.getEcsClient(), List.of(), EcsServiceProducer::unseen)
                                    .stream()
                                    .map(found -> FollowUp.message(
                                            "capacity",
                                            found.serviceArn(),
                                            found.clusterArn(),
                                            component.clock().instant()))
                                    .toList());
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
    }

    /** The role may be limited to some clusters. */
    private static void unseen(String refusal) {
        LOG.info("not looking there for services on demand: {}", refusal);
    }

    /** Continues the route in another thread, so that it does not hold up the redeployments that are due. */
    private void proceed(AsyncCallback callback) {
        component.others().execute(() -> callback.done(false));
    }

    /** Performs the operation, and sets the outcome header or the exception. */
    private static void setOutcome(Exchange exchange, Supplier<String> operation) {
        try {
            exchange.getMessage().setHeader(EcsServiceEndpoint.OUTCOME, operation.get());
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
    }

    private static String evaluate(Expression expression, Exchange exchange, String otherwise) {
        String name = expression == null ? null : expression.evaluate(exchange, String.class);
        return name == null || name.isBlank() ? otherwise : name;
    }
}
