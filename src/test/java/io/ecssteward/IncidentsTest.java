package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ecssteward.claim.DynamoClaimStore;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentStore;
import io.ecssteward.incident.Silences;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.Dynamo;
import io.ecssteward.testing.FakeSlack;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.FakeSlack.Message;
import io.ecssteward.testing.RunningSteward;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What people see in a channel of Slack while something goes wrong, and when it is over. */
class IncidentsTest {

    private static final String SERVICE = "arn:aws:ecs:eu-west-1:111122223333:service/prod/web";

    private final RunningSteward steward =
            RunningSteward.create().postingWithAToken().with(Settings.INCIDENT_SWEEP, "20");
    private final Dynamo tables = new Dynamo();
    private Instant time = Instant.now().minusSeconds(60);

    @AfterEach
    void stop() {
        tables.heal();
        steward.close();
        tables.close();
    }

    private String event(String detailType, String detail) {
        time = time.plusSeconds(1);
        return """
                {"version": "0", "id": "%s", "detail-type": "%s", "source": "aws.ecs", "account": "111122223333",
                 "time": "%s", "region": "eu-west-1", "resources": ["%s"], "detail": %s}""".formatted(UUID.randomUUID(), detailType, time, SERVICE, detail);
    }

    private String service(String eventType, String eventName) {
        return event("ECS Service Action", """
                {"eventType": "%s", "eventName": "%s", "createdAt": "%s",
                 "clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod"}""".formatted(eventType, eventName, time));
    }

    private String failedTask() {
        String task = "arn:aws:ecs:eu-west-1:111122223333:task/prod/" + UUID.randomUUID();
        return event("ECS Task State Change", """
                {"clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod", "taskArn": "%s", "version": 5,
                 "group": "service:web", "lastStatus": "STOPPED", "desiredStatus": "STOPPED",
                 "stopCode": "EssentialContainerExited", "stoppedReason": "Essential container in task exited",
                 "containers": [{"name": "app", "exitCode": 1, "lastStatus": "STOPPED"}]}""".formatted(task));
    }

    private String alarm(String state) {
        return event("CloudWatch Alarm State Change", """
                {"alarmName": "errors", "previousState": {"value": "OK"},
                 "state": {"value": "%s", "reason": "Threshold Crossed", "timestamp": "%s"}}""".formatted(state, time))
                .replace("aws.ecs", "aws.cloudwatch")
                .replace(SERVICE, "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors");
    }

    private void send(String... events) {
        for (String event : events) {
            steward.send(event);
            steward.awaitDone();
        }
    }

    private DynamoClaimStore claims(String table) {
        return new DynamoClaimStore(tables.client(), table, Duration.ofSeconds(5), Clock.systemUTC());
    }

    private List<Message> seen() {
        return steward.slack.channel("#ops");
    }

    private Message only() {
        assertThat(seen()).hasSize(1);
        return seen().get(0);
    }

    @Test
    void aBrokenServiceIsOneMessageThatTurnsGreenWhenItIsSteady() {
        steward.start();
        send(failedTask(), failedTask(), service("WARN", "SERVICE_TASK_START_IMPAIRED"));
        RunningSteward.await(() -> !only().replies().isEmpty());
        assertThat(only().text()).startsWith("[FIRING] ");
        send(failedTask(), service("INFO", "SERVICE_STEADY_STATE"));
        RunningSteward.await(() -> only().text().startsWith("[RESOLVED] "));
        assertThat(only().payload().toString()).contains("#2eb886");
        RunningSteward.await(() -> only().replies().stream().anyMatch(reply -> reply.says("Resolved after")));
    }

    @Test
    void aSteadyStateWithoutAnIncidentIsNoMessage() {
        steward.start();
        send(service("INFO", "SERVICE_STEADY_STATE"));
        assertThat(steward.slack.posts()).isEmpty();
        assertThat(steward.over())
                .singleElement()
                .satisfies(over -> assertThat(over.skipped()).containsExactly("no-incident"));
    }

    @Test
    void whatWasOverBeforeItsBeginningCameIsNoIncident() {
        steward.claimingIn(tables, tables.createTable()).start();
        String alarm = alarm("ALARM");
        String task = failedTask();
        send(alarm("OK"), service("INFO", "SERVICE_STEADY_STATE"), alarm, task);
        assertThat(only().text()).as("an OK of which no beginning is known").startsWith("[RESOLVED] ");
        assertThat(steward.over())
                .extracting(RunningSteward.Over::skipped)
                .containsExactly(List.of(), List.of("no-incident"), List.of("stale"), List.of("stale"));
        send(alarm("ALARM"), failedTask());
        RunningSteward.await(() -> seen().stream()
                        .filter(message -> message.text().startsWith("[FIRING] "))
                        .count()
                == 2);
    }

    @Test
    void aSteadyStateIsNotWrittenWhereNothingIsOpen() {
        String table = tables.createTable();
        steward.claimingIn(tables, table).start();
        send(service("INFO", "SERVICE_STEADY_STATE"));
        assertThat(claims(table).list("ends/")).isEmpty();
    }

    @Test
    void aReplicaEndsWhatAnotherOpenedAfterItsEnd() {
        String table = tables.createTable();
        steward.claimingIn(tables, table).start();
        IncidentStore store = new IncidentStore(claims(table), Clock.systemUTC());
        String task = failedTask();
        send(service("INFO", "SERVICE_STEADY_STATE"));
        try (RunningSteward other = steward.replica().with(Settings.FROM, "direct:events")) {
            other.start();
            other.camel()
                    .createProducerTemplate()
                    .sendBodyAndHeader("direct:events", task, Sqs2Constants.MESSAGE_ID, "of the other");
            RunningSteward.await(() -> store.all().stream().allMatch(one -> one.status() == Incident.Status.RESOLVED));
            assertThat(store.all()).hasSize(1);
        }
    }

    /** Of an alarm, a cluster and a service whose names are as long as AWS lets them be. */
    @Test
    void whatHasLongNamesEndsAndIsSilencedLikeAnythingElse() {
        String table = tables.createTable();
        steward.claimingIn(tables, table).start();
        String name = "例".repeat(255);
        send(alarm("ALARM").replace("errors", name), alarm("OK").replace("errors", name));
        RunningSteward.await(() -> only().text().startsWith("[RESOLVED] "));

        String cluster = "c".repeat(255);
        String service = "s".repeat(255);
        String task = failedTask();
        new Silences(claims(table), Clock.systemUTC(), null)
                .add(
                        JsonNodeFactory.instance
                                .objectNode()
                                .set(
                                        "service",
                                        JsonNodeFactory.instance.arrayNode().add(service)),
                        Instant.now(),
                        Instant.now().plusSeconds(600),
                        "alex",
                        null);
        steward.stop();
        steward.start();
        send(task.replace("/prod", "/" + cluster).replace("service:web", "service:" + service));
        assertThat(seen()).as("the alarm, and nothing of what is silenced").hasSize(1);
        assertThat(new IncidentStore(claims(table), Clock.systemUTC()).indexed())
                .anySatisfy(stored -> assertThat(stored.incident().silence()).isNotNull());
    }

    /** As when several replicas spend what Slack allows one app. */
    @Test
    void whenSlackTakesNoMoreEditsItShowsHowThingsAreInTheEnd() {
        steward.start();
        send(failedTask());
        int refused = 3;
        for (int i = 0; i < refused; i++) {
            steward.slack.nextAt(FakeSlack.UPDATE, Answer.tooFast(1));
        }
        send(
                service("ERROR", "SERVICE_DEPLOYMENT_FAILED"),
                service("WARN", "SERVICE_TASK_START_IMPAIRED"),
                service("INFO", "SERVICE_STEADY_STATE"));
        RunningSteward.await(() -> only().text().startsWith("[RESOLVED] "));
        assertThat(steward.slack.edits().size())
                .as("no more than there are changes")
                .isBetween(refused + 1, refused + 4);
    }

    @Test
    void aMessageThatSomebodyDeletedIsFollowedByAnother() {
        steward.start();
        send(failedTask());
        steward.slack.delete(only());
        send(service("ERROR", "SERVICE_DEPLOYMENT_FAILED"));
        RunningSteward.await(() -> seen().size() == 1 && only().text().startsWith("[FIRING] "));
        assertThat(only().payload().toString()).contains("message_not_found");
    }

    @Test
    void whenSlackIsBackItShowsHowThingsAreAndNotWhatTheyWere() {
        // A sweep would post before the last alert comes.
        steward.with(Settings.INCIDENT_SWEEP, 0)
                .claimingIn(tables, tables.createTable())
                .start();
        steward.slack.disturb(1, 1.0, 0, Answer.of(503, ""));
        send(
                failedTask(),
                service("WARN", "SERVICE_TASK_START_IMPAIRED"),
                service("ERROR", "SERVICE_DEPLOYMENT_FAILED"));
        assertThat(seen()).isEmpty();
        steward.slack.disturb(1, 0.0, 0, Answer.OK);
        send(failedTask());
        RunningSteward.await(() -> seen().size() == 1);
        assertThat(only().replies()).isEmpty();
        assertThat(only().payload().toString()).contains("failed to deploy", "×2", "3 firing");
    }

    @Test
    void whileTheStoreIsAwayAnAlertIsAMessageOfItsOwn() {
        steward.claimingIn(tables, tables.createTable()).start();
        tables.fail(Dynamo.GET, 1_000, Dynamo.SERVER_ERROR);
        send(failedTask());
        assertThat(only().text()).startsWith("[FIRING] ");
        tables.heal();
        send(failedTask());
        assertThat(seen()).as("rather twice than never").hasSize(2);
    }

    @Test
    void aReplicaThatDiesAfterItPostedLeavesOneMessage() {
        steward.with(Settings.INCIDENT_SWEEP, 0)
                .claimingIn(tables, tables.createTable())
                .start();
        // So that the channel's id is known.
        steward.sendSample("alarm-metric-firing");
        steward.awaitDone();
        steward.slack.nextAt(FakeSlack.POST_MESSAGE, Answer.TAKEN_AND_LOST);
        send(failedTask(), service("WARN", "SERVICE_TASK_START_IMPAIRED"));
        RunningSteward.await(
                () -> seen().stream().anyMatch(message -> !message.replies().isEmpty()));
        assertThat(seen()).as("of the alarm, and of the service").hasSize(2);
    }

    /** Long before it could take the first one for dead. */
    @Test
    void whatSlackRefusedOneReplicaAnotherPostsWithoutWaiting() {
        steward.with(Settings.INCIDENT_SWEEP, 0)
                .claimingIn(tables, tables.createTable())
                .start();
        steward.slack.nextAt(FakeSlack.POST_MESSAGE, Answer.of(503, "down"));
        send(failedTask());
        assertThat(seen()).isEmpty();
        steward.stop();
        try (RunningSteward other = steward.replica()) {
            other.start();
            send(service("WARN", "SERVICE_TASK_START_IMPAIRED"));
            RunningSteward.await(() -> seen().size() == 1);
            assertThat(only().payload().toString()).contains("2 firing");
        }
    }
}
