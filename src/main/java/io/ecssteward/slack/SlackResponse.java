package io.ecssteward.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.incident.Step;
import io.ecssteward.limits.SlackLimits;
import java.time.Duration;
import java.util.Set;

/**
 * Reads Slack's response to a post, and decides whether it is retried. Incoming webhooks answer with a status, and an
 * error code as the body; the Web API answers 200, and has the error code in JSON. Workflows and other servers that
 * accept Slack's messages answer with any 2xx and any body.
 *
 * <pre>
 * 200 ok                      404 channel_not_found              200 {"ok":false,"error":"not_in_channel"}
 * 204                         200 {"success":true}               200 (empty)
 * </pre>
 *
 * @param kind the result of the post
 * @param code Slack's error code, or the status if there is none
 * @param retryAfter how long not to post to the channel; zero unless it was {@link Kind#LIMITED}
 * @param secret whether the token or the webhook may no longer be valid
 * @param layout whether Slack refused the blocks or attachments, so that plain text may be posted instead
 * @param gone whether the message to edit or to reply to no longer exists
 * @param posted the posted message; {@link #NOWHERE} if the answer does not identify it, as with webhooks
 * @see <a href="https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks">Incoming webhooks</a>
 * @see <a href="https://docs.slack.dev/reference/methods/chat.postMessage">chat.postMessage</a>
 */
record SlackResponse(
        Kind kind, String code, Duration retryAfter, boolean secret, boolean layout, boolean gone, Step.Posted posted) {

    /** A posted message without channel and ts. */
    static final Step.Posted NOWHERE = new Step.Posted(null, null);

    enum Kind {
        /** The message is in the channel. */
        POSTED,
        /** Rate-limited; it may be posted again later. */
        LIMITED,
        /** An error on Slack's side; it may be posted again. */
        FAILED,
        /** Slack refused it; a retry will not help. */
        REFUSED
    }

    /** Used if the header is missing: the usual interval. */
    private static final Duration DEFAULT_RETRY_AFTER = SlackLimits.MESSAGE_INTERVAL;

    /** Our own limit: Slack is known to ask for a minute, and one header must not stop a channel for a day. */
    private static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(10);

    /** Our own limit in characters: Slack's codes are short, but a proxy's error page is long. */
    private static final int MAX_CODE = 200;

    private static final Set<String> LIMITED_CODES = Set.of("ratelimited", "rate_limited");

    /** The codes that chat.postMessage documents as transient, or as a migration that will end. */
    private static final Set<String> FAILED_CODES = Set.of(
            "internal_error",
            "fatal_error",
            "service_unavailable",
            "request_timeout",
            "team_added_to_org",
            "org_login_required",
            "external_channel_migrating",
            "update_failed",
            "rollup_error");

    /** The codes that chat.postMessage documents for a token that is invalid, expired or revoked. */
    private static final Set<String> SECRET_CODES =
            Set.of("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive");

    /**
     * The statuses of webhooks that were removed (no_service, no_active_hooks), mistyped (invalid_token), or do not
     * exist.
     */
    private static final Set<Integer> SECRET_STATUSES = Set.of(401, 403, 404, 410);

    /** The codes for a message whose layout is invalid; its text may still be accepted. */
    private static final Set<String> LAYOUT_CODES =
            Set.of("invalid_blocks", "invalid_blocks_format", "invalid_attachments", "too_many_attachments");

    /**
     * The codes of chat.update and chat.postMessage for a message that cannot be edited or replied to: it was deleted,
     * its thread was locked, its channel was archived, it is another app's, or it is too old for the workspace's rules.
     *
     * @see <a href="https://docs.slack.dev/reference/methods/chat.update">chat.update: errors</a>
     */
    private static final Set<String> GONE_CODES = Set.of(
            "message_not_found",
            "cant_update_message",
            "edit_window_closed",
            "thread_not_found",
            "cannot_reply_to_message",
            "restricted_action_thread_locked",
            "is_archived",
            "is_inactive",
            "channel_not_found");

    /**
     * The error codes of incoming webhooks, whatever the status: see <a
     * href="https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors">handling
     * errors</a>.
     */
    private static final Set<String> REFUSED_CODES = Set.of(
            "invalid_payload",
            "user_not_found",
            "channel_not_found",
            "channel_is_archived",
            "action_prohibited",
            "posting_to_general_channel_denied",
            "no_service",
            "no_service_id",
            "no_active_hooks",
            "no_team",
            "no_text",
            "team_disabled",
            "invalid_token");

    private static final int REQUEST_TIMEOUT = 408;

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Judges an answer.
     *
     * @param target the server that answered; its secrets are removed from the code, after the answer has been judged
     * @param status the HTTP status
     * @param retryAfter the header; null when absent
     */
    static SlackResponse of(SlackTarget target, int status, String retryAfter, String body) {
        JsonNode json = read(body);
        String error =
                json.isObject() ? json.path("error").asText() : body.strip().split("[:\\s]", 2)[0];
        boolean success = status >= 200 && status < 300;
        if (success && posted(target, json, error, body)) {
            return new SlackResponse(Kind.POSTED, "ok", Duration.ZERO, false, false, false, posted(json));
        }
        String code = code(status, json, target.withoutSecrets(body));
        if (status == 429 || LIMITED_CODES.contains(error)) {
            return new SlackResponse(Kind.LIMITED, code, wait(retryAfter), false, false, false, NOWHERE);
        }
        boolean nothing = success && body.isBlank() && target.isWebhook();
        if (status >= 500 || status == REQUEST_TIMEOUT || FAILED_CODES.contains(error) || nothing) {
            return new SlackResponse(Kind.FAILED, code, Duration.ZERO, false, false, false, NOWHERE);
        }
        boolean secret = SECRET_STATUSES.contains(status) || SECRET_CODES.contains(error);
        return new SlackResponse(
                Kind.REFUSED,
                code,
                Duration.ZERO,
                secret,
                LAYOUT_CODES.contains(error),
                GONE_CODES.contains(error),
                NOWHERE);
    }

    /** Whether a 2xx means that it was posted: Slack confirms it in the body, other servers need not. */
    private static boolean posted(SlackTarget target, JsonNode json, String error, String body) {
        if (body.strip().equals("ok") || json.path("ok").asBoolean()) {
            return true;
        }
        boolean refused = json.path("ok").isBoolean()
                || json.path("success").isBoolean() && !json.path("success").asBoolean()
                || LIMITED_CODES.contains(error)
                || FAILED_CODES.contains(error)
                || SECRET_CODES.contains(error)
                || LAYOUT_CODES.contains(error)
                || REFUSED_CODES.contains(error);
        return target.kind() != WebhookKind.SLACK && !refused;
    }

    private static Step.Posted posted(JsonNode json) {
        String channel = json.path("channel").asText();
        String ts = json.path("ts").asText();
        return channel.isBlank() || ts.isBlank() ? NOWHERE : new Step.Posted(channel, ts);
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    /** The code to show to people. Secrets were already removed from the body, so it may no longer be valid JSON. */
    private static String code(int status, JsonNode answer, String body) {
        JsonNode json = answer.isObject() ? read(body) : answer;
        StringBuilder code = new StringBuilder(json.path("error").asText());
        if (code.isEmpty() || body.isBlank()) {
            String text = answer.isObject() ? "" : Mrkdwn.oneLine(body);
            // An HTML page comes from a proxy or another server, and says less than the status.
            code.append(text.isEmpty() || text.startsWith("<") ? "HTTP " + status : text);
            if (status < 300) {
                code.append(" where ok was expected");
            }
        } else {
            json.path("response_metadata")
                    .path("messages")
                    .forEach(message -> code.append(" ").append(message.asText()));
            if (json.hasNonNull("needed")) {
                code.append(" (needs ").append(json.path("needed").asText()).append(')');
            }
        }
        return Mrkdwn.plain(Mrkdwn.oneLine(code.toString()), MAX_CODE);
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
