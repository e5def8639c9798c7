package io.ecssteward.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.Alert;
import java.util.Objects;

/**
 * An external call because of an event; in a dry run, the call that would have been made.
 *
 * @param sink the service that was called: {@code ecs}, {@code autoscaling}, {@code slack}, {@code sns}, {@code sqs},
 *     {@code http}
 * @param operation the operation, by the service's own name: {@code UpdateService}, {@code chat.postMessage}
 * @param about the target, for the log: {@code prod/web}, {@code #ops}
 * @param request the request, without secrets
 * @param alert the alert that was sent; null if the request was not made from an alert
 */
public record Action(String sink, String operation, String about, JsonNode request, Alert alert) {
    public Action {
        Objects.requireNonNull(sink);
        Objects.requireNonNull(operation);
        Objects.requireNonNull(about);
        Objects.requireNonNull(request);
    }
}
