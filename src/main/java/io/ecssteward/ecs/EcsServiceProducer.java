package io.ecssteward.ecs;

import io.ecssteward.ecs.CapacityDecision.Rules;
import io.ecssteward.ecs.CapacityDecision.Wish;
import io.ecssteward.event.ContainerInstanceStateChange;
import io.ecssteward.event.Event;
import io.ecssteward.event.FollowUp;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.SkipReason;
import io.ecssteward.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultAsyncProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * Performs the operation in the endpoint's URI on the cluster and service from the parameters or the event. It calls
 * ECS in a thread of the component: a call may have to wait for the rate limit, which must not block the thread that
 * reads the queue.
 */
class EcsServiceProducer extends DefaultAsyncProducer {

    private static final Logger LOG = LoggerFactory.getLogger(EcsServiceProducer.class);

    /** Operations that need no cluster. */
    private static final Set<Operation> NO_CLUSTER = Set.of(Operation.FIND_FAILOVERS, Operation.CHECK_DRAIN);

    /** The changes that {@code plan} supports. */
    private static final List<String> PLANNED =
            List.of(Operation.REDEPLOY.toString(), Operation.ROLL_BACK.toString(), "to-on-demand", "back-to-spot");

    /** The destinations of planned moves. */
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
        if (endpoint.min < 0 || endpoint.max < endpoint.min) {
            throw new IllegalArgumentException("ecs-service:match-instances: min is " + endpoint.min + " and max is "
                    + endpoint.max + "; set 0 <= min <= max");
        }
        if (!SpotPolicy.WORDS.contains(endpoint.getSpotPolicy())) {
            throw new IllegalArgumentException("ecs-service:" + endpoint.operation + ": spotPolicy is '"
                    + endpoint.getSpotPolicy() + "'; set one of " + SpotPolicy.WORDS);
        }
        coolDown = endpoint.coolDown == null ? null : duration("coolDown", endpoint.coolDown);
        rules = new Rules(duration("failoverAfter", endpoint.failoverAfter), duration("calmTime", endpoint.calmTime));
        wish = Wish.of(endpoint.operation == Operation.PLAN ? MOVES.getOrDefault(endpoint.change, "") : endpoint.to);
        cluster = simple(endpoint.cluster);
        service = simple(endpoint.service);
        expect = simple(endpoint.expect);
        if (!PLANNED.contains(endpoint.change)) {
            throw new IllegalArgumentException(
                    "ecs-service:plan: change is '" + endpoint.change + "'; set one of " + PLANNED);
        }
    }

    private Duration duration(String parameter, String written) {
        try {
            return Durations.parse(written);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "ecs-service:" + endpoint.operation + ": " + parameter + " is " + e.getMessage());
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
        String named = evaluate(cluster, exchange, null);
        String clusterName = named != null || event == null ? named : event.cluster();
        String serviceName = evaluate(service, exchange, event == null ? null : event.service());
        Operation operation = endpoint.operation;
        boolean plans = operation == Operation.PLAN;
        boolean byHand = operation == Operation.ROLL_BACK
                || plans && wish == Wish.NONE
                || operation == Operation.REDEPLOY && ServiceChange.byHand(event);
        if (clusterName == null && !NO_CLUSTER.contains(operation) && !(byHand && ServiceChange.byHand(event))) {
            exchange.setException(new PermanentFailureException(
                    "ecs-service:" + operation + ": neither the parameters nor the event name a cluster"));
            callback.done(true);
            return true;
        }
        EcsServices ecs = new EcsServices(component.getEcsClient(), event, named == null, exchange);
        if (byHand) {
            ServiceChange asked =
                    new ServiceChange(component.getEcsClient(), ecs, exchange, event, clusterName, serviceName);
            answer(
                    exchange,
                    callback,
                    () -> plans
                            ? asked.plan(Operation.of(endpoint.change))
                            : asked.make(operation, evaluate(expect, exchange, ""), component.getClaims(), coolDown));
        } else if (operation == Operation.ENSURE_CAPACITY || wish != Wish.NONE) {
            ServiceCapacity capacity =
                    new ServiceCapacity(endpoint, ecs, exchange, event, clusterName, serviceName, rules, wish);
            if (wish == Wish.NONE) {
                // Changes are made in order of urgency; the rest of the route must not hold up the next service.
                capacity.ensure(outcome -> {
                    setOutcome(exchange, outcome);
                    component.others().execute(() -> callback.done(false));
                });
            } else {
                CapacityByHand asked =
                        new CapacityByHand(component, capacity, ecs, exchange, clusterName, serviceName, wish);
                answer(
                        exchange,
                        callback,
                        () -> plans ? asked.plan() : asked.make(evaluate(expect, exchange, ""), component.getClaims()));
            }
        } else if (operation == Operation.REDEPLOY) {
            new Redeployment(endpoint, exchange, event, ecs, named, serviceName, coolDown)
                    .begin(() -> callback.done(false));
        } else {
            InstanceMatching instances =
                    new InstanceMatching(component.getEcsClient(), ecs, endpoint, component.claimStore(), clusterName);
            answer(exchange, callback, () -> switch (operation) {
                case FIND_FAILOVERS -> findFailovers(exchange);
                case CHECK_AGENT -> checkAgent(exchange, ecs, clusterName, event);
                case CHECK_DRAIN -> checkDrain(ecs, instances, clusterName, serviceName);
                default -> instances.match();
            });
        }
        return false;
    }

    /** Computes the outcome and continues the route in a thread of the component. */
    private void answer(Exchange exchange, AsyncCallback callback, Supplier<String> outcome) {
        component.others().execute(() -> {
            setOutcome(exchange, outcome);
            callback.done(false);
        });
    }

    /** If ECS does not answer, no instance counts as draining: an alert too many is better than one too few. */
    private static String checkDrain(
            EcsServices ecs, InstanceMatching instances, String clusterName, String serviceName) {
        if (clusterName == null) {
            return EcsServiceEndpoint.NO_DRAIN;
        }
        try {
            return instances.drains(serviceName)
                    ? ecs.skipped(SkipReason.DRAINING, "place/" + clusterName + "/" + serviceName)
                    : EcsServiceEndpoint.NO_DRAIN;
        } catch (PermanentFailureException | TransientFailureException e) {
            LOG.warn("{}; so its placement failure causes an alert", e.getMessage());
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

    /** Sets the body to a list with a follow-up for each service. */
    private String findFailovers(Exchange exchange) {
        Instant now = component.clock().instant();
        List<Service> found =
                FailedOverService.described(component.getEcsClient(), List.of(), EcsServiceProducer::unseen);
        List<FailedOverService> services =
                found.stream().map(FailedOverService::of).toList();
        exchange.getContext()
                .getRegistry()
                .findByType(FailoverSweepListener.class)
                .forEach(listener -> listener.swept(services, now));
        exchange.getMessage()
                .setBody(found.stream()
                        .map(service -> FollowUp.message("capacity", service.serviceArn(), service.clusterArn(), now))
                        .toList());
        return null;
    }

    /** Steward's IAM role may be limited to some clusters. */
    private static void unseen(String refusal) {
        LOG.info("not searching there for on-demand services: {}", refusal);
    }

    /** Performs the operation, and sets the outcome header or the exception. */
    static void setOutcome(Exchange exchange, Supplier<String> operation) {
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
