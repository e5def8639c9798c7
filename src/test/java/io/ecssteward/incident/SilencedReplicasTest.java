package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.testing.ManualClock;
import java.time.Duration;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas over one store, which read the silences at different times. */
class SilencedReplicasTest {
    private static final String ABOUT = "service/111122223333/eu-west-1/prod/web";

    private final ManualClock clock = ManualClock.at("2026-11-28T10:00:00Z");
    private final MemoryClaimStore store = new MemoryClaimStore(clock);
    private final Replica one = new Replica();
    private final Replica two = new Replica();

    private final class Replica {
        private final CamelContext camel = new DefaultCamelContext();
        private final Incidents incidents = new Incidents();

        private void start() throws Exception {
            camel.getRegistry().bind("clock", clock);
            camel.getRegistry().bind("claims", store);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:post-to-channel").setBody(e -> new Step.Posted(null, null));
                    from("direct:incident-event").setBody().constant("");
                }
            });
            camel.start();
            incidents.setCamelContext(camel);
            incidents.start();
        }

        /** An alert comes a second later, and this replica looks at its incident. */
        private void hears() {
            clock.advance(Duration.ofSeconds(1));
            Exchange exchange = new DefaultExchange(camel);
            exchange.getMessage()
                    .setBody(Alert.about(ABOUT + "/task")
                            .incident(ABOUT)
                            .title("A task failed")
                            .time(clock.instant())
                            .build());
            incidents.take(exchange);
            incidents.show(exchange).toCompletableFuture().join();
            incidents.sweep().toCompletableFuture().join();
        }

        private void stop() {
            incidents.stop();
            camel.stop();
        }
    }

    @BeforeEach
    void start() throws Exception {
        one.start();
        two.start();
    }

    @AfterEach
    void stop() {
        one.stop();
        two.stop();
    }

    private List<String> told() {
        return one.incidents.open().get(0).story().stream()
                .filter(line -> line.kind() == StoryLine.Kind.SILENCED)
                .map(StoryLine::text)
                .toList();
    }

    private void bothHear() {
        for (int i = 0; i < 3; i++) {
            two.hears();
            one.hears();
        }
    }

    @Test
    void noneUndoesASilenceOrAnEndThatItHasNotReadYet() {
        bothHear();
        ObjectNode pattern = IncidentJson.MAPPER.createObjectNode();
        pattern.putArray("cluster").add("prod");
        Silence silence = one.incidents
                .silences()
                .add(pattern, clock.instant(), clock.instant().plusSeconds(3600), "alex", null);
        one.hears();
        bothHear();
        assertThat(told()).containsExactly("Silenced by " + silence.id() + ".");

        clock.advance(Duration.ofSeconds(Silences.REREAD_SECONDS));
        bothHear();
        two.incidents.silences().expire(silence.id());
        two.hears();
        one.hears();
        bothHear();
        assertThat(told()).containsExactly("Silenced by " + silence.id() + ".", "The silence ended.");
    }
}
