package io.ecssteward.runtime;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsResponse;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** ECS for a dry run: what reads is asked, and what writes is answered as if it were done. */
public final class DryRunEcs {

    private DryRunEcs() {}

    /**
     * A client that asks another.
     *
     * @param ecs closed with it
     */
    public static EcsClient of(EcsClient ecs) {
        return (EcsClient) Proxy.newProxyInstance(
                EcsClient.class.getClassLoader(), new Class<?>[] {EcsClient.class}, (proxy, method, arguments) -> {
                    Class<?> answer = method.getReturnType();
                    if (EcsResponse.class.isAssignableFrom(answer)
                            && !method.getName().matches("(describe|list)\\w+")) {
                        return ((SdkBuilder<?, ?>) answer.getMethod("builder").invoke(null)).build();
                    }
                    try {
                        return method.invoke(ecs, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
