/**
 * Finds problems before startup: {@link io.ecssteward.check.RouteCheck} reads the route files and
 * {@link io.ecssteward.check.ConnectivityCheck} calls AWS and Slack. Each problem says what to change.
 */
package io.ecssteward.check;
