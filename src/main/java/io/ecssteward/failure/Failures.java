package io.ecssteward.failure;

import java.util.Set;
import java.util.concurrent.CompletionException;
import org.apache.camel.http.base.HttpOperationFailedException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Decides whether a failure can be retried. AWS's errors are translated where AWS is called, so that only the
 * exceptions of this package reach a route.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html">ECS: common errors</a>
 */
public final class Failures {

    /** Credential errors during a rotation, and server errors with status 400. */
    private static final Set<String> TRANSIENT = Set.of(
            "ExpiredToken",
            "ExpiredTokenException",
            "KMSThrottling",
            "RequestExpired",
            "RequestTimeTooSkewed",
            "ServerException",
            "ServiceUnavailable");

    /**
     * HTTP status codes below 500 that should be retried: Request Timeout, Too Early, Too Many Requests.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9110.html#name-408-request-timeout">RFC 9110</a>
     */
    private static final Set<Integer> LATER = Set.of(408, 425, 429);

    private Failures() {}

    /** The exception of a failed completion stage, without the JDK's wrapper exceptions. */
    public static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Whether to retry: now, later, or not at all. */
    public enum Kind {
        TRANSIENT,
        THROTTLED,
        PERMANENT
    }

    /** Classifies an exception of this package, of the AWS SDK or of Camel's HTTP component; others are transient. */
    public static Kind kind(Throwable failure) {
        if (failure instanceof RetryAfterException) {
            return Kind.THROTTLED;
        }
        return failure instanceof PermanentFailureException
                        || failure instanceof AwsServiceException e && refused(e)
                        || failure instanceof HttpOperationFailedException http && refused(http.getStatusCode())
                ? Kind.PERMANENT
                : Kind.TRANSIENT;
    }

    private static boolean refused(int status) {
        return status < 500 && !LATER.contains(status);
    }

    private static boolean refused(AwsServiceException e) {
        return e.statusCode() < 500 && !e.isThrottlingException() && !TRANSIENT.contains(String.valueOf(code(e)));
    }

    private static String code(SdkException failure) {
        return failure instanceof AwsServiceException e && e.awsErrorDetails() != null
                ? e.awsErrorDetails().errorCode()
                : null;
    }

    /**
     * Translates an exception of the AWS SDK. The result has no cause, because Camel chooses an {@code onException} by
     * the innermost cause, which would be the SDK's exception.
     */
    static FailureException translate(String message, SdkException failure) {
        return translate(message, null, failure);
    }

    /**
     * Translates an exception of the AWS SDK; the message names the service and its error.
     *
     * @param doing what the call was for, as a gerund with the names: {@code redeploying prod/web}
     * @param service the AWS service that was called, as in {@link FailureException#service}
     */
    public static FailureException during(String doing, String service, SdkException failure) {
        if (!(failure instanceof AwsServiceException answer)) {
            return translate(doing + ": no answer from " + service + ": " + failure.getMessage(), service, failure);
        }
        AwsErrorDetails details = answer.awsErrorDetails();
        String code = code(failure) == null ? "HTTP " + answer.statusCode() : code(failure);
        String said = details == null || details.errorMessage() == null ? "" : ": " + details.errorMessage();
        return translate(doing + ": " + service + " answered " + code + said, service, failure);
    }

    private static FailureException translate(String message, String service, SdkException failure) {
        return kind(failure) == Kind.PERMANENT
                ? new PermanentFailureException(message, service, code(failure))
                : new TransientFailureException(message, service, code(failure));
    }
}
