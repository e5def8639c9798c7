package io.ecssteward.problem;

import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;

/**
 * Explains why the startup failed: the innermost cause, which is the one to fix, and the route that it concerns.
 *
 * @param route the route's id; null if it concerns no route
 * @param location the route's file and line, in Camel's format; null if unknown
 * @param message the problem
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
