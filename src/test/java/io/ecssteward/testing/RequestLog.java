package io.ecssteward.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Takes note of each request that an SDK client really sends. */
public final class RequestLog implements ExecutionInterceptor {

    private final List<SdkRequest> requests = new CopyOnWriteArrayList<>();

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        add(context.request());
    }

    void add(SdkRequest request) {
        requests.add(request);
    }

    /** All of them, in the order in which they were sent. */
    public List<SdkRequest> all() {
        return List.copyOf(requests);
    }

    /** Those of one type. */
    public <R extends SdkRequest> List<R> of(Class<R> type) {
        return requests.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Forgets them. */
    public void clear() {
        requests.clear();
    }
}
