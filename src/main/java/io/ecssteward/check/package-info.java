/**
 * Finds what is wrong before anything starts: {@link io.ecssteward.check.RouteCheck} reads the route files and
 * {@link io.ecssteward.check.ConnectivityCheck} asks AWS and Slack. Each problem says what to change.
 */
package io.ecssteward.check;
