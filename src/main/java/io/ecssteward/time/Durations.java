package io.ecssteward.time;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 90s}, {@code 10m}, {@code 1h30m}. Camel's own reader takes {@code 5x} and
 * {@code -5s} for no time at all, and a number without a unit for milliseconds.
 */
public final class Durations {
    private Durations() {}

    private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern WHOLE = Pattern.compile("(?:" + PART + ")+");

    /**
     * Reads a duration.
     *
     * @return longer than nothing
     * @throws IllegalArgumentException saying how to write one, when it is none
     */
    public static Duration parse(String written) {
        Duration duration = parseOrZero(written);
        if (duration.isZero()) {
            throw none(written);
        }
        return duration;
    }

    /**
     * Reads a duration that may be none: {@code 0s}.
     *
     * @throws IllegalArgumentException saying how to write one, when it is neither
     */
    public static Duration parseOrZero(String written) {
        if (!WHOLE.matcher(written.strip()).matches()) {
            throw none(written);
        }
        Duration duration = Duration.ZERO;
        Matcher part = PART.matcher(written);
        while (part.find()) {
            long number = Long.parseLong(part.group(1));
            duration = duration.plus(
                    switch (part.group(2)) {
                        case "ms" -> Duration.ofMillis(number);
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofDays(number);
                    });
        }
        return duration;
    }

    private static IllegalArgumentException none(String written) {
        return new IllegalArgumentException("'" + written + "'; set a duration: 90s, 10m, 1h");
    }

    /** A duration as {@link #parse} reads it: {@code 1h30m}; {@code 0s} for none. */
    public static String write(Duration duration) {
        return duration.toMillisPart() > 0
                ? duration.toMillis() + "ms"
                : duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }
}
