package io.ecssteward.runtime;

import io.ecssteward.ecs.RateLimitedEcsClient;
import io.ecssteward.sqs.BatchingSqsClient;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The AWS clients of the application, with their timeouts and retries. Credentials, region and endpoint come from the
 * SDK's default chains.
 *
 * @param ecs stays below the rates that ECS allows; does not retry: the routes do, where an operator can see and change
 *     it
 * @param sqs retries by itself; deletes in batches, and ends its long polls when Steward stops
 * @param sns retries by itself, on dedicated threads
 * @param dynamo retries by itself, because half of its calls come after an effect, where no route can retry; null if
 *     claims are kept in memory
 */
public record AwsClients(EcsClient ecs, BatchingSqsClient sqs, SnsClient sns, DynamoDbClient dynamo)
        implements AutoCloseable {

    /** A call that hangs must not use up Fargate Spot's two minutes. */
    private static final Duration MAX_FOR_A_CALL = Duration.ofSeconds(10);

    /**
     * Includes the retries. A claim takes milliseconds, and an alert that proceeds without a claim waits for this
     * timeout.
     */
    private static final Duration MAX_FOR_A_CLAIM = Duration.ofSeconds(5);

    /** When throttled, the SDK would by default block one of our threads for seconds. */
    private static final BackoffStrategy A_MOMENT =
            BackoffStrategy.exponentialDelay(Duration.ofMillis(50), Duration.ofMillis(400));

    /** Longer than the longest poll, 20 seconds. */
    private static final Duration MAX_FOR_A_POLL = Duration.ofSeconds(30);

    /**
     * Creates the clients.
     *
     * @param consumers how many threads read the queue
     * @param dynamo whether claims are kept in DynamoDB
     * @throws software.amazon.awssdk.core.exception.SdkClientException when no region is set
     */
    public static AwsClients create(int consumers, boolean dynamo) {
        return new AwsClients(
                ecs(consumers + 20, DefaultRetryStrategy.doNotRetry()),
                new BatchingSqsClient(sqs(consumers + 10), sqs(consumers)),
                SnsClient.builder()
                        .httpClientBuilder(ApacheHttpClient.builder().maxConnections(10))
                        .overrideConfiguration(
                                c -> c.retryStrategy(RetryMode.STANDARD).apiCallTimeout(MAX_FOR_A_CALL))
                        .build(),
                dynamo ? dynamo(DynamoDbClient.builder(), consumers + 10) : null);
    }

    /** An ECS client that stays below ECS's rate limits. */
    public static EcsClient ecs(int connections, RetryStrategy retries) {
        return new RateLimitedEcsClient(EcsClient.builder()
                .httpClientBuilder(ApacheHttpClient.builder().maxConnections(connections))
                .overrideConfiguration(c -> c.retryStrategy(retries)
                        // The route "notices" recognizes our own calls in CloudTrail's events by this suffix.
                        .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX, "app/ecs-steward")
                        .apiCallTimeout(MAX_FOR_A_CALL))
                .build());
    }

    /** A DynamoDB client with our timeouts and retries; tests set an endpoint. */
    public static DynamoDbClient dynamo(DynamoDbClientBuilder builder, int connections) {
        return builder.httpClientBuilder(ApacheHttpClient.builder().maxConnections(connections))
                .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .backoffStrategy(A_MOMENT)
                                .throttlingBackoffStrategy(A_MOMENT)
                                .build())
                        .apiCallAttemptTimeout(MAX_FOR_A_CLAIM.dividedBy(2))
                        .apiCallTimeout(MAX_FOR_A_CLAIM))
                .build();
    }

    /** If no region is found, says what to set; the SDK's own message is a page long. */
    public static Optional<String> regionProblem() {
        try {
            DefaultAwsRegionProviderChain.builder().build().getRegion();
            return Optional.empty();
        } catch (SdkClientException e) {
            return Optional.of("no AWS region is set; set AWS_REGION to the region of the queue: eu-west-1");
        }
    }

    private static SqsClient sqs(int connections) {
        return SqsClient.builder()
                .httpClientBuilder(
                        ApacheHttpClient.builder().maxConnections(connections).socketTimeout(MAX_FOR_A_POLL))
                .overrideConfiguration(c -> c.retryStrategy(RetryMode.STANDARD))
                .build();
    }

    @Override
    public void close() {
        ecs.close();
        sqs.close();
        sns.close();
        if (dynamo != null) {
            dynamo.close();
        }
    }
}
