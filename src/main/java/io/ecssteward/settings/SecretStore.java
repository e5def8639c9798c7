package io.ecssteward.settings;

import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;

/** Looks secrets up by their name. */
@FunctionalInterface
public interface SecretStore {

    /** For whoever needs no real secrets: each is empty. */
    SecretStore NONE = id -> "";

    /** Ours: an alert waits for it. */
    Duration MAX_FOR_A_CALL = Duration.ofSeconds(5);

    /**
     * The secret's text.
     *
     * @param id its name or ARN
     * @throws RuntimeException when it cannot be had
     */
    String get(String id);

    /** AWS Secrets Manager, by the SDK's default chains. Its client is made when it is first asked. */
    static SecretStore aws() {
        return of(() -> client(SecretsManagerClient.builder()));
    }

    /** Secrets Manager with our timeouts and retries; tests give it an endpoint. */
    static SecretsManagerClient client(SecretsManagerClientBuilder builder) {
        return builder.httpClientBuilder(ApacheHttpClient.builder().maxConnections(2))
                .overrideConfiguration(c -> c.retryStrategy(RetryMode.STANDARD).apiCallTimeout(MAX_FOR_A_CALL))
                .build();
    }

    /** Secrets Manager by this client, which lives as long as the process. */
    static SecretStore of(Supplier<SecretsManagerClient> client) {
        return new SecretStore() {
            private SecretsManagerClient made;

            @Override
            public String get(String id) {
                String text = made().getSecretValue(r -> r.secretId(id)).secretString();
                if (text == null || text.isBlank()) {
                    throw new IllegalArgumentException("the secret is empty or no text");
                }
                return text;
            }

            private synchronized SecretsManagerClient made() {
                if (made == null) {
                    made = client.get();
                }
                return made;
            }
        };
    }
}
