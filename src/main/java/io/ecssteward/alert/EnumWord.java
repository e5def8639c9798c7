package io.ecssteward.alert;

import java.util.Locale;

/** The word for a constant in messages, JSON and metrics. */
public final class EnumWord {
    private EnumWord() {}

    /** The constant's name in lower case: {@code critical}. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
