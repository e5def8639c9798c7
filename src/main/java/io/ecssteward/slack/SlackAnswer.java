package io.ecssteward.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Set;

/**
 * What Slack's answer to a post means, and whether trying again would help. Incoming webhooks answer by the status,
 * with a word as the body; the Web API answers 200, and says in JSON what went wrong.
 *
 * <pre>
 * 200 ok                      404 channel_not_found              200 {"ok":false,"error":"not_in_channel"}
 * </pre>
 *
 * @param kind what to do now
 * @param word Slack's own word, or the status where there is none
 * @param retryAfter how long the channel must be left alone; zero unless it was {@link Kind#LIMITED}
 * @param secret whether it may be because the token or the webhook is valid no more
 * @param posted the message, which others can be replies to; null where nothing tells, as with webhooks
 * @see <a href="https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks">Incoming webhooks</a>
 * @see <a href="https://docs.slack.dev/reference/methods/chat.postMessage">chat.postMessage</a>
 */
record SlackAnswer(Kind kind, String word, Duration retryAfter, boolean secret, SlackThreads.First posted) {

    enum Kind {
        /** It is in the channel. */
        POSTED,
        /** Too fast; it may be posted again later. */
        LIMITED,
        /** Slack could not; it may be posted again. */
        FAILED,
        /** Slack will not, now or later. */
        REFUSED
    }

    /**
     * <a href="https://docs.slack.dev/apis/web-api/rate-limits">Rate limits</a>: no header, no more than this interval.
     */
    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

    /** Ours: Slack is known to ask for a minute, and a channel must not be dead for a day because of one header. */
    private static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(10);

    /** Ours: Slack's words are short, but a proxy's error page is long. */
    private static final int MAX_WORD = 200;

    private static final Set<String> LIMITED_WORDS = Set.of("ratelimited", "rate_limited");

    /** What the page of chat.postMessage calls transient, or a migration that will end. */
    private static final Set<String> FAILED_WORDS = Set.of(
            "internal_error",
            "fatal_error",
            "service_unavailable",
            "request_timeout",
            "team_added_to_org",
            "org_login_required",
            "external_channel_migrating",
            "rollup_error");

    /** What the page of chat.postMessage says of a token that is none, or none any more. */
    private static final Set<String> SECRET_WORDS =
            Set.of("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive");

    /**
     * What webhooks answer that were removed (no_service, no_active_hooks), mistyped (invalid_token), or lead nowhere.
     */
    private static final Set<Integer> SECRET_STATUSES = Set.of(401, 403, 404, 410);

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Judges an answer.
     *
     * @param status the HTTP status
     * @param retryAfter the header; null when absent
     * @param body the body, in which nothing secret is left
     */
    static SlackAnswer of(int status, String retryAfter, String body) {
        JsonNode json = read(body);
        String error = json.path("error").asText();
        boolean success = status >= 200 && status < 300;
        if (success && (body.strip().equals("ok") || json.path("ok").asBoolean())) {
            return new SlackAnswer(Kind.POSTED, "ok", Duration.ZERO, false, posted(json));
        }
        if (status == 429 || LIMITED_WORDS.contains(error)) {
            return new SlackAnswer(Kind.LIMITED, word(status, json, body), wait(retryAfter), false, null);
        }
        boolean passing = status >= 500 || FAILED_WORDS.contains(error);
        boolean secret = !passing && (SECRET_STATUSES.contains(status) || SECRET_WORDS.contains(error));
        return new SlackAnswer(
                passing ? Kind.FAILED : Kind.REFUSED, word(status, json, body), Duration.ZERO, secret, null);
    }

    private static SlackThreads.First posted(JsonNode json) {
        String channel = json.path("channel").asText();
        String ts = json.path("ts").asText();
        return channel.isBlank() || ts.isBlank() ? null : new SlackThreads.First(channel, ts);
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private static String word(int status, JsonNode json, String body) {
        StringBuilder word = new StringBuilder(json.path("error").asText());
        if (word.isEmpty() || body.isBlank()) {
            String text = json.isObject() ? "" : Mrkdwn.oneLine(body);
            // A page is somebody else's, such as a proxy's, and says less than its status.
            word.append(text.isEmpty() || text.startsWith("<") ? "HTTP " + status : text);
            if (status < 300) {
                word.append(" where ok was expected");
            }
        } else {
            json.path("response_metadata")
                    .path("messages")
                    .forEach(message -> word.append(" ").append(message.asText()));
            if (json.hasNonNull("needed")) {
                word.append(" (needs ").append(json.path("needed").asText()).append(')');
            }
        }
        return Mrkdwn.plain(Mrkdwn.oneLine(word.toString()), MAX_WORD);
    }

    private static Duration wait(String retryAfter) {
        try {
            Duration asked = Duration.ofSeconds(Long.parseLong(retryAfter == null ? "" : retryAfter.strip()));
            return asked.isNegative()
                    ? DEFAULT_RETRY_AFTER
                    : asked.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : asked;
        } catch (NumberFormatException e) {
            return DEFAULT_RETRY_AFTER;
        }
    }
}
