/**
 * The alert model: an {@link io.ecssteward.alert.Alert} with its severity, fields and links, and the masking of secrets
 * in it ({@link io.ecssteward.alert.Redactor}). It does not depend on Camel. Start with {@code Alert}; the package
 * {@code alerting} has the route step that sends one.
 */
package io.ecssteward.alert;
