package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.event.SlackAction;
import io.ecssteward.settings.Settings;
import io.ecssteward.slack.ActionValue;
import io.ecssteward.testing.Capacity;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.FakeSlack.Message;
import io.ecssteward.testing.FakeSlack.Post;
import io.ecssteward.testing.FakeTasksAndLogs;
import io.ecssteward.testing.ManualClock;
import io.ecssteward.testing.RunningSteward;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people read, and what ECS does, when somebody presses a button below an incident or types a command. */
class ActionsTest {

    private static final String SERVICE = "arn:aws:ecs:eu-west-1:111122223333:service/prod/web";
    private static final String ALEX = "U012ALEX";
    private static final String KIM = "U012KIM";
    private static final String MEMBERS = "/api/usergroups.users.list";

    private final RunningSteward steward = RunningSteward.create()
            .postingWithAToken()
            .with(Settings.INCIDENT_SWEEP, "20", Settings.APP_TOKEN, "xapp-1-A0-1-x", Settings.OPERATORS, ALEX);
    private final CapturedLog audit = new CapturedLog();
    private final FakeTasksAndLogs logs = new FakeTasksAndLogs();
    private final AtomicInteger clicks = new AtomicInteger();

    @BeforeEach
    void run() {
        steward.ecs.addCluster("prod", 0).addService("prod", "web");
    }

    @AfterEach
    void stop() {
        steward.close();
        logs.close();
        audit.close();
    }

    private Message broken() {
        steward.start();
        steward.send(failedTask());
        steward.awaitDone();
        return message();
    }

    private static String failedTask() {
        return failedTask(UUID.randomUUID().toString());
    }

    private static String failedTask(String task) {
        return """
                {"version": "0", "id": "%s", "detail-type": "ECS Task State Change", "source": "aws.ecs",
                 "account": "111122223333", "time": "%s", "region": "eu-west-1", "resources": ["%s"],
                 "detail": {"clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
                 "taskArn": "arn:aws:ecs:eu-west-1:111122223333:task/prod/%s", "version": 5,
                 "group": "service:web", "lastStatus": "STOPPED", "desiredStatus": "STOPPED",
                 "stopCode": "EssentialContainerExited", "stoppedReason": "Essential container in task exited",
                 "containers": [{"name": "app", "exitCode": 1, "lastStatus": "STOPPED"}]}}""".formatted(UUID.randomUUID(), Instant.now(), SERVICE, task);
    }

    private void steady() {
        steward.send("""
                {"version": "0", "id": "%s", "detail-type": "ECS Service Action", "source": "aws.ecs",
                 "account": "111122223333", "time": "%s", "region": "eu-west-1", "resources": ["%s"],
                 "detail": {"eventType": "INFO", "eventName": "SERVICE_STEADY_STATE", "createdAt": "%s",
                 "clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod"}}""".formatted(UUID.randomUUID(), Instant.now(), SERVICE, Instant.now()));
        steward.awaitDone();
    }

    private Message message() {
        return steward.slack.channel("#ops").get(0);
    }

    private static List<String> buttons(JsonNode message) {
        List<String> names = new ArrayList<>();
        message.findValues("action_id").forEach(name -> names.add(name.asText()));
        return names;
    }

    private JsonNode button(JsonNode message, String name) {
        for (JsonNode parent : message.findParents("action_id")) {
            if (parent.get("action_id").asText().equals(name)) {
                return parent;
            }
        }
        throw new AssertionError("no button " + name + " in " + message);
    }

    /** What Slack says of a click, as the steward sends it to its queue. */
    private String click(JsonNode message, String name, String user) {
        JsonNode button = button(message, name);
        ActionValue value = button.has("value")
                ? ActionValue.read(button.get("value").asText())
                : ActionValue.read(
                        message.findParent("block_id").get("block_id").asText());
        return event(name, user, value, null, Instant.now());
    }

    private String event(String name, String user, ActionValue value, String text, Instant at) {
        ObjectNode detail = JsonNodeFactory.instance
                .objectNode()
                .put("action", name)
                .put("user", user)
                .put("userName", user.equals(ALEX) ? "alex" : "kim")
                .put("channel", "C1");
        value.into(detail);
        int click = clicks.incrementAndGet();
        detail.put("responseUrl", steward.slack.webhook("response-" + click));
        if (text != null) {
            detail.put("text", text);
        }
        return SlackAction.message(value.identity(user, name, "1." + click), at, detail);
    }

    private String typed(String command, String user) {
        String[] words = command.split(" ", 2);
        return event(words[0], user, ActionValue.read(null), words.length < 2 ? "" : words[1], Instant.now());
    }

    private void send(String... actions) {
        for (String action : actions) {
            steward.send(action);
        }
        steward.awaitDone();
        assertThat(steward.deadLetters()).isEmpty();
    }

    private List<Post> answers() {
        return steward.slack.posts().stream()
                .filter(post -> post.path().contains("response-"))
                .toList();
    }

    private Post answer() {
        assertThat(answers()).isNotEmpty();
        return answers().get(answers().size() - 1);
    }

    private List<String> thread() {
        return message().replies().stream().map(Message::text).toList();
    }

    private void awaitReply(String words) {
        RunningSteward.await(() -> thread().stream().anyMatch(reply -> reply.contains(words)));
    }

    @Test
    void theMessageOffersWhatFits() {
        assertThat(buttons(broken().payload())).containsExactly("acknowledge", "silence", "redeploy", "roll-back");
        steady();
        RunningSteward.await(() -> message().text().startsWith("[RESOLVED]"));
        assertThat(buttons(message().payload())).isEmpty();
    }

    @Test
    void withoutAnAppTokenThereAreNoButtons() {
        steward.with(Settings.APP_TOKEN, "");
        assertThat(buttons(broken().payload())).isEmpty();
    }

    @Test
    void anAcknowledgementIsInTheMessage() {
        Message message = broken();
        String click = click(message.payload(), "acknowledge", KIM);
        send(click, click);
        RunningSteward.await(() -> message().text().startsWith("[ACKNOWLEDGED]"));
        assertThat(message().payload().toString()).contains("acknowledged by kim");
        assertThat(buttons(message().payload())).containsExactly("silence", "redeploy", "roll-back");
        assertThat(answers()).isEmpty();
        send(click(message.payload(), "acknowledge", ALEX));
        assertThat(answer().text()).contains("kim acknowledged ").contains(" already.");
        assertThat(outcomes()).containsExactly("acted", "refused");
    }

    @Test
    void aSilenceKeepsSlackQuietAndSaysWho() {
        Message message = broken();
        String click = silencing(message);
        send(click, click);
        awaitReply("kim: silenced prod/web until ");
        int before = steward.slack.posts().size();
        send(failedTask());
        assertThat(steward.slack.posts()).hasSize(before);
        send(typed("status", ALEX));
        assertThat(answer().text()).contains("Silences that hold: 1", "prod/web until ", "by kim", "Times are in UTC.");
    }

    private String silencing(Message message) {
        return event(
                "silence",
                KIM,
                ActionValue.read(
                        message.payload().findParent("block_id").get("block_id").asText()),
                "4h",
                Instant.now());
    }

    private void silence(Message message) {
        silence(message, "web");
    }

    private void silence(Message message, String service) {
        send(silencing(message));
        awaitReply("kim: silenced prod/" + service + " until ");
    }

    @Test
    void theLongestNameIsSilencedAsAService() {
        String name = "w".repeat(255);
        steward.start();
        steward.send(failedTask().replace("service:web", "service:" + name).replace("prod/web", "prod/" + name));
        steward.awaitDone();
        silence(message(), name);
        send(typed("status", ALEX));
        assertThat(answer().text()).contains("prod/" + name + " until ");
    }

    @Test
    void theAnswerToASilenceHasAButtonThatEndsIt() {
        silence(broken());
        Post told = answer();
        assertThat(told.body().path("response_type").asText()).isEqualTo("ephemeral");
        assertThat(buttons(told.body())).containsExactly("unsilence");
        String end = click(told.body(), "unsilence", ALEX);
        send(end, end);
        awaitReply("alex: ended silence s-");
        assertThat(answer().text()).contains("of prod/web", "It is posted in the thread of web-");
        send(typed("status", ALEX));
        assertThat(answer().text()).contains("Silences that hold: 0");
        send(click(told.body(), "unsilence", KIM));
        assertThat(answer().text()).startsWith("There is no silence s-");
        assertThat(outcomes()).containsExactly("acted", "acted", "answered", "refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ID", "prod/web"})
    void aSilenceIsEndedByWhatIsTyped(String what) {
        steward.start();
        send(typed("silence prod/web 1h", KIM));
        assertThat(answer().body().path("response_type").asText()).isEqualTo("in_channel");
        String id = ActionValue.read(
                        button(answer().body(), "unsilence").get("value").asText())
                .text();
        send(typed("unsilence " + (what.equals("ID") ? id : what), ALEX));
        assertThat(answer().text()).isEqualTo("alex: ended silence " + id + " of prod/web");
        send(typed("status", ALEX));
        assertThat(answer().text()).contains("Silences that hold: 0");
    }

    @Test
    void aPlannedSilenceIsEndedInItsFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("silences.yaml"), """
                - silence: load-test
                  pattern: {"cluster": ["prod"], "service": ["web"]}
                  until: "2099-01-01T00:00:00Z"
                """);
        steward.with(Settings.SILENCES, "file:" + file).start();
        send(typed("unsilence load-test", ALEX), typed("unsilence prod/web", ALEX));
        assertThat(answers())
                .hasSize(2)
                .allSatisfy(answer -> assertThat(answer.text())
                        .endsWith(" is planned in the file that STEWARD_SILENCES names; remove it there."));
    }

    @Test
    void whatFiresAfterASilenceWasEndedIsPosted() {
        Message message = broken();
        silence(message);
        send(failedTask());
        int before = steward.slack.posts().size();
        send(typed("unsilence prod/web", ALEX));
        awaitReply("alex: ended silence s-");
        RunningSteward.await(() -> steward.slack.posts().size() > before + 1);
    }

    @Test
    void aRedeploymentIsAskedForAndDoneOnce() {
        Message message = broken();
        send(click(message.payload(), "redeploy", ALEX));
        assertThat(steward.updates()).isEmpty();
        Post asked = answer();
        assertThat(asked.body().path("response_type").asText()).isEqualTo("ephemeral");
        assertThat(buttons(asked.body())).containsExactly("redeploy", "cancel");
        String yes = click(asked.body(), "redeploy", ALEX);
        send(yes, yes, click(asked.body(), "redeploy", ALEX));
        assertThat(steward.updates()).hasSize(1);
        awaitReply("alex: ");
        assertThat(thread()).filteredOn(reply -> reply.contains("alex: ")).hasSize(1);
        assertThat(answer().body().path("replace_original").asBoolean()).isTrue();
        assertThat(outcomes()).containsExactly("asked", "acted");
    }

    @Test
    void whoCancelsChangesNothing() {
        Message message = broken();
        send(click(message.payload(), "redeploy", ALEX));
        send(click(answer().body(), "cancel", ALEX));
        assertThat(steward.updates()).isEmpty();
        assertThat(answer().text()).isEqualTo("Nothing was changed.");
        assertThat(answer().body().path("replace_original").asBoolean()).isTrue();
    }

    @Test
    void ofAgreeingAndCancellingTheFirstCounts() {
        Message message = broken();
        send(click(message.payload(), "redeploy", ALEX));
        Post first = answer();
        send(click(first.body(), "cancel", ALEX));
        send(click(first.body(), "redeploy", ALEX));
        assertThat(steward.updates()).isEmpty();
        assertThat(answer().text()).isEqualTo("You canceled this already. Nothing was changed.");
        send(click(message.payload(), "redeploy", ALEX));
        Post second = answer();
        send(click(second.body(), "redeploy", ALEX));
        send(click(second.body(), "cancel", ALEX));
        assertThat(steward.updates()).hasSize(1);
        assertThat(answer().text()).startsWith("It was already confirmed");
        assertThat(outcomes()).containsExactly("asked", "answered", "duplicate", "asked", "acted", "duplicate");
    }

    @Test
    void aStepThatFailsInAnyWayIsToldOnceAndNotTriedAgain() throws IOException {
        routes("""
                - route:
                    id: boom
                    from:
                      uri: slack-action:boom
                      steps:
                        - to:
                            uri: %s
                            parameters:
                              httpMethod: POST
                """.formatted(steward.slack.webhook("boom")));
        steward.start();
        steward.slack.nextAt(steward.slack.webhook("boom"), Answer.of(500, "x"), Answer.of(500, "x"));
        send(typed("boom", ALEX));
        assertThat(answers()).hasSize(1);
        assertThat(answer().text()).startsWith("boom did not work: ");
        assertThat(outcomes()).containsExactly("failed");
        assertThat(steward.sqs.counts(steward.queue).total()).isZero();
    }

    @Test
    void whatWasAskedOfOthersBeforeAStepFailedIsAskedOnceAndNoSecretIsTold() throws IOException {
        routes("""
                - route:
                    id: boom
                    from:
                      uri: slack-action:boom
                      steps:
                        - setVariable:
                            name: order
                            constant: '{"text": "go"}'
                        - to:
                            uri: %s
                            variableSend: order
                            variableReceive: answer
                        - throwException:
                            exceptionType: java.lang.IllegalStateException
                            message: the token xoxb-1234567890-SESAME is refused
                """.formatted(steward.slack.webhook("boom")));
        Message message = broken();
        String value = button(message.payload(), "redeploy").get("value").asText();
        String pressed = event("boom", ALEX, ActionValue.read(value), null, Instant.now());
        send(pressed, pressed);
        awaitReply("alex: boom did not work: ");
        assertThat(steward.slack.postsAt("boom")).hasSize(1);
        assertThat(thread())
                .filteredOn(reply -> reply.contains("boom"))
                .containsExactly("alex: boom did not work: the token *** is refused.");
        assertThat(outcomes()).containsExactly("failed");
        assertThat(steward.sqs.counts(steward.queue).total()).isZero();
    }

    @Test
    void whatIsTypedIsToldWithoutASecret() {
        broken();
        send(typed("silence prod/web 1h the token is xoxb-1234567890-SESAME", KIM));
        awaitReply("kim: silenced prod/web until ");
        assertThat(message().replies()).noneMatch(reply -> reply.says("SESAME"));
        assertThat(steward.slack.posts()).noneMatch(post -> post.says("SESAME"));
    }

    @Test
    void whatIsOnlyAButtonOrOnlyAWordIsNotTheOther() throws IOException {
        routes("""
                - route:
                    id: only-press
                    from:
                      uri: slack-action:only-press
                      parameters:
                        command: "false"
                      steps:
                        - to: slack-answer:only-you?text=was pressed
                - route:
                    id: only-type
                    from:
                      uri: slack-action:only-type
                      parameters:
                        button: "false"
                      steps:
                        - to: slack-answer:only-you?text=was typed
                """);
        Message message = broken();
        ActionValue value = ActionValue.read(
                button(message.payload(), "redeploy").get("value").asText());
        send(typed("only-press", KIM));
        assertThat(answer().text()).startsWith("There is no '/steward only-press'");
        send(event("only-press", KIM, value, null, Instant.now()));
        assertThat(answer().text()).isEqualTo("was pressed");
        send(event("only-type", KIM, value, null, Instant.now()));
        assertThat(answer().text()).startsWith("There is no '/steward only-type'");
        send(typed("only-type", KIM));
        assertThat(answer().text()).isEqualTo("was typed");
    }

    @Test
    void withoutOperatorsNobodyIsOfferedWhatOnlyTheyMay() {
        steward.with(Settings.OPERATORS, "");
        assertThat(buttons(broken().payload())).containsExactly("acknowledge", "silence");
    }

    @TempDir
    Path directory;

    private void routes(String yaml) throws IOException {
        Files.writeString(directory.resolve("own.camel.yaml"), yaml);
        steward.with(Settings.ROUTES, "classpath:routes/*.camel.yaml,file:" + directory.resolve("*.camel.yaml"));
    }

    @Test
    void buttonsThatNobodySeesAreSaidOnce() throws IOException {
        routes("""
                - route:
                    id: order-lost
                    from:
                      uri: event:order-lost
                      parameters:
                        pattern: '{"source": ["shop.orders"]}'
                      steps:
                        - to:
                            uri: alert:order-lost
                            parameters:
                              actions: acknowledge
                """);
        steward.start();
        for (String id : List.of("1", "2")) {
            send("""
                    {"version": "0", "id": "%s", "source": "shop.orders", "detail-type": "Order Lost", "time": "%s",
                     "detail": {}}""".formatted(id, Instant.now()));
        }
        assertThat(audit.lines())
                .filteredOn(line -> line.contains("alert:order-lost: its buttons are not shown: its state is 'info'"))
                .hasSize(1);
    }

    @Test
    void whoIsNoOperatorIsRefusedAndNobodyElseReadsIt() {
        Message message = broken();
        ActionValue value = ActionValue.read(
                button(message.payload(), "redeploy").get("value").asText());
        ActionValue forged = new ActionValue(value.incident(), value.about(), null, "1.1", null);
        send(click(message.payload(), "redeploy", KIM), event("redeploy", KIM, forged, null, Instant.now()));
        assertThat(steward.updates()).isEmpty();
        assertThat(answers()).hasSize(2).allSatisfy(answer -> {
            assertThat(answer.text()).startsWith("You are not one of the operators");
            assertThat(answer.body().path("response_type").asText()).isEqualTo("ephemeral");
        });
        assertThat(thread()).isEmpty();
        assertThat(outcomes()).containsExactly("not-allowed", "not-allowed");
        assertThat(steward.over())
                .last()
                .satisfies(over -> assertThat(over.skipped()).containsExactly("not-allowed"));
    }

    @Test
    void whoIsInAUserGroupMayAndForFiveMinutesAfterLeavingIt() {
        ManualClock clock = ManualClock.at(Instant.now().toString());
        steward.binding("clock", clock).with(Settings.OPERATORS, "S0OPS");
        Message message = broken();
        steward.slack.nextAt(MEMBERS, Answer.of(200, "{\"ok\":true,\"users\":[\"" + ALEX + "\"]}"));
        send(click(message.payload(), "redeploy", ALEX));
        assertThat(buttons(answer().body())).contains("cancel");
        steward.slack.nextAt(MEMBERS, Answer.of(200, "{\"ok\":true,\"users\":[\"" + KIM + "\"]}"));
        send(click(message.payload(), "redeploy", KIM));
        assertThat(answer().text()).startsWith("You are not one of the operators");
        clock.advance(Duration.ofMinutes(5).minusMillis(1));
        send(click(message.payload(), "redeploy", ALEX));
        assertThat(buttons(answer().body())).contains("cancel");
        assertThat(questions()).isEqualTo(1);

        clock.advance(Duration.ofMillis(1));
        send(click(message.payload(), "redeploy", ALEX));
        assertThat(answer().text()).startsWith("You are not one of the operators");
        send(click(message.payload(), "redeploy", KIM));
        assertThat(buttons(answer().body())).contains("cancel");
        assertThat(questions()).isEqualTo(2);
    }

    private long questions() {
        return steward.slack.posts().stream()
                .filter(post -> post.path().equals(MEMBERS))
                .count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing_scope", "no_such_subteam", "plan_upgrade_required", "invalid_auth"})
    void whereSlackDoesNotSayWhoIsInAGroupNobodyMay(String error) {
        steward.with(Settings.OPERATORS, "S0OPS");
        Message message = broken();
        steward.slack.nextAt(MEMBERS, Answer.error(error), Answer.error(error));
        send(click(message.payload(), "redeploy", ALEX));
        assertThat(answer().text()).startsWith("Steward could not check whether you may do this");
        assertThat(answer().text().contains("usergroups:read")).isEqualTo(error.equals("missing_scope"));
        assertThat(outcomes()).containsExactly("not-allowed");
    }

    @Test
    void whatIsOverIsLeftAlone() {
        Message message = broken();
        steady();
        RunningSteward.await(() -> message().text().startsWith("[RESOLVED]"));
        send(click(message.payload(), "redeploy", ALEX));
        assertThat(answer().text())
                .contains(" is over, so nothing was done.")
                .contains("type /steward redeploy prod/web");
        send(event("acknowledge", KIM, ActionValue.of("web-0000", "service/1/x/prod/web"), null, Instant.now()));
        assertThat(answer().text()).contains("web-0000 is not known any more, so nothing was done.");
        assertThat(steward.updates()).isEmpty();
        assertThat(outcomes()).containsExactly("no-incident", "no-incident");
    }

    @Test
    void aClickThatComesTooLateIsNotDoneAnyMore() {
        Message message = broken();
        ActionValue value = ActionValue.read(
                button(message.payload(), "redeploy").get("value").asText());
        ActionValue yes = new ActionValue(value.incident(), value.about(), null, "1.1", null);
        send(event("redeploy", ALEX, yes, null, Instant.now().minus(Duration.ofHours(1))));
        assertThat(steward.updates()).isEmpty();
        assertThat(answer().text()).contains("more than 15 minutes ago");
        assertThat(outcomes()).containsExactly("too-late");
    }

    @Test
    void whatEcsRefusesIsInTheThread() {
        Message message = broken();
        send(click(message.payload(), "redeploy", ALEX));
        steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 1, FakeEcs.ACCESS_DENIED);
        send(click(answer().body(), "redeploy", ALEX));
        awaitReply("alex: redeploy did not work: ");
        assertThat(answer().text()).contains("did not work");
        assertThat(outcomes()).containsExactly("asked", "failed");
    }

    @Test
    void whatStaysAwayIsTriedAndThenGivenUp() {
        Message message = broken();
        send(click(message.payload(), "redeploy", ALEX));
        steward.ecs.fail(FakeEcs.UPDATE_SERVICE, 100, FakeEcs.SERVER_ERROR);
        send(click(answer().body(), "redeploy", ALEX));
        awaitReply("press it again later");
        assertThat(outcomes()).containsExactly("asked", "failed");
    }

    @Test
    void slackNotTakingTheAnswerChangesNothingAboutTheAct() {
        Message message = broken();
        send(click(message.payload(), "redeploy", ALEX));
        Post asked = answer();
        steward.slack.nextAt(steward.slack.webhook("response-" + (clicks.get() + 1)), Answer.of(404, "expired_url"));
        send(click(asked.body(), "redeploy", ALEX));
        assertThat(steward.updates()).hasSize(1);
        awaitReply("alex: ");
        assertThat(outcomes()).containsExactly("asked", "acted");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            help                     | /steward redeploy CLUSTER/SERVICE
            reboot everything        | There is no '/steward reboot'. Type one of these:
            rollback prod/web        | There is no '/steward rollback'; did you mean 'roll-back'?
            cancel                   | There is no '/steward cancel'
            acknowledge              | There is no '/steward acknowledge'
            log-tail                 | There is no '/steward log-tail'
            incidents                | Nothing is open.
            status                   | Open incidents: 0
            silence                  | What, and for how long?
            silence prod/web         | What, and for how long?
            silence prod/web soon    | 'soon' is not a time.
            silence prod/web 1h      | silenced prod/web until
            silence `prod/web` 1h    | silenced prod/web until
            silence prod/web 2h x    | To end it: /steward unsilence s-
            unsilence                | Which silence? Type /steward unsilence ID
            unsilence prod/web       | There is no silence prod/web.
            unsilence s-0000         | There is no silence s-0000.
            silence prod/web 31d     | A silence from Slack lasts 30 days at most.
            redeploy                 | Which service? Type /steward redeploy CLUSTER/SERVICE
            redeploy web             | Which service? Type /steward redeploy CLUSTER/SERVICE
            """)
    void aCommandIsAnsweredWithWhatToType(String command, String words) {
        steward.start();
        send(typed(command, ALEX));
        assertThat(answer().text()).contains(words);
    }

    /** After what was sent: a look at the service later stays in the queue, so that is never empty again. */
    private Post answerTo(String action) {
        int before = answers().size();
        steward.send(action);
        RunningSteward.await(() -> answers().size() > before);
        assertThat(steward.deadLetters()).isEmpty();
        return answer();
    }

    @Test
    void aServiceThatSpotHasNoTasksForIsMovedByAButtonAndTakenBack() {
        FakeService web = steward.ecs
                .addService("prod", "web")
                .desiredCount(4)
                .capacity("FARGATE", 1, 1)
                .capacity("FARGATE_SPOT", 0, 4)
                .deployment(Duration.ofDays(1), "COMPLETED")
                .tasks(3, 0);
        steward.start();
        steward.sendSample("service-placement-failure-no-spot-capacity");
        RunningSteward.await(() -> !steward.slack.channel("#ops").isEmpty());
        assertThat(buttons(message().payload())).contains("to-on-demand");

        Post asked = answerTo(click(message().payload(), "to-on-demand", ALEX));
        assertThat(asked.text()).contains("replaces 4 tasks", "to all tasks on FARGATE.");
        assertThat(steward.updates()).isEmpty();

        Post moved = answerTo(click(asked.body(), "to-on-demand", ALEX));
        assertThat(moved.text()).contains("moves prod/web to on-demand");
        assertThat(web.capacity()).containsExactly(new Capacity("FARGATE", 1, 1), new Capacity("FARGATE_SPOT", 0, 0));
        assertThat(web.tags().get("ecs-steward:failover")).startsWith("on-demand FARGATE:1:1/FARGATE_SPOT:0:4 since ");

        web.completeDeployment().tasks(4, 0);
        assertThat(answerTo(typed("capacity", KIM)).text()).contains("prod/web", "on-demand since");

        Post back = answerTo(typed("back-to-spot prod/web", ALEX));
        assertThat(answerTo(click(back.body(), "back-to-spot", ALEX)).text()).contains("prod/web");
        assertThat(web.capacity()).containsExactly(new Capacity("FARGATE", 1, 1), new Capacity("FARGATE_SPOT", 0, 4));
        assertThat(web.tags().get("ecs-steward:failover")).startsWith("returned FARGATE:1:1/FARGATE_SPOT:0:4 since ");
        assertThat(steward.updates()).hasSize(2);
    }

    @Test
    void twoWhoPressAtTheSameMomentChangeItOnce() {
        steward.with(Settings.OPERATORS, ALEX + ", " + KIM);
        Message message = broken();
        send(click(message.payload(), "redeploy", ALEX));
        Post alex = answer();
        send(click(message.payload(), "redeploy", KIM));
        send(click(alex.body(), "redeploy", ALEX), click(answer().body(), "redeploy", KIM));
        assertThat(steward.updates()).hasSize(1);
        assertThat(outcomes()).hasSize(4).startsWith("asked", "asked").contains("acted", "in-progress");
        assertThat(answers()).anySatisfy(answer -> assertThat(answer.text()).contains("in progress"));
    }

    @Test
    void aServiceThatIsGoneByThenIsToldToWhoeverAgreed() {
        Message message = broken();
        send(click(message.payload(), "redeploy", ALEX));
        steward.ecs.removeService("prod", "web");
        send(click(answer().body(), "redeploy", ALEX));
        assertThat(answer().body().path("response_type").asText()).isEqualTo("ephemeral");
        assertThat(outcomes()).containsExactly("asked", "service-not-found");
    }

    @Test
    void aTypedRedeploymentOfWhatIsWellIsToldInTheChannel() {
        steward.start();
        send(typed("redeploy prod/web", ALEX));
        send(click(answer().body(), "redeploy", ALEX));
        assertThat(steward.updates()).hasSize(1);
        assertThat(answer().body().path("response_type").asText()).isEqualTo("in_channel");
        assertThat(answer().text()).startsWith("alex: ");
    }

    @Test
    void aTypedRedeploymentIsToldInTheThreadOfTheIncident() {
        broken();
        send(typed("redeploy prod/web", ALEX));
        send(click(answer().body(), "redeploy", ALEX));
        awaitReply("alex: ");
        assertThat(answer().text()).contains("It is posted in the thread of web-");
        assertThat(answer().body().path("response_type").asText()).isEqualTo("ephemeral");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redeploy prod/wbe", "redeploy pord/web", "roll-back prod/wbe"})
    void aServiceThatIsNotThereIsSaidPlainly(String command) {
        steward.start();
        send(typed(command, ALEX));
        assertThat(answers()).hasSize(1);
        assertThat(answer().body().path("response_type").asText()).isEqualTo("ephemeral");
        assertThat(answer().text())
                .contains(command.substring(command.indexOf(' ') + 1).split("/")[0])
                .doesNotContain("..");
        assertThat(steward.updates()).isEmpty();
    }

    @Test
    void aServiceWithoutAnEarlierDeploymentIsNotRolledBack() {
        Message message = broken();
        send(click(message.payload(), "roll-back", ALEX));
        assertThat(buttons(answer().body())).isEmpty();
        assertThat(answer().body().path("response_type").asText()).isEqualTo("ephemeral");
        assertThat(steward.updates()).isEmpty();
        assertThat(outcomes()).hasSize(1).doesNotContain("acted", "asked");
    }

    /** The message of a task that stopped, when its log has come by itself. */
    private Message logging(String group) {
        logs.task("arn:aws:ecs:eu-west-1:111122223333:task/prod/4c0f", """
                [{"name": "app", "exitCode": 1, "lastStatus": "STOPPED"}]""", """
                [{"name": "app", "essential": true, "logConfiguration": {"logDriver": "awslogs", "options":
                 {"awslogs-group": "%s", "awslogs-stream-prefix": "web"}}}]""".formatted(group));
        logs.log("/ecs/web", "web/app/4c0f", "FATAL: the database does not exist");
        showingLogs();
        steward.start();
        steward.send(failedTask("4c0f"));
        RunningSteward.await(() -> !steward.slack.channel("#ops").isEmpty() && !thread().isEmpty());
        steward.awaitDone();
        return message();
    }

    private void showingLogs() {
        steward.binding("detailClients", logs.clients()).with(Settings.DETAIL_LOGS, "true", Settings.RETRY_DELAY, "1");
    }

    @Test
    void theLogComesAsOftenAsSomebodyPressesForIt() {
        Message message = logging("/ecs/web");
        String once = click(message.payload(), "log-tail", KIM);
        send(once, once, click(message.payload(), "log-tail", KIM));
        // Whatever would be told of the copy stands before this.
        send(click(message.payload(), "acknowledge", KIM));
        RunningSteward.await(() -> message().text().startsWith("[ACKNOWLEDGED]"));
        awaitReply("Acknowledged by kim.");
        assertThat(thread())
                .filteredOn(reply -> !reply.startsWith("Acknowledged"))
                .as("by itself, and twice at the press of a button")
                .hasSize(3)
                .allSatisfy(reply -> assertThat(reply).startsWith("Log of app in task 4c0f, last line"));
        assertThat(message().replies())
                .filteredOn(reply -> !reply.text().startsWith("Acknowledged"))
                .allSatisfy(reply -> assertThat(reply.says("FATAL: the database does not exist"))
                        .isTrue());
    }

    @Test
    void aLogGroupThatIsGoneIsToldToWhoeverPresses() {
        Message message = logging("/ecs/gone");
        send(click(message.payload(), "log-tail", KIM));
        RunningSteward.await(() -> thread().size() >= 2);
        assertThat(thread())
                .hasSize(2)
                .allSatisfy(reply -> assertThat(reply)
                        .contains("There is no log to show: log group /ecs/gone does not exist in eu-west-1."));
    }

    @Test
    void whereNoTaskFailedThePressForItsLogIsAnsweredWithASentence() {
        showingLogs();
        steward.start();
        steward.sendSample("service-start-impaired");
        steward.awaitDone();
        ActionValue value = ActionValue.read(
                button(message().payload(), "acknowledge").path("value").asText());
        send(event("log-tail", KIM, value, null, Instant.now()));
        awaitReply("No task of this incident is known to have stopped, so there is no log to show.");
        assertThat(logs.calls()).isEmpty();
    }

    @Test
    void withAQueueBetweenAlertsAndSlackTheButtonsWorkToo() {
        steward.queueingAlerts().start();
        steward.send(failedTask());
        RunningSteward.await(() -> !steward.slack.channel("#ops").isEmpty());
        assertThat(buttons(message().payload())).containsExactly("acknowledge", "silence", "redeploy", "roll-back");
        send(click(message().payload(), "redeploy", ALEX));
        send(click(answer().body(), "redeploy", ALEX));
        assertThat(steward.updates()).hasSize(1);
        awaitReply("alex: ");
        send(click(message().payload(), "acknowledge", KIM));
        RunningSteward.await(() -> message().text().startsWith("[ACKNOWLEDGED]"));
    }

    /** Whatever is pressed how often and in which order: each confirmation leads to one change at most. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyOrderAndCopiesOfClicksChangeEcsOnceAConfirmation(long seed) {
        steward.with(Settings.OPERATORS, ALEX);
        Message message = broken();
        Random random = new Random(seed);
        List<Post> asked = new ArrayList<>();
        List<String> clicks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            send(click(message.payload(), "redeploy", ALEX));
            asked.add(answer());
        }
        for (Post each : asked) {
            for (int copies = random.nextInt(4); copies >= 0; copies--) {
                clicks.add(click(each.body(), "redeploy", ALEX));
                clicks.add(click(message.payload(), "redeploy", KIM));
                clicks.add(click(each.body(), "cancel", KIM));
            }
        }
        clicks.addAll(clicks.subList(0, clicks.size() / 2));
        Collections.shuffle(clicks, random);
        send(clicks.toArray(String[]::new));
        // The others find its deployment in progress.
        assertThat(steward.updates()).hasSize(1);
        assertThat(outcomes()).filteredOn("acted"::equals).hasSize(1);
    }

    /** The other audit fields stand there too, whatever came of it. */
    @Test
    void eachLineOfTheAuditHasTheSameFields() {
        steward.start();
        send(typed("status", KIM), typed("redeploy prod/web", KIM), typed("silence", KIM));
        assertThat(audit.lines())
                .filteredOn(line -> line.contains(" io.ecssteward.audit "))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line)
                        .contains("action=", "user=\"U012KIM\"", "user_name=\"kim\"", "on=", "incident=", "text=")
                        .contains("pressed=", "event_id=", "outcome="));
    }

    private List<String> outcomes() {
        return audit.lines().stream()
                .filter(line -> line.contains(" io.ecssteward.audit "))
                .map(line -> line.replaceAll("(?s).*outcome=\"([^\"]*)\".*", "$1"))
                .toList();
    }
}
