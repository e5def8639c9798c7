package io.ecssteward.ecs;

import io.ecssteward.failure.Failures;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;

/** Calls ECS and describes its errors. */
public final class EcsErrors {
    private EcsErrors() {}

    /**
     * Calls ECS.
     *
     * @param doing what for, in the gerund, with the names: {@code redeploying prod/web}
     * @throws ServiceNotFoundException as it is, because it is no failure to whoever looked for the service
     * @throws ServiceNotActiveException as it is, for the same reason
     * @throws TransientFailureException when ECS throttles, has an error of its own, or does not answer
     * @throws PermanentFailureException when ECS refuses
     */
    public static <T> T during(String doing, Supplier<T> call) {
        try {
            return call.get();
        } catch (ServiceNotFoundException | ServiceNotActiveException e) {
            throw e;
        } catch (AwsServiceException e) {
            AwsErrorDetails details = e.awsErrorDetails();
            String code =
                    details == null || details.errorCode() == null ? "HTTP " + e.statusCode() : details.errorCode();
            String said = details == null || details.errorMessage() == null ? "" : ": " + details.errorMessage();
            throw Failures.translate(doing + ": ECS answered " + code + said, e);
        } catch (SdkClientException e) {
            throw Failures.translate(doing + ": no answer from ECS: " + e.getMessage(), e);
        }
    }
}
