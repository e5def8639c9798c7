package io.ecssteward.slack;

/**
 * Is notified of the state of the Socket Mode connection; for metrics and health. Bind one in the registry; it must be
 * safe for many threads.
 */
public interface SocketListener {

    /** Slack said hello on a connection. There may be two for a moment, while one replaces the other. */
    void opened();

    /** A connection on which Slack had said hello ended. */
    void closed();

    /**
     * No connection could be opened.
     *
     * @param problem why, and what to do about it, without anything secret
     */
    void failed(String problem);

    /**
     * Slack handed something over.
     *
     * @param type {@code interactive}, {@code slash_commands} or {@code other}
     * @param outcome {@code queued}, {@code ignored} because nothing here is for it, {@code failed} because the queue
     *     did not take it, or {@code late} when it is queued and its connection was gone before that could be said
     */
    void envelope(String type, String outcome);
}
