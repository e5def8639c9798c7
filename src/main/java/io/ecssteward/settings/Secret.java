package io.ecssteward.settings;

/** The value of a setting that is kept elsewhere and can be rotated at run time. Messages never contain the value. */
interface Secret {

    /** The value that was read last, without waiting; empty when there is none. */
    String value();

    /** Reads the value again now, which may take seconds. Keeps the old value when that fails. */
    void renew();
}
