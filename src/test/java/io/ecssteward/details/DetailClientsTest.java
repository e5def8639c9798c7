package io.ecssteward.details;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.ecs.RateLimitedEcsClient;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;

class DetailClientsTest {

    @Test
    void ecsIsAskedByTheClientOfItsRegionOrByOneThatIsLimitedToo() {
        try (EcsClient own = EcsClient.builder()
                        .region(Region.EU_WEST_1)
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .build();
                DetailClients clients = new DetailClients(own)) {
            assertThat(clients.ecs("eu-west-1")).isSameAs(own);
            assertThat(clients.ecs("us-east-1")).isInstanceOf(RateLimitedEcsClient.class);
            assertThat(clients.ecs("us-east-1")).isSameAs(clients.ecs("us-east-1"));
        }
    }
}
