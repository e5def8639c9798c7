package io.ecssteward.alert;

/** The severity of an alert, highest first. Routing rules can choose a channel by it. */
public enum Severity {
    /** Needs immediate action, even at night. */
    CRITICAL,
    /** A failure. */
    ERROR,
    /** A possible failure, or a recovery. */
    WARNING,
    /** Only information. */
    INFO
}
