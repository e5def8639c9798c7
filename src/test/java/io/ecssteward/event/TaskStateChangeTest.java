package io.ecssteward.event;

import static io.ecssteward.event.Reading.field;
import static io.ecssteward.event.Reading.link;
import static io.ecssteward.event.Reading.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import io.ecssteward.pattern.EventPattern;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
        assertThat(alert.title()).isEqualTo("Out of memory: app in prod/web");
        assertThat(alert.severity()).isEqualTo(Severity.ERROR);
        assertThat(alert.text())
                .isEqualTo(
                        "The container used more memory than its limit, and the kernel killed it. Look at its memory "
                                + "before the end; raise the memory in the task definition, or find what grew.\n"
                                + "ECS says: EssentialContainerExited: Essential container in task exited");
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
        assertThat(task.alert().title()).isEqualTo("Image not found for prod/web");
        assertThat(task.containers()).isEqualTo("app did not run: CannotPullContainerError: no such image");
    }

    /** The first to end decides: what ECS stopped after it ended with SIGTERM, SIGKILL, or well. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app 0, sidecar 143                | routine",
                "sidecar 137, app 0                | routine",
                "report 0                          | routine",
                "init 0, report 0, metrics 143     | routine",
                "worker 0, windows-log 3221225786  | routine",
                "app 1, envoy 143                  | app exited with 1",
                "envoy 143, app 1                  | app exited with 1",
                "envoy 1, app 143                  | envoy exited with 1",
                "envoy 1, app 0                    | envoy exited with 1",
                "envoy 255, app 134                | app exited with 134",
                "app 139, envoy 0                  | app exited with 139",
                "app 137, envoy 143                | app exited with 137",
                "envoy 137, app 143                | app exited with 143",
                "envoy 143, app 143                | app exited with 143",
                "envoy 0, app 137                  | app exited with 137",
                "log_router 0, app 143             | app exited with 143",
                "envoy 143                         | envoy exited with 143",
                "app 0, sidecar 137 OutOfMemoryError: killed       | Out of memory: sidecar",
                "app CannotPullContainerError: no, sidecar 0       | Image cannot be pulled",
                "app, log_router 0                 | An essential container ended"
            })
    void theContainerThatWasTheFirstToEndDecides(String containers, String title) {
        TaskStateChange task = withDetail(detail -> {
            ArrayNode list = detail.putArray("containers");
            for (String container : containers.split(", ")) {
                Matcher said =
                        Pattern.compile("([\\w-]+)(?: (\\d+))?(?: (.*))?").matcher(container.strip());
                assertThat(said.matches()).isTrue();
                ObjectNode one = list.addObject().put("name", said.group(1));
                if (said.group(2) != null) {
                    one.put("exitCode", Long.parseLong(said.group(2)));
                }
                if (said.group(3) != null) {
                    one.put("reason", said.group(3));
                }
            }
        });
        assertThat(task.routine()).isEqualTo(title.equals("routine"));
        if (!task.routine()) {
            assertThat(task.alert().title()).startsWith(title).endsWith("prod/web");
        }
    }

    @Test
    void aCrashLoopIsOneAlertWhateverTheExitCodeAndAnotherCauseIsAnother() {
        assertThat(Stream.of(1, 139, 137)
                        .map(code -> withDetail(
                                d -> d.putArray("containers").addObject().put("exitCode", code)))
                        .map(task -> task.alert().key())
                        .distinct())
                .hasSize(1)
                .doesNotContain(task(json -> {}).alert().key());
    }

    @Test
    void namesInAnEventChangeNoSentence() {
        String name = "${body} {task} [x] $1 \\";
        Alert alert = withDetail(d -> {
                    d.put("stopCode", name);
                    d.putArray("containers").addObject().put("name", name).put("exitCode", 3);
                })
                .alert();
        assertThat(alert.title()).isEqualTo(name + " exited with 3 in prod/web");
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
        assertThat(bySentence.alert().key()).isEqualTo("service/111122223333/eu-west-1/prod/web/spot");
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
            assertThat(task.alert().key())
                    .startsWith("task-family/111122223333/eu-west-1/prod/")
                    .endsWith("/spot/b99d");
            assertThat(task.alert().text()).startsWith("The task belongs to no service");
        }
        assertThat(withDetail(d -> d.put("group", "family:batch")).alert().title())
                .isEqualTo("Out of memory: app in task prod/batch");
        assertThat(withDetail(d -> d.remove("group")).alert().title())
                .isEqualTo("Out of memory: app in task prod/b99d");
    }
}
