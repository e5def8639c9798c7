package io.ecssteward.alert;

import java.util.Objects;

/**
 * One fact of an alert, shown as a name above a value.
 *
 * @param name what the value is: "Cluster"
 * @param value plain text, in any length: whoever renders it cuts and escapes it
 */
public record Field(String name, String value) {
    public Field {
        Objects.requireNonNull(name);
        Objects.requireNonNull(value);
    }
}
