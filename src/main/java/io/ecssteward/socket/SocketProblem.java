package io.ecssteward.socket;

import io.ecssteward.limits.SlackLimits;
import java.time.Duration;
import java.util.Set;

/**
 * Why no connection could be opened.
 *
 * @param text the reason, and what to do about it, without secrets
 * @param kind whether a retry helps
 * @param retryAfter how long to wait, according to Slack; null if it did not say
 */
public record SocketProblem(String text, Kind kind, Duration retryAfter) {

    /** What can solve the problem. */
    public enum Kind {
        /** A retry. */
        TRANSIENT,
        /** A person has to change something. */
        SETUP,
        /** A new token, which may already be configured. */
        TOKEN
    }

    private static final String SETTING = "STEWARD_SLACK_APP_TOKEN_SECRET";

    /** Error codes of any method. */
    private static final Set<String> INVALID = Set.of(
            "not_authed",
            "invalid_auth",
            "token_revoked",
            "token_expired",
            "account_inactive",
            "not_allowed_token_type");

    private static final Set<String> LACKING = Set.of("missing_scope", "no_permission", "access_denied");

    private static final Set<String> PASSING = Set.of(
            "ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout");

    static SocketProblem passing(String text) {
        return new SocketProblem(text, Kind.TRANSIENT, null);
    }

    /**
     * The problem for an error code of {@code apps.connections.open}.
     *
     * @see <a href="https://docs.slack.dev/reference/methods/apps.connections.open/">apps.connections.open, errors</a>
     */
    public static SocketProblem refused(String word) {
        String said = "Slack refuses apps.connections.open (" + word.replaceAll("[^\\w.-]", "") + ")";
        if (PASSING.contains(word)) {
            return passing(said);
        }
        if (INVALID.contains(word)) {
            return new SocketProblem(
                    said + ": the app-level token is not valid; set " + SETTING
                            + " to one that begins with xapp-, from Basic Information of the Slack app",
                    Kind.TOKEN,
                    null);
        }
        if (LACKING.contains(word)) {
            return new SocketProblem(
                    said + ": the app-level token lacks the scope connections:write; create one that has it, and set "
                            + SETTING,
                    Kind.TOKEN,
                    null);
        }
        return new SocketProblem(
                said + "; switch Socket Mode on in the settings of the Slack app, and look whether " + SETTING
                        + " is of that app",
                Kind.SETUP,
                null);
    }

    /** Socket Mode was disabled while connected. */
    static SocketProblem disabled() {
        return new SocketProblem(
                "Socket Mode was switched off in the settings of the Slack app; switch it on again, or remove "
                        + SETTING,
                Kind.SETUP,
                null);
    }

    /**
     * There are more than {@value SlackLimits#CONNECTIONS} connections.
     *
     * @see <a href="https://docs.slack.dev/apis/events-api/using-socket-mode">Slack: using Socket Mode</a>
     */
    static SocketProblem tooMany() {
        return new SocketProblem(
                "the Slack app has more connections than the ten Slack allows; run fewer replicas, or find out who else"
                        + " connects with its app-level token",
                Kind.SETUP,
                null);
    }
}
