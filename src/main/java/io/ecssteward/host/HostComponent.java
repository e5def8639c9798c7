package io.ecssteward.host;

import io.ecssteward.alerting.RawParameterText;
import io.ecssteward.ecs.Threads;
import io.ecssteward.event.Event;
import io.ecssteward.time.Clocks;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * The Camel component {@code ecs-host:}. It calls ECS and Auto Scaling with the {@link EcsClient} and the
 * {@link LifecycleHooks} in the registry, in its own threads: a search in many clusters may have to wait for the rate
 * limit, which must not block other work.
 *
 * @see HostEndpoint
 */
@Component("ecs-host")
public class HostComponent extends DefaultComponent {

    private static final int THREADS = 4;

    /** Our choice: more hosts than are terminated at the same time; above that, the calling thread does the work. */
    private static final int MAX_WAITING = 1_000;

    private ExecutorService threads;
    private HostSearch search;

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        search = new HostSearch(clock());
        threads = Threads.of(this, "ecs-host", THREADS, MAX_WAITING, ThreadPoolRejectedPolicy.CallerRuns);
    }

    @Override
    protected void doStop() throws Exception {
        getCamelContext().getExecutorServiceManager().shutdownNow(threads);
        super.doStop();
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        HostEndpoint endpoint = new HostEndpoint(uri, this, HostOperation.of(remaining));
        RawParameterText.checkNames("ecs-host:" + remaining, parameters, RawParameterText.names(HostEndpoint.class));
        setProperties(endpoint, parameters);
        return endpoint;
    }

    ExecutorService threads() {
        return threads;
    }

    HostSearch search() {
        return search;
    }

    EcsClient ecs() {
        return getCamelContext().getRegistry().findSingleByType(EcsClient.class);
    }

    /** Null if Auto Scaling is not called, as in a replay. */
    LifecycleHooks hooks() {
        return getCamelContext().getRegistry().findSingleByType(LifecycleHooks.class);
    }

    /** The clock in the registry, or else the system clock. */
    Clock clock() {
        return Clocks.of(getCamelContext());
    }

    /** The current time; in a replay, the time of the event, so that the replay shows the actions of that time. */
    Instant now(Event event) {
        return hooks() == null && event.time() != null ? event.time() : clock().instant();
    }
}
