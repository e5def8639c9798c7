package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LastDeploymentTest extends EcsRoutes {

    private FakeService web;

    @BeforeEach
    void deploy() {
        web = ecs.addService("prod", "web").desiredCount(4).forgetHistory();
        web.taskDefinition("web:42").deployment(Duration.ofDays(3), "COMPLETED");
        web.taskDefinition("web:43").deployment(Duration.ofHours(1), "IN_PROGRESS");
    }

    private List<String> lines() {
        return LastDeployment.lines(ecs.client(), "prod", "web");
    }

    @Test
    void tellsWhatRunsWhatWasDeployedAndWhatThatChanged() {
        assertThat(lines())
                .containsExactly(
                        "prod/web: 0 of 4 tasks are running web:43, whose deployment began on 2026-11-20 at 09:00 UTC and"
                                + " is in progress.",
                        "web:43, begun on 2026-11-20 at 09:00 UTC, is in progress",
                        "web:42, begun on 2026-11-17 at 10:00 UTC, completed on 2026-11-17 at 10:02 UTC",
                        "From web:42 to web:43:",
                        "app: image web:1.42 is now web:1.43");
    }

    @Test
    void tellsWhatEcsRolledBackByItself() {
        web.failsEvery(Duration.ofMinutes(10)).deploysIn(Duration.ofMinutes(5), Duration.ZERO);

        assertThat(lines())
                .contains("web:43, begun on 2026-11-20 at 09:00 UTC, was rolled back by ECS", "From web:42 to web:43:");
    }

    @Test
    void saysWhatItDoesNotKnow() {
        assertThat(LastDeployment.lines(ecs.client(), "prod", "gone"))
                .containsExactly("The service prod/gone was not found in ECS; it may have been deleted.");
        web.forgetHistory();
        assertThat(lines()).contains("No deployment of another task definition completed in the last 90 days.");
        web.deploymentController("CODE_DEPLOY");
        assertThat(lines()).contains("ECS does not say what was deployed before: CODE_DEPLOY deploys it.");
        ecs.fail(FakeEcs.DESCRIBE_SERVICES, 1, FakeEcs.ACCESS_DENIED);
        assertThatThrownBy(this::lines).isInstanceOf(PermanentFailureException.class);
    }

    @Test
    void whatIsTooLongIsCut() {
        ObjectNode definition = JsonNodeFactory.instance.objectNode();
        ArrayNode containers = definition.putArray("containerDefinitions");
        for (int i = 0; i < 100; i++) {
            containers.addObject().put("name", "container-" + i).put("image", "image:" + i);
        }
        ecs.taskDefinition("web:43", definition);

        List<String> lines = lines();

        assertThat(String.join("\n", lines)).hasSizeBetween(2_700, 2_800).endsWith("…");
    }
}
