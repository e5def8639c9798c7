package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.dlq.DeadLetterQueue;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.AwsError;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.Gate;
import io.ecssteward.testing.RunningSteward;
import io.ecssteward.testing.SqsProxy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** Dead letters, from the refusal to the way back, with a real SQS client. */
class DlqTest {

    private static final String DENIED = "redeploying prod/web: ECS answered AccessDeniedException: no";

    private final RunningSteward steward = RunningSteward.create();
    private final SqsProxy way = new SqsProxy(steward.sqs);
    private final Map<String, String> settings = new HashMap<>(
            Map.of("steward.events.queue-url", steward.queue, "steward.dead-letter.queue-url", steward.deadLetters));
    private StringWriter out;
    private StringWriter err;

    @AfterEach
    void close() {
        way.close();
        steward.close();
    }

    private int dlq(String... arguments) {
        List<String> all = new ArrayList<>(List.of("dlq"));
        all.addAll(List.of(arguments));
        out = new StringWriter();
        err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        Dlq dlq = line.getSubcommands().get("dlq").getCommand();
        dlq.use(Settings.of(Map.of(), settings), url -> way.newClient());
        return line.execute(all.toArray(String[]::new));
    }

    private void bury(String body, String reason) {
        steward.sqs.send(steward.deadLetters, body, Map.of("reason", reason, "queue", steward.queue));
    }

    private List<String> arrived() {
        return steward.sqs.receiveAll(steward.queue).stream().map(Message::body).toList();
    }

    private int dead() {
        return steward.sqs.counts(steward.deadLetters).visible();
    }

    private static List<String> bodies(int count) {
        return IntStream.range(0, count).mapToObj("{\"number\": %d}"::formatted).toList();
    }

    @Test
    void whatEcsRefusedIsDoneOnceTheCauseIsMended() {
        steward.ecs.addCluster("prod", 3);
        steward.ecs.addService("prod", "web");
        steward.start();
        steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 1, FakeEcs.ACCESS_DENIED);
        steward.sendSample("task-spot-interrupted");
        steward.awaitDone();
        assertThat(steward.updates()).as("refused").hasSize(1);
        assertThat(steward.slack.posts()).as("told that it was refused").hasSize(1);

        assertThat(dlq("list")).isZero();
        assertThat(out.toString())
                .startsWith("1 dead letter in ")
                .contains("ECS answered AccessDeniedException", "task-state-change prod/web");
        assertThat(dlq("replay", "--reason", "AccessDenied")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("sent 1, failed 0, left 0");
        steward.awaitDone();

        assertThat(steward.updates()).as("refused, then done").hasSize(2);
        assertThat(steward.slack.posts()).as("told of both").hasSize(2);
        assertThat(steward.over().get(1).skipped()).doesNotContain("duplicate");
        assertThat(steward.sqs.counts(steward.deadLetters).total()).isZero();
    }

    @Test
    void aSecondReplayOfWhatWasDoneIsDroppedAsADuplicate() {
        steward.ecs.addCluster("prod", 3);
        steward.ecs.addService("prod", "web");
        steward.start();
        steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 1, FakeEcs.ACCESS_DENIED);
        steward.sendSample("task-spot-interrupted");
        steward.awaitDone();

        // As when the process dies after SQS took the message and before it was deleted here.
        way.fail(SqsProxy.DELETE, 1, SqsProxy.ACCESS_DENIED);
        assertThat(dlq("replay", "--all")).isEqualTo(Main.FAILED);
        assertThat(out.toString()).contains("sent 1, failed 0, left 1");
        assertThat(err.toString()).contains("it was sent, but is still here", "sqs:DeleteMessage");
        steward.awaitDone();
        assertThat(dead()).isEqualTo(1);
        assertThat(dlq("replay", "--all")).isZero();
        steward.awaitDone();

        assertThat(steward.updates()).as("refused, and done once").hasSize(2);
        assertThat(steward.slack.posts()).as("told of both").hasSize(2);
        assertThat(steward.over().get(2).skipped()).containsExactly("duplicate");
    }

    @Test
    void whatSqsMovedGoesBackToTheQueueThatItCameFrom() {
        settings.remove("steward.events.queue-url");
        String dead = steward.sqs.createQueue("other-dead");
        String queue = steward.sqs.createQueue("other", 0, 1, dead);
        steward.sqs.send(queue, "{}");
        for (int i = 0; i < 2; i++) {
            steward.sqs
                    .client()
                    .receiveMessage(r -> r.queueUrl(queue).waitTimeSeconds(1).visibilityTimeout(0));
        }
        RunningSteward.await(() -> steward.sqs.counts(dead).visible() == 1);

        assertThat(dlq("list", "--queue", dead)).isZero();
        assertThat(out.toString()).contains("so SQS moved it");
        assertThat(dlq("replay", "--queue", dead, "--all")).as(err.toString()).isZero();
        assertThat(steward.sqs.counts(queue).total()).isEqualTo(1);
        assertThat(steward.sqs.counts(dead).total()).isZero();
    }

    @Test
    void moreThanABatchIsListedAndSentBackInOrder() {
        List<String> bodies = bodies(25);
        bodies.forEach(body -> bury(body, DENIED));

        assertThat(dlq("list")).isZero();
        assertThat(out.toString()).contains("25 dead letters", "  25  " + DENIED, "  25  unknown", "and 17 more");
        assertThat(dead()).as("given back").isEqualTo(25);
        assertThat(dlq("replay", "--all")).isZero();
        assertThat(out.toString()).contains("sent 25, failed 0, left 0");
        assertThat(arrived()).containsExactlyInAnyOrderElementsOf(bodies);
        assertThat(steward.sqs.counts(steward.deadLetters).total()).isZero();
        assertThat(way.calls().stream().filter(SqsProxy.SEND::equals))
                .as("in batches of ten")
                .hasSize(3);
    }

    @Test
    void onlyWhatWasAskedForIsSent() {
        bury("{\"a\": 1}", DENIED);
        bury("{\"b\": 1}", "describing prod/web: ECS answered ClusterNotFoundException: gone");
        bury("{\"c\": 1}", "describing prod/api: ECS answered ClusterNotFoundException: gone");

        assertThat(dlq("list")).isZero();
        assertThat(out.toString())
                .contains("   2  describing ...: ECS answered ClusterNotFoundException: gone", "   1  " + DENIED);
        assertThat(dlq("replay", "--reason", "clusternotfound")).isZero();
        assertThat(out.toString()).contains("sent 2, failed 0, left 1");
        assertThat(arrived()).containsExactlyInAnyOrder("{\"b\": 1}", "{\"c\": 1}");
        assertThat(dead()).as("given back at once").isEqualTo(1);
        assertThat(dlq("replay", "--reason", "nothing like it")).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("none of 1 dead letter has 'nothing like it' in its reason");
    }

    @Test
    void noDeadLetterSteersTheTerminal() {
        String hostile = "\\u001b[2J\\r\\nok   forged\\u009b1m\\u202e";
        bury(
                "{\"source\": \"aws.ecs\", \"detail-type\": \"ECS Task State Change\", \"detail\": {\"clusterArn\": "
                        + "\"arn:aws:ecs:eu-west-1:111122223333:cluster/prod" + hostile + "\", \"group\": \"service:web"
                        + hostile + "\", \"taskArn\": \"arn:aws:ecs:eu-west-1:111122223333:task/prod/1\"}}",
                "refused" + hostile);
        for (List<String> words : List.of(
                List.of("list"),
                List.of("list", "--json"),
                List.of("show", "--reason", "refused"),
                List.of("show", "--json", "--reason", "refused"))) {
            assertThat(dlq(words.toArray(String[]::new))).isZero();
            assertThat(out.toString().chars().filter(c -> c != '\n' && (c < 0x20 || c >= 0x7f && c < 0xa0)))
                    .as("%s", words)
                    .isEmpty();
            assertThat(out.toString()).doesNotContain("\u202e");
            assertThat(out.toString().lines()).noneMatch(line -> line.startsWith("ok   forged"));
        }
    }

    @Test
    void oneIsShownAndSentByTheBeginningOfItsId() {
        String id = steward.sqs.send(
                steward.deadLetters,
                "{\"x\": \"\\u001b[31m\"}",
                Map.of("reason", DENIED, "queue", steward.queue, "other", "kept"));
        bury("plain \u0085 text", "nobody knows");

        assertThat(dlq("show", id.substring(0, 8))).isZero();
        assertThat(out.toString())
                .startsWith(id)
                .contains(
                        DENIED,
                        "a permission is missing",
                        "sends it to " + steward.queue,
                        "dlq replay " + id.substring(0, 8),
                        "other=kept")
                .doesNotContain("\u001b");
        assertThat(dlq("show", "--reason", "nobody")).isZero();
        assertThat(out.toString()).contains("plain ? text").doesNotContain("\u0085");
        assertThat(dlq("show", "ffffffff-0")).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("no dead letter with id ffffffff-0 was received");
        assertThat(dead()).isEqualTo(2);

        assertThat(dlq("replay", id)).isZero();
        assertThat(steward.sqs.receiveAll(steward.queue)).singleElement().satisfies(m -> {
            assertThat(m.body()).isEqualTo("{\"x\": \"\\u001b[31m\"}");
            assertThat(m.messageAttributes()).containsOnlyKeys("other");
        });
    }

    @Test
    void whatCannotBeReadIsSaidToComeBack() {
        bury(RunningSteward.sample("malformed-task-without-cluster"), "reading a task: no usable detail.clusterArn");

        assertThat(dlq("show", "--reason", "clusterArn")).isZero();
        assertThat(out.toString()).contains("it cannot be read (", "a replay fails again");
    }

    @Test
    void jsonHasEverything() throws Exception {
        bury(RunningSteward.sample("task-spot-interrupted"), DENIED);

        assertThat(dlq("list", "--json")).isZero();
        JsonNode list = new ObjectMapper().readTree(out.toString());
        assertThat(list.at("/reasons/0/reason").asText()).isEqualTo(DENIED);
        assertThat(list.at("/messages/0/events/0/service").asText()).isEqualTo("web");
        assertThat(list.at("/messages/0/from").asText()).isEqualTo(steward.queue);
        assertThat(dlq("show", "--json", list.at("/messages/0/id").asText())).isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).path("body").asText())
                .isEqualTo(RunningSteward.sample("task-spot-interrupted"));
    }

    @Test
    void aDryRunSendsNothing() {
        bodies(3).forEach(body -> bury(body, DENIED));

        assertThat(dlq("replay", "--all", "--dry-run")).isZero();
        assertThat(out.toString()).contains("would send 3, could not send 0, would leave 0; nothing was done");
        assertThat(dead()).isEqualTo(3);
        assertThat(arrived()).isEmpty();
    }

    @Test
    void whatSqsRefusesOfABatchStaysAndTheRestIsSent() {
        List<String> bodies = bodies(12);
        bodies.forEach(body -> bury(body, DENIED));
        way.refuse(SqsProxy.SEND, 3, true);
        way.refuse(SqsProxy.SEND, 0, false);

        assertThat(dlq("replay", "--all")).isEqualTo(Main.FAILED);
        assertThat(out.toString())
                .as("the one that SQS could not take just then is sent with the second try")
                .contains("sent 11, failed 1, left 1");
        assertThat(err.toString()).contains("SQS refused it: InvalidMessageContents: refused by the test");
        assertThat(dead()).isEqualTo(1);
        assertThat(arrived()).hasSize(11).doesNotHaveDuplicates();
    }

    @Test
    void aDeletionThatIsRefusedInPartIsTriedAgain() {
        bodies(5).forEach(body -> bury(body, DENIED));
        way.refuse(SqsProxy.DELETE, 2, false);

        assertThat(dlq("replay", "--all")).isZero();
        assertThat(steward.sqs.counts(steward.deadLetters).total()).isZero();
        assertThat(arrived()).hasSize(5);
    }

    @Test
    void nothingIsDeletedWhenSqsDidNotAnswerThatItHasIt() {
        bodies(3).forEach(body -> bury(body, DENIED));
        way.hangUp(SqsProxy.SEND, 1);

        assertThat(dlq("replay", "--all")).isEqualTo(Main.FAILED);
        assertThat(out.toString()).contains("sent 0, failed 3, left 3");
        assertThat(err.toString()).contains("SQS does not answer", "SQS may have it anyway");
        assertThat(dead()).isEqualTo(3);
    }

    @Test
    void anAlertGoesBackIntoItsMessageGroupAndIsPosted() {
        steward.queueingAlerts();
        settings.put("steward.alerts.queue-url", steward.alertsQueue());
        steward.start();
        steward.slack.next(Answer.of(404, "no_service"));
        steward.sendSample("service-start-impaired");
        steward.awaitDone();
        assertThat(steward.slack.posts()).hasSize(1);

        assertThat(dlq("show", "--reason", "no_service")).isZero();
        assertThat(out.toString())
                .contains("alert ", "group   default", "set a new one", "sends it to " + steward.alertsQueue());
        assertThat(dlq("replay", "--all")).as(err.toString()).isZero();
        steward.awaitDone();
        assertThat(steward.slack.posts())
                .as("within SQS's five minutes of deduplication")
                .hasSize(2);
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void aFifoQueueOfDeadLettersIsEmptiedGroupByGroupAndInOrder() {
        String dead = steward.sqs.createFifo("alerts-dead");
        String alerts = steward.sqs.createFifo("alerts");
        for (int i = 0; i < 25; i++) {
            steward.sqs.sendFifo(
                    dead,
                    "{\"key\": \"" + i + "\"}",
                    i % 5 == 0 ? "web" : "ops",
                    "d-" + i,
                    Map.of("queue", alerts, "reason", "no"));
        }

        assertThat(dlq("replay", "--all", "--queue", dead)).as(err.toString()).isZero();
        assertThat(out.toString()).contains("sent 25, failed 0, left 0");
        List<Message> all = steward.sqs.receiveAll(alerts);
        assertThat(all)
                .hasSize(25)
                .allSatisfy(m -> assertThat(m.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID))
                        .isIn("web", "ops"));
        assertThat(all.stream()
                        .filter(m -> m.attributes()
                                .get(MessageSystemAttributeName.MESSAGE_GROUP_ID)
                                .equals("ops"))
                        .map(m -> Integer.valueOf(m.body().replaceAll("\\D", "")))
                        .toList())
                .isSorted();
    }

    @Test
    void aSecondReplayOfAnAlertIsACopyToSqs() {
        String alerts = steward.sqs.createFifo("alerts");
        steward.sqs.send(
                steward.deadLetters,
                "{\"key\": \"k\", \"channel\": \"#b\u00fcro alle\"}",
                Map.of("queue", alerts, "reason", "no"));
        way.fail(SqsProxy.DELETE, 1, SqsProxy.ACCESS_DENIED);
        assertThat(dlq("replay", "--all")).isEqualTo(Main.FAILED);
        assertThat(dlq("replay", "--all")).isZero();

        assertThat(steward.sqs.receiveAll(alerts)).hasSize(1);
    }

    @Test
    void nobodyElsesQueueIsSentToUnlessThatIsSaid() {
        String elsewhere = "https://sqs.eu-west-1.amazonaws.com/999988887777/theirs";
        steward.sqs.send(steward.deadLetters, "{}", Map.of("reason", "no", "queue", elsewhere));
        steward.sqs.send(steward.deadLetters, "{}", Map.of("reason", "no", "queue", steward.deadLetters));

        assertThat(dlq("replay", "--all")).isEqualTo(Main.FAILED);
        assertThat(err.toString())
                .contains("it claims to come from " + elsewhere, "it came from this queue itself", "--to URL");
        assertThat(dead()).isEqualTo(2);
        assertThat(dlq("replay", "--all", "--to", steward.queue)).isZero();
        assertThat(arrived()).hasSize(2);
    }

    @Test
    void whatEventBridgeCouldNotDeliverGoesToItsTarget() {
        steward.sqs.send(
                steward.deadLetters,
                "{}",
                Map.of(
                        "RULE_ARN", "arn:aws:events:eu-west-1:111122223333:rule/spot",
                        "TARGET_ARN", steward.sqs.arn(steward.queue),
                        "ERROR_CODE", "NO_PERMISSIONS",
                        "ERROR_MESSAGE", "The queue's policy does not allow it",
                        "RETRY_ATTEMPTS", "0"));

        assertThat(dlq("show", "--reason", "NO_PERMISSIONS")).isZero();
        assertThat(out.toString())
                .contains(
                        "EventBridge could not deliver it: NO_PERMISSIONS: The queue's policy",
                        "a permission is missing");
        settings.remove("steward.events.queue-url");
        assertThat(dlq("replay", "--all")).as(err.toString()).isZero();
        assertThat(steward.sqs.receiveAll(steward.queue))
                .singleElement()
                .satisfies(m -> assertThat(m.messageAttributes()).isEmpty());
    }

    @Test
    void withoutAWordOfWhereItCameFromItGoesToTheEventsQueue() {
        steward.sqs.send(steward.deadLetters, "{}");

        assertThat(dlq("replay", "--all")).isZero();
        assertThat(arrived()).hasSize(1);
        steward.sqs.send(steward.deadLetters, "{}");
        settings.remove("steward.events.queue-url");
        assertThat(dlq("replay", "--all")).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("set STEWARD_EVENTS_QUEUE_URL", "--to URL");
    }

    @Test
    void theLimitIsKeptAndSaid() {
        bodies(25).forEach(body -> bury(body, DENIED));

        assertThat(dlq("list", "--limit", "12")).isZero();
        assertThat(out.toString()).contains("The first 12 dead letters", "--limit above 12");
        assertThat(dlq("replay", "--all", "--limit", "12")).isZero();
        assertThat(out.toString()).contains("sent 12, failed 0, left 0, and those beyond --limit 12");
        assertThat(dead()).isEqualTo(13);
    }

    @Test
    void whatSomebodyElseLooksAtIsSpokenOf() {
        bodies(3).forEach(body -> bury(body, DENIED));
        steward.sqs.client().receiveMessage(r -> r.queueUrl(steward.deadLetters).maxNumberOfMessages(2));

        assertThat(dlq("list")).isZero();
        assertThat(out.toString()).startsWith("1 dead letter in ");
        assertThat(err.toString()).contains("SQS counts about 2 more messages that it does not return");
    }

    @Test
    void anEmptyQueueIsNoProblem() {
        assertThat(dlq("list")).isZero();
        assertThat(out.toString()).startsWith("0 dead letters in ");
        assertThat(dlq("replay", "--all")).isZero();
    }

    @Test
    void troubleIsSaidInPlainWords() {
        assertThat(dlq("list", "--queue", steward.deadLetters + "-gone")).isEqualTo(Main.FAILED);
        assertThat(err.toString())
                .contains("there is no queue " + steward.deadLetters + "-gone")
                .doesNotContain("\tat ");

        way.fail(SqsProxy.RECEIVE, 1, SqsProxy.ACCESS_DENIED);
        assertThat(dlq("list")).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains("you may not do sqs:ReceiveMessage on " + steward.deadLetters);

        way.fail(SqsProxy.LOOK, 1, SqsProxy.ACCESS_DENIED);
        assertThat(dlq("list"))
                .as("asking for the redrive policy is not necessary")
                .isZero();

        bury("{}", DENIED);
        way.fail(SqsProxy.SEND, 1, SqsProxy.ACCESS_DENIED);
        assertThat(dlq("replay", "--all")).isEqualTo(Main.FAILED);
        assertThat(err.toString())
                .contains("you may not do sqs:SendMessage on " + steward.queue)
                .doesNotContain("may have it");

        way.fail(SqsProxy.GIVE_BACK, 1, new AwsError("RequestThrottled", 400, "slow down"));
        assertThat(dlq("list")).isZero();
        assertThat(err.toString()).contains("hidden for 5 minutes", "RequestThrottled");

        assertThat(dlq("list", "--queue", "events-dead")).isEqualTo(Main.WRONG);
        assertThat(err.toString()).contains("'events-dead' is not a queue URL");
        settings.remove("steward.dead-letter.queue-url");
        assertThat(dlq("list")).isEqualTo(Main.WRONG);
        assertThat(err.toString()).contains("set STEWARD_DEAD_LETTER_QUEUE_URL");
    }

    @Test
    void aDeadLetterQueueThatMovesItsMessagesOnIsWarnedOf() {
        String dead = steward.sqs.createQueue("dead-too", 30, 3, steward.deadLetters);

        assertThat(dlq("list", "--queue", dead)).isZero();
        assertThat(err.toString()).contains("has a redrive policy of its own");
    }

    @Test
    void itEndsAndGivesBackWhenItIsTold() throws Exception {
        bodies(25).forEach(body -> bury(body, DENIED));
        DeadLetterQueue queue = new DeadLetterQueue(way.client(), steward.deadLetters, 0);
        Gate gate = way.hold(SqsProxy.SEND, 1);
        List<DeadLetterQueue.Returned> told = new ArrayList<>();
        CompletableFuture<Void> replay = CompletableFuture.runAsync(() -> {
            try (queue) {
                queue.sendBack(queue.look(1_000, all -> false), letter -> steward.queue, told::add);
            }
        });
        gate.awaitArrivals(1, RunningSteward.PATIENCE);
        queue.stop();
        gate.open();
        replay.get(RunningSteward.PATIENCE.toSeconds(), TimeUnit.SECONDS);

        assertThat(told).as("the batch that was under way").hasSize(10).allMatch(r -> r.sent() && r.trouble() == null);
        assertThat(dead()).isEqualTo(15);
        assertThat(arrived()).hasSize(10);
    }
}
