package io.ecssteward.socket;

import java.time.Duration;

/**
 * How long {@link SocketClient} waits. All values are our own choice, unless noted.
 *
 * @param answer timeout for an answer of Slack, and for {@code hello}
 * @param ping interval between checks of a connection, with a ping at each
 * @param silence time without any message or pong after which a connection counts as lost
 * @param linger how long a replaced connection stays open; Slack closes it about ten seconds after its warning
 * @param steady how long a connection must have lasted for the next to be opened at once
 * @param backoff delay before the second attempt, doubled with each further one. Slack allows about one call of
 *     {@code apps.connections.open} a minute, and short bursts
 * @param slow delay before the next attempt if a person must change something first; also the longest backoff
 * @see <a href="https://docs.slack.dev/reference/methods/apps.connections.open/">apps.connections.open</a>
 */
record SocketTimes(
        Duration answer,
        Duration ping,
        Duration silence,
        Duration linger,
        Duration steady,
        Duration backoff,
        Duration slow) {

    static final SocketTimes DEFAULT = new SocketTimes(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(15),
            Duration.ofMinutes(1),
            Duration.ofSeconds(2),
            Duration.ofMinutes(1));
}
