package io.ecssteward.ecs;

import io.ecssteward.event.Event;
import io.ecssteward.event.LookAgain;
import io.ecssteward.fate.PermanentFailureException;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultProducer;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;

/** Finds out which cluster and service are meant, and asks {@link EcsServices} to do what the endpoint's URI says. */
class EcsServiceProducer extends DefaultProducer {

    private final EcsServiceEndpoint endpoint;
    private Expression cluster;
    private Expression service;
    private Expression clusters;

    EcsServiceProducer(EcsServiceEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        if (endpoint.getMin() < 0 || endpoint.getMax() < endpoint.getMin()) {
            throw new IllegalArgumentException(
                    "ecs-service:match-instances: min is " + endpoint.getMin() + " and max is " + endpoint.getMax()
                            + "; set 0 <= min <= max");
        }
        if (endpoint.getOperation() == Operation.MATCH_INSTANCES && endpoint.getClusters() == null) {
            throw new IllegalArgumentException(
                    "ecs-service:match-instances: set clusters to where the answer of aws2-ecs's describeCluster is");
        }
        cluster = simple(endpoint.getCluster());
        service = simple(endpoint.getService());
        clusters = simple(endpoint.getClusters());
    }

    private Expression simple(String text) {
        if (text == null) {
            return null;
        }
        Expression expression = endpoint.getCamelContext().resolveLanguage("simple").createExpression(text);
        expression.init(endpoint.getCamelContext());
        return expression;
    }

    @Override
    public void process(Exchange exchange) {
        Event event = exchange.getMessage().getBody() instanceof Event e ? e : null;
        if (event instanceof LookAgain again) {
            event = again.event();
        }
        String named = named(cluster, exchange, null);
        String where = named != null || event == null ? named : event.cluster();
        if (where == null) {
            throw new PermanentFailureException("ecs-service:" + endpoint.getOperation() + ": neither the parameters nor the event name a cluster");
        }
        EcsServices ecs = new EcsServices(endpoint.getComponent().getEcsClient(), event, named == null, exchange);
        String outcome = switch (endpoint.getOperation()) {
            case REDEPLOY -> ecs.redeploy(where, named(service, exchange, event == null ? null : event.service()));
            case MATCH_INSTANCES -> ecs.matchInstances(
                    where,
                    endpoint.getServices(),
                    clusters.evaluate(exchange, DescribeClustersResponse.class),
                    endpoint.getMin(),
                    endpoint.getMax());
            case CHECK_AGENT -> ecs.checkAgent(where);
        };
        exchange.getMessage().setHeader(EcsServiceEndpoint.OUTCOME, outcome);
    }

    private static String named(Expression expression, Exchange exchange, String byDefault) {
        String name = expression == null ? null : expression.evaluate(exchange, String.class);
        return name == null || name.isBlank() ? byDefault : name;
    }
}
