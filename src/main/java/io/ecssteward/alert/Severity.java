package io.ecssteward.alert;

/** The severity of an alert, the highest first. Channels can be chosen by it. */
public enum Severity {
    /** Somebody should get up. */
    CRITICAL,
    /** Something is broken. */
    ERROR,
    /** Something may break, or recovered. */
    WARNING,
    /** Good to know. */
    INFO
}
