package io.ecssteward.settings;

import io.ecssteward.time.Durations;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The declaration of a setting: name, type, default, valid values and description. {@link Settings} declares them all.
 *
 * @param <T> the type of its value
 */
public final class Setting<T> {

    private static final Map<String, Setting<?>> ALL = new LinkedHashMap<>();
    private static final Map<String, Setting<?>> FORMER_NAMES = new LinkedHashMap<>();

    private final String name;
    private final String defaultValue;
    private final Function<String, T> type;
    private String values;
    private Predicate<T> valid;
    private String description;

    private Setting(String name, String defaultValue, Function<String, T> type, String values, Predicate<T> valid) {
        this.name = name;
        this.defaultValue = defaultValue;
        this.type = type;
        this.values = values;
        this.valid = valid;
    }

    static Setting<String> text(String name, String defaultValue) {
        return new Setting<>(name, defaultValue, Function.identity(), "text", value -> true);
    }

    static Setting<Boolean> flag(String name) {
        return new Setting<>(name, "false", Setting::bool, "true or false", value -> true);
    }

    static Setting<Integer> integer(String name, int defaultValue) {
        return new Setting<>(name, Integer.toString(defaultValue), Integer::valueOf, "a whole number", value -> true);
    }

    static Setting<Double> share(String name, double defaultValue) {
        return new Setting<>(
                name,
                Double.toString(defaultValue),
                Double::valueOf,
                "a share from 0 to 1: 0.1",
                value -> value >= 0 && value <= 1);
    }

    static Setting<Duration> duration(String name, String defaultValue) {
        return new Setting<>(name, defaultValue, Durations::parse, "a duration: 90s, 10m, 1h", value -> true);
    }

    /** Declares a duration, for which {@code 0s} means never. */
    static Setting<Duration> durationOrNever(String name, String defaultValue) {
        return new Setting<>(name, defaultValue, Durations::parseOrZero, "a duration: 10m, 4h, or 0s", value -> true);
    }

    static Setting<String> url(String name, String defaultValue, String values) {
        return text(name, defaultValue).matching(Setting::isUrl, values);
    }

    static Setting<String> oneOf(String name, String defaultValue, String... words) {
        List<String> all = List.of(words);
        return text(name, defaultValue)
                .matching(
                        all::contains,
                        String.join(", ", all.subList(0, all.size() - 1)) + " or " + all.get(all.size() - 1));
    }

    /** Restricts an integer. */
    Setting<T> between(int min, int max) {
        return matching(
                value -> (Integer) value >= min && (Integer) value <= max, "a whole number from " + min + " to " + max);
    }

    Setting<T> matching(Pattern pattern, String description) {
        return matching(value -> pattern.matcher((String) value).matches(), description);
    }

    /**
     * Restricts its values.
     *
     * @param description completes "set ..."
     */
    Setting<T> matching(Predicate<T> restriction, String description) {
        valid = restriction;
        values = description;
        return this;
    }

    /** Its name in the previous version, which still works and leads to a warning. */
    Setting<T> formerly(String name) {
        FORMER_NAMES.put(name, this);
        return this;
    }

    /** Sets the description and completes the declaration. */
    Setting<T> describedAs(String text) {
        description = text;
        ALL.put(name, this);
        return this;
    }

    static Collection<Setting<?>> all() {
        return Collections.unmodifiableCollection(ALL.values());
    }

    /** The settings that have been renamed, by their former names. */
    static Map<String, Setting<?>> formerNames() {
        return Collections.unmodifiableMap(FORMER_NAMES);
    }

    private static Boolean bool(String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException(value);
        }
        return Boolean.valueOf(value);
    }

    /** Whether a text is the URL of a server. */
    public static boolean isUrl(String text) {
        try {
            URI uri = URI.create(text);
            return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Why a value is not valid, and what to set instead; empty if it is valid. */
    public Optional<String> problem(String value) {
        try {
            if (valid.test(type.apply(value))) {
                return Optional.empty();
            }
        } catch (IllegalArgumentException e) {
            // The exception's message does not name the setting.
        }
        return Optional.of(name + " is '" + value + "'; set " + values);
    }

    T parse(String value) {
        return type.apply(value);
    }

    /** The name of its property, such as {@code steward.slack.channel}. */
    public String name() {
        return name;
    }

    /** The name of its environment variable, such as {@code STEWARD_SLACK_CHANNEL}. */
    public String variable() {
        return variable(name);
    }

    /** The environment variable of a property. */
    public static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** The default value; empty if the setting is not set by default. */
    public String defaultValue() {
        return defaultValue;
    }

    /** Its valid values: {@code a whole number from 1 to 64}. */
    public String values() {
        return values;
    }

    /** Its description, as in docs/settings.md. */
    public String description() {
        return description;
    }

    @Override
    public String toString() {
        return name;
    }
}
