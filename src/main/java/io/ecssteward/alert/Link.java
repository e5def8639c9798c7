package io.ecssteward.alert;

import java.util.Objects;

/**
 * A link in an alert, to a console or a runbook.
 *
 * @param label the text of the link: "View in console"
 * @param url an absolute http or https URL
 */
public record Link(String label, String url) {
    public Link {
        Objects.requireNonNull(label);
        Objects.requireNonNull(url);
    }
}
