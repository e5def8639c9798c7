package io.ecssteward.ecs;

import java.util.concurrent.ExecutorService;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/** Threads that wait for AWS; idle ones end. */
public final class Threads {
    private Threads() {}

    /**
     * A pool of threads for a component, with a bounded queue.
     *
     * @param full what happens to a task when the queue is full
     */
    public static ExecutorService of(
            DefaultComponent owner, String name, int maxThreads, int maxWaiting, ThreadPoolRejectedPolicy full) {
        return owner.getCamelContext()
                .getExecutorServiceManager()
                .newThreadPool(
                        owner,
                        name,
                        new ThreadPoolProfileBuilder(name)
                                .poolSize(maxThreads)
                                .maxPoolSize(maxThreads)
                                .keepAliveTime(10L)
                                .allowCoreThreadTimeOut(true)
                                .maxQueueSize(maxWaiting)
                                .rejectedPolicy(full)
                                .build());
    }
}
