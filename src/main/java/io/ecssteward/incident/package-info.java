/**
 * Incidents: everything that fires about one thing in one channel, and what a person sees of it.
 * {@link io.ecssteward.incident.Incident} is a record with pure functions; {@link io.ecssteward.incident.Incidents}
 * keeps them, and has Slack show what they say.
 */
package io.ecssteward.incident;
