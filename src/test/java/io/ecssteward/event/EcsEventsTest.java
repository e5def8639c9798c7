package io.ecssteward.event;

import static io.ecssteward.event.Reading.field;
import static io.ecssteward.event.Reading.link;
import static io.ecssteward.event.Reading.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Services, deployments, container instances, and the follow-ups that carry them. */
class EcsEventsTest {

    @Test
    void serviceAction() {
        Event event = read(Examples.SERVICE_ACTION);
        assertThat(event.cluster()).isEqualTo("prod");
        assertThat(event.service()).isEqualTo("web");
        assertThat(event.identity())
                .isEqualTo(
                        "service-action/arn:aws:ecs:eu-west-1:111122223333:service/prod/web/SERVICE_TASK_START_IMPAIRED/2026-01-02T03:04:05.678Z");
        Alert alert = event.alert();
        assertThat(alert.title()).isEqualTo("prod/web cannot consistently start its tasks");
        assertThat(alert.severity()).isEqualTo(Severity.ERROR);
        assertThat(alert.key()).isEqualTo("service/111122223333/eu-west-1/prod/web/SERVICE_TASK_START_IMPAIRED");
        assertThat(field(alert, "Capacity providers")).isEqualTo("spot");
        assertThat(link(alert, "View service"))
                .isEqualTo("https://console.aws.amazon.com/ecs/v2/clusters/prod/services/web/health?region=eu-west-1");
    }

    @Test
    void theResourceWinsOverTheClusterArn() {
        Event event = read(Examples.SERVICE_ACTION.replace("cluster/prod", "cluster/other"));
        assertThat(event.cluster()).isEqualTo("prod");
    }

    @Test
    void anOldServiceArnTakesTheClusterFromTheDetail() {
        Event event = read(Examples.SERVICE_ACTION.replace("service/prod/web", "service/web"));
        assertThat(event.cluster()).isEqualTo("prod");
        assertThat(event.service()).isEqualTo("web");
    }

    @Test
    void anActionOfSomethingElseNamesNoService() {
        Event event = read(Examples.SERVICE_ACTION.replace("service/prod/web", "capacity-provider/spot"));
        assertThat(event.service()).isNull();
        assertThat(event.cluster()).isEqualTo("prod");
        assertThat(event.alert().title()).isEqualTo("prod/spot cannot consistently start its tasks");
        assertThat(event.alert().links()).isEmpty();
    }

    @Test
    void anActionOfATaskSetNamesItsService() {
        Event event = read(Examples.SERVICE_ACTION.replace("service/prod/web", "task-set/prod/web/ecs-svc/1"));
        assertThat(event.cluster()).isEqualTo("prod");
        assertThat(event.service()).isEqualTo("web");
    }

    @Test
    void anEventNameNobodyKnowsIsReportedAsItIs() {
        Alert alert = read(Examples.SERVICE_ACTION.replace("SERVICE_TASK_START_IMPAIRED", "SERVICE_ON_FIRE"))
                .alert();
        assertThat(alert.title()).isEqualTo("prod/web reports SERVICE_ON_FIRE");
        assertThat(alert.severity()).isEqualTo(Severity.WARNING);
    }

    @Test
    void deploymentHasItsClusterOnlyInTheArn() {
        Event event = read(Examples.DEPLOYMENT);
        assertThat(event.cluster()).isEqualTo("prod");
        assertThat(event.service()).isEqualTo("web");
        assertThat(event.identity())
                .isEqualTo(
                        "deployment-state-change/arn:aws:ecs:eu-west-1:111122223333:service/prod/web/SERVICE_DEPLOYMENT_FAILED/ecs-svc/123/2026-01-02T03:04:05Z");
        assertThat(event.alert().title()).isEqualTo("prod/web failed to deploy");
        assertThat(event.alert().text()).startsWith("ECS deployment circuit breaker");

        Event old = read(Examples.DEPLOYMENT.replace("service/prod/web", "service/web"));
        assertThat(old.cluster()).isNull();
        assertThat(old.alert().title()).isEqualTo("web failed to deploy");
        assertThat(old.alert().links()).isEmpty();
    }

    @Test
    void aDeploymentThatFailsAgainIsNews() {
        Event first = read(Examples.DEPLOYMENT);
        Event later = read(Examples.DEPLOYMENT.replace(
                "\"updatedAt\": \"2026-01-02T03:04:05Z", "\"updatedAt\": \"2026-01-02T03:09:05Z"));
        Event other = read(Examples.DEPLOYMENT.replace("ecs-svc/123", "ecs-svc/124"));
        Event copy = read(Examples.DEPLOYMENT.replace("\"d1\"", "\"d2\""));
        assertThat(List.of(first, later, other)).extracting(Event::identity).doesNotHaveDuplicates();
        assertThat(List.of(first, later, other))
                .extracting(event -> event.alert().claim())
                .doesNotHaveDuplicates();
        assertThat(copy.identity()).isEqualTo(first.identity());
    }

    @Test
    void theSameTroubleOfAServiceIsOneInTheCoolDown() {
        Event first = read(Examples.SERVICE_ACTION);
        Event later = read(Examples.SERVICE_ACTION.replace("03:04:05.678Z", "03:09:05.678Z"));
        assertThat(later.identity()).isNotEqualTo(first.identity());
        assertThat(later.alert().claim()).isEqualTo(first.alert().claim());
    }

    @Test
    void aNameNobodyKnowsIsAsBadAsItsType() {
        String unknown = Examples.SERVICE_ACTION.replace("SERVICE_TASK_START_IMPAIRED", "SERVICE_ON_FIRE");
        assertThat(Stream.of("INFO", "WARN", "WARNING", "ERROR", "CRITICAL")
                        .map(type -> read(unknown.replace("WARN", type)).alert().severity()))
                .containsExactly(Severity.INFO, Severity.WARNING, Severity.WARNING, Severity.ERROR, Severity.WARNING);
    }

    @Test
    void aDaemonOnTwoInstancesIsTwoEventsAndOneAlert() throws IOException {
        String event = Files.readString(Path.of("samples/daemon-task-not-created.json"));
        Event one = read(event);
        Event two = read(event.replace("container-instance/prod/8e59", "container-instance/prod/9f00"));
        Event unlike = read(event.replace("TASK_CREATION_FAILED", "TASK_FAILED_TO_RUN"));
        assertThat(one.identity()).isNotEqualTo(two.identity());
        assertThat(one.alert().claim())
                .isEqualTo(two.alert().claim())
                .isNotEqualTo(unlike.alert().claim());
        assertThat(one.alert().title()).isEqualTo("prod/log-router cannot start a daemon task");
        assertThat(one.cluster()).isEqualTo("prod");
        assertThat(one.service()).isNull();
    }

    @Test
    void withoutItsDaemonTheInstanceIsWhatItIsAbout() throws IOException {
        String event = Files.readString(Path.of("samples/daemon-task-start-impaired-without-daemon.json"));
        Event one = read(event);
        Event two = read(event.replace("/prod/ci1", "/prod/ci2"));
        assertThat(one.alert().title()).isEqualTo("prod/ci1 cannot start a daemon task");
        assertThat(one.alert().claim()).isNotEqualTo(two.alert().claim());
        assertThat(read(event.replaceAll("\"(clusterArn|containerInstanceArn|taskArn)\": \"[^\"]*\",", "")
                                .replaceAll("\"arn:[^\"]*\"", ""))
                        .alert()
                        .title())
                .isEqualTo("ECS cannot start a daemon task");
    }

    @Test
    void aHookBelongsToItsService() throws IOException {
        Event event = read(Files.readString(Path.of("samples/deployment-hook-awaiting-action.json")));
        assertThat(event.cluster()).isEqualTo("prod");
        assertThat(event.service()).isEqualTo("checkout");
        assertThat(event.alert().title())
                .isEqualTo("prod/checkout needs somebody to continue its deployment or roll it back");
        assertThat(field(event.alert(), "Until")).isEqualTo("2026-11-19T10:12:31Z");
        assertThat(event.alert().links()).hasSize(1);
    }

    @Test
    void aSecondHealthCheckThatFailsIsNews() throws IOException {
        String impaired = Files.readString(Path.of("samples/container-instance-health-gpu-impaired.json"));
        Event first = read(impaired);
        Event both = read(impaired.replace("\"status\": \"OK\"", "\"status\": \"IMPAIRED\""));
        Event repeated = read(impaired.replace("2026-11-18T10:12:31Z", "2026-11-18T10:20:00Z"));
        assertThat(first.alert().title()).isEqualTo("Container instance i-0a4cc86bdab5932fb is IMPAIRED: accelerator");
        assertThat(first.alert().text()).isEqualTo("XID_46");
        assertThat(both.alert().title()).endsWith("is IMPAIRED: container runtime, accelerator");
        assertThat(both.alert().claim()).isNotEqualTo(first.alert().claim());
        assertThat(both.identity()).isNotEqualTo(first.identity());
        assertThat(repeated.identity()).isNotEqualTo(first.identity());
        assertThat(repeated.alert().claim()).isEqualTo(first.alert().claim());
        assertThat(repeated.version().orElseThrow().version())
                .isGreaterThan(first.version().orElseThrow().version());
        Event odd = read(impaired.replaceAll("(?s)\"healthChecks\": \\[.*\\]", "\"healthChecks\": 5"));
        assertThat(odd.alert().title()).isEqualTo("Container instance i-0a4cc86bdab5932fb is IMPAIRED");
    }

    @Test
    void containerInstance() {
        ContainerInstanceStateChange event = (ContainerInstanceStateChange) read(Examples.INSTANCE);
        String arn = "arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/a1b2";
        assertThat(event.version()).contains(new ResourceVersion(arn, 14));
        assertThat(event.identity()).isEqualTo("container-instance/" + arn + "/14");
        assertThat(event.id()).isEqualTo("a1b2");
        assertThat(event.agentConnected()).isFalse();
        Alert alert = event.alert();
        assertThat(alert.title()).isEqualTo("ECS agent on i-0abc is disconnected");
        assertThat(alert.state()).isEqualTo(Alert.State.FIRING);
        assertThat(field(alert, "Running tasks")).isEqualTo("3");

        Alert back = read(Examples.INSTANCE.replace("\"agentConnected\": false", "\"agentConnected\": true"))
                .alert();
        assertThat(back.state()).isEqualTo(Alert.State.RESOLVED);
        assertThat(back.ends(alert)).isTrue();

        ContainerInstanceStateChange odd = (ContainerInstanceStateChange)
                read(Examples.INSTANCE.replace("\"agentConnected\": false", "\"agentConnected\": \"no\""));
        assertThat(odd.agentConnected()).isNull();
    }

    @Test
    void everyMissingFieldIsNamedAtOnce() {
        assertThatThrownBy(() ->
                        read("{\"source\": \"aws.ecs\", \"detail-type\": \"ECS Container Instance State Change\", "
                                + "\"detail\": {\"clusterArn\": 5}}"))
                .isInstanceOf(MalformedEventException.class)
                .hasMessage("reading a container instance state change: no usable detail.clusterArn, "
                        + "detail.containerInstanceArn");
        assertThatThrownBy(() -> read(
                        "{\"source\": \"aws.ecs\", \"detail-type\": \"ECS Service Action\", \"resources\": [null]}"))
                .hasMessage("reading a service action: no usable detail.eventName, resources.0");
    }

    @Test
    void aReminderCarriesTheEventThere() {
        Event first = read(Examples.INSTANCE);
        String message = FollowUp.message("agent", first, Instant.parse("2026-01-02T03:04:05Z"));
        FollowUp again = (FollowUp) read(message);
        assertThat(again.kind()).isEqualTo("agent");
        assertThat(again.event().payload().json()).isEqualTo(first.payload().json());
        assertThat(again.identity()).isEqualTo("follow-up/agent/" + first.identity() + "/2026-01-02T03:04:05Z");
        assertThat(again.time()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(again.region()).isEqualTo("eu-west-1");
        assertThat(again.cluster()).isEqualTo("prod");
        // Other events of the instance come while a follow-up waits; they do not make it stale.
        assertThat(again.version()).isEmpty();
        assertThat(again.alert())
                .as("when it happened, and not when it was looked at again")
                .isEqualTo(first.alert().change().time(first.time()).build());
        assertThat(((FollowUp) read(Reading.sns(null, message))).event())
                .isInstanceOf(ContainerInstanceStateChange.class);
    }

    @Test
    void aReminderAboutNothingOrAboutAReminderIsMalformed() {
        ObjectNode json = Reading.json(Examples.FOLLOW_UP).deepCopy();
        ObjectNode detail = (ObjectNode) json.get("detail");
        detail.set("event", Reading.json(Examples.FOLLOW_UP));
        assertThatThrownBy(() -> read(json.toString())).hasMessageContaining("another follow-up message");
        detail.remove("event");
        assertThatThrownBy(() -> read(json.toString())).hasMessageContaining("no usable detail.event");
    }
}
