package io.ecssteward.dispatch;

import io.ecssteward.alerting.AlertComponent;
import io.ecssteward.claim.ClaimHeldException;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.EventOutcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.EventHelper;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Hands the event to the own routes that match it and to the shipped ones, all at the same time: an alert that waits
 * for Slack in one of them must not hold up what another does to ECS. It is done when all of them are, and failed when
 * one is.
 */
class EventProducer extends DefaultAsyncProducer {

    private final EventEndpoint endpoint;
    private AsyncProducer shipped;

    EventProducer(EventEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        String step = "to: event:" + endpoint.getName();
        if (endpoint.getPattern() != null || endpoint.getShipped() == null) {
            throw new IllegalArgumentException(
                    step + " calls a route that takes its events by its pattern; move what both are to do "
                            + "into a route that begins at direct:, and call that");
        }
        shipped = endpoint.getCamelContext().getEndpoint(endpoint.getShipped()).createAsyncProducer();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ServiceHelper.startService(shipped);
    }

    @Override
    protected void doStop() throws Exception {
        ServiceHelper.stopService(shipped);
        super.doStop();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        List<EventConsumer> own;
        try {
            own = endpoint.getComponent().matching(exchange);
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        if (own.isEmpty()) {
            return shipped.process(exchange, callback);
        }
        own.forEach(route -> EventOutcome.of(exchange).entered(route.getRouteId()));
        boolean instead = own.stream().anyMatch(EventConsumer::instead);
        // Before any of them works on it: the shipped routes have the exchange itself.
        List<Exchange> copies = own.stream()
                .map(route -> ExchangeHelper.createCorrelatedCopy(exchange, false))
                .toList();
        AtomicReference<Exception> worst = new AtomicReference<>();
        AtomicInteger left = new AtomicInteger(own.size() + (instead ? 1 : 2));
        if (!instead) {
            hand(exchange, shipped, () -> {}, left, () -> finish(exchange, worst.get(), callback, false));
        }
        for (int i = 0; i < own.size(); i++) {
            Exchange copy = copies.get(i);
            copy.setProperty(AlertComponent.OWN_ROUTE, own.get(i).name());
            EventHelper.notifyExchangeSending(
                    exchange.getContext(), copy, own.get(i).getEndpoint());
            hand(
                    copy,
                    own.get(i).getAsyncProcessor(),
                    () -> worst.accumulateAndGet(copy.getException(), EventProducer::worse),
                    left,
                    () -> finish(exchange, worst.get(), callback, false));
        }
        if (left.decrementAndGet() == 0) {
            finish(exchange, worst.get(), callback, true);
            return true;
        }
        return false;
    }

    private static void hand(Exchange exchange, AsyncProcessor to, Runnable done, AtomicInteger left, Runnable last) {
        AsyncCallback callback = doneSync -> {
            done.run();
            if (left.decrementAndGet() == 0) {
                last.run();
            }
        };
        to.process(exchange, callback);
    }

    private static void finish(Exchange exchange, Exception own, AsyncCallback callback, boolean sync) {
        Exception worst = worse(exchange.getException(), own);
        if (worst != null) {
            // What could be tried again was: the route that called would start all of them over.
            exchange.setException(
                    worst instanceof ClaimHeldException held
                            ? new TransientFailureException(held.getMessage())
                            : worst);
            exchange.getExchangeExtension().setRedeliveryExhausted(true);
        }
        callback.done(sync);
    }

    /**
     * Of two failures that of which trying again may be the end, as with the bean {@code worst-failure}; null when
     * there is none.
     */
    private static Exception worse(Exception one, Exception other) {
        return rank(other) > rank(one) ? other : one;
    }

    private static int rank(Exception failure) {
        return failure == null ? 0 : failure instanceof PermanentFailureException ? 1 : 2;
    }
}
