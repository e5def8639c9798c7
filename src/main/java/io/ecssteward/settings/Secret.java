package io.ecssteward.settings;

/**
 * The value of a setting that is stored outside the settings and can be rotated at run time. Messages never contain the
 * value.
 */
interface Secret {

    /** The value that was read last; returns at once. Empty if there is none. */
    String value();

    /** Reads the value again now, which may take seconds. Keeps the old value on failure. */
    void renew();
}
