package io.ecssteward.dlq;

import java.util.List;
import java.util.regex.Pattern;

/** What to fix before a dead letter can be sent back. */
public final class Remedy {

    private record Known(Pattern reason, String words) {
        Known(String reason, String words) {
            this(Pattern.compile(reason), words);
        }
    }

    /** By a pattern in the reason; the first match counts. */
    private static final List<Known> KNOWN = List.of(
            new Known(
                    "AccessDenied|not authorized|AuthorizationError|NO_PERMISSIONS",
                    "a permission is missing: grant it to Steward's role, or to the sender in the reason; then replay"),
            new Known(
                    "ClusterNotFound",
                    "ECS does not know the cluster: a replay helps only once it exists, or the region or account is "
                            + "right"),
            new Known(
                    "invalid_auth|token_|account_inactive|no_service|no_team|webhook .*\\b(403|404|410)\\b",
                    "Slack no longer accepts the webhook or token: set a new one, then replay"),
            new Known(
                    "channel_not_found|is_archived|not_in_channel|channel_is_archived",
                    "the app cannot post to that channel: create it, invite the app, or set another channel; then "
                            + "replay"),
            new Known(
                    "InvalidParameter|ClientException",
                    "ECS or SNS rejected the request: fix the service or the setting in the reason, then replay"),
            new Known(
                    "an alert|invalid_payload|invalid_blocks|bytes, and a queue may take no more",
                    "the message itself was rejected, so a replay fails again unless a newer version renders it "
                            + "differently"),
            new Known(
                    "EventBridge could not deliver",
                    "the rule could not send it to the queue: check the queue's policy and KMS key, then replay"));

    private Remedy() {}

    /** The fix for a dead letter, as a sentence without a full stop. */
    public static String of(DeadLetter letter) {
        if (letter.unreadable() != null) {
            return "it cannot be read (" + letter.unreadable() + "), so a replay fails again; fix the sender";
        }
        if (letter.reason().equals(DeadLetter.BY_SQS)) {
            return "the log says what failed, under the event's id below; fix it, or replay if it has passed";
        }
        return KNOWN.stream()
                .filter(known -> known.reason.matcher(letter.reason()).find())
                .map(Known::words)
                .findFirst()
                .orElse("fix the cause in the reason, then replay");
    }
}
