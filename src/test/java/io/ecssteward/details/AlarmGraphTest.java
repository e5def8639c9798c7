package io.ecssteward.details;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.settings.Settings;
import io.ecssteward.testing.FakeCloudWatch;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeSlack;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.FakeSlack.Message;
import io.ecssteward.testing.RunningSteward;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The picture of an alarm in the thread of its incident. */
class AlarmGraphTest {

    private static final String ALARM = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:web-cpu";

    private final FakeCloudWatch aws = new FakeCloudWatch();
    private final RunningSteward steward = RunningSteward.create()
            .postingWithAToken()
            .with(Settings.INCIDENT_SWEEP, "20", Settings.DETAIL_GRAPHS, "true", Settings.RETRY_DELAY, "1");

    @BeforeEach
    void prepare() {
        steward.binding("detailClients", aws.clients());
        aws.alarm(ALARM, "metric");
    }

    @AfterEach
    void stop() {
        steward.close();
        aws.close();
    }

    private void fires() {
        steward.start();
        steward.send("""
                {"version": "0", "id": "a1", "detail-type": "CloudWatch Alarm State Change", "source": "aws.cloudwatch",
                 "account": "111122223333", "time": "2026-11-28T10:00:00Z", "region": "eu-west-1", "resources": ["%s"],
                 "detail": {"alarmName": "web-cpu", "state": {"value": "ALARM", "reason": "too high",
                 "timestamp": "2026-11-28T10:00:00.000+0000"}, "previousState": {"value": "OK"}}}""".formatted(ALARM));
        RunningSteward.await(
                () -> steward.over().stream().anyMatch(o -> o.event().type().equals("incident-event")));
        steward.awaitDone();
    }

    private List<Message> replies() {
        assertThat(steward.deadLetters()).isEmpty();
        assertThat(steward.slack.channel("#ops")).hasSize(1);
        return steward.slack.channel("#ops").get(0).replies();
    }

    private static void isTheGraph(List<Message> replies) throws java.io.IOException {
        assertThat(replies).hasSize(1);
        assertThat(replies.get(0).payload().at("/files/0/title").asText()).isEqualTo("web-cpu, last 3 hours");
        assertThat(replies.get(0).payload().at("/files/0/bytes").binaryValue()).isEqualTo(FakeCloudWatch.PNG);
    }

    @Test
    void isAFileInTheThread() throws java.io.IOException {
        fires();

        isTheGraph(replies());
        assertThat(aws.widgets()).hasSize(1);
        assertThat(aws.widgets().get(0))
                .contains(
                        "[\"AWS/ECS\",\"CPUUtilization\",\"ServiceName\",\"web\",{\"stat\":\"Average\",\"period\":60}]")
                .contains("\"value\":80.5")
                .contains("\"start\":\"-PT3H\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"composite", "logs"})
    void anAlarmWithoutAMetricHasNone(String kind) {
        aws.alarm(ALARM, kind);
        fires();

        assertThat(replies()).isEmpty();
        assertThat(aws.widgets()).isEmpty();
    }

    @Test
    void anAlarmThatWasDeletedMeanwhileIsASentence() {
        aws.forget(ALARM);
        fires();

        RunningSteward.await(() -> !replies().isEmpty());
        assertThat(replies()).hasSize(1);
        assertThat(replies().get(0).text()).isEqualTo("There is no graph: alarm web-cpu no longer exists.");
        assertThat(aws.widgets()).isEmpty();
    }

    @Test
    void anotherAccountsAlarmHasNoneEvenIfOneHereHasItsName() {
        aws.forget(ALARM);
        aws.alarm(ALARM.replace("111122223333", "444455556666"), "metric");
        fires();

        assertThat(replies()).isEmpty();
        assertThat(aws.widgets()).isEmpty();
    }

    @Test
    void whereTheScopeIsMissingTheThreadSaysSo() {
        steward.slack.scopes("chat:write");
        fires();

        assertThat(replies()).hasSize(1);
        assertThat(replies().get(0).payload().toString()).contains("missing_scope", "files:write");
    }

    @Test
    void aRefusalOfCloudWatchIsNotWorthAReply() {
        aws.fail(FakeCloudWatch.ALARMS, 3, FakeEcs.ACCESS_DENIED);
        fires();

        assertThat(replies()).isEmpty();
        assertThat(aws.calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {FakeSlack.GET_UPLOAD_URL, FakeSlack.COMPLETE_UPLOAD})
    void slackIsAskedAgain(String path) throws java.io.IOException {
        steward.slack.nextAt(path, Answer.of(503, ""), Answer.tooFast(1));
        fires();

        isTheGraph(replies());
    }

    @Test
    void anAnswerThatIsLostLeadsToNoSecondPicture() throws java.io.IOException {
        steward.slack.nextAt(FakeSlack.COMPLETE_UPLOAD, Answer.TAKEN_AND_LOST);
        fires();

        isTheGraph(replies());
    }

    @Test
    void troublesOfCloudWatchAreWaitedFor() throws java.io.IOException {
        aws.hangUp(FakeCloudWatch.IMAGE, 1);
        aws.fail(FakeCloudWatch.ALARMS, 1, FakeEcs.THROTTLED);
        fires();

        isTheGraph(replies());
    }
}
