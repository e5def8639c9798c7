package io.ecssteward.slack;

import io.ecssteward.failure.Failures;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Describes why Slack did not answer. */
final class SlackFailure {
    private SlackFailure() {}

    /** Describes the failure without the exception's message, which may contain the URL. */
    static String describe(Throwable thrown, PacedSlackComponent component) {
        Throwable failure = Failures.unwrapped(thrown);
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
