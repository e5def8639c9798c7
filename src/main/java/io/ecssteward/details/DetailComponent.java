package io.ecssteward.details;

import io.ecssteward.ecs.Threads;
import io.ecssteward.incident.Incidents;
import io.ecssteward.slack.PacedSlackComponent;
import io.ecssteward.time.Clocks;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/**
 * The Camel component {@code ecs-detail:}, with its own threads, so that slow calls for details delay nothing else. It
 * uses the {@link DetailClients} in the registry; if there are none, as in a replay, it only records what it would look
 * up.
 *
 * @see DetailEndpoint
 */
@Component("ecs-detail")
public class DetailComponent extends DefaultComponent {

    /** Few, so that the calls stay far below the rates at which ECS throttles. */
    private static final int THREADS = 2;

    /** Our own limit: behind more requests than this, a detail would arrive too late. */
    private static final int MAX_WAITING = 500;

    /** Our own choice: IAM policies change, but not often. */
    private static final Duration REFUSED_FOR = Duration.ofHours(1);

    private final Map<String, Instant> refused = new ConcurrentHashMap<>();
    private ExecutorService threads;
    private ScheduledExecutorService later;

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        threads = Threads.of(this, "ecs-detail", THREADS, MAX_WAITING, ThreadPoolRejectedPolicy.Abort);
        later = getCamelContext().getExecutorServiceManager().newScheduledThreadPool(this, "ecs-detail-later", 1);
    }

    @Override
    protected void doStop() throws Exception {
        getCamelContext().getExecutorServiceManager().shutdownNow(later);
        getCamelContext().getExecutorServiceManager().shutdownNow(threads);
        super.doStop();
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        DetailEndpoint endpoint = new DetailEndpoint(uri, this, detail(remaining));
        setProperties(endpoint, parameters);
        return endpoint;
    }

    private Detail detail(String name) {
        Detail[] all = {new LogTail(clients()), new AlarmGraph(clients()), new DeploymentDetail(clients())};
        return Arrays.stream(all)
                .filter(detail -> detail.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("ecs-detail:" + name + ": there is no such detail; set "
                        + String.join(
                                " or ", Arrays.stream(all).map(Detail::name).toList())));
    }

    /** The AWS clients; null if AWS must not be called. */
    DetailClients clients() {
        return getCamelContext().getRegistry().findSingleByType(DetailClients.class);
    }

    Incidents incidents() {
        return getCamelContext().getRegistry().findSingleByType(Incidents.class);
    }

    PacedSlackComponent slack() {
        return getCamelContext().getComponent("slack", PacedSlackComponent.class);
    }

    Instant now() {
        return Clocks.of(getCamelContext()).instant();
    }

    /**
     * Runs it on another thread.
     *
     * @throws RejectedExecutionException if too many requests wait
     */
    void soon(Runnable work) {
        threads.execute(work);
    }

    /**
     * Runs the work after a delay in milliseconds, or the alternative if the process stops or too many requests wait
     * then.
     */
    void in(long millis, Runnable work, Runnable otherwise) {
        try {
            later.schedule(
                    () -> {
                        try {
                            soon(work);
                        } catch (RejectedExecutionException e) {
                            otherwise.run();
                        }
                    },
                    millis,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            otherwise.run();
        }
    }

    /** Whether AWS refused this within the last hour. */
    boolean isRefused(String what) {
        Instant until = refused.get(what);
        return until != null && now().isBefore(until);
    }

    /** Records that AWS refused this; returns whether that is new. */
    boolean refuse(String what) {
        boolean known = isRefused(what);
        refused.put(what, now().plus(REFUSED_FOR));
        return !known;
    }

    /** Records that AWS allowed this. */
    void allow(String what) {
        refused.remove(what);
    }
}
