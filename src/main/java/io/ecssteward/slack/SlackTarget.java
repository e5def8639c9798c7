package io.ecssteward.slack;

import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.limits.SlackLimits;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a message is posted: to a webhook, whose URL is a secret as a whole, or with a token to the Web API.
 *
 * @param channel the channel's name, for Slack and for people
 * @param uri the webhook, or the Web API's method
 * @param token null for a webhook
 */
record SlackTarget(String channel, URI uri, String token) {

    /** The Web API's methods for a new message or a reply, and for an edit. */
    static final String POST = "chat.postMessage";

    static final String EDIT = "chat.update";

    private static final String HIDDEN = "***";

    /** Our own choice: a path segment of this many characters or more may be the secret part of a webhook's URL. */
    private static final int SECRET = 10;

    /** A webhook; its channel was chosen when it was created in Slack. */
    static SlackTarget webhook(String channel, String url) {
        return new SlackTarget(channel, uri(channel, url, "the webhook"), null);
    }

    /** A method of the Web API at a server, whose URL may end in {@code /api}. */
    static SlackTarget api(String channel, String serverUrl, String method, String token) {
        String base = serverUrl.strip().replaceFirst("/+$", "").replaceFirst("/api$", "");
        return new SlackTarget(channel, uri(channel, base + "/api/" + method, "the server's URL"), token.strip());
    }

    private static URI uri(String channel, String url, String what) {
        try {
            URI uri = URI.create(url.strip());
            if (uri.getHost() != null && uri.getScheme().matches("(?i)https?")) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // The exception's message contains the URL.
        }
        throw new PermanentFailureException(failing(channel) + what + " is not an http or https URL");
    }

    /** The beginning of every error message. */
    static String failing(String channel) {
        return "posting to Slack channel " + Mrkdwn.plain(Mrkdwn.oneLine(channel), SlackLimits.HEADER) + ": ";
    }

    /** Whether it is this webhook; false for null. */
    boolean isAt(String url) {
        return isWebhook() && url != null && uri.toString().equals(url.strip());
    }

    boolean isWebhook() {
        return token == null;
    }

    /** The product that the webhook belongs to; the Web API is Slack's. */
    WebhookKind kind() {
        return isWebhook() ? WebhookKind.of(uri) : WebhookKind.SLACK;
    }

    /** The method of the Web API, or {@code webhook}. */
    String operation() {
        return isWebhook() ? "webhook" : uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1);
    }

    /**
     * The key of its rate limit: Slack counts the messages of a channel or a webhook together, and all edits together.
     */
    String lane() {
        return isWebhook() ? uri.toString() : operation().equals(EDIT) ? SlackPacer.EDITS : uri + " " + channel;
    }

    /** The request that posts this JSON. */
    HttpRequest request(String json) {
        return request("application/json; charset=utf-8", json);
    }

    /**
     * A request with form-encoded arguments: Slack's read methods accept no JSON.
     *
     * @see <a href="https://docs.slack.dev/apis/web-api">Web API: POST bodies</a>
     */
    HttpRequest form(String arguments) {
        return request("application/x-www-form-urlencoded", arguments);
    }

    /** Form-encodes a value. */
    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private HttpRequest request(String type, String body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                    .header("Content-Type", type)
                    .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
            if (!isWebhook()) {
                request.header("Authorization", "Bearer " + token);
            }
            return request.build();
        } catch (IllegalArgumentException e) {
            // The exception's message contains the token.
            throw new PermanentFailureException(failing(channel) + "the token has characters that no token has");
        }
    }

    /**
     * An answer without secrets, since a proxy's error page may quote the request. Only for showing to people, not for
     * parsing.
     */
    String withoutSecrets(String answer) {
        if (!isWebhook()) {
            return answer.replace(token, HIDDEN);
        }
        String clean = answer.replace(uri.toString(), HIDDEN);
        List<String> parts = new ArrayList<>();
        if (uri.getRawPath() != null) {
            parts.add(uri.getRawPath());
            List<String> segments = List.of(uri.getRawPath().split("/"));
            segments.stream().filter(segment -> segment.length() >= SECRET).forEach(parts::add);
            // The last segment is the secret in Slack's own URLs, however short it is.
            parts.addAll(segments.subList(Math.max(segments.size() - 1, 0), segments.size()));
        }
        if (uri.getRawQuery() != null) {
            parts.add(uri.getRawQuery());
        }
        for (String part : parts) {
            clean = part.length() > 1 ? clean.replace(part, HIDDEN) : clean;
        }
        return clean;
    }

    /** Without the URL and the token. */
    @Override
    public String toString() {
        return operation() + " " + channel;
    }
}
