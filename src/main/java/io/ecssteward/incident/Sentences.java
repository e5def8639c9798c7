package io.ecssteward.incident;

import java.time.Duration;

/** Writes the sentences of a story. */
final class Sentences {
    private Sentences() {}

    /** How it ended, how long it took, and how often each alert fired. */
    static String end(String how, IncidentDraft incident) {
        int count = incident.alerts.stream().mapToInt(IncidentAlert::count).sum();
        int openings = incident.openings.size();
        return how + " after " + duration(Duration.between(incident.opened, incident.now)) + "; fired "
                + (count == 1 ? "once" : count + " times")
                + (openings == 1 ? "" : ", opened " + openings + " times")
                + ".";
    }

    /** The two largest units of it, in words: {@code 2 hours 5 minutes}. */
    static String duration(Duration duration) {
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            return "less than a second";
        }
        if (duration.toDays() >= 2) {
            return units(duration.toDays(), "day", duration.toHoursPart(), "hour");
        }
        if (duration.toHours() > 0) {
            return units(duration.toHours(), "hour", duration.toMinutesPart(), "minute");
        }
        return duration.toMinutes() > 0
                ? units(duration.toMinutes(), "minute", 0, "")
                : units(duration.toSeconds(), "second", 0, "");
    }

    private static String units(long many, String unit, long few, String lesser) {
        return count(many, unit) + (few == 0 ? "" : " " + count(few, lesser));
    }

    private static String count(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
