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
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.EventHelper;
import org.apache.camel.support.ExchangeHelper;

/**
 * Dispatches the event to all matching routes in parallel: an alert that waits for Slack in one route must not delay an
 * action in ECS in another. It completes when all routes have completed, and fails if one failed.
 *
 * @see EventComponent#setParallelProcessing
 */
class EventProducer extends DefaultAsyncProducer {

    private final EventEndpoint endpoint;

    EventProducer(EventEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        if (!endpoint.getName().equals(EventEndpoint.DISPATCH)) {
            throw new IllegalArgumentException("to: event:" + endpoint.getName()
                    + " calls a route that gets events by its pattern; move the shared steps "
                    + "into a route that begins at direct:, and call that");
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        List<EventConsumer> routes = endpoint.getComponent().routes(exchange);
        if (routes.isEmpty()) {
            callback.done(true);
            return true;
        }
        EventConsumer first = routes.get(0);
        if (routes.size() == 1 && !first.custom()) {
            Object event = exchange.getMessage().getBody();
            announce(exchange, first);
            return first.getAsyncProcessor().process(exchange, doneSync -> {
                if (exchange.getException() != null) {
                    // A retry dispatches the original event again.
                    exchange.getMessage().setBody(event);
                }
                callback.done(doneSync);
            });
        }
        EventOutcome.of(exchange).entered(first.getRouteId());
        List<Exchange> copies = routes.stream()
                .map(route -> ExchangeHelper.createCorrelatedCopy(exchange, false))
                .toList();
        AtomicReference<Exception> worst = new AtomicReference<>();
        AtomicInteger waiting = new AtomicInteger(routes.size());
        AtomicInteger left = new AtomicInteger(routes.size() + 1);
        Runnable next = new Runnable() {
            @Override
            public void run() {
                // Built-in routes first, because they act on ECS.
                int i = waiting.decrementAndGet();
                if (i < 0) {
                    return;
                }
                EventConsumer route = routes.get(i);
                Exchange copy = copies.get(i);
                if (route.custom()) {
                    copy.setProperty(AlertComponent.CUSTOM_ROUTE, route.name());
                }
                announce(copy, route);
                route.getAsyncProcessor().process(copy, doneSync -> {
                    worst.accumulateAndGet(copy.getException(), EventProducer::worse);
                    run();
                    if (left.decrementAndGet() == 0) {
                        finish(exchange, worst.get(), callback, false);
                    }
                });
            }
        };
        int atOnce = endpoint.getComponent().isParallelProcessing() ? routes.size() : 1;
        for (int i = 0; i < atOnce; i++) {
            next.run();
        }
        if (left.decrementAndGet() == 0) {
            finish(exchange, worst.get(), callback, true);
            return true;
        }
        return false;
    }

    private static void announce(Exchange exchange, EventConsumer route) {
        EventHelper.notifyExchangeSending(exchange.getContext(), exchange, route.getEndpoint());
    }

    private static void finish(Exchange exchange, Exception worst, AsyncCallback callback, boolean sync) {
        if (worst != null) {
            // Failed steps were already retried; a retry by the calling route would start all routes over.
            exchange.setException(
                    worst instanceof ClaimHeldException held
                            ? new TransientFailureException(held.getMessage())
                            : worst);
            exchange.getExchangeExtension().setRedeliveryExhausted(true);
        }
        callback.done(sync);
    }

    /** The more retryable of two failures, as with the bean {@code most-retryable-failure}; null if there is none. */
    private static Exception worse(Exception one, Exception other) {
        return rank(other) > rank(one) ? other : one;
    }

    private static int rank(Exception failure) {
        return failure == null ? 0 : failure instanceof PermanentFailureException ? 1 : 2;
    }
}
