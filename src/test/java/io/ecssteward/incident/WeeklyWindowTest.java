package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In Berlin clocks go from 2:00 to 3:00 on 29 March 2026, and from 3:00 back to 2:00 on 25 October 2026. */
class WeeklyWindowTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Set<DayOfWeek> ALL = EnumSet.allOf(DayOfWeek.class);

    private static WeeklyWindow daily(String from, String to) {
        return new WeeklyWindow(ALL, LocalTime.parse(from), LocalTime.parse(to), BERLIN);
    }

    private static boolean holds(WeeklyWindow window, String time) {
        return window.end(Instant.parse(time)).isPresent();
    }

    @Test
    void itHoldsFromItsBeginningAndNotAtItsEnd() {
        WeeklyWindow lunch =
                new WeeklyWindow(EnumSet.of(DayOfWeek.MONDAY), LocalTime.of(12, 0), LocalTime.of(13, 0), BERLIN);

        assertThat(holds(lunch, "2026-07-06T09:59:59Z")).isFalse();
        assertThat(lunch.end(Instant.parse("2026-07-06T10:00:00Z"))).contains(Instant.parse("2026-07-06T11:00:00Z"));
        assertThat(holds(lunch, "2026-07-06T10:59:59Z")).isTrue();
        assertThat(holds(lunch, "2026-07-06T11:00:00Z")).isFalse();
        assertThat(holds(lunch, "2026-07-07T10:30:00Z")).as("Tuesday").isFalse();
        assertThat(holds(lunch, "2026-01-05T11:30:00Z")).as("in winter").isTrue();
        assertThat(holds(lunch, "2026-01-05T10:30:00Z")).isFalse();
    }

    @Test
    void aNightBelongsToTheDayOnWhichItBegins() {
        WeeklyWindow friday =
                new WeeklyWindow(EnumSet.of(DayOfWeek.FRIDAY), LocalTime.of(22, 0), LocalTime.of(6, 0), BERLIN);

        assertThat(friday.end(Instant.parse("2026-07-10T20:00:00Z"))).contains(Instant.parse("2026-07-11T04:00:00Z"));
        assertThat(holds(friday, "2026-07-11T03:59:00Z")).as("Saturday morning").isTrue();
        assertThat(holds(friday, "2026-07-10T03:00:00Z")).as("Friday morning").isFalse();
        assertThat(holds(friday, "2026-07-11T20:30:00Z")).as("Saturday night").isFalse();
    }

    @Test
    void daysInARowEndTogether() {
        WeeklyWindow weekend = new WeeklyWindow(
                EnumSet.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY), LocalTime.MIDNIGHT, LocalTime.MIDNIGHT, BERLIN);

        assertThat(weekend.end(Instant.parse("2026-07-11T10:00:00Z"))).contains(Instant.parse("2026-07-12T22:00:00Z"));
        assertThat(holds(weekend, "2026-07-10T21:59:59Z")).isFalse();
        assertThat(daily("00:00", "00:00").end(Instant.parse("2026-07-11T10:00:00Z")))
                .as("all the time")
                .hasValueSatisfying(end -> assertThat(end).isAfter(Instant.parse("2026-07-17T00:00:00Z")));
    }

    /** Each line is a window, and when it begins and ends in UTC in the night in which clocks go forward. */
    @ParameterizedTest
    @CsvSource({
        "01:00, 04:00, 2026-03-29T00:00:00Z, 2026-03-29T02:00:00Z",
        "01:30, 02:30, 2026-03-29T00:30:00Z, 2026-03-29T01:30:00Z",
        "02:30, 03:30, 2026-03-29T01:00:00Z, 2026-03-29T01:30:00Z",
        "02:15, 02:45, 2026-03-29T01:00:00Z, 2026-03-29T01:45:00Z",
        "02:00, 03:00, 2026-03-29T01:00:00Z, 2026-03-29T01:00:00Z",
        "22:00, 06:00, 2026-03-28T21:00:00Z, 2026-03-29T04:00:00Z"
    })
    void clocksGoForward(String from, String to, Instant begin, Instant end) {
        hasJust(daily(from, to), begin, end);
    }

    /** The same in the night in which they go back: of what is there twice, both are in it. */
    @ParameterizedTest
    @CsvSource({
        "01:00, 04:00, 2026-10-24T23:00:00Z, 2026-10-25T03:00:00Z",
        "01:30, 02:30, 2026-10-24T23:30:00Z, 2026-10-25T01:30:00Z",
        "02:15, 02:45, 2026-10-25T00:15:00Z, 2026-10-25T01:45:00Z",
        "02:30, 03:30, 2026-10-25T00:30:00Z, 2026-10-25T02:30:00Z",
        "02:00, 03:00, 2026-10-25T00:00:00Z, 2026-10-25T02:00:00Z",
        "22:00, 06:00, 2026-10-24T20:00:00Z, 2026-10-25T05:00:00Z"
    })
    void clocksGoBack(String from, String to, Instant begin, Instant end) {
        hasJust(daily(from, to), begin, end);
    }

    private static void hasJust(WeeklyWindow window, Instant begin, Instant end) {
        assertThat(window.end(begin.minusSeconds(1))).isEmpty();
        assertThat(window.end(end)).isEmpty();
        for (Instant at = begin; at.isBefore(end); at = at.plusSeconds(300)) {
            assertThat(window.end(at)).as("%s", at).contains(end);
        }
    }

    @Test
    void aZoneThatLeftADayOutHasItsWindowAllTheSame() {
        // Samoa had no 30 December 2011, a Friday.
        WeeklyWindow night = new WeeklyWindow(ALL, LocalTime.of(22, 0), LocalTime.of(6, 0), ZoneId.of("Pacific/Apia"));

        assertThat(holds(night, "2011-12-30T08:30:00Z")).as("22:30 on Thursday").isTrue();
        assertThat(holds(night, "2011-12-30T12:00:00Z")).as("2:00 on Saturday").isTrue();
        assertThat(holds(night, "2011-12-30T23:00:00Z")).as("13:00 on Saturday").isFalse();
    }

    @Property(tries = 500)
    void whatHoldsEndsWithinAWeekAndTwoHoursAndNothingHoldsThen(
            @ForAll @IntRange(min = 0, max = 8_760 * 12) int fiveMinutes,
            @ForAll @IntRange(min = 0, max = 1_439) int from,
            @ForAll @IntRange(min = 0, max = 1_439) int to,
            @ForAll @IntRange(min = 1, max = 126) int days) {
        Set<DayOfWeek> on = EnumSet.noneOf(DayOfWeek.class);
        for (DayOfWeek day : DayOfWeek.values()) {
            if ((days >> day.ordinal() & 1) == 1) {
                on.add(day);
            }
        }
        WeeklyWindow window =
                new WeeklyWindow(on, LocalTime.ofSecondOfDay(from * 60L), LocalTime.ofSecondOfDay(to * 60L), BERLIN);
        Instant now = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(fiveMinutes * 300L);

        window.end(now).ifPresent(end -> {
            assertThat(end).isAfter(now).isBeforeOrEqualTo(now.plus(Duration.ofHours(7 * 24 + 2)));
            assertThat(window.end(end)).isEmpty();
            assertThat(window.end(end.minusMillis(1))).contains(end);
        });
    }
}
