package io.ecssteward.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecssteward.testing.ManualClock;
import io.ecssteward.time.Durations;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From when a cool-down counts. */
class DurationsTest {

    private final ManualClock clock = ManualClock.at("2026-11-16T09:14:05Z");
    private final MemoryClaimStore store = new MemoryClaimStore(clock);
    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    private ClaimRepository workThatTakesLongerThanItsCoolDown(boolean expireFromStart) {
        ClaimRepository claims = new ClaimRepository();
        claims.setStore(store);
        claims.setCoolDown(Duration.ofMinutes(2));
        claims.setExpireFrom(expireFromStart ? "start" : "end");
        assertThat(claims.add(exchange, "alert")).isTrue();
        clock.advance(Duration.ofMinutes(5));
        claims.confirm(exchange, "alert");
        return claims;
    }

    @Test
    void anAlertThatWaitedForSlackIsNotNewsWhenItIsPosted() {
        ClaimRepository claims = workThatTakesLongerThanItsCoolDown(false);
        assertThat(claims.add(exchange, "alert")).isFalse();
        clock.advance(Duration.ofMinutes(2));
        assertThat(claims.add(exchange, "alert")).isTrue();
    }

    @Test
    void aCountThatHasASecondLookIsFreeAgainWhenThatIsDue() {
        assertThat(workThatTakesLongerThanItsCoolDown(true).add(exchange, "alert"))
                .isTrue();
    }

    @Test
    void aClaimWithoutACoolDownKeepsTwoFromWorkingAtTheSameTimeAndNothingElse() {
        ClaimRepository claims = new ClaimRepository();
        claims.setStore(store);
        claims.setCoolDown(Duration.ZERO);
        assertThat(claims.add("a")).isTrue();
        assertThatThrownBy(() -> claims.add("a")).isInstanceOf(ClaimHeldException.class);
        claims.confirm("a");

        // Of a replica whose clock is behind.
        clock.advance(Duration.ofSeconds(-1));
        assertThat(claims.add("a")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"90ms", "1s", "1m30s", "10m", "1h", "1h30m", "24h", "26h3m4s"})
    void itIsWrittenAsItIsRead(String written) {
        assertThat(Durations.write(Durations.parse(written))).isEqualTo(written);
        assertThat(Durations.write(Duration.ZERO)).isEqualTo("0s");
    }
}
