package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.testing.Events;
import io.ecssteward.time.Durations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each file of src/test/resources/deployments: how ECS describes a service, an event, and what comes of it. */
class DescribedServicesTest extends EcsRoutes {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Path> descriptions() throws IOException {
        return Files.list(Path.of("src/test/resources/deployments")).sorted();
    }

    @ParameterizedTest
    @MethodSource("descriptions")
    void leadsToWhatItSays(Path file) throws Exception {
        JsonNode description = JSON.readTree(file.toFile());
        ObjectNode service = (ObjectNode) description.get("service");
        service.path("deployments")
                .forEach(d -> ((ObjectNode) d)
                        .put("createdAt", time(d.get("createdAt").asText()).getEpochSecond()));
        ecs.addService("prod", "web").described(service);
        ObjectNode event = (ObjectNode) description.get("event");
        ((ObjectNode) event.get("detail"))
                .put("group", "service:web")
                .put("clusterArn", "arn:aws:ecs:eu-west-1:111122223333:cluster/prod")
                .put("taskArn", "arn:aws:ecs:eu-west-1:111122223333:task/prod/b99d")
                .put("stoppingAt", NOW);
        event.put("source", "aws.ecs").put("id", file.getFileName().toString());
        routes.bind("store", new MemoryClaimStore(clock));
        start("ecs-service:redeploy");

        String outcome = description.get("outcome").asText();
        assertThat(outcome(send(Events.read(event.toString())))).isEqualTo(outcome);
        assertThat(updates()).hasSize(outcome.equals("updated") ? 1 : 0);
    }

    /** {@code NOW-300s}. */
    private Instant time(String written) {
        return clock.instant().minus(written.equals("NOW") ? Duration.ZERO : Durations.parse(written.substring(4)));
    }
}
