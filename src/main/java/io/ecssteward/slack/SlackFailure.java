package io.ecssteward.slack;

import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Describes why Slack did not answer. */
final class SlackFailure {
    private SlackFailure() {}

    /** What a completion stage failed with. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** What went wrong, without the message of the exception, which may name the URL. */
    static String describe(Throwable failure, PacedSlackComponent component) {
        if (failure instanceof HttpConnectTimeoutException) {
            return "no connection within " + inSeconds(PacedSlackComponent.CONNECT_TIMEOUT);
        }
        if (failure instanceof TimeoutException) {
            return "no answer within " + inSeconds(component.getRequestTimeout());
        }
        String what = failure instanceof ConnectException ? "no connection" : "no answer";
        return what + " (" + failure.getClass().getSimpleName() + ")";
    }

    private static String inSeconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
