package io.ecssteward.alert;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The words that a name is made of, however they are joined: camelCase, snake_case, kebab-case, or spaces. */
public final class Words {
    private Words() {}

    /**
     * The words in lower case, without the digits at their ends: {@code ["db", "password"]} of {@code DB_PASSWORD2}.
     */
    public static List<String> of(String name) {
        return Arrays.stream(name.split("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"))
                .map(word -> word.toLowerCase(Locale.ROOT).replaceFirst("\\d+$", ""))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
