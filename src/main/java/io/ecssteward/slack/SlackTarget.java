package io.ecssteward.slack;

import io.ecssteward.failure.PermanentFailureException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;

/**
 * Where a message is posted: to a webhook, whose URL is a secret as a whole, or with a token to the Web API.
 *
 * @param channel the channel's name, for Slack and for people
 * @param uri the webhook, or the Web API's method
 * @param token null for a webhook
 */
record SlackTarget(String channel, URI uri, String token) {

    /** A webhook; which channel it leads to was chosen when Slack made it. */
    static SlackTarget webhook(String channel, String url) {
        return new SlackTarget(channel, uri(channel, url, "the webhook"), null);
    }

    /** The Web API's chat.postMessage at a server, whose URL may end in {@code /api}. */
    static SlackTarget api(String channel, String serverUrl, String token) {
        String base = serverUrl.strip().replaceFirst("/+$", "").replaceFirst("/api$", "");
        return new SlackTarget(
                channel, uri(channel, base + "/api/chat.postMessage", "the server's URL"), token.strip());
    }

    private static URI uri(String channel, String url, String what) {
        try {
            URI uri = URI.create(url.strip());
            if (uri.getHost() != null && uri.getScheme().matches("(?i)https?")) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Its message has the URL in it.
        }
        throw new PermanentFailureException(failing(channel) + what + " is no http or https URL");
    }

    /** How every message about a failure begins. */
    static String failing(String channel) {
        return "posting to Slack channel " + Mrkdwn.plain(Mrkdwn.oneLine(channel), SlackMessage.HEADER) + ": ";
    }

    /** Whether it is this webhook; no when null. */
    boolean isAt(String url) {
        return isWebhook() && url != null && uri.toString().equals(url.strip());
    }

    boolean isWebhook() {
        return token == null;
    }

    /** What is asked of Slack, in its own word. */
    String operation() {
        return isWebhook() ? "webhook" : "chat.postMessage";
    }

    /** What Slack limits to one message a second: channels whose webhook is the same are one. */
    String lane() {
        return isWebhook() ? uri.toString() : uri + " " + channel;
    }

    /** The request that posts this JSON. */
    HttpRequest request(String json) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                    .header("Content-Type", "application/json; charset=utf-8")
                    .POST(HttpRequest.BodyPublishers.ofString(json, StandardCharsets.UTF_8));
            if (!isWebhook()) {
                request.header("Authorization", "Bearer " + token);
            }
            return request.build();
        } catch (IllegalArgumentException e) {
            // Its message has the token in it.
            throw new PermanentFailureException(failing(channel) + "the token has characters that no token has");
        }
    }

    /** An answer without what is secret, since a proxy's error page may quote the request. */
    String withoutSecrets(String answer) {
        String clean = isWebhook() ? answer.replace(uri.toString(), "***") : answer.replace(token, "***");
        String path = uri.getRawPath();
        if (isWebhook() && path != null && path.length() > 1) {
            String last = path.substring(path.replaceFirst("/$", "").lastIndexOf('/') + 1);
            clean = clean.replace(path, "***").replace(last, "***");
        }
        return clean;
    }

    /** Without the URL and the token. */
    @Override
    public String toString() {
        return operation() + " " + channel;
    }
}
