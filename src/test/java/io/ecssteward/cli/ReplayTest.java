package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people try out on a sample, which is older than anything that the steward would still act on. */
class ReplayTest {

    @AfterEach
    void asBefore() {
        System.clearProperty(Settings.SPOT_POLICY.name());
    }

    private static String replay(String... arguments) {
        CommandRun.Result result = CommandRun.run(arguments);
        assertThat(result.code()).isZero();
        return result.out();
    }

    @ParameterizedTest
    @CsvSource({
        "service-placement-failure-no-spot-capacity, since 2026-11-16T18:52:33Z until 2026-11-16T19:22:33Z",
        "task-failed-to-start-no-spot-capacity, since 2026-11-20T14:40:52Z until 2026-11-20T15:10:52Z"
    })
    void aServiceWithoutSpotCapacityMovesAndComesBack(String name, String times) {
        String sample = "samples/" + name + ".json";
        System.setProperty(Settings.SPOT_POLICY.name(), "failover");
        String shown = replay("replay", sample);
        assertThat(shown.indexOf("ecs-steward:failover\",\"value\":\"on-demand FARGATE_SPOT:0:1"))
                .as("noted before the move")
                .isPositive()
                .isLessThan(shown.indexOf("{\"capacityProvider\":\"FARGATE\",\"base\":0,\"weight\":1}"));
        assertThat(shown)
                .contains(
                        times,
                        "\"capacityProviderStrategy\":[{\"capacityProvider\":\"FARGATE_SPOT\",\"base\":0,\"weight\":1}]");
        assertThat(replay("explain", sample)).contains("TagResource", "UpdateService");
    }

    @Test
    void withoutThatPolicyItIsOnlyTold() {
        assertThat(replay("replay", "samples/service-placement-failure-no-spot-capacity.json"))
                .contains("prod/web cannot place a task")
                .doesNotContain("UpdateService", "TagResource");
    }

    @Test
    void aHostThatEc2TakesBackIsDrained() {
        assertThat(replay("replay", "samples/ec2-spot-interruption-warning.json"))
                .contains("\"status\":\"DRAINING\"", "It was set to DRAINING");
    }

    @Test
    void asJsonItHasWhatWasPerformedAndWhatWasSkipped() throws JsonProcessingException {
        JsonNode replayed = new ObjectMapper()
                .readTree(replay("replay", "--json", "samples/service-placement-failure-no-spot-capacity.json"));
        assertThat(replayed.findValue("performed").findValuesAsText("sink")).contains("slack");
        assertThat(replayed.findValue("effects")).isNull();
    }
}
