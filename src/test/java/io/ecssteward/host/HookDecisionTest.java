package io.ecssteward.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.host.HookDecision.Step;
import io.ecssteward.host.LifecycleHooks.Times;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The truth table of lifecycle actions. */
class HookDecisionTest {

    private static final Instant BEGAN = Instant.parse("2026-11-20T10:00:00Z");

    private static HookDecision after(long seconds, Times times, int tasks) {
        return HookDecision.of(BEGAN, BEGAN.plusSeconds(seconds), times, tasks);
    }

    @Test
    void isCompleteWhenNothingRuns() {
        assertThat(after(0, Times.of(3_600), 0)).isEqualTo(new HookDecision(Step.COMPLETE, 0));
        assertThat(after(1_000_000, Times.of(3_600), 0).step()).isEqualTo(Step.COMPLETE);
    }

    @ParameterizedTest
    @CsvSource({
        // heartbeat timeout, seconds since it began, next look
        "3600,      0,  15",
        "3600,    100,  25",
        "3600,    899, 224",
        "3600,    900, 225",
        "3600,  36000, 900",
        "30,        0,  10",
        "30,       10,  10",
        "300,     400, 100"
    })
    void looksAgainSoonAndThenLessOften(int timeout, long seconds, int next) {
        assertThat(after(seconds, Times.of(timeout), 2)).isEqualTo(new HookDecision(Step.WAIT, next));
    }

    @Test
    void looksOnceMoreJustWhenTheTimeIsNearlyOver() {
        // A hundred heartbeats are 3000 seconds, and two minutes of them are kept.
        assertThat(after(2_875, Times.of(30), 2).next()).isEqualTo(6);
        assertThat(after(2_880, Times.of(30), 2).step()).isEqualTo(Step.CUT_OFF);
        assertThat(after(100_000, Times.of(30), 2).step()).isEqualTo(Step.CUT_OFF);
    }

    @Test
    void aHookWaitsForTwoDaysAtMost() {
        assertThat(Times.of(7_200).atMost()).isEqualTo(Duration.ofHours(48));
        assertThat(after(172_800 - 120, Times.of(7_200), 1).step()).isEqualTo(Step.CUT_OFF);
        assertThat(after(172_800 - 121, Times.of(7_200), 1).step()).isEqualTo(Step.WAIT);
    }
}
