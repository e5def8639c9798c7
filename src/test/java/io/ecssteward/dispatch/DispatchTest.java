package io.ecssteward.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.event.Event;
import io.ecssteward.event.EventReader;
import io.ecssteward.outcome.OutcomeListener;
import io.ecssteward.runtime.Application;
import io.ecssteward.settings.Settings;
import io.ecssteward.stub.StubEcs;
import io.ecssteward.stub.StubSns;
import io.ecssteward.stub.StubSqs;
import io.ecssteward.testing.RunningSteward;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which routes an event goes to, and that nothing is claimed for one that goes to none. */
class DispatchTest {

    @TempDir
    private Path folder;

    private final List<String> claimed = new ArrayList<>();
    private final List<String> over = new ArrayList<>();

    /** What is asked of the claim store, and what becomes of each event. */
    private void take(String... bodies) throws Exception {
        MemoryClaimStore store = new MemoryClaimStore();
        ClaimStore watched = (ClaimStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ClaimStore.class}, (proxy, method, arguments) -> {
                    if (arguments != null) {
                        claimed.add(method.getName() + " " + arguments[0]);
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        Settings settings = Settings.of(
                Map.of(),
                Map.of(
                        Settings.QUEUE, "http://127.0.0.1/events",
                        Settings.FROM, "direct:events",
                        Settings.DRY_RUN, "true",
                        Settings.ROUTES, "classpath:routes/*.camel.yaml,file:" + folder + "/*.camel.yaml"));
        try (Application steward = new Application(
                settings, new StubEcs(), new StubSqs("http://127.0.0.1/events"), new StubSns(), null, main -> {
                    main.addMainListener(new MainListenerSupport() {
                        @Override
                        public void beforeConfigure(BaseMainSupport support) {
                            // One of another class under the same name would be a second one.
                            support.getCamelContext().getRegistry().unbind("claimStore");
                            support.getCamelContext().getRegistry().bind("claimStore", watched);
                        }
                    });
                    main.bind("over", (OutcomeListener)
                            (event, outcome, failure) -> over.add(outcome.route() + " " + outcome.reasons()));
                })) {
            steward.start();
            ProducerTemplate events = steward.camel().createProducerTemplate();
            for (String body : bodies) {
                events.sendBody("direct:events", body);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "task-running",
                "task-stopped-by-scale-in",
                "task-exited-successfully",
                "service-desired-count-updated",
                "service-deployment-in-progress",
                "ec2-instance-terminated",
                "cloudtrail-update-service",
                "alarm-configuration-changed",
                "sns-subscription-confirmation"
            })
    void nothingIsClaimedForWhatNoRouteWants(String sample) throws Exception {
        String body = RunningSteward.sample(sample);
        take(body, body);
        assertThat(claimed).isEmpty();
        assertThat(over).containsExactly("null [ignored]", "null [ignored]");
    }

    @Test
    void whatARouteWantsIsClaimedAndItsCopyIsDropped() throws Exception {
        String body = RunningSteward.sample("task-exited-with-error");
        take(body, body);
        assertThat(claimed).isNotEmpty();
        assertThat(over).containsExactly("stopped-tasks []", "null [duplicate]");
    }

    @Test
    void ofAMessageWithManyEventsOnlyThoseThatAreWantedAreClaimed() throws Exception {
        String records = "{\"Records\": [" + record("task-running") + "," + record("task-exited-with-error") + "]}";
        take(records);
        assertThat(over).containsExactlyInAnyOrder("null [ignored]", "stopped-tasks []");
        assertThat(claimed.stream().filter(c -> c.startsWith("claim ")).toList())
                .hasSize(1)
                .noneMatch(c -> c.contains("RUNNING"));
    }

    private static String record(String sample) {
        String message = TextNode.valueOf(RunningSteward.sample(sample)).toString();
        return "{\"EventSource\": \"aws:sns\", \"Sns\": {\"MessageId\": \"" + sample + "\", \"Message\": " + message
                + "}}";
    }

    /** A Spot interruption is no stopped task, also where only its sentence says so. */
    @Test
    void theMoreSpecialRouteReplacesTheOther() throws Exception {
        String body = RunningSteward.sample("task-exited-with-error")
                .replace("Essential container in task exited", "Your Spot Task was interrupted.")
                .replace("\"launchType\"", "\"capacityProviderName\": \"FARGATE_SPOT\", \"launchType\"");
        take(body);
        assertThat(over).singleElement().asString().startsWith("spot-interruption ");
    }

    /** The fallback gets what no other route wants, and a custom route that matches counts. */
    @ParameterizedTest
    @CsvSource({"x,notices", "shop.orders,mine"})
    void theFallbackGetsWhatIsLeft(String source, String route) throws Exception {
        custom("mine", source, "");
        take(RunningSteward.sample("custom-event"));
        assertThat(over).singleElement().asString().startsWith(route + " ");
    }

    /** Also when it does not run, as it is replaced itself. */
    @Test
    void aRouteThatMatchesIsReplacedWhateverBecomesOfTheOthers() throws Exception {
        custom("mine", "aws.ecs", "replaces: spot-interruption");
        take(RunningSteward.sample("task-spot-interrupted"));
        assertThat(over).singleElement().asString().startsWith("mine ");
        assertThat(claimed).noneMatch(c -> c.contains("redeploy") || c.contains("stopped"));
    }

    @Test
    void eachRouteIsKnownBeforeTheFirstStarts() throws Exception {
        Settings settings = Settings.of(
                Map.of(),
                Map.of(
                        Settings.QUEUE, "http://127.0.0.1/events",
                        Settings.FROM, "direct:events",
                        Settings.DRY_RUN, "true"));
        List<Integer> known = new ArrayList<>();
        try (Application steward = new Application(
                settings,
                new StubEcs(),
                new StubSqs("http://127.0.0.1/events"),
                new StubSns(),
                null,
                main -> main.addMainListener(new MainListenerSupport() {
                    @Override
                    public void beforeConfigure(BaseMainSupport support) {
                        CamelContext camel = support.getCamelContext();
                        camel.getManagementStrategy().addEventNotifier(new SimpleEventNotifierSupport() {
                            @Override
                            public void notify(CamelEvent event) {
                                if (event instanceof CamelEvent.RouteStartedEvent) {
                                    known.add(camel.getComponent("event", EventComponent.class)
                                            .routes()
                                            .size());
                                }
                            }
                        });
                    }
                }))) {
            steward.start();
        }
        assertThat(known).isNotEmpty().containsOnly(known.get(known.size() - 1));
        assertThat(known.get(0)).isGreaterThan(7);
    }

    @Test
    void oneRouteBeginsWhenTheOtherIsDone() throws Exception {
        assertThat(order(false)).containsExactly("two begins", "two ends", "one begins", "one ends");
    }

    @Test
    void aRouteThatWaitsHoldsUpNoOther() throws Exception {
        assertThat(order(true)).startsWith("two begins", "one begins").hasSize(4);
    }

    /** What two routes for an event do, each of which waits for a while in a thread of its own. */
    private static List<String> order(boolean parallel) throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getComponent("event", EventComponent.class).setParallelProcessing(parallel);
            CountDownLatch begun = new CountDownLatch(parallel ? 2 : 1);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    for (String name : List.of("one", "two")) {
                        from("event:" + name + "?pattern=RAW({\"source\": [\"shop.test\"]})")
                                .process(exchange -> order.add(name + " begins"))
                                .threads()
                                .process(exchange -> {
                                    begun.countDown();
                                    begun.await(30, TimeUnit.SECONDS);
                                    order.add(name + " ends");
                                });
                    }
                }
            });
            camel.start();
            EventReader reader = new EventReader();
            Event event = reader.read(reader.open("{\"source\": \"shop.test\", \"detail-type\": \"x\"}", null)
                    .get(0));
            Exchange done = camel.createProducerTemplate()
                    .send("event:dispatch", exchange -> exchange.getMessage().setBody(event));
            assertThat(done.getException()).isNull();
        }
        return order;
    }

    private void custom(String name, String source, String parameter) throws IOException {
        Files.writeString(folder.resolve(name + ".camel.yaml"), """
                - route:
                    id: %1$s
                    from:
                      uri: event:%1$s
                      parameters:
                        pattern: '{"source": ["%2$s"]}'
                        %3$s
                      steps:
                        - stop: {}
                """.formatted(name, source, parameter));
    }
}
