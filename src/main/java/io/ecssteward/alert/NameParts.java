package io.ecssteward.alert;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Splits a name into its words, for all common styles: camelCase, snake_case, kebab-case, or spaces. */
public final class NameParts {
    private static final Pattern BETWEEN =
            Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

    private static final Pattern DIGITS_AT_END = Pattern.compile("\\d+$");

    private NameParts() {}

    /** The words in lower case, without trailing digits: {@code ["db", "password"]} for {@code DB_PASSWORD2}. */
    public static List<String> of(String name) {
        return BETWEEN.splitAsStream(name)
                .map(word ->
                        DIGITS_AT_END.matcher(word.toLowerCase(Locale.ROOT)).replaceFirst(""))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
