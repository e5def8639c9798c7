package io.ecssteward.slack;

/**
 * Is notified of the state of the Socket Mode connection; for metrics and health. Bind one in the registry; it must be
 * thread-safe.
 */
public interface SocketListener {

    /** Slack sent {@code hello} on a connection. For a moment there may be two, while one replaces the other. */
    void opened();

    /** A connection on which Slack had sent {@code hello} ended. */
    void closed();

    /**
     * No connection could be opened.
     *
     * @param problem why, and what to do about it, without secrets
     */
    void failed(String problem);

    /**
     * Slack sent an envelope.
     *
     * @param type {@code interactive}, {@code slash_commands} or {@code other}
     * @param outcome {@code queued}, {@code ignored} because Steward does not handle it, {@code failed} because it
     *     could not be sent to the queue, or {@code late} if it was queued, but the connection ended before it could be
     *     acknowledged
     */
    void envelope(String type, String outcome);
}
