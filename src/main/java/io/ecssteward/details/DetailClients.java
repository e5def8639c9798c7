package io.ecssteward.details;

import io.ecssteward.ecs.RateLimitedEcsClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * The AWS clients for details, one per region, each created at its first use. Calls to ECS stay below its rate limits:
 * in Steward's own region, they use the client that also changes services, since both share these limits. Its creator
 * must close it.
 */
public class DetailClients implements AutoCloseable {

    private static final Duration CALL = Duration.ofSeconds(10);

    private static final int CONNECTIONS = 5;

    private final Map<String, AutoCloseable> clients = new ConcurrentHashMap<>();
    private final EcsClient own;
    private final Consumer<AwsClientBuilder<?, ?>> more;

    /**
     * With credentials and endpoints from the SDK's default chains.
     *
     * @param own the client for ECS in its region; not closed here
     */
    public DetailClients(EcsClient own) {
        this(own, builder -> {});
    }

    /** With further configuration for each client, such as an endpoint or credentials. */
    public DetailClients(Consumer<AwsClientBuilder<?, ?>> more) {
        this(null, more);
    }

    private DetailClients(EcsClient own, Consumer<AwsClientBuilder<?, ?>> more) {
        this.own = own;
        this.more = more;
    }

    EcsClient ecs(String region) {
        return own != null && own.serviceClientConfiguration().region().equals(Region.of(region))
                ? own
                : client(EcsClient.class, region, EcsClient::builder, RateLimitedEcsClient::new);
    }

    CloudWatchLogsClient logs(String region) {
        return client(CloudWatchLogsClient.class, region, CloudWatchLogsClient::builder, logs -> logs);
    }

    CloudWatchClient metrics(String region) {
        return client(CloudWatchClient.class, region, CloudWatchClient::builder, metrics -> metrics);
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends AutoCloseable> C client(
            Class<C> type, String region, Supplier<B> builder, UnaryOperator<C> around) {
        return type.cast(clients.computeIfAbsent(type.getSimpleName() + " " + region, key -> {
            B made = builder.get()
                    .region(Region.of(region))
                    .httpClientBuilder(ApacheHttpClient.builder().maxConnections(CONNECTIONS))
                    .overrideConfiguration(
                            c -> c.retryStrategy(RetryMode.STANDARD).apiCallTimeout(CALL));
            more.accept(made);
            return around.apply(made.build());
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
