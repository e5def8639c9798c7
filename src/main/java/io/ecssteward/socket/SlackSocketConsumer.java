package io.ecssteward.socket;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.slack.SocketListener;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates an exchange for each click and command, and acknowledges it when the exchange succeeds. When it is suspended,
 * as at the beginning of a shutdown, it waits for the exchanges in flight, acknowledges them, and then closes the
 * connection.
 */
class SlackSocketConsumer extends DefaultConsumer implements Suspendable {
    private static final Logger LOG = LoggerFactory.getLogger(SlackSocketConsumer.class);

    /**
     * Our own choice: each click has its own thread while its message is sent to SQS, so that a slow call does not
     * delay others.
     */
    private static final int THREADS = 8;

    private static final Duration TAKING_OVER = Duration.ofSeconds(3);

    private final SlackSocketEndpoint endpoint;
    private ExecutorService threads;
    private ScheduledExecutorService scheduler;
    private SocketClient client;

    SlackSocketConsumer(SlackSocketEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Collection<SocketListener> listeners =
                endpoint.getCamelContext().getRegistry().findByType(SocketListener.class);
        threads = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newFixedThreadPool(this, "slack-socket-actions", THREADS);
        scheduler = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newSingleThreadScheduledExecutor(this, "slack-socket");
        client = new SocketClient(
                endpoint.apiUrl,
                endpoint.getComponent().secrets(),
                SocketTimes.DEFAULT,
                scheduler,
                listeners,
                this::take);
        client.start();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        client.start();
    }

    @Override
    protected void doSuspend() throws Exception {
        // After an edit of the routes, their successors are connecting right now.
        client.leave(endpoint.getCamelContext().isStopping() ? Duration.ZERO : TAKING_OVER);
        super.doSuspend();
    }

    @Override
    protected void doStop() throws Exception {
        client.stop();
        endpoint.getCamelContext().getExecutorServiceManager().shutdownNow(scheduler);
        endpoint.getCamelContext().getExecutorServiceManager().shutdown(threads);
        super.doStop();
    }

    /** Handles an envelope, and returns the outcome. */
    private CompletableFuture<String> take(JsonNode envelope) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        String message = Envelope.message(envelope, Clock.systemUTC());
        if (message == null) {
            LOG.debug("ignoring what Slack sent: {}", Envelope.describe(envelope));
            outcome.complete(SocketClient.IGNORED);
            return outcome;
        }
        try {
            threads.execute(() -> process(message, envelope, outcome));
        } catch (RejectedExecutionException e) {
            failed(envelope, e, outcome);
        }
        return outcome;
    }

    private void process(String message, JsonNode envelope, CompletableFuture<String> outcome) {
        Exchange exchange = createExchange(true);
        exchange.getMessage().setBody(message);
        getAsyncProcessor().process(exchange, doneSync -> {
            Exception failure = exchange.getException();
            if (failure == null) {
                outcome.complete(SocketClient.QUEUED);
            } else {
                failed(envelope, failure, outcome);
            }
        });
    }

    private static void failed(JsonNode envelope, Exception failure, CompletableFuture<String> outcome) {
        LOG.warn(
                "an action in Slack could not be queued, and Slack warns the person: {}: {}",
                Envelope.describe(envelope),
                failure.getMessage());
        outcome.complete(SocketClient.FAILED);
    }
}
