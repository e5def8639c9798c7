/**
 * The log: {@link io.ecssteward.log.LineEncoder} writes each entry as one line, of text for people or of JSON for
 * programs, and {@link io.ecssteward.log.LogFields} adds fields about an event to a log line.
 *
 * <p>To log another fact about events, add a field there; to show it in the text as well, add it to the message.
 */
package io.ecssteward.log;
