package io.ecssteward.alert;

/** How much an alert matters, most first. Channels can be chosen by it. */
public enum Severity {
    /** Somebody should get up. */
    CRITICAL,
    /** Something is broken. */
    ERROR,
    /** Something may break, or mended itself. */
    WARNING,
    /** Good to know. */
    INFO
}
