/**
 * The {@code alert:} component. {@link io.ecssteward.alerting.AlertEndpoint} is the step that raises an
 * {@link io.ecssteward.alert.Alert}; {@link io.ecssteward.alerting.ChannelRouting} chooses its channel.
 */
package io.ecssteward.alerting;
