package io.ecssteward.slack;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.testing.FakeSlack;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;

/** A route that ends in {@code slack:}, with two retries of what may pass, and a fake Slack behind it. */
final class SlackRoute implements AutoCloseable {
    /** What comes soon, on a slow machine too. */
    static final Duration SOON = Duration.ofSeconds(20);

    final FakeSlack slack = new FakeSlack();
    final PacedSlackComponent component = new PacedSlackComponent();
    final DefaultCamelContext camel = new DefaultCamelContext();
    private final String uri;
    private AsyncProducer producer;

    SlackRoute(String uri) {
        this.uri = uri;
        component.setChannel("#ops");
        component.getPacer().setInterval(Duration.ZERO);
        camel.getShutdownStrategy().setTimeout(SOON.toSeconds());
    }

    /** With one webhook, for all channels. */
    static SlackRoute withWebhook() {
        SlackRoute route = new SlackRoute("slack:default");
        route.component.setWebhookUrl(route.slack.webhook("wh-s3cr3t"));
        return route;
    }

    /** With a token. */
    static SlackRoute withToken() {
        SlackRoute route = new SlackRoute("slack:default");
        route.component.setServerUrl(route.slack.apiUrl());
        route.component.setToken("xoxb-s3cr3t");
        return route;
    }

    SlackRoute start() throws Exception {
        camel.addComponent("slack", component);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                // Camel's error handler logs all it can, at a level that CapturedLog sees and the console does not.
                errorHandler(defaultErrorHandler()
                        .retriesExhaustedLogLevel(LoggingLevel.DEBUG)
                        .retryAttemptedLogLevel(LoggingLevel.DEBUG)
                        .logRetryStackTrace(true));
                onException(TransientFailureException.class)
                        .maximumRedeliveries(2)
                        .redeliveryDelay(0)
                        .retriesExhaustedLogLevel(LoggingLevel.DEBUG)
                        .retryAttemptedLogLevel(LoggingLevel.DEBUG);
                from("direct:slack").to(uri);
                from("direct:once").errorHandler(noErrorHandler()).to(uri);
            }
        });
        camel.start();
        return this;
    }

    /** Posts a body, without retries. */
    Exchange once(Object body) throws Exception {
        return send("direct:once", body).get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    /** Posts a body, with retries, and waits. */
    Exchange post(Object body) throws InterruptedException, ExecutionException, TimeoutException {
        return send("direct:slack", body).get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    /** Hands a body over, in this thread; its answer comes later. */
    CompletableFuture<Exchange> send(Object body) {
        return send("direct:slack", body);
    }

    private CompletableFuture<Exchange> send(String from, Object body) {
        try {
            producer = camel.getEndpoint(from).createAsyncProducer();
            producer.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(body);
        return producer.processAsync(exchange);
    }

    static Alert alert(String title) {
        return Alert.about(title).state(Alert.State.INFO).title(title).build();
    }

    static Alert alert(String title, String channel) {
        return alert(title).change().channel(channel).build();
    }

    /** What a message is about, in order: the title of an alert, or those of a digest. */
    static Stream<String> titles(JsonNode message) {
        JsonNode blocks = message.at("/attachments/0/blocks");
        String footer = blocks.path(blocks.size() - 1).at("/elements/0/text").asText();
        if (!footer.matches("\\d+ alerts .*")) {
            return Stream.of(message.path("text").asText());
        }
        return StreamSupport.stream(blocks.spliterator(), false)
                .filter(block -> block.path("type").asText().equals("section"))
                .map(block ->
                        block.at("/text/text").asText().lines().findFirst().orElseThrow())
                .map(line -> line.replaceFirst("^\\S+ \\*?", "").replaceFirst("\\*?( \u00d7\\d+)?$", ""));
    }

    static List<Action> effects(Exchange exchange) {
        return EventOutcome.of(exchange).performed();
    }

    @Override
    public void close() {
        slack.close();
        camel.stop();
    }
}
