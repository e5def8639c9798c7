package io.ecssteward.socket;

import java.time.Duration;

/**
 * How long {@link SocketClient} waits. All are ours, where nothing else is said.
 *
 * @param answer for an answer of Slack, and for hello
 * @param ping between two looks at a connection, with a ping of ours at each
 * @param silence until a connection on which nothing comes, not even a pong, counts as lost
 * @param linger for how long a connection that was replaced goes on; Slack closes it some ten seconds after its warning
 * @param steady how long a connection must have lasted so that its end is no reason to wait for the next
 * @param backoff before the second attempt; doubles with each. {@code apps.connections.open} may be called about once a
 *     minute, and a few times more for a moment
 * @param slow before the next attempt when a person has to do something first; no backoff is longer
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
