package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;

/** Many services are interrupted at once, and ECS has its buckets. The time goes on when all wait for it. */
class MassInterruptionTest extends EcsRoutes {

    /** How many threads of the component redeploy. */
    private static final int THREADS = 4;

    /**
     * Enough for a thread that is at work to get further; what is at stake is the end, when fewer threads are needed.
     */
    private static final long A_MOMENT = 20;

    private final PriorityQueue<Instant> pauses = new PriorityQueue<>();

    /** Interrupts these services of cluster prod, in this order, and lets the time go on until all is done. */
    private List<Exchange> interrupt(List<String> services) throws Exception {
        return send(
                services,
                service -> Events.spot("service:" + service, clock.instant().toString()),
                "ecs-service:redeploy");
    }

    private List<Exchange> send(
            List<String> services, Function<String, Object> eventOf, String step, String... parameters)
            throws Exception {
        Instant began = clock.instant();
        routes.bind(
                "ecsClient",
                new RateLimitedEcsClient(
                        ecs.client(),
                        () -> Duration.between(began, clock.instant()).toNanos(),
                        this::pause));
        start(step, parameters);
        List<CompletableFuture<Exchange>> results = new ArrayList<>();
        try (ProducerTemplate template = routes.camel().createProducerTemplate()) {
            for (String service : services) {
                Object event = eventOf.apply(service);
                results.add(template.asyncSend("direct:in", e -> e.getMessage().setBody(event)));
            }
            while (!results.stream().allMatch(CompletableFuture::isDone)) {
                letTimeGoOn();
            }
        }
        return results.stream().map(CompletableFuture::join).toList();
    }

    private void pause(long nanos) throws InterruptedException {
        synchronized (pauses) {
            Instant until = clock.instant().plusNanos(nanos);
            pauses.add(until);
            pauses.notifyAll();
            while (clock.instant().isBefore(until)) {
                pauses.wait();
            }
        }
    }

    /** To the end of the next pause. */
    private void letTimeGoOn() throws InterruptedException {
        synchronized (pauses) {
            int before = pauses.size();
            if (before < THREADS) {
                pauses.wait(A_MOMENT);
            }
            boolean someAreAtWork = pauses.size() < THREADS && pauses.size() != before;
            if (!someAreAtWork && !pauses.isEmpty()) {
                clock.set(pauses.remove());
                pauses.notifyAll();
            }
        }
    }

    private List<String> services(int count) {
        List<String> names =
                Stream.iterate(1, i -> i + 1).limit(count).map(i -> "s" + i).toList();
        names.forEach(name -> ecs.addService("prod", name));
        return names;
    }

    private List<String> updated() {
        return updates().stream().map(u -> u.path("service").asText()).toList();
    }

    /**
     * Those whose notice is over are redeployed too: ECS may not have found room for their tasks yet, and where it has,
     * a deployment replaces them without a gap.
     */
    @Test
    void ofAThousandServicesMostAreUpdatedWithinTheNoticeAndNoneIsForgotten() throws Exception {
        ecs.limitRates();
        List<String> services = services(1_000);
        List<Exchange> done = interrupt(services);

        assertThat(done).allSatisfy(exchange -> assertThat(outcome(exchange)).isEqualTo("updated"));
        assertThat(updated()).containsExactlyInAnyOrderElementsOf(services);
        Instant notice = Instant.parse(NOW).plusSeconds(120);
        List<FakeEcs.Call> updates = ecs.calls(FakeEcs.UPDATE_SERVICE);
        long inTime = updates.stream().filter(u -> u.time().isBefore(notice)).count();
        System.out.printf(
                "1,000 services: %d updated within 120 s, the last after %.1f s, %d calls to DescribeServices%n",
                inTime,
                Duration.between(Instant.parse(NOW), updates.get(999).time()).toMillis() / 1e3,
                ecs.calls(FakeEcs.DESCRIBE_SERVICES).size());
        assertThat(inTime).isBetween(570L, 645L);
    }

    /** Fargate Spot has no capacity for any of them: those with the fewest of their tasks move first. */
    @Test
    void ofAThousandServicesWithoutSpotCapacityTheShortestMoveFirstAndNoneIsForgotten() throws Exception {
        ecs.limitRates();
        routes.bind("clock", clock);
        List<String> services = services(1_000);
        services.forEach(name -> ecs.addService("prod", name)
                .capacity("FARGATE_SPOT", 0, 1)
                .desiredCount(10)
                .tasks(running(name), 0));
        List<Exchange> done = send(services, this::unplaced, "ecs-service:ensure-capacity", "spotPolicy: failover");

        assertThat(done).allSatisfy(exchange -> assertThat(outcome(exchange)).isEqualTo("moved"));
        assertThat(updated()).containsExactlyInAnyOrderElementsOf(services);
        assertThat(ecs.throttled()).isZero();
        List<Integer> order =
                updated().stream().map(MassInterruptionTest::running).toList();
        System.out.printf(
                "1,000 services without Spot: the last moved after %.1f s, %d calls to DescribeServices%n",
                Duration.between(
                                        Instant.parse(NOW),
                                        ecs.calls(FakeEcs.UPDATE_SERVICE)
                                                .get(999)
                                                .time())
                                .toMillis()
                        / 1e3,
                ecs.calls(FakeEcs.DESCRIBE_SERVICES).size());
        // At first the events still come in; and each thread has one in hand.
        for (int i = 310; i < order.size(); i++) {
            assertThat(order.get(i)).isGreaterThanOrEqualTo(order.get(i - 10));
        }
        assertThat(Duration.between(
                        Instant.parse(NOW),
                        ecs.calls(FakeEcs.UPDATE_SERVICE).get(999).time()))
                .isLessThan(Duration.ofSeconds(230));
    }

    private static int running(String service) {
        return Integer.parseInt(service.substring(1)) * 7 % 10;
    }

    private Object unplaced(String service) {
        return Events.read("""
                {"version": "0", "id": "e-%1$s", "source": "aws.ecs", "detail-type": "ECS Service Action",
                 "account": "111122223333", "region": "eu-west-1", "time": "%2$s",
                 "resources": ["arn:aws:ecs:eu-west-1:111122223333:service/prod/%1$s"],
                 "detail": {"eventType": "ERROR", "eventName": "SERVICE_TASK_PLACEMENT_FAILURE",
                  "clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod", "createdAt": "%2$s", "reason": "RESOURCE:FARGATE",
                  "capacityProviderArns": ["arn:aws:ecs:eu-west-1:111122223333:capacity-provider/FARGATE_SPOT"]}}
                """.formatted(service, clock.instant()));
    }

    @Test
    void everyServiceIsUpdatedOnceWithinTheNoticeAndNoCallIsThrottled() throws Exception {
        ecs.limitRates();
        List<String> services = services(200);
        List<Exchange> done = interrupt(services);

        assertThat(done).allSatisfy(exchange -> assertThat(outcome(exchange)).isEqualTo("updated"));
        // A call that is throttled is a call too, so 200 of them means that none was.
        assertThat(updated()).containsExactlyInAnyOrderElementsOf(services);
        Duration last = Duration.between(
                Instant.parse(NOW), ecs.calls(FakeEcs.UPDATE_SERVICE).get(199).time());
        int describes = ecs.calls(FakeEcs.DESCRIBE_SERVICES).size();
        System.out.printf(
                "200 services: the last UpdateService after %.1f s, %d calls to DescribeServices%n",
                last.toMillis() / 1e3, describes);
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
