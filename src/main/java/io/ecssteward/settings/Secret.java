package io.ecssteward.settings;

/**
 * A setting that is kept elsewhere, where it can be replaced while the steward runs. Nothing it says shows the value.
 */
interface Secret {

    /** The value as far as it is known; quick. Empty when there is none. */
    String value();

    /** Looks for a newer value at once; may take seconds. The old one stays when there is none to be had. */
    void renew();
}
