/**
 * Reading events. {@link io.ecssteward.event.EventReader} takes a message's envelopes off and makes each event one of
 * the records under {@link io.ecssteward.event.Event}.
 *
 * <p>To add a kind of event: write its record, add it to the list in {@code EventTypes} (and to the {@code permits} of
 * {@code Event}, as the compiler will say), add a {@code when} to {@code routes/intake.camel.yaml} where it needs a
 * branch of its own, and put one file into {@code samples/} and one into {@code src/test/resources/expected/}.
 */
package io.ecssteward.event;
