package io.ecssteward.runtime;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Whether the routes run, for readiness. An edit that is broken does not make it unready, as the routes before it go
 * on: the check says what is wrong, and whoever replaces what is not ready would only replace something that works by
 * something that cannot start.
 */
final class RoutesHealth extends AbstractHealthCheck {

    private final Application steward;

    RoutesHealth(Application steward) {
        super("steward", "routes");
        this.steward = steward;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        if (!steward.running()) {
            builder.message("the routes are not started").down();
            return;
        }
        String problem = steward.broken();
        if (problem != null) {
            builder.message("an edit is not taken, so the routes before it go on: " + problem);
        }
        builder.up();
    }
}
