package io.ecssteward.details;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.settings.Settings;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeSlack.Message;
import io.ecssteward.testing.RunningSteward;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was deployed last, in the thread of a service's incident. */
class DeploymentsTest {

    private final RunningSteward steward = RunningSteward.create()
            .postingWithAToken()
            .with(Settings.INCIDENT_SWEEP, "20", Settings.DETAIL_DEPLOYMENTS, "true", Settings.RETRY_DELAY, "1");

    @AfterEach
    void stop() {
        steward.close();
    }

    private List<Message> replies() {
        steward.binding("detailClients", steward.ecs.detailClients());
        steward.ecs.addCluster("prod", 3).addService("prod", "checkout");
        steward.start();
        steward.sendSample("service-deployment-failed");
        RunningSteward.await(
                () -> steward.over().stream().anyMatch(o -> o.event().type().equals("incident-event")));
        steward.awaitDone();
        assertThat(steward.deadLetters()).isEmpty();
        return steward.slack.channel("#ops").get(0).replies();
    }

    /** It is told in the thread after its event is over. */
    private Message reply() {
        replies();
        RunningSteward.await(
                () -> !steward.slack.channel("#ops").get(0).replies().isEmpty());
        List<Message> replies = steward.slack.channel("#ops").get(0).replies();
        assertThat(replies).hasSize(1);
        return replies.get(0);
    }

    @Test
    void comesWhenADeploymentFails() {
        assertThat(reply().payload().at("/blocks/0/text/text").asText()).contains("prod/checkout", "task");
    }

    @Test
    void withoutThePermissionThereIsNone() {
        steward.ecs.fail(FakeEcs.DESCRIBE_SERVICES, 3, FakeEcs.ACCESS_DENIED);
        assertThat(replies()).isEmpty();
    }

    @Test
    void whenEcsIsBusyItIsAskedAgain() {
        steward.ecs.fail(FakeEcs.DESCRIBE_SERVICES, 1, FakeEcs.THROTTLED);
        assertThat(reply()).isNotNull();
    }
}
