package io.ecssteward.alert;

import java.util.Objects;

/**
 * One fact of an alert, shown as a name above a value.
 *
 * @param name the name: "Cluster"
 * @param value plain text of any length: the code that renders it truncates and escapes it
 */
public record Field(String name, String value) {
    public Field {
        Objects.requireNonNull(name);
        Objects.requireNonNull(value);
    }
}
