package io.ecssteward.testing;

import io.ecssteward.details.DetailClients;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;

/** The account and region that the fakes stand for, and SDK clients that reach them. */
final class Aws {
    static final Region REGION = Region.EU_WEST_1;
    /** The account number of AWS's own examples. */
    static final String ACCOUNT = "111122223333";

    private Aws() {}

    /** Clients for details that ask once and give up after seconds. */
    static DetailClients detailClients(URI endpoint) {
        return new DetailClients(builder -> builder.endpointOverride(endpoint)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("dummy", "dummy")))
                .overrideConfiguration(override ->
                        override.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(Duration.ofSeconds(5))));
    }

    /** Builds a client that asks once (no retries) and gives up after the timeout. */
    static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
            B builder, URI endpoint, Duration timeout, ExecutionInterceptor... interceptors) {
        return builder.endpointOverride(endpoint)
                .region(REGION)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("dummy", "dummy")))
                // The JDK's server drops a connection that was idle for 30 seconds: let go of it first.
                .httpClientBuilder(
                        ApacheHttpClient.builder().maxConnections(200).connectionMaxIdleTime(Duration.ofSeconds(10)))
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .apiCallTimeout(timeout)
                        .executionInterceptors(List.of(interceptors)))
                .build();
    }
}
