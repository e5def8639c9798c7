/**
 * Webhooks of custom routes: {@link io.ecssteward.webhook.OutsideCalls} adds the calls to the outcome and translates
 * their failures, and {@link io.ecssteward.webhook.WebhookSignature} signs the requests.
 */
package io.ecssteward.webhook;
