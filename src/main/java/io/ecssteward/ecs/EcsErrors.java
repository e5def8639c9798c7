package io.ecssteward.ecs;

import io.ecssteward.failure.Failures;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;

/** Calls ECS and describes its errors. */
public final class EcsErrors {
    private EcsErrors() {}

    /**
     * Calls ECS.
     *
     * @param doing what the call is for, as a gerund with the names: {@code redeploying prod/web}
     * @throws ServiceNotFoundException unchanged, because callers handle a missing service
     * @throws ServiceNotActiveException unchanged, for the same reason
     * @throws TransientFailureException when ECS throttles, has a server error, or does not answer
     * @throws PermanentFailureException when ECS rejects the call
     */
    public static <T> T during(String doing, Supplier<T> call) {
        try {
            return call.get();
        } catch (ServiceNotFoundException | ServiceNotActiveException e) {
            throw e;
        } catch (SdkException e) {
            throw Failures.during(doing, "ECS", e);
        }
    }
}
