package io.ecssteward.interactivity;

import io.ecssteward.event.SlackAction;
import io.ecssteward.time.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses the duration of a silence, chosen from a menu or typed.
 *
 * @param how {@code 1h}, or {@code 9:00}
 * @param clock whether {@code how} is the time of day at which it ends
 * @param why the reason; null if none was given
 */
record SilenceArguments(String how, boolean clock, String why) {

    static final String USAGE = "What, and for how long? Type /steward silence CLUSTER/SERVICE 1h REASON, as in "
            + "/steward silence prod/web 2h load test; or until 9:00 instead of 2h.";

    /** Our own limit: people forget longer silences. */
    private static final Duration LONGEST = Duration.ofDays(30);

    private static final Pattern WORDS = Pattern.compile("(?:(until)\\s+)?(\\S+)(?:\\s+(.+))?");

    /** Reads the text after the service, if it was typed. */
    static SilenceArguments of(SlackAction action) {
        String text = action.text().strip();
        String rest = action.incident() == null
                ? text.substring(Math.max(0, text.indexOf(' ') < 0 ? text.length() : text.indexOf(' ')))
                        .strip()
                : text;
        Matcher words = WORDS.matcher(rest);
        if (!words.matches()) {
            throw new RefusedException(USAGE);
        }
        return new SilenceArguments(words.group(2), words.group(1) != null, words.group(3));
    }

    /**
     * When it ends. A time of day is in this zone, so across a daylight saving change the silence is an hour longer or
     * shorter.
     */
    Instant until(Instant now, ZoneId zone) {
        try {
            if (!clock) {
                Duration asked = Durations.parse(how);
                if (asked.compareTo(LONGEST) > 0) {
                    throw new RefusedException("A silence from Slack lasts " + LONGEST.toDays()
                            + " days at most. To stop an alert for good, change the route that sends it.");
                }
                return now.plus(asked);
            }
            LocalTime time = LocalTime.parse(how.length() == 4 ? "0" + how : how);
            ZonedDateTime today = now.atZone(zone).toLocalDate().atTime(time).atZone(zone);
            return today.toInstant().isAfter(now)
                    ? today.toInstant()
                    : now.atZone(zone)
                            .toLocalDate()
                            .plusDays(1)
                            .atTime(time)
                            .atZone(zone)
                            .toInstant();
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new RefusedException("'" + how + "' is not a time. " + USAGE);
        }
    }
}
