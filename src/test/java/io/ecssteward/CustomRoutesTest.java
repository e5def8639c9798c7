package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeSlack;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.RunningSteward;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Custom routes, in files of their own, beside the built-in ones. */
class CustomRoutesTest {

    private static final Path COOKBOOK = Path.of("docs/cookbook");
    private static final String ORDERS = "{\"source\": [\"shop.orders\"]}";

    @TempDir
    private Path folder;

    private RunningSteward steward;

    @BeforeEach
    void prepare() {
        steward = RunningSteward.create()
                .with("steward.routes", "classpath:routes/*.camel.yaml,file:" + folder + "/*.camel.yaml");
        steward.ecs.addCluster("prod", 3).addService("prod", "web");
    }

    @AfterEach
    void stop() {
        steward.close();
    }

    /** Writes a custom route: its steps, and parameters of {@code event:} beside the pattern. */
    private void route(String name, String pattern, String steps, String... parameters) throws IOException {
        Files.writeString(folder.resolve(name + ".camel.yaml"), """
                - route:
                    id: %1$s
                    from:
                      uri: event:%1$s
                      parameters:
                        pattern: '%2$s'
                %4$s
                      steps:
                %3$s
                """.formatted(
                name, pattern, steps.indent(8), String.join("\n", parameters).indent(8)));
    }

    /** A step that raises an alert with this title. */
    private static String alert(String name, String title, String... parameters) {
        return "- to:\n    uri: alert:" + name + "\n    parameters:\n      state: info\n      title: \"" + title
                + "\"\n" + String.join("\n", parameters).indent(6);
    }

    private List<String> posted() {
        return steward.slack.taken().stream().map(FakeSlack.Post::text).toList();
    }

    private void play(String... samples) {
        for (String sample : samples) {
            steward.sendSample(sample);
        }
        steward.awaitDone();
    }

    @Test
    void theAlertOfTheReadme() throws IOException {
        recipe("order-import");
        steward.start();
        play("custom-event");

        assertThat(steward.slack.posts()).singleElement().satisfies(post -> {
            assertThat(post.text()).isEqualTo("The import of orders-2026-11-17.csv failed");
            assertThat(post.body().toString())
                    .contains("Line 212: unknown currency")
                    .contains("https://wiki.example.com/imports?file=orders-2026-11-17.csv|Runbook");
        });
        assertThat(steward.over()).singleElement().satisfies(over -> {
            assertThat(over.eventOutcome().route()).isEqualTo("order-import");
            assertThat(over.skipped()).isEmpty();
        });
    }

    @Test
    void sayingTheSameAgainWithinTheCoolDownIsSilent() throws IOException {
        recipe("order-import");
        steward.start();
        play("custom-event");
        steward.send(RunningSteward.sample("custom-event").replace("442cee23", "552cee23"));
        steward.awaitDone();
        steward.send(RunningSteward.sample("custom-event")
                .replace("442cee23", "662cee23")
                .replace("11-17.csv", "11-18.csv"));
        steward.awaitDone();

        assertThat(posted())
                .containsExactly(
                        "The import of orders-2026-11-17.csv failed", "The import of orders-2026-11-18.csv failed");
        assertThat(steward.over().get(1).skipped()).containsExactly("cooldown");
    }

    @Test
    void eachRouteThatMatchesHasItsTurn() throws IOException {
        route("first", ORDERS, alert("first", "One"));
        route("second", "{\"detail\": {\"line\": [{\"numeric\": [\">\", 100]}]}}", alert("second", "Two"));
        route("third", "{\"source\": [\"shop.baskets\"]}", alert("third", "Three"));
        steward.start();
        play("custom-event");

        assertThat(posted()).containsExactlyInAnyOrder("One", "Two");
        assertThat(steward.over())
                .singleElement()
                .satisfies(o -> assertThat(o.eventOutcome().performed()).hasSize(2));
    }

    @Test
    void theBuiltInRoutesHaveTheirTurnToo() throws IOException {
        route("spot", "{\"source\": [\"aws.ecs\"]}", alert("spot", "A task of ${body.service} is gone"));
        steward.start();
        play("task-spot-interrupted");

        assertThat(steward.updates()).hasSize(1);
        assertThat(posted()).hasSize(2).contains("A task of web is gone");
        assertThat(steward.over())
                .singleElement()
                .satisfies(o -> assertThat(o.eventOutcome().route()).isEqualTo("spot"));
    }

    @Test
    void unlessACustomRouteReplacesThem() throws IOException {
        route("spot", "{\"source\": [\"aws.ecs\"]}", alert("spot", "Mine"), "replaces: spot-interruption");
        steward.start();
        play("task-spot-interrupted");

        assertThat(steward.updates()).isEmpty();
        assertThat(posted()).containsExactly("Mine");
    }

    @Test
    void anEventThatOnlyYourRouteTakesIsNotLostWhenSlackRefuses() throws IOException {
        route("spot", "{\"source\": [\"aws.ecs\"]}", alert("spot", "Mine"), "replaces: spot-interruption");
        steward.slack.next(Answer.of(403, "action_prohibited"));
        steward.start();
        play("task-spot-interrupted");

        assertThat(steward.updates()).isEmpty();
        assertThat(steward.deadLetters()).hasSize(1);
    }

    @Test
    void whatIsKnownToFlapIsIgnored() throws IOException {
        route("flapping", "{\"source\": [\"aws.ecs\"]}", "- stop: {}", "replaces: spot-interruption");
        steward.start();
        play("task-spot-interrupted");

        assertThat(steward.over()).singleElement().satisfies(o -> {
            assertThat(o.eventOutcome().outcome()).isEqualTo("skipped");
            assertThat(o.eventOutcome().route()).isEqualTo("flapping");
        });
        assertThat(posted()).isEmpty();
    }

    @Test
    void whatOneRouteChangesAnotherDoesNotSee() throws IOException {
        route("first", ORDERS, """
                - setBody:
                    expression:
                      constant:
                        expression: changed
                - setHeader:
                    name: mine
                    expression:
                      constant:
                        expression: changed
                - setVariable:
                    name: mine
                    expression:
                      constant:
                        expression: changed
                """);
        route("second", ORDERS, alert("second", "${body.type} [${header.mine}] [${variable.mine}]"));
        steward.start();
        play("custom-event");

        assertThat(posted()).containsExactly("unknown-event [] []");
    }

    @Test
    void oneThatFailsKeepsNoOtherFromItsTurnAndItsEventComesAgain() throws IOException {
        route(
                "bad",
                "{\"source\": [\"aws.ecs\"]}",
                "- throwException:\n    exceptionType: io.ecssteward.failure.TransientFailureException\n    message: "
                        + "not yet");
        route("good", "{\"source\": [\"aws.ecs\"]}", alert("good", "Good"));
        steward.start();
        steward.sendSample("task-spot-interrupted");
        RunningSteward.await(() -> steward.over().size() >= 3);

        assertThat(steward.over().get(0).failure()).hasMessage("not yet");
        assertThat(steward.updates()).hasSize(1);
        assertThat(posted()).hasSize(2).contains("Good");
    }

    @Test
    void oneThatFailsForGoodIsADeadLetterWhenAllElseIsDone() throws IOException {
        route(
                "bad",
                ORDERS,
                "- throwException:\n    exceptionType: io.ecssteward.failure.PermanentFailureException\n    message: "
                        + "never");
        route("good", ORDERS, alert("good", "Good"));
        steward.start();
        play("custom-event");

        assertThat(posted()).containsExactly("Good");
        assertThat(steward.onlyReason()).contains("never");
    }

    @Test
    void anAlertThatWaitsForSlackHoldsUpNoAction() throws IOException {
        route("mine", "{\"source\": [\"aws.ecs\"]}", alert("mine", "Mine"));
        steward.start();
        try (var gate = steward.slack.hold()) {
            steward.sendSample("task-spot-interrupted");
            RunningSteward.await(() -> !steward.updates().isEmpty());
        }
        steward.awaitDone();
        assertThat(posted()).contains("Mine");
    }

    @Test
    void whatTheStewardSendsItselfIsNotShown() throws IOException {
        route("all", "{\"source\": [{\"exists\": true}]}", alert("all", "Mine"));
        steward.start();
        play("heartbeat-each-minute");

        assertThat(posted()).isEmpty();
    }

    @Test
    void slackThatFailsForAWhileIsToldOnce() throws IOException {
        route("first", ORDERS, alert("first", "One"));
        route("second", ORDERS, alert("second", "Two"));
        steward.slack.next(
                Answer.of(500, "oops"),
                Answer.OK,
                Answer.of(500, "oops"),
                Answer.of(500, "oops"),
                Answer.of(500, "oops"));
        steward.start();
        play("custom-event");

        assertThat(posted()).containsExactlyInAnyOrder("One", "Two");
    }

    @Test
    void aFileOfTheSameNameTakesThePlaceOfABuiltInOne() throws IOException {
        Files.writeString(folder.resolve("notices.camel.yaml"), """
                - route:
                    id: notices
                    from:
                      uri: event:notices
                      parameters:
                        fallback: true
                      steps:
                        - to:
                            uri: alert:notices
                            parameters:
                              title: Something came
                """);
        steward.start();
        play("custom-event");

        assertThat(posted()).containsExactly("Something came");
    }

    @Test
    void aCustomFolderMayBeEmptyAsYet() {
        steward.start();
        play("custom-event");

        assertThat(posted()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|fallback: maybe|: fallback is 'maybe'; set true or false",
                "[]|fallback: false|: compiling the event pattern: ",
                "   |fallback: false|: no pattern is set, so it would get every event; set one",
                "{\"source\": \"shop\"}|fallback: true|: compiling the event pattern: ",
                "{\"source\": [\"shop\"]}|except: '{\"source\": 1}'|: compiling the event pattern: ",
                "{\"source\": [\"shop\"]}|replaces: mine, alarms|` replaces itself; name another route`",
            })
    void aMistakeStopsTheStart(String pattern, String parameter, String remedy) throws IOException {
        route("mine", pattern == null ? "" : pattern, "- stop: {}", parameter);
        assertThatThrownBy(steward::start)
                .hasMessageStartingWith("ECS Steward cannot start:\n  - route mine")
                .hasMessageContaining("event:mine" + remedy);
    }

    @Test
    void aMistypedParameterStopsTheStart() throws IOException {
        route("mine", ORDERS, "- stop: {}", "replace: alarms");
        assertThatThrownBy(steward::start).hasMessageContaining("event:mine has no parameter 'replace'");
        route("mine", ORDERS, alert("mine", "Mine", "titel: Yours"));
        assertThatThrownBy(steward::start)
                .hasMessageContaining(
                        "alert:mine has no parameter 'titel'; there are actions, channel, coolDown, fields, ");
    }

    @Test
    void replacingARouteThatIsNotThereStopsTheStart() throws IOException {
        route("mine", ORDERS, "- stop: {}", "replaces: alarm");
        assertThatThrownBy(steward::start)
                .hasMessageContaining("mine.camel.yaml:7:")
                .hasMessageContaining("replaces 'alarm', and no route begins at event:alarm; did you mean 'alarms'?");
    }

    @Test
    void twoOfOneNameStopTheStart() throws IOException {
        route("mine", ORDERS, "- stop: {}");
        Files.writeString(folder.resolve("other.camel.yaml"), """
                - route:
                    id: other
                    from:
                      uri: event:mine
                      parameters:
                        pattern: '{"source": ["x"]}'
                      steps:
                        - stop: {}
                """);
        assertThatThrownBy(steward::start)
                .hasMessageContaining(
                        "event:mine is where the route mine already exists; give each route its own name");
    }

    @Test
    void aRouteThatBeginsAtEventIsNotCalled() throws IOException {
        route("mine", ORDERS, "- to: event:other");
        assertThatThrownBy(steward::start)
                .hasMessageContaining("to: event:other calls a route that gets events by its pattern");
    }

    private void recipe(String name) throws IOException {
        Files.copy(COOKBOOK.resolve(name).resolve(name + ".camel.yaml"), folder.resolve(name + ".camel.yaml"));
    }

    @Test
    void anAlarmThatComesInTwoWaysAndTwiceLeadsToOneRedeployment() throws IOException {
        recipe("redeploy-on-alarm");
        steward.ecs.addService("prod", "checkout");
        steward.start();
        String alarm = RunningSteward.sample("alarm-metric-firing-raw");
        steward.send(alarm);
        steward.awaitDone();
        steward.send(alarm);
        steward.send(alarm.replace("11:06:12", "11:09:12"));
        steward.awaitDone();

        assertThat(steward.updates()).singleElement().satisfies(update -> {
            assertThat(update.request().get("service").asText()).isEqualTo("checkout");
            assertThat(update.request().get("forceNewDeployment").asBoolean()).isTrue();
        });
        // In whichever order SQS gave them out.
        assertThat(steward.over().stream().skip(1).flatMap(over -> over.skipped().stream()))
                .contains("duplicate", "cooldown");
        // The same claim as that of the built-in routes, which know the cluster by its ARN.
        assertThat(steward.claimable("redeploy/arn:aws:ecs:eu-west-1:111122223333:cluster/prod/checkout"))
                .isFalse();
    }

    @Test
    void aRedeploymentThatFailedIsTriedAgain() throws IOException {
        recipe("redeploy-on-alarm");
        steward.ecs.addService("prod", "checkout");
        steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 4, FakeEcs.SERVER_ERROR);
        steward.start();
        play("alarm-metric-firing-raw");

        assertThat(steward.ecs.done(FakeEcs.UPDATE_SERVICE)).hasSize(1);
        assertThat(posted()).hasSize(1);
    }

    @Test
    void aFieldInACondition() throws IOException {
        route("mine", ORDERS, """
                - filter:
                    expression:
                      simple:
                        expression: ${field(detail.error)} == 'unknown currency' && ${field(detail.line)} > 100
                    steps:
                      - to:
                          uri: alert:mine
                          parameters:
                            state: info
                            title: Mine
                - filter:
                    expression:
                      simple:
                        expression: ${field(detail.error)} == 'unknown country'
                    steps:
                      - to: alert:other
                """);
        steward.start();
        play("custom-event");

        assertThat(posted()).containsExactly("Mine");
    }

    @Test
    void recipesOfTheCookbookGoTogether() throws IOException {
        recipe("order-import");
        recipe("mention-oncall");
        recipe("redeploy-on-alarm");
        steward.ecs.addService("prod", "checkout");
        steward.start();
        play("alarm-metric-firing-raw", "custom-event", "service-start-impaired");

        assertThat(steward.updates())
                .singleElement()
                .satisfies(u -> assertThat(u.request().get("service").asText()).isEqualTo("checkout"));
        assertThat(steward.slack.posts()).hasSize(3);
        assertThat(steward.slack.posts())
                .filteredOn(post -> post.body().toString().contains("<!here>"))
                .singleElement()
                .satisfies(post -> assertThat(post.text()).contains("checkout-errors"));
    }

    /** The message that a Spot interruption of this service on this day leads to. */
    private static String interrupted(String service, int day) {
        return RunningSteward.sample("task-spot-interrupted")
                .replace("service:web", "service:" + service)
                .replace("e2d5cda14f87", "e2d5cd" + service.hashCode() + day)
                .replace("2026-11-16", "2026-11-" + day);
    }
}
