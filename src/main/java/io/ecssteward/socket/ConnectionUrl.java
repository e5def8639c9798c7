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
 * Gets the URL of a WebSocket from Slack. It is good for one connection and has a ticket in it, so it is a secret.
 *
 * @see <a href="https://docs.slack.dev/reference/methods/apps.connections.open/">apps.connections.open</a>
 */
final class ConnectionUrl {
    private ConnectionUrl() {}

    private static final ObjectMapper JSON = new ObjectMapper();

    /** There is none. */
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
            // Its message can have the token in it.
            return CompletableFuture.failedFuture(new Unavailable(SocketProblem.refused("invalid_auth")));
        }
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        // HttpRequest's own timeout ends with the headers (JDK-8208693, mended in 26), and a body may never come.
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
        // The ticket must not go over a line that others can read, unless Slack's API is asked over one too.
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

    /** Why there is none. */
    static SocketProblem problem(Throwable failure) {
        Throwable cause = Failures.unwrapped(failure);
        return cause instanceof Unavailable unavailable
                ? unavailable.problem()
                : SocketProblem.passing(describe(failure));
    }

    /** In a few words, and without the URL. */
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
