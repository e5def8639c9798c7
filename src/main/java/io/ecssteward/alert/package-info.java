/**
 * The alert model: an {@link io.ecssteward.alert.Alert} with its severity, fields and links, without its secrets
 * ({@link io.ecssteward.alert.Redactor}). It does not depend on Camel. Start with {@code Alert}; {@code alerting} has
 * the route step that sends one. Slack's limits are here too, because every package that cuts a text needs them.
 */
package io.ecssteward.alert;
