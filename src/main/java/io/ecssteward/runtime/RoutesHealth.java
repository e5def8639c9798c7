package io.ecssteward.runtime;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Whether the routes run, for readiness. An invalid edit does not make it unready, because the previous routes keep
 * running: otherwise an orchestrator would replace a process that works by one that cannot start. The check's message
 * states the problem.
 */
final class RoutesHealth extends AbstractHealthCheck {

    private final RouteStatus routes;

    RoutesHealth(RouteStatus routes) {
        super("steward", "routes");
        this.routes = routes;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        if (!routes.running()) {
            builder.message("the routes are not started").down();
            return;
        }
        String problem = routes.reloadProblem();
        if (problem != null) {
            builder.message("the edited routes are broken, so the previous ones keep running: " + problem);
        }
        builder.up();
    }
}
