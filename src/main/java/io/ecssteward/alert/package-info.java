/**
 * What people are told. {@link io.ecssteward.alerting.AlertEndpoint} is the step that raises an
 * {@link io.ecssteward.alert.Alert}; {@link io.ecssteward.alerting.ChannelRouting} chooses where it goes.
 */
package io.ecssteward.alert;
