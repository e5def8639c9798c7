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
 * A window of time that repeats weekly. Where clocks are changed it is rather longer than shorter: what begins in the
 * hour that is left out begins when that hour would, what ends in it ends as late as it would have, and of the hour
 * that comes twice both are in it, without a hole between.
 *
 * <p>Alertmanager looks at the time of the day alone, so that a night takes two of its intervals, and a window in the
 * hour that is left out never comes; Grafana has the same rules.
 *
 * @see <a href="https://prometheus.io/docs/alerting/latest/configuration/#time_interval">Alertmanager: time
 *     intervals</a>
 * @see <a href="https://grafana.com/docs/grafana/latest/alerting/configure-notifications/mute-timings/">Grafana: mute
 *     timings</a>
 * @param days on which it begins
 * @param from when it begins on each of them
 * @param to when it ends, on the same day, or on the next one when it is not after {@code from}; the end is not in it
 * @param zone whose days and times these are
 */
public record WeeklyWindow(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {

    /** Windows that follow upon each other: more of them than in a week never end. */
    private static final int MAX_IN_A_ROW = 7;

    public WeeklyWindow {
        days = Set.copyOf(days);
    }

    /** When the window ends that holds at this time, with those that follow at once; empty when none holds. */
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
        // One that began the day before yesterday can end today where a zone moved by a day.
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

    /** The first time at which clocks show this, or the moment at which they jump over it. */
    private Instant early(LocalDateTime time) {
        ZoneOffsetTransition change = zone.getRules().getTransition(time);
        return change != null && change.isGap()
                ? change.getInstant()
                : time.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
    }

    /** The last time at which clocks show this, or, where they jump over it, when they would have shown it. */
    private Instant late(LocalDateTime time) {
        return time.atZone(zone).withLaterOffsetAtOverlap().toInstant();
    }
}
