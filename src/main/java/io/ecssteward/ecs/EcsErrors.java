package io.ecssteward.ecs;

import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;

/**
 * Tells what went wrong with ECS: will trying again help? The exceptions have no cause, because Camel chooses an
 * {@code onException} by the innermost one, and the SDK's would hide ours.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html">ECS: common errors</a>
 */
final class EcsErrors {
    private EcsErrors() {}

    /** Errors of credentials that come and go with their rotation, and ServerException wherever it has status 400. */
    private static final Set<String> TRANSIENT = Set.of(
            "ExpiredTokenException", "RequestExpired", "RequestTimeTooSkewed", "ServerException", "ServiceUnavailable");

    /**
     * Calls ECS.
     *
     * @param doing what for, in the gerund, with the names: {@code redeploying prod/web}
     * @throws ServiceNotFoundException as it is, because it is no failure to whoever looked for the service
     * @throws ServiceNotActiveException as it is, for the same reason
     * @throws TransientFailureException when ECS throttles, has an error of its own, or does not answer
     * @throws PermanentFailureException when ECS refuses
     */
    static <T> T during(String doing, Supplier<T> call) {
        try {
            return call.get();
        } catch (ServiceNotFoundException | ServiceNotActiveException e) {
            throw e;
        } catch (AwsServiceException e) {
            AwsErrorDetails details = e.awsErrorDetails();
            String code =
                    details == null || details.errorCode() == null ? "HTTP " + e.statusCode() : details.errorCode();
            String said = details == null || details.errorMessage() == null ? "" : ": " + details.errorMessage();
            String message = doing + ": ECS answered " + code + said;
            if (e.isThrottlingException() || e.statusCode() >= 500 || TRANSIENT.contains(code)) {
                throw new TransientFailureException(message);
            }
            throw new PermanentFailureException(message);
        } catch (SdkClientException e) {
            throw new TransientFailureException(doing + ": no answer from ECS: " + e.getMessage());
        }
    }
}
