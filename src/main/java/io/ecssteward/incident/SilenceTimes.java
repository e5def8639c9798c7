package io.ecssteward.incident;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.problem.Suggestion;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads the times of a silence in a file.
 *
 * @param text gives the text of a property; null if the property is missing
 * @param words gives the list of words of a property
 * @param problem receives each error and its property
 */
record SilenceTimes(
        Function<String, String> text, Function<String, List<String>> words, BiConsumer<String, String> problem) {

    private static final List<String> DAYS =
            Stream.of(DayOfWeek.values()).map(EnumWord::of).toList();

    private static final String NOT_A_TIME = "is not a time of day; write it between quotes: \"22:00\"";
    private static final String ONCE = "is not a time; write 2026-12-01T10:00:00Z, or with 'zone' 2026-12-01T10:00";

    /** The silence; empty, after reporting a problem, when its times are wrong. */
    Optional<Silence> of(String id, ObjectNode pattern, String who, String comment) {
        String zone = text.apply("zone");
        ZoneId where = null;
        try {
            where = zone == null ? null : ZoneId.of(zone);
        } catch (DateTimeException e) {
            problem.accept(
                    "zone",
                    "'" + zone + "' is not a time zone; write one like Europe/Berlin"
                            + Suggestion.to(zone, ZoneId.getAvailableZoneIds())
                                    .map(known -> "; did you mean '" + known + "'?")
                                    .orElse(""));
            return Optional.empty();
        }
        if (pattern == null) {
            return Optional.empty();
        }
        if (text.apply("until") == null) {
            return weekly(where).map(window -> new Silence(id, pattern, null, null, window, who, comment));
        }
        for (String name : List.of("days", "to")) {
            if (!words.apply(name).isEmpty()) {
                problem.accept(
                        name, "a silence holds once, by 'until', or each week, by '" + name + "'; remove one of them");
                return Optional.empty();
            }
        }
        Instant from = text.apply("from") == null ? Instant.EPOCH : instant("from", where);
        Instant until = instant("until", where);
        if (from != null && until != null && !from.isBefore(until)) {
            problem.accept("until", "it ends at " + until + ", before it begins; set a later one");
            return Optional.empty();
        }
        return from == null || until == null
                ? Optional.empty()
                : Optional.of(new Silence(id, pattern, from, until, null, who, comment));
    }

    private Optional<WeeklyWindow> weekly(ZoneId zone) {
        String begins = text.apply("from");
        if (Stream.of("days", "from", "to").allMatch(name -> words.apply(name).isEmpty())
                || begins != null && begins.matches("\\d{4}-.*")) {
            problem.accept(
                    "silence", "the silence has no end; set 'until', or for each week 'days', 'from', 'to' and 'zone'");
            return Optional.empty();
        }
        if (zone == null) {
            problem.accept("days", "it has no time zone; set 'zone': Europe/Berlin, or UTC");
        }
        Set<DayOfWeek> days = days();
        LocalTime from = time("from");
        LocalTime to = time("to");
        return zone == null || days == null || from == null || to == null
                ? Optional.empty()
                : Optional.of(new WeeklyWindow(days, from, to, zone));
    }

    private Instant instant(String name, ZoneId zone) {
        String written = text.apply(name).replaceFirst("^([\\d-]+) ", "$1T");
        try {
            return OffsetDateTime.parse(written).toInstant();
        } catch (DateTimeException e) {
            try {
                if (zone != null) {
                    return LocalDateTime.parse(written).atZone(zone).toInstant();
                }
            } catch (DateTimeException alsoNot) {
                // Reported below.
            }
            problem.accept(name, "'" + written + "' " + ONCE);
            return null;
        }
    }

    /** Midnight if the property is missing, because the end of a day cannot be written otherwise. */
    private LocalTime time(String name) {
        String written = text.apply(name);
        if (written == null || written.equals("24:00")) {
            return LocalTime.MIDNIGHT;
        }
        try {
            return LocalTime.parse(written.length() == 4 ? "0" + written : written);
        } catch (DateTimeException e) {
            problem.accept(name, "'" + written + "' " + NOT_A_TIME);
            return null;
        }
    }

    /** The days; all of them if none are set. */
    private Set<DayOfWeek> days() {
        List<String> written = words.apply("days");
        if (written.isEmpty()) {
            return EnumSet.allOf(DayOfWeek.class);
        }
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String range : written) {
            String[] ends = range.toLowerCase(Locale.ROOT).split("[-:]", 2);
            DayOfWeek day = day(ends[0]);
            DayOfWeek last = day(ends[ends.length - 1]);
            if (day == null || last == null) {
                return null;
            }
            days.add(day);
            while (day != last) {
                day = day.plus(1);
                days.add(day);
            }
        }
        return days;
    }

    private DayOfWeek day(String written) {
        for (String day : DAYS) {
            if (written.length() >= 3 && day.startsWith(written)) {
                return DayOfWeek.valueOf(day.toUpperCase(Locale.ROOT));
            }
        }
        problem.accept(
                "days",
                "'" + written + "' is not a day; write mon, tue, wed, thu, fri, sat, sun, or mon-fri"
                        + Suggestion.to(written, DAYS)
                                .map(day -> "; did you mean '" + day + "'?")
                                .orElse(""));
        return null;
    }
}
