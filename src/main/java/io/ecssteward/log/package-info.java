/**
 * The log: {@link io.ecssteward.log.LineEncoder} makes each entry one line, of text for people or of JSON for programs,
 * and {@link io.ecssteward.log.LogFields} says what is known of an event beside the message.
 *
 * <p>To log another fact about events, add it there; to show it in the text as well, put it into its message.
 */
package io.ecssteward.log;
