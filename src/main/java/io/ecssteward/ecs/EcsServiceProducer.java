package io.ecssteward.ecs;

import io.ecssteward.claim.ClaimRepository;
import io.ecssteward.claim.Durations;
import io.ecssteward.event.Event;
import io.ecssteward.event.FollowUp;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultAsyncProducer;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;

/**
 * Finds out which cluster and service are meant, and asks {@link EcsServices} to do what the endpoint's URI says, in a
 * thread of the component's own: calls may have to wait for the rate limit, and the thread that reads the queue must
 * not.
 */
class EcsServiceProducer extends DefaultAsyncProducer {

    /** By which claims are told how long they count. */
    private static final String COOL_DOWN = "coolDown";

    private final EcsServiceEndpoint endpoint;
    private final EcsServiceComponent component;
    private Expression cluster;
    private Expression service;
    private Expression clusters;
    private Duration coolDown;

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
        if (endpoint.getOperation() == Operation.MATCH_INSTANCES && endpoint.getClusters() == null) {
            throw new IllegalArgumentException(
                    "ecs-service:match-instances: set clusters to where the answer of aws2-ecs's describeCluster is");
        }
        try {
            coolDown = endpoint.getCoolDown() == null ? null : Durations.parse(endpoint.getCoolDown());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "ecs-service:" + endpoint.getOperation() + ": coolDown is " + e.getMessage());
        }
        cluster = simple(endpoint.getCluster());
        service = simple(endpoint.getService());
        clusters = simple(endpoint.getClusters());
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
        Event event = exchange.getMessage().getBody() instanceof Event e ? e : null;
        if (event instanceof FollowUp again) {
            event = again.event();
        }
        String named = named(cluster, exchange, null);
        String where = named != null || event == null ? named : event.cluster();
        if (where == null) {
            exchange.setException(new PermanentFailureException("ecs-service:" + endpoint.getOperation()
                    + ": neither the parameters nor the event name a cluster"));
            callback.done(true);
            return true;
        }
        EcsServices ecs = new EcsServices(component.getEcsClient(), event, named == null, exchange);
        if (endpoint.getOperation() == Operation.REDEPLOY) {
            String name = named(service, exchange, event == null ? null : event.service());
            String clusterArn = named == null ? event.clusterArn() : arn(named, event);
            return redeploy(
                    exchange,
                    callback,
                    ecs,
                    where,
                    name,
                    "redeploy/" + (clusterArn == null ? "" : clusterArn) + "/" + name);
        }
        component.others().execute(() -> {
            settle(
                    exchange,
                    () -> endpoint.getOperation() == Operation.CHECK_AGENT
                            ? ecs.checkAgent(where)
                            : ecs.matchInstances(
                                    where,
                                    endpoint.getServices(),
                                    clusters.evaluate(exchange, DescribeClustersResponse.class),
                                    endpoint.getMin(),
                                    endpoint.getMax()));
            callback.done(false);
        });
        return false;
    }

    /**
     * The cluster's ARN where the event tells enough of it, so that the service is the same to whoever names it by its
     * event; what was named where not.
     */
    private String arn(String cluster, Event event) {
        Region ours = component.getEcsClient().serviceClientConfiguration().region();
        boolean here = event != null && ours != null && ours.id().equals(event.region()) && event.account() != null;
        return cluster.startsWith("arn:") || !here
                ? cluster
                : "arn:" + PartitionMetadata.of(ours).id() + ":ecs:" + ours.id() + ":" + event.account() + ":cluster/"
                        + cluster;
    }

    private boolean redeploy(
            Exchange exchange, AsyncCallback callback, EcsServices ecs, String where, String name, String claim) {
        if (name == null || ecs.otherRegion()) {
            settle(exchange, () -> ecs.redeploy(where, name, null));
            callback.done(true);
            return true;
        }
        ClaimRepository claims = component.getClaims();
        boolean toBeClaimed = claims != null && !claims.holds(exchange, claim);
        try {
            if (toBeClaimed && !claim(claims, exchange, claim)) {
                exchange.getMessage().setHeader(EcsServiceEndpoint.OUTCOME, SkipReason.COOLDOWN.word());
                callback.done(true);
                return true;
            }
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        AsyncCallback settled = doneSync -> {
            if (toBeClaimed && exchange.getException() == null) {
                claims.confirm(exchange, claim);
            } else if (toBeClaimed) {
                claims.remove(exchange, claim);
            }
            callback.done(doneSync);
        };
        component
                .redeployments()
                .add(new Redeployments.Due(
                        where,
                        name,
                        found -> {
                            settle(exchange, () -> ecs.redeploy(where, name, found));
                            proceed(settled);
                        },
                        failure -> {
                            exchange.setException(failure);
                            proceed(settled);
                        }));
        return false;
    }

    private boolean claim(ClaimRepository claims, Exchange exchange, String claim) {
        Object before = exchange.getVariable(COOL_DOWN);
        if (coolDown != null) {
            exchange.setVariable(COOL_DOWN, coolDown);
        }
        try {
            return claims.add(exchange, claim);
        } finally {
            if (coolDown != null && before == null) {
                exchange.removeVariable(COOL_DOWN);
            } else if (coolDown != null) {
                exchange.setVariable(COOL_DOWN, before);
            }
        }
    }

    /** Whatever the route does next must not hold up the redeployments that are due. */
    private void proceed(AsyncCallback callback) {
        component.others().execute(() -> callback.done(false));
    }

    /** Does it, and tells the exchange what came of it. */
    private static void settle(Exchange exchange, Supplier<String> operation) {
        try {
            exchange.getMessage().setHeader(EcsServiceEndpoint.OUTCOME, operation.get());
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
    }

    private static String named(Expression expression, Exchange exchange, String byDefault) {
        String name = expression == null ? null : expression.evaluate(exchange, String.class);
        return name == null || name.isBlank() ? byDefault : name;
    }
}
