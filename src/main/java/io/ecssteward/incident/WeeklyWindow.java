package io.ecssteward.incident;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import java.util.Set;

/**
 * A time window that repeats weekly. When daylight saving time begins or ends, the window becomes longer rather than
 * shorter. A start in the skipped hour is moved to the moment of the clock change. An end in the skipped hour is
 * counted as if the clocks had not changed. If an hour is repeated, both occurrences are in the window, without a gap.
 *
 * <p>Alertmanager compares only the time of day, so a night takes two of its intervals, and a window within the skipped
 * hour never occurs; Grafana has the same rules.
 *
 * @see <a href="https://prometheus.io/docs/alerting/latest/configuration/#time_interval">Alertmanager: time
 *     intervals</a>
 * @see <a href="https://grafana.com/docs/grafana/latest/alerting/configure-notifications/mute-timings/">Grafana: mute
 *     timings</a>
 * @param days the days on which it begins
 * @param from when it begins on each of them
 * @param to when it ends, on the same day, or on the next day when it is not after {@code from}; exclusive
 * @param zone the time zone of the days and times
 */
public record WeeklyWindow(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {

    /** How many back-to-back windows are followed; more than a week of them never end. */
    private static final int MAX_IN_A_ROW = 7;

    public WeeklyWindow {
        days = Set.copyOf(days);
    }

    /**
     * When the window that is active at this time ends, including windows that follow without a gap; empty if none is
     * active.
     */
    Optional<Instant> end(Instant now) {
        Optional<Instant> end = endOfOne(now);
        for (int i = 0; i < MAX_IN_A_ROW && end.isPresent(); i++) {
            Optional<Instant> next = endOfOne(end.get());
            if (next.isEmpty()) {
                break;
            }
            end = next;
        }
        return end;
    }

    private Optional<Instant> endOfOne(Instant now) {
        LocalDate today = now.atZone(zone).toLocalDate();
        Instant latest = null;
        // A window that began the day before yesterday can end today in a time zone that skipped a day.
        for (int ago = 2; ago >= -1; ago--) {
            LocalDate day = today.minusDays(ago);
            if (days.contains(day.getDayOfWeek())) {
                LocalDateTime ends = (to.isAfter(from) ? day : day.plusDays(1)).atTime(to);
                Instant end = late(ends);
                if (!now.isBefore(early(day.atTime(from)))
                        && now.isBefore(end)
                        && (latest == null || end.isAfter(latest))) {
                    latest = end;
                }
            }
        }
        return Optional.ofNullable(latest);
    }

    /** The first time at which clocks show this, or the moment of the change if clocks skip it. */
    private Instant early(LocalDateTime time) {
        ZoneOffsetTransition change = zone.getRules().getTransition(time);
        return change != null && change.isGap()
                ? change.getInstant()
                : time.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
    }

    /**
     * The last time at which clocks show this, or, if clocks skip it, when they would have shown it without the change.
     */
    private Instant late(LocalDateTime time) {
        return time.atZone(zone).withLaterOffsetAtOverlap().toInstant();
    }
}
