package io.ecssteward.incident;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Sha256;
import java.time.Instant;
import java.util.Locale;

/** Creates the ids of incidents and of the events about them. */
final class Identities {
    private static final int NAME = 20;

    private Identities() {}

    /** An incident id that is short enough to type: the last word of its subject, and four digits. */
    static String incident(Alert alert, Instant now) {
        String name = "incident";
        for (String segment : alert.about().split("[/:]")) {
            if (segment.matches("[A-Za-z0-9-]*[A-Za-z0-9][A-Za-z0-9-]*")) {
                name = segment.toLowerCase(Locale.ROOT);
            }
        }
        name = name.substring(0, Math.min(NAME, name.length()));
        // Derived from the event, so that each replica and each delivery computes the same id.
        String opened = alert.origin() == null ? now.toString() : alert.origin();
        return name + "-" + hash(alert.about() + "\n" + alert.channel() + "\n" + opened, 4);
    }

    /** The event that caused an alert, and the alert's place among that event's alerts; null if no event caused it. */
    static String alert(Alert alert) {
        return alert.origin() == null ? null : hash(alert.origin() + "\n" + alert.claim(), 16);
    }

    /** A hash of the text, with this many hexadecimal digits. */
    static String hash(String text, int digits) {
        return Sha256.of(text).substring(0, digits);
    }
}
