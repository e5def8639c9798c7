package io.ecssteward.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.testing.Events;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** An alert that was tried as often as it should be is not tried again by every route that called for it. */
class AlertFailureTest {

    @Test
    void theRoutesThatCallForAnAlertDoNotStartOver() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(defaultErrorHandler()
                            .maximumRedeliveries(3)
                            .redeliveryDelay(1)
                            .logExhausted(false));
                    from("direct:event").to("alert:x");
                    from("direct:alerts").process(e -> {
                        tries.incrementAndGet();
                        throw new TransientFailureException("Slack is down");
                    });
                }
            });
            camel.start();
            try (ProducerTemplate template = camel.createProducerTemplate()) {
                Object event = Events.spot("service:web", "2026-11-16T09:14:05Z");
                Exchange done =
                        template.send("direct:event", e -> e.getMessage().setBody(event));
                assertThat(done.getException()).hasMessage("Slack is down");
            }
        }
        assertThat(tries).hasValue(4);
    }
}
