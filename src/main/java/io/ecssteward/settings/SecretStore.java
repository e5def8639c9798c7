package io.ecssteward.settings;

import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;

/** Reads secrets by name. */
@FunctionalInterface
public interface SecretStore {

    /** For commands that need no secrets: every secret is empty. */
    SecretStore NONE = id -> "";

    /** Our own limit, because an alert waits for the call. */
    Duration CALL_TIMEOUT = Duration.ofSeconds(5);

    /**
     * The secret's text.
     *
     * @param id its name or ARN
     * @throws RuntimeException if it cannot be read
     */
    String get(String id);

    /** AWS Secrets Manager, by the SDK's default chains. The client is created with the first call. */
    static SecretStore aws() {
        return of(() -> client(SecretsManagerClient.builder()));
    }

    /** A Secrets Manager client with our timeouts and retries; tests set an endpoint. */
    static SecretsManagerClient client(SecretsManagerClientBuilder builder) {
        return builder.httpClientBuilder(ApacheHttpClient.builder().maxConnections(2))
                .overrideConfiguration(c -> c.retryStrategy(RetryMode.STANDARD).apiCallTimeout(CALL_TIMEOUT))
                .build();
    }

    /** Secrets Manager with this client, which is never closed. */
    static SecretStore of(Supplier<SecretsManagerClient> client) {
        return new SecretStore() {
            private SecretsManagerClient created;

            @Override
            public String get(String id) {
                String text = client().getSecretValue(r -> r.secretId(id)).secretString();
                if (text == null || text.isBlank()) {
                    throw new IllegalArgumentException("the secret is empty or binary");
                }
                return text;
            }

            private synchronized SecretsManagerClient client() {
                if (created == null) {
                    created = client.get();
                }
                return created;
            }
        };
    }
}
