package io.ecssteward.metrics;

import io.ecssteward.slack.SocketListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts envelopes from Slack's Socket Mode, and the connections. Used only with an app-level token. */
public final class SocketMetrics implements SocketListener {

    static final String CONNECTED = Metrics.PREFIX + "slack.socket.connected";
    static final String CONNECTS = Metrics.PREFIX + "slack.socket.connects";
    static final String ENVELOPES = Metrics.PREFIX + "slack.envelopes";

    private final MeterRegistry registry;
    private final AtomicInteger open = new AtomicInteger();

    /** Registers all metrics at zero: otherwise, the first failure would not show as an increase. */
    public SocketMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder(CONNECTED, () -> open.get() > 0 ? 1 : 0)
                .strongReference(true)
                .register(registry);
        List.of("opened", "failed").forEach(this::connects);
        for (String type : List.of("interactive", "slash_commands", "other")) {
            List.of("queued", "ignored", "failed", "late").forEach(outcome -> envelopes(type, outcome));
        }
    }

    private Counter connects(String outcome) {
        return registry.counter(CONNECTS, "outcome", outcome);
    }

    private Counter envelopes(String type, String outcome) {
        return registry.counter(ENVELOPES, "type", type, "outcome", outcome);
    }

    @Override
    public void opened() {
        open.incrementAndGet();
        connects("opened").increment();
    }

    @Override
    public void closed() {
        open.decrementAndGet();
    }

    @Override
    public void failed(String problem) {
        connects("failed").increment();
    }

    @Override
    public void envelope(String type, String outcome) {
        envelopes(type, outcome).increment();
    }
}
