/**
 * What people are told: an {@link io.ecssteward.alert.Alert} with its severity, fields and links. It knows neither
 * Slack nor Camel. {@code alerting} has the route step that raises one.
 */
package io.ecssteward.alert;
