/**
 * What people are told. {@link io.ecssteward.alert.AlertEndpoint} is the step that raises an
 * {@link io.ecssteward.alert.Alert}; {@link io.ecssteward.alert.Channels} chooses where it goes.
 */
package io.ecssteward.alert;
