package io.ecssteward.ecs;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A name in a setting in which {@code *} matches any characters: {@code prod/batch-*}. */
public final class NamePattern {
    private NamePattern() {}

    /** Whether the pattern matches the whole name. */
    public static boolean matches(String pattern, String name) {
        return name.matches(
                Arrays.stream(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
    }
}
