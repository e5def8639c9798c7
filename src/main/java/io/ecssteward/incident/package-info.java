/**
 * Incidents: an incident groups all alerts about one subject (a service, an instance, an alarm) in one channel, and
 * people see it as one Slack message with a thread. {@link io.ecssteward.incident.Incident} is a record with pure
 * functions; {@link io.ecssteward.incident.Incidents} is the entry point, which stores incidents and keeps Slack up to
 * date.
 */
package io.ecssteward.incident;
