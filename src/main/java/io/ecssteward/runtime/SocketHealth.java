package io.ecssteward.runtime;

import io.ecssteward.slack.SocketListener;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Reports whether this process receives buttons and commands from Slack. It is always up: alerts work without the
 * connection, and a new process would not connect any better.
 */
final class SocketHealth extends AbstractHealthCheck implements SocketListener {

    private final AtomicInteger open = new AtomicInteger();
    private volatile String problem;

    SocketHealth() {
        super("steward", "slack-socket");
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    public void opened() {
        open.incrementAndGet();
        problem = null;
    }

    @Override
    public void closed() {
        open.decrementAndGet();
    }

    @Override
    public void failed(String why) {
        problem = why;
    }

    @Override
    public void envelope(String type, String outcome) {
        // Only the metrics need this.
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.detail("connected", open.get() > 0);
        if (open.get() == 0) {
            builder.message("this replica gets no clicks or commands from Slack"
                    + (problem == null ? "; connecting" : ": " + problem));
        }
        builder.up();
    }
}
