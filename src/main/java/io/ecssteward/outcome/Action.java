package io.ecssteward.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * Something done to the outside world because of an event; in a dry run, something that would have been done.
 *
 * @param sink who it was done to: {@code ecs}, {@code slack}, {@code sns}, {@code sqs}
 * @param operation what was asked of it, in its own words: {@code UpdateService}, {@code chat.postMessage}
 * @param about what it was about, for the log: {@code prod/web}, {@code #ops}
 * @param request what was sent, without anything secret
 */
public record Action(String sink, String operation, String about, JsonNode request) {
    public Action {
        Objects.requireNonNull(sink);
        Objects.requireNonNull(operation);
        Objects.requireNonNull(about);
        Objects.requireNonNull(request);
    }
}
