package io.ecssteward.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.check.RouteFiles;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeSlack;
import io.ecssteward.testing.Gate;
import io.ecssteward.testing.RunningSteward;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** Routes are edited while the whole steward works. */
class RoutesReloadTest {

    /** A route that is put behind those of {@code intake.camel.yaml}. */
    private static final String ORDERS = """
            - route:
                id: stuck-orders
                from:
                  uri: event:stuck-orders
                  parameters:
                    pattern: |
                      {"source": ["shop.orders"]}
                  steps:
                    - to:
                        uri: alert:orders
                        parameters:
                          title: %s order ${body.field('detail.number')} is stuck
                          key: order/${body.field('detail.number')}
                          coolDown: 1h
            """;

    private static final Pattern ORDER = Pattern.compile("(edit-\\d+) order (\\d+) is stuck");

    @TempDir
    private Path folder;

    private final RunningSteward steward = RunningSteward.create().observed();
    private final AtomicInteger orders = new AtomicInteger();
    private String intake;

    @BeforeEach
    void export() throws IOException {
        for (String file : RouteFiles.list("file:src/main/resources/routes/*.camel.yaml")) {
            Path from = Path.of(file.substring("file:".length()));
            Files.copy(from, folder.resolve(from.getFileName()));
        }
        intake = Files.readString(folder.resolve("intake.camel.yaml"));
        edit(0);
        steward.with(Settings.ROUTES, "file:" + folder + "/*.camel.yaml");
    }

    @AfterEach
    void close() {
        steward.close();
    }

    /** Saves the intake in one go, as most editors do. */
    private void edit(int number) throws IOException {
        save(withOrders("edit-" + number));
    }

    private String withOrders(String title) {
        return intake + ORDERS.formatted(title);
    }

    private void save(String text) throws IOException {
        Path written = Files.writeString(folder.resolve(".intake.camel.yaml.swp"), text);
        Files.move(written, folder.resolve("intake.camel.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Sends an order, and returns its number. */
    private int order() {
        int number = orders.incrementAndGet();
        steward.send(order(number));
        return number;
    }

    private static String order(int number) {
        return """
                {"id": "order-%1$d", "source": "shop.orders", "detail-type": "Order Stuck", "account": "%2$s", "region": "%3$s",
                 "time": "2026-11-20T10:00:00Z", "resources": [], "detail": {"number": %1$d}}""".formatted(number, "111122223333", "eu-west-1");
    }

    private static String spot(int service) {
        return """
                {"id": "spot-%1$d", "source": "aws.ecs", "detail-type": "ECS Task State Change", "account": "%2$s", "region": "%3$s",
                 "time": "2026-11-20T10:00:00Z", "resources": ["arn:aws:ecs:%3$s:%2$s:task/prod/t%1$d"],
                 "detail": {"clusterArn": "arn:aws:ecs:%3$s:%2$s:cluster/prod", "group": "service:web-%1$d", "version": 5,
                  "taskArn": "arn:aws:ecs:%3$s:%2$s:task/prod/t%1$d", "lastStatus": "RUNNING", "stopCode": "SpotInterruption"}}
                """.formatted(service, "111122223333", "eu-west-1");
    }

    /** The edits that each order's alerts are of. */
    private Map<Integer, List<String>> told() {
        Map<Integer, List<String>> told = new TreeMap<>();
        for (FakeSlack.Post post : steward.slack.taken()) {
            // A message says its alert's title in the blocks and in the text for notifications.
            TreeSet<String> titles = new TreeSet<>();
            Matcher title = ORDER.matcher(post.body().toString());
            while (title.find()) {
                titles.add(title.group());
            }
            for (String each : titles) {
                Matcher parts = ORDER.matcher(each);
                assertThat(parts.matches()).isTrue();
                told.computeIfAbsent(Integer.parseInt(parts.group(2)), n -> new ArrayList<>())
                        .add(parts.group(1));
            }
        }
        return told;
    }

    private double metric(String series) {
        Matcher value = Pattern.compile("^" + Pattern.quote(series) + " (\\S+)$", Pattern.MULTILINE)
                .matcher(steward.observe("metrics").body());
        assertThat(value.find()).as(series).isTrue();
        return Double.parseDouble(value.group(1));
    }

    private double taken() {
        return metric("steward_config_reloads_total{outcome=\"success\"}");
    }

    private double broken() {
        return metric("steward_config_reloads_total{outcome=\"failure\"}");
    }

    private void awaitTaken(int edits) {
        RunningSteward.await(() -> taken() == edits);
    }

    private void awaitBroken(int edits) {
        RunningSteward.await(() -> broken() == edits);
    }

    @Test
    void nothingIsLostAndNothingIsDoneTwiceWhileRoutesAreEdited() throws Exception {
        int services = 40;
        steward.ecs.addCluster("prod", 3);
        for (int i = 0; i < services; i++) {
            steward.ecs.addService("prod", "web-" + i);
        }
        steward.start();
        AtomicBoolean edited = new AtomicBoolean();
        Thread sender = new Thread(() -> {
            for (int i = 0; i < 300 || !edited.get() && i < 3_000; i++) {
                order();
                if (i < services * 5 && i % 5 == 0) {
                    steward.send(spot(i / 5));
                }
            }
        });
        sender.start();
        int good = 0;
        int bad = 0;
        for (int i = 1; i <= 15; i++) {
            if (i % 4 == 0) {
                save(withOrders("edit-" + i).replace("alert:orders", "direct:nowhere"));
                awaitBroken(++bad);
            } else {
                edit(i);
                awaitTaken(++good);
            }
        }
        edited.set(true);
        sender.join();
        int last = order();
        steward.awaitDone();

        Map<Integer, List<String>> told = told();
        assertThat(told).hasSize(last);
        assertThat(told)
                .allSatisfy((number, edits) ->
                        assertThat(edits).as("order " + number).hasSize(1));
        assertThat(told.get(last)).containsExactly("edit-15");
        assertThat(told.values().stream().distinct().count()).isGreaterThan(3);
        assertThat(told.values().toString()).doesNotContain("edit-4,", "edit-4]", "edit-8", "edit-12");
        Map<String, Long> updates = steward.updates().stream()
                .collect(Collectors.groupingBy(
                        call -> call.request().path("service").asText(), Collectors.counting()));
        assertThat(updates).hasSize(services);
        assertThat(updates.values()).containsOnly(1L);
        assertThat(steward.deadLetters()).isEmpty();
        RunningSteward.await(() -> steward.routeSets() == 1);
    }

    @Test
    void anEditIsLiveWithinAboutASecond() throws Exception {
        steward.start();
        List<Double> took = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            String title = "edit-" + i + " ";
            edit(i);
            long saved = System.nanoTime();
            RunningSteward.await(() -> {
                order();
                return steward.slack.posts().stream().anyMatch(post -> post.says(title));
            });
            long shown = steward.slack.posts().stream()
                    .filter(post -> post.says(title))
                    .mapToLong(FakeSlack.Post::arrived)
                    .min()
                    .orElseThrow();
            took.add((shown - saved) / 1e9);
        }
        steward.awaitDone();
        Collections.sort(took);
        System.out.printf("an edit is live after %.2f s (median), %.2f s (most)%n", took.get(2), took.get(4));
        assertThat(took.get(4)).isLessThan(RunningSteward.PATIENCE.toSeconds());
        assertThat(told())
                .hasSize(orders.get())
                .allSatisfy((number, edits) -> assertThat(edits).hasSize(1));
    }

    @Test
    void anEventThatIsHeldUpAtSlackEndsInTheRoutesThatItBeganIn() throws Exception {
        steward.start();
        Gate gate = steward.slack.hold();
        int before = order();
        gate.awaitArrivals(1, RunningSteward.PATIENCE);
        edit(1);
        awaitTaken(1);
        int after = order();
        RunningSteward.await(() -> metric("steward_messages_in_flight{queue=\"events\"}") == 2);
        assertThat(steward.routeSets()).isEqualTo(2);
        RunningSteward.await(() -> metric("steward_slack_waiting") == 1);
        gate.open();
        steward.awaitDone();
        assertThat(told()).isEqualTo(Map.of(before, List.of("edit-0"), after, List.of("edit-1")));
        RunningSteward.await(() -> steward.routeSets() == 1);
        order();
        steward.awaitDone();
        assertThat(metric("steward_alerts_total{channel=\"default\",outcome=\"sent\",sink=\"slack\",state=\"info\"}"))
                .isEqualTo(3);
    }

    @Test
    void anEventThatIsNotHandedOutYetStillGoesToTheOwnRoutes() throws Exception {
        String read = "            method: read\n";
        save(intake.replaceFirst(read, read + """
                        - delay:
                            asyncDelayed: true
                            expression:
                              constant:
                                expression: "2500"
                """));
        Files.writeString(folder.resolve("own.camel.yaml"), """
                - route:
                    id: own
                    from:
                      uri: event:own
                      parameters:
                        pattern: |
                          {"source": ["shop.orders"]}
                      steps:
                        - to:
                            uri: alert:orders
                            parameters:
                              title: edit-7 order ${field(detail.number)} is stuck
                """);
        steward.start();
        int number = order();
        RunningSteward.await(() -> metric("steward_messages_in_flight{queue=\"events\"}") == 1);
        edit(1);
        awaitTaken(1);
        assertThat(steward.routeSets()).isEqualTo(2);
        steward.awaitDone();
        assertThat(told()).isEqualTo(Map.of(number, List.of("edit-7")));
    }

    @Test
    void anAlertThatSlackPutOffIsPostedOnce() throws Exception {
        steward.start();
        steward.slack.next(FakeSlack.Answer.tooFast(2));
        int number = order();
        RunningSteward.await(() -> steward.slack.posts().size() == 1);
        edit(1);
        awaitTaken(1);
        steward.awaitDone();
        assertThat(told()).isEqualTo(Map.of(number, List.of("edit-0")));
    }

    @Test
    void alertsThatWaitInTheirQueueAreReadOn() throws Exception {
        steward.queueingAlerts().start();
        for (int i = 1; i <= 3; i++) {
            order();
            edit(i);
            awaitTaken(i);
        }
        int last = order();
        steward.awaitDone();
        assertThat(told())
                .hasSize(last)
                .containsEntry(last, List.of("edit-3"))
                .allSatisfy((number, edits) -> assertThat(edits).hasSize(1));
    }

    @Test
    void claimsAndCoolDownsOutliveAnEdit() throws Exception {
        steward.ecs.addCluster("prod", 3).addService("prod", "web-1");
        steward.start();
        int number = order();
        steward.send(spot(1));
        steward.awaitDone();
        edit(1);
        awaitTaken(1);
        steward.send(order(number));
        steward.send(spot(1).replace("task/prod/t1", "task/prod/another"));
        steward.awaitDone();
        assertThat(steward.over()).hasSize(4);
        assertThat(steward.over().subList(2, 4))
                .flatExtracting(RunningSteward.Over::skipped)
                .contains("duplicate", "cooldown");
        assertThat(steward.updates()).hasSize(1);
        assertThat(told()).isEqualTo(Map.of(number, List.of("edit-0")));
        // What is counted is counted on.
        assertThat(metric("steward_actions_total{operation=\"redeploy\",outcome=\"updated\",service=\"prod/web-1\"}"))
                .isEqualTo(1);
    }

    @Test
    void aBrokenEditIsToldAndTheRoutesBeforeItGoOn() throws Exception {
        steward.start();
        try (CapturedLog log = new CapturedLog()) {
            save(withOrders("edit-1").replace("alert:orders", "direct:nowhere"));
            awaitBroken(1);
            RunningSteward.await(() -> log.text().contains("are broken, so the previous ones keep running"));
            assertThat(log.text()).containsPattern("intake\\.camel\\.yaml:\\d+.* direct:nowhere");
        }
        assertThat(metric("steward_config_last_reload_successful")).isZero();
        assertThat(steward.observe("health/ready").statusCode()).isEqualTo(200);
        assertThat(steward.observe("health/ready").body()).contains("the edited routes are broken", "direct:nowhere");
        assertThat(steward.observe("health/live").statusCode()).isEqualTo(200);
        int old = order();
        steward.awaitDone();

        edit(2);
        awaitTaken(1);
        assertThat(metric("steward_config_last_reload_successful")).isEqualTo(1);
        assertThat(steward.observe("health/ready").body()).doesNotContain("the edited routes are broken");
        int mended = order();
        steward.awaitDone();
        assertThat(told()).isEqualTo(Map.of(old, List.of("edit-0"), mended, List.of("edit-2")));
    }

    @Test
    void everyKindOfMistakeIsTold() throws Exception {
        steward.start();
        Map<String, String> mistakes = new TreeMap<>(Map.of(
                withOrders("edit-1").replace("key: order", "severty: error\n              key: order"),
                "severty",
                withOrders("edit-1").replace("\"source\": [\"shop.orders\"]", "\"source\": \"shop.orders\""),
                "source",
                withOrders("edit-1").replace("- to:", "- too:"),
                "intake.camel.yaml",
                withOrders("edit-1").replace("is stuck", "is ${stuck"),
                "stuck",
                "- route: [",
                "intake.camel.yaml",
                "",
                "empty"));
        int bad = 0;
        for (Map.Entry<String, String> mistake : mistakes.entrySet()) {
            try (CapturedLog log = new CapturedLog()) {
                save(mistake.getKey());
                awaitBroken(++bad);
                RunningSteward.await(() -> log.text().contains("are broken, so the previous ones keep running"));
                String line = log.lines().stream()
                        .filter(l -> l.contains("are broken, so the previous ones keep running"))
                        .findFirst()
                        .orElseThrow();
                assertThat(line).contains(mistake.getValue());
            }
        }
        int number = order();
        steward.awaitDone();
        assertThat(told()).isEqualTo(Map.of(number, List.of("edit-0")));
        assertThat(steward.routeSets()).isEqualTo(1);
    }

    @Test
    void whatIsUndoneIsNoLongerBroken() throws Exception {
        steward.start();
        save("- route: [");
        awaitBroken(1);
        edit(0);
        RunningSteward.await(() -> metric("steward_config_last_reload_successful") == 1);
        assertThat(taken()).isZero();
    }

    @Test
    void filesAreAddedRenamedAndRemoved() throws Exception {
        steward.start();
        Path orders = folder.resolve("orders.camel.yaml");
        Files.writeString(orders, """
                - route:
                    id: orders
                    from:
                      uri: direct:orders
                      steps:
                        - to:
                            uri: alert:orders
                            parameters:
                              title: edit-1 order ${body.field('detail.number')} is stuck
                """);
        awaitTaken(1);
        save(withOrders("x").replaceFirst("uri: alert:orders\n(.*\n){4}", "uri: direct:orders\n"));
        awaitTaken(2);
        int one = order();
        steward.awaitDone();
        Files.move(orders, folder.resolve("shop.camel.yaml"));
        awaitTaken(3);
        int two = order();
        steward.awaitDone();
        Files.delete(folder.resolve("shop.camel.yaml"));
        awaitBroken(1);
        assertThat(steward.observe("health/ready").body()).contains("direct:orders");
        int three = order();
        steward.awaitDone();
        edit(4);
        awaitTaken(4);
        int four = order();
        steward.awaitDone();
        assertThat(told())
                .isEqualTo(Map.of(
                        one,
                        List.of("edit-1"),
                        two,
                        List.of("edit-1"),
                        three,
                        List.of("edit-1"),
                        four,
                        List.of("edit-4")));
    }

    @Test
    void bothGenerationsFinishWhenItIsToldToEnd() throws Exception {
        steward.start();
        Gate gate = steward.slack.hold();
        int before = order();
        gate.awaitArrivals(1, RunningSteward.PATIENCE);
        edit(1);
        awaitTaken(1);
        int after = order();
        RunningSteward.await(() -> metric("steward_slack_waiting") == 1);
        Thread stop = new Thread(steward::stop);
        stop.start();
        // The second goes back to its queue at once, the first is waited for.
        RunningSteward.await(() -> steward.over().size() == 1);
        assertThat(stop.isAlive()).isTrue();
        gate.open();
        stop.join(RunningSteward.PATIENCE.toMillis());
        assertThat(told()).isEqualTo(Map.of(before, List.of("edit-0")));
        steward.start();
        steward.awaitDone();
        assertThat(told()).isEqualTo(Map.of(before, List.of("edit-0"), after, List.of("edit-1")));
    }

    @Test
    void itEndsInTheMiddleOfAnEdit() throws Exception {
        steward.start();
        order();
        try (CapturedLog log = new CapturedLog()) {
            log.level("org.apache.camel", Level.INFO);
            edit(1);
            RunningSteward.await(() -> log.text().contains("is starting"));
            steward.stop();
        }
        steward.start();
        int last = order();
        steward.awaitDone();
        assertThat(told())
                .hasSize(last)
                .containsEntry(last, List.of("edit-1"))
                .allSatisfy((n, edits) -> assertThat(edits).hasSize(1));
    }

    @Test
    void redeploymentsUnderWayAreFinished() throws Exception {
        steward.ecs.addCluster("prod", 3).addService("prod", "web-1");
        steward.start();
        Gate gate = steward.ecs.hold(FakeEcs.UPDATE_SERVICE, 1);
        steward.send(spot(1));
        gate.awaitArrivals(1, RunningSteward.PATIENCE);
        edit(1);
        awaitTaken(1);
        gate.open();
        steward.awaitDone();
        assertThat(steward.updates()).hasSize(1);
        assertThat(steward.over())
                .singleElement()
                .satisfies(over -> assertThat(over.failure()).isNull());
    }
}
