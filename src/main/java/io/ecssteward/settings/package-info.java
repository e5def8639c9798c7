/**
 * The settings: {@link io.ecssteward.settings.Settings} reads and types them; secrets may come from a file or from
 * Secrets Manager.
 */
package io.ecssteward.settings;
