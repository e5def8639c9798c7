package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;

/** Many services are interrupted at once, and ECS has its buckets. A second of theirs takes some 20 milliseconds here. */
class MassInterruptionTest extends EcsRoutes {

    private static final Duration STEP = Duration.ofMillis(50);

    /** Interrupts these services of cluster prod, in this order, and lets the time go on until all is done. */
    private List<Exchange> interrupt(List<String> services) throws Exception {
        Instant began = clock.instant();
        routes.bind("ecsClient", new LimitedEcs(
                ecs.client(), () -> Duration.between(began, clock.instant()).toNanos(), this::pause));
        start("ecs-service:redeploy");
        List<CompletableFuture<Exchange>> results = new ArrayList<>();
        try (ProducerTemplate template = routes.camel().createProducerTemplate()) {
            for (String service : services) {
                Object event = Events.spot("service:" + service, began.toString());
                results.add(template.asyncSend("direct:in", e -> e.getMessage().setBody(event)));
            }
            while (!results.stream().allMatch(CompletableFuture::isDone)) {
                clock.advance(STEP);
                Thread.sleep(1);
            }
        }
        return results.stream().map(CompletableFuture::join).toList();
    }

    private void pause(long nanos) throws InterruptedException {
        Instant until = clock.instant().plusNanos(nanos);
        while (clock.instant().isBefore(until)) {
            Thread.sleep(1);
        }
    }

    private List<String> services(int count) {
        List<String> names = Stream.iterate(1, i -> i + 1).limit(count).map(i -> "s" + i).toList();
        names.forEach(name -> ecs.addService("prod", name));
        return names;
    }

    private List<String> updated() {
        return updates().stream().map(u -> u.path("service").asText()).toList();
    }

    @Test
    void everyServiceIsUpdatedOnceWithinTheNoticeAndNoCallIsThrottled() throws Exception {
        ecs.limitRates();
        List<String> services = services(200);
        List<Exchange> done = interrupt(services);

        assertThat(done).allSatisfy(exchange -> assertThat(outcome(exchange)).isEqualTo("updated"));
        // A call that is throttled is a call too, so 200 of them means that none was.
        assertThat(updated()).containsExactlyInAnyOrderElementsOf(services);
        Duration last = Duration.between(Instant.parse(NOW), ecs.calls(FakeEcs.UPDATE_SERVICE).get(199).time());
        int describes = ecs.calls(FakeEcs.DESCRIBE_SERVICES).size();
        System.out.printf("200 services: the last UpdateService after %.1f s, %d calls to DescribeServices%n", last.toMillis() / 1e3, describes);
        assertThat(last).isLessThan(Duration.ofSeconds(120));
        assertThat(describes).isLessThan(60);
    }

    @Test
    void callsThatAreThrottledAllTheSameSlowItDown() throws Exception {
        // Another replica takes its share too.
        ecs.limitRate(FakeEcs.UPDATE_SERVICE, 10, 5);
        List<Exchange> done = interrupt(services(30));

        long throttled = done.stream().filter(e -> e.getException() != null).count();
        System.out.printf("30 services where 10 go at once: %d calls throttled%n", throttled);
        assertThat(throttled).isLessThan(20);
    }
}
