package io.ecssteward.runtime;

import io.ecssteward.event.Arn;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.EcsResponse;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TagResourceRequest;
import software.amazon.awssdk.services.ecs.model.UntagResourceRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * ECS for a dry run: read calls go to ECS, and write calls are answered as if they had succeeded. From then on a
 * service appears to have the tags and the capacity provider strategy that were written, so that a move to on-demand
 * continues like a real one.
 */
public final class DryRunEcs implements InvocationHandler {

    private final EcsClient ecs;

    /** By the ARN of the service: the tags that were set or, with a null value, removed. */
    private final Map<String, Map<String, Tag>> tags = new ConcurrentHashMap<>();

    /** By cluster and name. */
    private final Map<String, List<CapacityProviderStrategyItem>> strategies = new ConcurrentHashMap<>();

    private DryRunEcs(EcsClient ecs) {
        this.ecs = ecs;
    }

    /**
     * A client that passes read calls to another.
     *
     * @param ecs the client for read calls; closed with this one
     */
    public static EcsClient of(EcsClient ecs) {
        return (EcsClient) Proxy.newProxyInstance(
                EcsClient.class.getClassLoader(), new Class<?>[] {EcsClient.class}, new DryRunEcs(ecs));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        Object request = arguments == null || arguments.length == 0 ? null : arguments[0];
        if (request instanceof Consumer) {
            // Builds the request, and calls the method that takes a request object.
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        Class<?> answer = method.getReturnType();
        if (EcsResponse.class.isAssignableFrom(answer) && !method.getName().matches("(describe|list)\\w+")) {
            remember(request);
            return ((SdkBuilder<?, ?>) answer.getMethod("builder").invoke(null)).build();
        }
        try {
            Object answered = method.invoke(ecs, arguments);
            return answered instanceof DescribeServicesResponse described
                    ? described.toBuilder()
                            .services(described.services().stream()
                                    .map(this::changed)
                                    .toList())
                            .build()
                    : answered;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private void remember(Object request) {
        if (request instanceof TagResourceRequest tag) {
            tag.tags().forEach(set -> tags(tag.resourceArn()).put(set.key(), set));
        } else if (request instanceof UntagResourceRequest untag) {
            untag.tagKeys()
                    .forEach(key -> tags(untag.resourceArn())
                            .put(key, Tag.builder().key(key).build()));
        } else if (request instanceof UpdateServiceRequest update && update.hasCapacityProviderStrategy()) {
            strategies.put(Arn.nameOf(update.cluster()) + "/" + update.service(), update.capacityProviderStrategy());
        }
    }

    private Map<String, Tag> tags(String arn) {
        return tags.computeIfAbsent(arn, a -> new ConcurrentHashMap<>());
    }

    private Service changed(Service service) {
        Map<String, Tag> own = tags.getOrDefault(service.serviceArn(), Map.of());
        List<CapacityProviderStrategyItem> strategy =
                strategies.get(Arn.nameOf(service.clusterArn()) + "/" + service.serviceName());
        Service.Builder changed = service.toBuilder()
                .tags(Stream.concat(
                                service.tags().stream().filter(tag -> !own.containsKey(tag.key())),
                                own.values().stream().filter(tag -> tag.value() != null))
                        .toList());
        return strategy == null
                ? changed.build()
                : changed.capacityProviderStrategy(strategy)
                        .deployments(service.deployments().stream()
                                .map(d -> "PRIMARY".equals(d.status())
                                        ? d.toBuilder()
                                                .capacityProviderStrategy(strategy)
                                                .build()
                                        : d)
                                .toList())
                        .build();
    }
}
