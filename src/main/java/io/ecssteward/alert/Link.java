package io.ecssteward.alert;

import java.util.Objects;

/**
 * Where to go on reading.
 *
 * @param label what the link is called: "View in console"
 * @param url an absolute http or https URL
 */
public record Link(String label, String url) {
    public Link {
        Objects.requireNonNull(label);
        Objects.requireNonNull(url);
    }
}
