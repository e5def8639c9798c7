package io.ecssteward.event;

import static io.ecssteward.event.Reading.field;
import static io.ecssteward.event.Reading.link;
import static io.ecssteward.event.Reading.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import io.ecssteward.pattern.EventPattern;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskStateChangeTest {

    private static final String ARN = "arn:aws:ecs:eu-west-1:111122223333:task/prod/b99d";

    private static TaskStateChange task(Consumer<ObjectNode> bend) {
        ObjectNode json = Reading.json(Examples.TASK).deepCopy();
        bend.accept(json);
        return (TaskStateChange) read(json.toString());
    }

    private static TaskStateChange withDetail(Consumer<ObjectNode> bend) {
        return task(json -> bend.accept((ObjectNode) json.get("detail")));
    }

    @Test
    void namesAndVersion() {
        TaskStateChange task = task(json -> {});
        assertThat(task.cluster()).isEqualTo("prod");
        assertThat(task.service()).isEqualTo("web");
        assertThat(task.id()).isEqualTo("b99d");
        assertThat(task.version()).contains(new ResourceVersion(ARN, 5));
        assertThat(task.identity()).isEqualTo("task/" + ARN + "/5");
        assertThat(task.region()).isEqualTo("eu-west-1");
        assertThat(task.account()).isEqualTo("111122223333");
    }

    @Test
    void stopAndExitCodesAreExplained() {
        Alert alert = task(json -> {}).alert();
        assertThat(alert.title()).isEqualTo("prod/web stopped: an essential container exited");
        assertThat(alert.severity()).isEqualTo(Severity.ERROR);
        assertThat(alert.text()).isEqualTo("Essential container in task exited");
        assertThat(field(alert, "Containers"))
                .isEqualTo("app exited with 137 (SIGKILL: out of memory, or did not stop in time): OutOfMemoryError: "
                        + "killed");
        assertThat(field(alert, "Task definition")).isEqualTo("web:7");
        assertThat(field(alert, "Capacity")).isEqualTo("FARGATE");
        assertThat(link(alert, "View task"))
                .isEqualTo(
                        "https://console.aws.amazon.com/ecs/v2/clusters/prod/tasks/b99d/configuration?region=eu-west-1");
        assertThat(link(alert, "View service"))
                .isEqualTo("https://console.aws.amazon.com/ecs/v2/clusters/prod/services/web/health?region=eu-west-1");
    }

    @Test
    void theContainerThatNeverRanSaysWhy() {
        TaskStateChange task = withDetail(detail -> {
            detail.put("stopCode", "TaskFailedToStart");
            detail.putArray("containers")
                    .addObject()
                    .put("name", "app")
                    .put("reason", "CannotPullContainerError: no such image");
        });
        assertThat(task.alert().title()).isEqualTo("prod/web failed to start");
        assertThat(task.containers()).isEqualTo("app did not run: CannotPullContainerError: no such image");
    }

    @Test
    void exitCodesNobodyKnowsAreShownAsTheyAre() {
        assertThat(List.of(0L, 1L, 42L, 139L, -5L, Long.MAX_VALUE))
                .extracting(code -> ExitCode.of(code).toString())
                .containsExactly(
                        "0 (success)",
                        "1 (application error)",
                        "42",
                        "139 (SIGSEGV: segmentation fault)",
                        "-5",
                        "9223372036854775807");
    }

    @Test
    void spotIsToldByTheCodeOrByTheSentence() {
        assertThat(List.of("SpotInterruption", "TerminationNotice"))
                .allSatisfy(code -> assertThat(
                                onSpot(d -> d.put("stopCode", code)).spotInterruption())
                        .isTrue());
        assertThat(onSpot(d -> d.remove("stopCode")).spotInterruption()).isFalse();
        TaskStateChange bySentence = onSpot(d -> {
            d.remove("stopCode");
            d.put("stoppedReason", "Your Spot Task was interrupted.");
        });
        assertThat(bySentence.spotInterruption()).isTrue();
        assertThat(bySentence.alert().title()).isEqualTo("Fargate Spot interrupts prod/web");
        assertThat(bySentence.alert().key()).isEqualTo("spot/arn:aws:ecs:eu-west-1:111122223333:cluster/prod/web");
    }

    private static TaskStateChange onSpot(Consumer<ObjectNode> bend) {
        return withDetail(detail -> bend.accept(detail.put("capacityProviderName", "FARGATE_SPOT")));
    }

    /** The record and the route, whose pattern the Terraform module has too, have to agree. */
    @ParameterizedTest
    @CsvSource({
        "FARGATE_SPOT, FARGATE, true",
        "FARGATE_SPOT,        , true",
        "            ,        , true",
        "            , FARGATE, false",
        "FARGATE     , FARGATE, false",
        "FARGATE     ,        , false",
        "            , EC2    , false",
        "mi-spot     , EC2    , false",
        "mi-spot     , MANAGED_INSTANCES, false",
        "            , EXTERNAL, false"
    })
    void onlyFargateSpotIsSpotWhateverTheStopCode(String provider, String launchType, boolean spot) throws Exception {
        EventPattern rule =
                EventPattern.compile(Files.readString(Path.of("terraform/patterns/spot-interruption.json")));
        for (String code : List.of("SpotInterruption", "TerminationNotice")) {
            TaskStateChange task = withDetail(d -> {
                d.put("stopCode", code).remove(List.of("capacityProviderName", "launchType"));
                Optional.ofNullable(provider).ifPresent(p -> d.put("capacityProviderName", p));
                Optional.ofNullable(launchType).ifPresent(l -> d.put("launchType", l));
            });

            assertThat(task.spotInterruption()).isEqualTo(spot);
            assertThat(rule.matches(task.payload().json())).isEqualTo(spot);
            assertThat(task.alert().title().contains("Fargate Spot interrupts")).isEqualTo(spot);
        }
    }

    @Test
    void theDocumentedSpotEventHasItsArnOnlyAmongTheResources() {
        TaskStateChange task = withDetail(d -> d.remove(List.of("taskArn", "version")));
        assertThat(task.arn()).isEqualTo(ARN);
        assertThat(task.version()).isEmpty();
        assertThat(task.identity()).isEqualTo("event/t1");
        assertThat(withDetail(d -> d.putArray("taskArn")).arn()).isEqualTo(ARN);
    }

    @Test
    void withoutAnyArnItIsMalformed() {
        assertThatThrownBy(() -> task(json -> {
                    json.remove("resources");
                    ((ObjectNode) json.get("detail")).remove("taskArn");
                }))
                .isInstanceOf(MalformedEventException.class)
                .hasMessage("reading a task state change: no usable detail.taskArn or resources[0]");
    }

    @Test
    void aStandaloneTaskHasNoService() {
        for (String group : List.of("family:batch", "service:", "service: ", "batch")) {
            TaskStateChange task = onSpot(d -> d.put("group", group).put("stopCode", "SpotInterruption"));
            assertThat(task.service()).as(group).isNull();
            assertThat(task.alert().key()).isEqualTo("spot/" + ARN);
            assertThat(task.alert().text()).startsWith("The task belongs to no service");
        }
        assertThat(withDetail(d -> d.put("group", "family:batch")).alert().title())
                .isEqualTo("task prod/batch stopped: an essential container exited");
        assertThat(withDetail(d -> d.remove("group")).alert().title()).startsWith("task prod/b99d stopped");
    }
}
