package io.ecssteward.runtime;

import java.util.List;

/** The state of the routes, for health and metrics. */
interface RouteStatus {

    /** Whether the routes that read the queues are started. */
    boolean running();

    /** Why the latest edit of the route files was not applied; null if it was. */
    String reloadProblem();

    /** The route sets that run: the last reads the queues, the others drain. */
    List<RouteSet> routeSets();
}
