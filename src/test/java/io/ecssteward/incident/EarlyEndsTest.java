package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.alert.Alert;
import io.ecssteward.claim.DocumentStore;
import io.ecssteward.testing.ManualClock;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The memory for steady states has room for many services, and for no more. */
class EarlyEndsTest {

    private static final int SERVICES = 10_000;

    private final ManualClock clock = ManualClock.at("2026-11-20T10:00:00Z");

    /** Durable, and asked nothing else: steady states cost it nothing. */
    private final DocumentStore documents = (DocumentStore) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {DocumentStore.class}, (proxy, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("durable");
                return true;
            });

    private final EarlyEnds ends = new EarlyEnds(documents, clock);

    private void steady(int service) {
        ends.remember(Alert.about("service/" + service + "/*")
                .incident("service/" + service)
                .state(Alert.State.RESOLVED)
                .time(clock.instant())
                .build());
    }

    @Test
    void theOldestIsForgottenWhenThereAreTooMany() {
        steady(1);
        steady(2);
        steady(1);
        for (int service = 3; service <= SERVICES + 1; service++) {
            steady(service);
        }

        assertThat(ends.take("service/2")).as("heard of longest ago").isEmpty();
        assertThat(ends.take("service/1")).hasSize(1);
        assertThat(ends.take("service/" + SERVICES)).hasSize(1);
    }

    @Test
    void anHourLaterItIsForgotten() {
        steady(1);
        clock.advance(Duration.ofMinutes(59));
        steady(2);
        clock.advance(Duration.ofMinutes(1));
        steady(3);

        assertThat(ends.take("service/1")).isEmpty();
        assertThat(ends.take("service/2")).hasSize(1);
    }
}
