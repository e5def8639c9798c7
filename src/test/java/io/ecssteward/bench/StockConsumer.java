package io.ecssteward.bench;

import io.ecssteward.runtime.Application;
import io.ecssteward.runtime.AwsClients;
import io.ecssteward.settings.SecretStore;
import io.ecssteward.settings.Settings;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The steward with Camel's SQS consumer as it comes, to compare with: the same routes and clients, but an
 * {@link SqsClient} of the SDK, which deletes each message by a request of its own, in place of ours.
 */
public final class StockConsumer {
    private StockConsumer() {}

    /** Runs until it is killed; set up by the same environment variables as the jar. */
    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.load(SecretStore.NONE);
        int consumers = settings.get(Settings.CONSUMERS);
        try (SqsClient plain = SqsClient.builder()
                        .httpClientBuilder(ApacheHttpClient.builder().maxConnections(consumers + 10))
                        .build();
                AwsClients clients = AwsClients.create(consumers, false);
                Application steward =
                        new Application(settings, clients.ecs(), plain, clients.sns(), null, main -> {})) {
            steward.run();
        }
    }
}
