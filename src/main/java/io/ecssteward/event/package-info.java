/**
 * Reading events. {@link io.ecssteward.event.EventReader} takes a message's envelopes off and makes each event one of
 * the records under {@link io.ecssteward.event.Event}.
 *
 * <p>To add an event type, follow "Add an event type" in docs/architecture.md.
 */
package io.ecssteward.event;
