package io.ecssteward.details;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.settings.Settings;
import io.ecssteward.testing.AwsError;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeSlack.Message;
import io.ecssteward.testing.FakeTasksAndLogs;
import io.ecssteward.testing.RunningSteward;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What people read of a task's log in the thread of its incident, and that nothing suffers from it. */
class LogTailTest {

    private static final String ID = "b99d40b3c5494e5f8b1a7f2f5a7b0c11";
    private static final String TASK = "arn:aws:ecs:eu-west-1:111122223333:task/prod/" + ID;
    private static final String CONTAINERS = """
            [{"name": "envoy", "exitCode": 143, "lastStatus": "STOPPED"},
             {"name": "app", "exitCode": 1, "lastStatus": "STOPPED", "runtimeId": "4c0f"}]""";
    private static final String AWSLOGS = """
            [{"name": "envoy", "essential": true},
             {"name": "app", "essential": true, "logConfiguration": {"logDriver": "awslogs", "options":
              {"awslogs-group": "/ecs/web", "awslogs-region": "eu-central-1", "awslogs-stream-prefix": "web"}}}]""";

    private final FakeTasksAndLogs aws = new FakeTasksAndLogs();
    private final RunningSteward steward = RunningSteward.create()
            .postingWithAToken()
            .with(Settings.INCIDENT_SWEEP, "20", Settings.DETAIL_LOGS, "true", Settings.RETRY_DELAY, "1");
    private int events;

    @BeforeEach
    void prepare() {
        steward.binding("detailClients", aws.clients());
        aws.task(TASK, CONTAINERS, AWSLOGS);
        aws.log("/ecs/web", "web/app/" + ID, "starting", "<!channel> & no", "```panic", "DB_PASSWORD=hunter2hunter2");
    }

    @AfterEach
    void stop() {
        steward.close();
        aws.close();
    }

    /** A task of prod/web stops, as its event says. */
    private void stops(String task) {
        events++;
        steward.send("""
                {"version": "0", "id": "%d", "detail-type": "ECS Task State Change", "source": "aws.ecs",
                 "account": "111122223333", "time": "%s", "region": "eu-west-1", "resources": ["%s"],
                 "detail": {"clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod", "taskArn": "%s",
                 "version": %d, "group": "service:web", "lastStatus": "STOPPED", "desiredStatus": "STOPPED",
                 "stopCode": "EssentialContainerExited", "stoppedReason": "Essential container in task exited",
                 "containers": [{"name": "app", "exitCode": 1, "lastStatus": "STOPPED"}]}}""".formatted(events, Instant.now(), task, task, events));
    }

    private List<Message> replies() {
        List<Message> seen = steward.slack.channel("#ops");
        assertThat(seen).hasSize(1);
        return seen.get(0).replies();
    }

    private Message reply() {
        RunningSteward.await(() -> !steward.slack.channel("#ops").isEmpty()
                && !steward.slack.channel("#ops").get(0).replies().isEmpty());
        steward.awaitDone();
        assertThat(replies()).hasSize(1);
        return replies().get(0);
    }

    private static String text(Message reply) {
        return reply.payload().at("/blocks/0/text/text").asText();
    }

    /** All events of this kind are over. */
    private void over(int alerts) {
        RunningSteward.await(() -> steward.over().stream()
                        .filter(o -> o.event().type().equals("incident-event"))
                        .count()
                == alerts);
        steward.awaitDone();
    }

    @Test
    void theEndOfTheLogIsAReplyAfterTheMessage() {
        steward.start();
        stops(TASK);

        Message reply = reply();
        assertThat(text(reply)).isEqualTo("""
                *Log of app in task b99d40b3, last 4 lines (/ecs/web in eu-central-1)*
                ```
                starting
                &lt;!channel&gt; &amp; no
                '''panic
                DB_PASSWORD=***
                ```""");
        assertThat(reply.text()).isEqualTo("Log of app in task b99d40b3, last 4 lines (/ecs/web in eu-central-1)");
        assertThat(aws.calls())
                .startsWith(FakeTasksAndLogs.TASKS, FakeTasksAndLogs.DEFINITION, FakeTasksAndLogs.EVENTS);
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void onceAnIncidentAndAlert() {
        steward.start();
        stops(TASK);
        reply();
        stops(TASK.replace(ID, "another"));
        steward.awaitDone();

        assertThat(replies()).hasSize(1);
    }

    @Test
    void theSameEventAgainIsNoSecondReply() {
        steward.start();
        stops(TASK);
        reply();
        String told = steward.over().stream()
                .filter(o -> o.event().type().equals("incident-event"))
                .map(o -> o.event().payload().json().toString())
                .findFirst()
                .orElseThrow();
        // As after a crash, when nobody confirmed the claim.
        steward.send(told.replaceFirst("\"id\":\"incident/", "\"id\":\"again/incident/"));
        over(2);

        assertThat(replies()).hasSize(1);
        assertThat(steward.over().get(steward.over().size() - 1).skipped()).containsExactly("duplicate");
    }

    @Test
    void withoutTheSettingNothingIsAsked() {
        steward.with(Settings.DETAIL_LOGS, "false").start();
        stops(TASK);
        steward.awaitDone();

        assertThat(replies()).isEmpty();
        assertThat(aws.calls()).isEmpty();
        assertThat(steward.over()).hasSize(1);
    }

    @Test
    void aWebhookHasNoThreadSoNothingIsAsked() {
        steward.with(Settings.TOKEN, "", Settings.WEBHOOK, steward.slack.webhook("ops"))
                .start();
        stops(TASK);
        steward.awaitDone();

        assertThat(aws.calls()).isEmpty();
        assertThat(steward.slack.posts()).hasSize(1);
    }

    @Test
    void withoutAPrefixTheStreamIsTheContainers() {
        aws.task(TASK, CONTAINERS, AWSLOGS.replace(", \"awslogs-stream-prefix\": \"web\"", ""));
        aws.log("/ecs/web", "4c0f", "from EC2");
        steward.start();
        stops(TASK);

        assertThat(text(reply())).contains("from EC2");
    }

    static Stream<String> notThereYet() {
        return Stream.of("stream", "empty");
    }

    @ParameterizedTest
    @MethodSource("notThereYet")
    void aLogThatIsNotThereYetIsLookedForAgainAndThenMissed(String how) {
        aws.task(TASK, CONTAINERS, AWSLOGS.replace("/ecs/web", "/ecs/late"));
        if (how.equals("empty")) {
            aws.log("/ecs/late", "web/app/" + ID);
        } else {
            aws.group("/ecs/late");
        }
        steward.start();
        stops(TASK);

        assertThat(text(reply())).contains("There is no log to show: app in task b99d40b3");
        assertThat(aws.calls().stream().filter(FakeTasksAndLogs.TASKS::equals)).hasSize(3);
    }

    @Test
    void aLogThatComesLateIsShown() {
        aws.task(TASK, CONTAINERS, AWSLOGS.replace("/ecs/web", "/ecs/late"));
        aws.group("/ecs/late");
        steward.with(Settings.RETRY_DELAY, "20").start();
        stops(TASK);
        RunningSteward.await(() -> aws.calls().contains(FakeTasksAndLogs.EVENTS));
        aws.log("/ecs/late", "web/app/" + ID, "late, but there");

        assertThat(text(reply())).contains("late, but there");
    }

    @ParameterizedTest
    @CsvSource({"/ecs/gone, log group /ecs/gone does not exist"})
    void aGroupThatIsGoneIsASentence(String group, String sentence) {
        aws.task(TASK, CONTAINERS, AWSLOGS.replace("/ecs/web", group));
        steward.start();
        stops(TASK);

        assertThat(text(reply())).contains(sentence).doesNotContain("```");
    }

    @Test
    void aTaskOfAnotherAccountHasNoReply() {
        steward.start();
        stops(TASK.replace("111122223333", "444455556666"));
        over(1);

        assertThat(replies()).isEmpty();
        assertThat(aws.calls()).containsExactly(FakeTasksAndLogs.TASKS);
    }

    @Test
    void aTaskThatEcsHasForgottenIsASentence() {
        steward.start();
        stops(TASK.replace(ID, "forgotten"));

        assertThat(text(reply())).contains("ECS has forgotten task forgotte");
    }

    static Stream<String> nothingToShow() {
        return Stream.of(
                AWSLOGS.replace("\"awslogs\"", "\"awsfirelens\""),
                AWSLOGS.replace("\"awslogs\"", "\"splunk\""),
                "[{\"name\": \"app\"}]",
                AWSLOGS.replace("eu-central-1", "evil.example.com/#"));
    }

    @ParameterizedTest
    @MethodSource("nothingToShow")
    void whatIsNotInCloudWatchLogsIsNotWorthAReply(String definitions) {
        aws.task(TASK, CONTAINERS, definitions);
        steward.start();
        stops(TASK);
        over(1);

        assertThat(replies()).isEmpty();
        assertThat(steward.over().stream().flatMap(o -> o.skipped().stream())).containsExactly("no-detail");
    }

    @Test
    void aContainerThatNeverRanHasNoLog() {
        aws.task(
                TASK,
                "[{\"name\": \"app\", \"lastStatus\": \"STOPPED\", \"reason\": \"CannotPullContainerError\"}]",
                AWSLOGS);
        steward.start();
        stops(TASK);
        over(1);

        assertThat(replies()).isEmpty();
        assertThat(aws.calls()).doesNotContain(FakeTasksAndLogs.EVENTS);
    }

    @Test
    void whatIsRefusedIsOffForAWhileWithOneWarning() {
        aws.fail(FakeTasksAndLogs.EVENTS, 9, FakeEcs.ACCESS_DENIED);
        try (CapturedLog log = new CapturedLog()) {
            steward.start();
            stops(TASK);
            over(1);
            int asked = aws.calls().size();
            // Another incident.
            steward.send("""
                    {"version": "0", "id": "x", "detail-type": "ECS Task State Change", "source": "aws.ecs",
                     "account": "111122223333", "time": "%s", "region": "eu-west-1", "resources": ["%s"],
                     "detail": {"clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod", "taskArn": "%s",
                     "version": 9, "group": "service:api", "lastStatus": "STOPPED",
                     "stopCode": "EssentialContainerExited", "stoppedReason": "Essential container in task exited",
                     "containers": [{"name": "app", "exitCode": 1}]}}""".formatted(Instant.now(), TASK, TASK));
            over(2);

            assertThat(aws.calls()).hasSize(asked);
            assertThat(log.lines().stream().filter(line -> line.startsWith("WARN")))
                    .hasSize(1);
        }
        assertThat(steward.deadLetters()).isEmpty();
        assertThat(steward.slack.channel("#ops"))
                .hasSize(2)
                .allSatisfy(message -> assertThat(message.replies()).isEmpty());
    }

    static Stream<AwsError> troubles() {
        return Stream.of(
                FakeEcs.THROTTLED,
                FakeEcs.SERVER_ERROR,
                new AwsError("ServiceUnavailableException", 503, "later"),
                new AwsError("TooManyRequestsException", 429, "slowly"));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void troublesThatPassAreWaitedForAndThoseThatStayAreASentence(AwsError error) {
        for (String operation : List.of(FakeTasksAndLogs.TASKS, FakeTasksAndLogs.EVENTS)) {
            aws.fail(operation, 1, error);
        }
        steward.start();
        stops(TASK);
        assertThat(text(reply())).contains("starting");
    }

    @Test
    void whatStaysBrokenIsASentence() {
        aws.hangUp(FakeTasksAndLogs.EVENTS, 9);
        steward.start();
        stops(TASK);

        assertThat(text(reply())).contains("No log tail: AWS did not answer.");
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void anActionOnEcsDoesNotWaitForALogThatDoesNotCome() {
        var gate = aws.hold(FakeTasksAndLogs.TASKS, 2);
        steward.ecs.addCluster("prod", 3).addService("prod", "web");
        steward.start();
        stops(TASK);
        RunningSteward.await(() -> aws.calls().contains(FakeTasksAndLogs.TASKS));
        steward.sendSample("task-spot-interrupted");
        RunningSteward.await(() -> !steward.updates().isEmpty());
        gate.open();

        assertThat(steward.updates()).hasSize(1);
    }
}
