/**
 * Reading events. {@link io.ecssteward.event.EventReader} removes a message's envelopes and reads each event into one
 * of the records under {@link io.ecssteward.event.Event}.
 *
 * <p>To add an event type, follow "Add an event type" in docs/architecture.md.
 */
package io.ecssteward.event;
