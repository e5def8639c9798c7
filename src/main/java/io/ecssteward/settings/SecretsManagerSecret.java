package io.ecssteward.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * A setting that names secrets of AWS Secrets Manager: {@code {{aws:name}}}, or {@code {{aws:name#field}}} for one
 * field of a secret that is a JSON object. A setting that is a list can name several.
 */
final class SecretsManagerSecret implements Secret {

    private static final Logger LOG = LoggerFactory.getLogger(SecretsManagerSecret.class);

    /** With this interval, the calls cost less than a cent a day. A rotated secret usually stays valid for longer. */
    static final Duration MAX_AGE = Duration.ofMinutes(5);

    /** So that a thousand alerts that are refused at once cause one call. */
    static final Duration BETWEEN_RENEWALS = Duration.ofSeconds(2);

    /** A name may contain colons, as ARNs do, but no #. */
    private static final Pattern REFERENCE = Pattern.compile("\\{\\{aws:([^{}#]+)(?:#([^{}#]+))?}}");

    private final String name;
    private final String setting;
    private final SecretStore store;
    private final Clock clock;
    private final AtomicBoolean refreshing = new AtomicBoolean();
    private volatile String value;
    private volatile Instant lastRead;
    private Instant renewed = Instant.MIN;

    /** Whether a setting names a secret. */
    static boolean isReference(String setting) {
        return REFERENCE.matcher(setting).find();
    }

    /**
     * Reads the secrets that a setting names.
     *
     * @param name its name in log messages
     * @throws IllegalArgumentException with the error of Secrets Manager, never with a secret
     */
    SecretsManagerSecret(String name, String setting, SecretStore store, Clock clock) {
        this.name = name;
        this.setting = setting;
        this.store = store;
        this.clock = clock;
        try {
            value = read();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(describe(e));
        }
    }

    /** The value that was read last. If it is too old, it is read again in the background. */
    @Override
    public String value() {
        if (clock.instant().isAfter(lastRead.plus(MAX_AGE)) && refreshing.compareAndSet(false, true)) {
            CompletableFuture.runAsync(() -> {
                refresh();
                refreshing.set(false);
            });
        }
        return value;
    }

    @Override
    public synchronized void renew() {
        // A thread that waited for another one uses its result.
        if (renewed == Instant.MIN || !clock.instant().isBefore(renewed.plus(BETWEEN_RENEWALS))) {
            refresh();
            renewed = clock.instant();
        }
    }

    private void refresh() {
        try {
            String now = read();
            if (!now.equals(value)) {
                value = now;
                LOG.info("{} has changed; using the new value", name);
            }
        } catch (RuntimeException e) {
            LOG.warn("rereading {}: {}; keeping the old value", name, describe(e));
        }
    }

    private String read() {
        lastRead = clock.instant();
        Matcher references = REFERENCE.matcher(setting);
        return references
                .replaceAll(reference -> Matcher.quoteReplacement(
                        field(store.get(reference.group(1).strip()), reference.group(2))))
                .strip();
    }

    private static String field(String secret, String field) {
        if (field == null) {
            return secret.strip();
        }
        try {
            JsonNode found = new ObjectMapper().readTree(secret).path(field.strip());
            if (found.isTextual() && !found.asText().isBlank()) {
                return found.asText().strip();
            }
        } catch (JsonProcessingException e) {
            // The exception's message would contain the secret.
        }
        throw new IllegalArgumentException(
                "the secret has no such field; it must be a JSON object with that field as a string");
    }

    /** In one line, without the request ID. */
    private static String describe(RuntimeException failure) {
        if (failure instanceof AwsServiceException answer && answer.awsErrorDetails() != null) {
            return "Secrets Manager returned " + answer.awsErrorDetails().errorCode() + ": "
                    + answer.awsErrorDetails().errorMessage();
        }
        if (failure instanceof SdkException) {
            return "Secrets Manager cannot be reached: "
                    + String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        }
        return failure instanceof IllegalArgumentException
                ? failure.getMessage()
                : failure.getClass().getSimpleName();
    }
}
