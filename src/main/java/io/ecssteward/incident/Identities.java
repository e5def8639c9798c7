package io.ecssteward.incident;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Sha256;
import java.time.Instant;
import java.util.Locale;

/** Creates the ids of incidents and of what happens to them. */
final class Identities {
    private static final int NAME = 20;

    private Identities() {}

    /** Short enough to type: the last word of what it is about, and four digits. */
    static String incident(Alert alert, Instant now) {
        String name = "incident";
        for (String segment : alert.about().split("[/:]")) {
            if (segment.matches("[A-Za-z0-9-]*[A-Za-z0-9][A-Za-z0-9-]*")) {
                name = segment.toLowerCase(Locale.ROOT);
            }
        }
        name = name.substring(0, Math.min(NAME, name.length()));
        // By its event, so that whoever takes it, and however often, calls it the same.
        String opened = alert.origin() == null ? now.toString() : alert.origin();
        return name + "-" + hash(alert.about() + "\n" + alert.channel() + "\n" + opened, 4);
    }

    /** The event that led to an alert, and which of its alerts it is; null when no event did. */
    static String alert(Alert alert) {
        return alert.origin() == null ? null : hash(alert.origin() + "\n" + alert.claim(), 16);
    }

    /** So many hexadecimal digits, the same for the same text. */
    static String hash(String text, int digits) {
        return Sha256.of(text).substring(0, digits);
    }
}
