package io.ecssteward.problem;

import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;

/**
 * Explains why the startup failed: the innermost cause, which is the one that can be fixed, and the route that it is
 * about.
 *
 * @param route the route's id; null when no route is to blame
 * @param location the route's file and line, as Camel gives it; null when it is not known
 * @param message what is wrong
 */
public record StartFailure(String route, String location, String message) {

    /** Reads a failure and its causes. */
    public static StartFailure of(Throwable failure) {
        String route = null;
        String location = null;
        Throwable innermost = failure;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            if (innermost instanceof FailedToCreateRouteException failed) {
                route = failed.getRouteId();
                location = failed.getLocation();
            } else if (innermost instanceof FailedToStartRouteException failed) {
                route = failed.getRouteId();
                location = failed.getLocation();
            }
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage() == null ? innermost.toString() : innermost.getMessage();
        return new StartFailure(route, location, message.strip());
    }

    @Override
    public String toString() {
        return (route == null ? "" : "route " + route + (location == null ? "" : " (" + location + ")") + ": ")
                + message;
    }
}
