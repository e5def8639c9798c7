package io.ecssteward.socket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.failure.Failures;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Gets the URL of a WebSocket from Slack. It is valid for one connection and contains a ticket, so it is a secret.
 *
 * @see <a href="https://docs.slack.dev/reference/methods/apps.connections.open/">apps.connections.open</a>
 */
final class ConnectionUrl {
    private ConnectionUrl() {}

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Slack did not return a URL. */
    static final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient SocketProblem problem;

        Unavailable(SocketProblem problem) {
            super(problem.text());
            this.problem = problem;
        }

        SocketProblem problem() {
            return problem;
        }
    }

    /** The URL; failed with {@link Unavailable}. */
    static CompletableFuture<URI> ask(HttpClient http, String api, String token, Duration patience) {
        String base = api.replaceFirst("/+$", "").replaceFirst("/api$", "");
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(URI.create(base + "/api/apps.connections.open"))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
        } catch (IllegalArgumentException e) {
            // The exception's message can contain the token.
            return CompletableFuture.failedFuture(new Unavailable(SocketProblem.refused("invalid_auth")));
        }
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        // HttpRequest's own timeout does not cover the body (JDK-8208693, fixed in JDK 26), which may never arrive.
        return answer.copy()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((response, failure) -> answer.cancel(true))
                .handle((response, failure) -> {
                    if (failure != null) {
                        throw new Unavailable(SocketProblem.passing(
                                "Slack does not answer apps.connections.open (" + describe(failure) + ")"));
                    }
                    return judge(response, base);
                });
    }

    private static URI judge(HttpResponse<String> response, String base) {
        JsonNode said = read(response.body());
        if (response.statusCode() == 429) {
            Duration wait = response.headers()
                    .firstValue("Retry-After")
                    .filter(seconds -> seconds.matches("\\d{1,5}"))
                    .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                    .orElse(null);
            throw new Unavailable(
                    new SocketProblem("Slack limits apps.connections.open (429)", SocketProblem.Kind.TRANSIENT, wait));
        }
        if (response.statusCode() != 200 || !said.has("ok")) {
            throw new Unavailable(
                    SocketProblem.passing("Slack answers apps.connections.open with " + response.statusCode()));
        }
        if (!said.path("ok").asBoolean()) {
            throw new Unavailable(SocketProblem.refused(said.path("error").asText()));
        }
        String url = said.path("url").asText();
        // The ticket must not be sent unencrypted, unless Slack's API is called unencrypted, too.
        if (!url.startsWith("wss://") && !(url.startsWith("ws://") && base.startsWith("http://"))) {
            throw new Unavailable(SocketProblem.passing("Slack answers apps.connections.open without a wss: URL"));
        }
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new Unavailable(SocketProblem.passing("Slack answers apps.connections.open with an unreadable URL"));
        }
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body.isEmpty() ? "{}" : body);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }

    /** Why there is no URL. */
    static SocketProblem problem(Throwable failure) {
        Throwable cause = Failures.unwrapped(failure);
        return cause instanceof Unavailable unavailable
                ? unavailable.problem()
                : SocketProblem.passing(describe(failure));
    }

    /** Describes a failure in a few words, without the URL. */
    static String describe(Throwable failure) {
        Throwable cause = Failures.unwrapped(failure);
        if (cause instanceof java.net.http.WebSocketHandshakeException refused && refused.getResponse() != null) {
            return "HTTP " + refused.getResponse().statusCode();
        }
        String message = cause.getMessage();
        return cause.getClass().getSimpleName()
                + (message == null || message.contains("://") || message.contains("ticket") ? "" : ": " + message);
    }
}
