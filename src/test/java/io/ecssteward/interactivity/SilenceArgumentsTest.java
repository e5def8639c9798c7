package io.ecssteward.interactivity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long people are silenced for, also in the two nights in which the clocks change. */
class SilenceArgumentsTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "2026-03-28T21:00:00Z, 9:00, true, 2026-03-29T07:00:00Z", // the night is an hour shorter
        "2026-10-24T21:00:00Z, 9:00, true, 2026-10-25T08:00:00Z", // and here an hour longer
        "2026-03-28T21:00:00Z, 02:30, true, 2026-03-29T01:30:00Z", // there is no such time in that night
        "2026-11-28T07:59:59Z, 09:00, true, 2026-11-28T08:00:00Z",
        "2026-11-28T08:00:00Z, 09:00, true, 2026-11-29T08:00:00Z", // now is over
        "2026-03-28T21:00:00Z, 12h, false, 2026-03-29T09:00:00Z"
    })
    void untilThen(Instant now, String how, boolean clock, Instant until) {
        assertThat(new SilenceArguments(how, clock, null).until(now, BERLIN)).isEqualTo(until);
    }

    @ParameterizedTest
    @CsvSource({"soon, false", "0h, false", "-1h, false", "25:00, true", "9, true"})
    void whatIsNoTimeIsAnsweredWithWhatToType(String how, boolean clock) {
        assertThatThrownBy(() -> new SilenceArguments(how, clock, null).until(Instant.EPOCH, BERLIN))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("'" + how + "' is not a time.")
                .hasMessageContaining("/steward silence prod/web 2h");
    }
}
