package io.ecssteward.host;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Drains container instances that are about to be terminated. Each decision uses the current state in ECS, not the
 * state in the event.
 *
 * <pre>
 * - to:
 *     uri: ecs-host:drain
 *     parameters:
 *       clusters: prod,batch-*
 * </pre>
 *
 * <p>The body is unchanged. The header {@value #OUTCOME} has the outcome: {@value #DRAINED}, {@value #WAITING},
 * {@value #COMPLETED}, {@value #CUT_OFF}, or the word of the {@linkplain io.ecssteward.outcome.SkipReason reason} why
 * nothing was done. {@value #DETAIL} describes the outcome in sentences, with the tasks on the instance;
 * {@value #INSTANCE} and {@value #LINK} identify the container instance, if there is one.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-draining.html">Draining
 *     container instances</a>
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "ecs-host",
        title = "ECS Host",
        syntax = "ecs-host:operation",
        producerOnly = true,
        category = {Category.CLOUD})
public class HostEndpoint extends DefaultEndpoint {

    /** The header with the outcome. */
    public static final String OUTCOME = "CamelEcsHostOutcome";

    /** The header with sentences for people. */
    public static final String DETAIL = "CamelEcsHostDetail";

    /** The header with the container instance's ARN; not set when there is none. */
    public static final String INSTANCE = "CamelEcsHostInstance";

    /** The header with the URL of the container instance in the console; not set when there is none. */
    public static final String LINK = "CamelEcsHostLink";

    /** The header with the seconds, at most 900, until the next check; not set when there is none. */
    public static final String NEXT = "CamelEcsHostNext";

    /** The outcome while Steward waits: for the tasks of a draining instance, or for a disconnected agent. */
    public static final String WAITING = "waiting";

    /** The outcome when a lifecycle action was completed because no task is left. */
    public static final String COMPLETED = "completed";

    /** The outcome when a lifecycle action was completed although tasks are left, because its time is nearly over. */
    public static final String CUT_OFF = "cut-off";

    /** The outcome when the container instance was set to DRAINING. */
    public static final String DRAINED = "drained";

    @UriPath(description = "What to do")
    @Metadata(required = true)
    final HostOperation operation;

    @UriParam(description = "Names of the clusters to search, with *, separated by commas; all when empty")
    String clusters = "";

    @UriParam(
            description = "lifecycle-action: names of hooks to complete, with *, separated by commas; none when empty")
    String hooks = "";

    @UriParam(description = "agent-away: how long an agent has to be disconnected: 15m; never when empty")
    String after = "";

    @UriParam(
            description = "agent-away: the share of a cluster's agents that may be disconnected; one always may be",
            defaultValue = "0")
    double share;

    public HostEndpoint(String uri, HostComponent component, HostOperation operation) {
        super(uri, component);
        this.operation = operation;
    }

    @Override
    public HostComponent getComponent() {
        return (HostComponent) super.getComponent();
    }

    @Override
    public Producer createProducer() {
        return new HostProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("ecs-host: cannot be read from");
    }

    /** The names of the clusters to search, with {@code *} as wildcard, separated by commas; all when empty. */
    public void setClusters(String clusters) {
        this.clusters = clusters;
    }

    /** The names of the lifecycle hooks that Steward completes, with {@code *} as wildcard, separated by commas. */
    public void setHooks(String hooks) {
        this.hooks = hooks;
    }

    /** How long an agent must be disconnected before its instance is drained: {@code 15m}; empty for never. */
    public void setAfter(String after) {
        this.after = after;
    }

    /**
     * The share of a cluster's agents, from 0 to 1, that may be disconnected when an instance is drained; one always
     * may be.
     */
    public void setShare(double share) {
        this.share = share;
    }
}
