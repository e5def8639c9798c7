package io.ecssteward.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.alert.Alert;
import io.ecssteward.testing.Events;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What alerts are about when nobody says it, which is one message each, and what ends them. */
class IncidentOfEventTest {

    private static final String INSTANCE = "instance/arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/";

    @ParameterizedTest
    @CsvSource({
        "service-placement-failure-no-spot-capacity, service/111122223333/eu-west-1/prod/web",
        "deployment-blue-green-failed,               service/111122223333/eu-west-1/prod/web",
        "task-failed-to-start-rate-limit,            service/111122223333/eu-west-1/prod/web",
        "task-spot-interrupted,                      service/111122223333/eu-west-1/prod/web",
        "alarm-eventbridge-metric-firing,            service/111122223333/eu-west-1/prod/web",
        "alarm-metric-insufficient-data,             service/111122223333/eu-west-1/prod/web",
        "alarm-promql-contributor-firing,            service/111122223333/eu-west-1/prod/web",
        "daemon-deployment-stopped,                  daemon/111122223333/eu-west-1/prod/log-router",
        "task-standalone-drained,                    task-family/111122223333/eu-west-1/prod/batch-import",
        "task-spot-interrupted-standalone,           task-family/111122223333/eu-west-1/prod/nightly-report",
        "alarm-composite-firing,                     alarm/111122223333/eu-west-1/web-down",
        "alarm-metric-firing,                        alarm/111122223333/eu-west-1/monitor-ec2-instance",
        "alarm-contributor-firing,                   alarm/111122223333/eu-west-1/queue-age-per-queue",
        "alarm-contributor-eventbridge-firing,       alarm/111122223333/eu-west-1/queue-age-per-queue"
    })
    void whatItIsAbout(String sample, String incident) {
        assertThat(alert(sample).about()).isEqualTo(incident);
    }

    @ParameterizedTest
    @CsvSource({"container-instance-agent-disconnected", "container-instance-health-impaired"})
    void anAgentAndItsHealthAreOneContainerInstance(String sample) {
        assertThat(alert(sample).about()).isEqualTo(INSTANCE + "8e59995608f14e0e7a13a234d71827ac");
    }

    @ParameterizedTest
    @CsvSource({
        "service-placement-failure-no-spot-capacity, true",
        "deployment-blue-green-failed,               true",
        "task-failed-to-start-rate-limit,            true",
        "task-spot-interrupted,                      true",
        "service-lattice-target-unhealthy,           true",
        "alarm-eventbridge-metric-firing,            false",
        "task-failed-to-start-secret-denied,         false"
    })
    void aSteadyStateEndsWhatEcsSaysOfItsServiceAndNotItsAlarms(String sample, boolean ended) {
        Alert steady = alert("service-steady");
        Alert told = alert(sample);
        assertThat(steady.quiet()).isTrue();
        assertThat(steady.about().equals(told.about()) && steady.ends(told)).isEqualTo(ended);
    }

    @ParameterizedTest
    @CsvSource({
        "deployment-completed,         deployment-blue-green-failed,            true",
        "deployment-completed,         task-failed-to-start-rate-limit,         false",
        "service-deployment-completed, deployment-failed,                       true",
        "deployment-hook-succeeded,    deployment-hook-awaiting-action,         true",
        "deployment-hook-succeeded,    deployment-hook-failed,                  false",
        "daemon-deployment-successful, daemon-task-not-created,                 true",
        "daemon-deployment-rolled-back, daemon-deployment-rollback-failed,      true",
        "alarm-eventbridge-metric-resolved, alarm-eventbridge-metric-firing,    true"
    })
    void anEndEndsItsOwn(String end, String told, boolean ended) {
        assertThat(alert(end).ends(alert(told))).isEqualTo(ended);
        assertThat(alert(end).about().equals(alert(told).about()) || !ended).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "service-placement-failure-no-spot-capacity, 12",
        "task-failed-to-start-rate-limit,            12",
        "daemon-deployment-stopped,                  12",
        "task-standalone-drained,                     1",
        "container-instance-registration-failed,      1",
        "alarm-minimal,                               1",
        "custom-event,                                1"
    })
    void whatMayHaveNoEndIsOverAfterAWhile(String sample, int hours) {
        assertThat(alert(sample).resolveAfter()).isEqualTo(Duration.ofHours(hours));
    }

    @ParameterizedTest
    @CsvSource({"alarm-metric-firing", "container-instance-agent-disconnected", "container-instance-health-impaired"})
    void whatAlwaysHasAnEndWaitsForIt(String sample) {
        assertThat(alert(sample).resolveAfter()).isNull();
    }

    @Test
    void anAlarmOnMetricsOfAnotherAccountIsAboutTheServiceThere() {
        String there = text("alarm-eventbridge-metric-firing")
                .replaceFirst("\"id\"(\\s*:\\s*\"m1\")", "\"accountId\": \"444455556666\", \"id\"$1");
        assertThat(Events.read(there).alert().about()).isEqualTo("service/444455556666/eu-west-1/prod/web");
    }

    private static Alert alert(String sample) {
        return Events.read(text(sample)).alert();
    }

    private static String text(String sample) {
        try {
            return Files.readString(Path.of("samples", sample + ".json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
