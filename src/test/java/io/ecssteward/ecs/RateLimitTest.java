package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final RateLimit limit = new RateLimit(3, 2, 0);

    private void burst(long now) {
        for (int i = 0; i < 3; i++) {
            assertThat(limit.take(now)).isZero();
        }
    }

    @Test
    void aBurstWaitsForNothingAndTheRestInTurn() {
        burst(0);
        assertThat(limit.take(0)).isEqualTo(SECOND / 2);
        assertThat(limit.take(0)).isEqualTo(SECOND);
        assertThat(limit.take(0)).isEqualTo(SECOND * 3 / 2);
    }

    @Test
    void itFillsAgainToTheBrimAndNoFurther() {
        burst(0);
        burst(SECOND * 3600);
        assertThat(limit.take(SECOND * 3600)).isEqualTo(SECOND / 2);
    }

    @Test
    void whatIsPromisedIsNotPromisedAgain() {
        burst(0);
        limit.take(0);
        assertThat(limit.take(SECOND / 4)).isEqualTo(SECOND * 3 / 4);
    }

    @Test
    void aThrottledCallLeavesTheBucketAloneForASecond() {
        limit.throttled(0);
        assertThat(limit.take(0)).isEqualTo(SECOND * 3 / 2);
        assertThat(limit.take(SECOND * 2)).isZero();
    }

    @Test
    void manyThrottledCallsAreNoWorseThanOne() {
        limit.throttled(0);
        limit.throttled(0);
        assertThat(limit.take(0)).isEqualTo(SECOND * 3 / 2);
    }
}
