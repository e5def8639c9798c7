package io.ecssteward.details;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * The AWS clients that details are asked with, one a region, each made when it is asked for first. They are not those
 * that change services: a detail that waits for an answer takes no connection away from an action. Closed by whoever
 * made it.
 */
public class DetailClients implements AutoCloseable {

    private static final Duration CALL = Duration.ofSeconds(10);

    private static final int CONNECTIONS = 5;

    private final Map<String, AutoCloseable> clients = new ConcurrentHashMap<>();
    private final Consumer<AwsClientBuilder<?, ?>> more;

    /** With credentials and endpoints from the SDK's default chains. */
    public DetailClients() {
        this(builder -> {});
    }

    /** The same with more settings of each client: an endpoint, credentials. */
    public DetailClients(Consumer<AwsClientBuilder<?, ?>> more) {
        this.more = more;
    }

    EcsClient ecs(String region) {
        return client(EcsClient.class, region, EcsClient::builder);
    }

    CloudWatchLogsClient logs(String region) {
        return client(CloudWatchLogsClient.class, region, CloudWatchLogsClient::builder);
    }

    CloudWatchClient metrics(String region) {
        return client(CloudWatchClient.class, region, CloudWatchClient::builder);
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends AutoCloseable> C client(
            Class<C> type, String region, Supplier<B> builder) {
        return type.cast(clients.computeIfAbsent(type.getSimpleName() + " " + region, key -> {
            B made = builder.get()
                    .region(Region.of(region))
                    .httpClientBuilder(ApacheHttpClient.builder().maxConnections(CONNECTIONS))
                    .overrideConfiguration(
                            c -> c.retryStrategy(RetryMode.STANDARD).apiCallTimeout(CALL));
            more.accept(made);
            return made.build();
        }));
    }

    @Override
    public void close() {
        clients.values().forEach(client -> {
            try {
                client.close();
            } catch (Exception e) {
                throw new IllegalStateException("closing an AWS client", e);
            }
        });
        clients.clear();
    }
}
