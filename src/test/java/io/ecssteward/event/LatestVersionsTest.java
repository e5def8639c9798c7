package io.ecssteward.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.Events;
import org.junit.jupiter.api.Test;

class LatestVersionsTest {

    private final LatestVersions versions = new LatestVersions();

    private static Event version(String id, long version) {
        return Events.instance(id, true, version);
    }

    @Test
    void anEventBehindALaterOneIsStale() {
        versions.record(version("a", 7));

        assertThat(versions.stale(version("a", 6))).isTrue();
    }

    @Test
    void theLatestAndItsCopiesAreNotStale() {
        versions.record(version("a", 7));

        assertThat(versions.stale(version("a", 7))).isFalse();
        assertThat(versions.stale(version("a", 8))).isFalse();
    }

    @Test
    void anEventThatComesLateDoesNotTurnBackTheVersion() {
        versions.record(version("a", 7));
        versions.record(version("a", 3));

        assertThat(versions.stale(version("a", 6))).isTrue();
    }

    @Test
    void resourcesHaveVersionsOfTheirOwn() {
        versions.record(version("a", 7));

        assertThat(versions.stale(version("b", 1))).isFalse();
    }

    @Test
    void anEventWithoutAVersionIsNeverStale() {
        Event alarm = Events.read("{\"AlarmName\": \"cpu\", \"NewStateReason\": \"high\"}");
        versions.record(alarm);

        assertThat(versions.stale(alarm)).isFalse();
    }

    @Test
    void theResourcesHeardOfLastAreRemembered() {
        versions.record(version("busy", 7));
        versions.record(version("quiet", 7));
        for (int i = 0; i < LatestVersions.MAX_RESOURCES - 1; i++) {
            versions.record(version("i" + i, 1));
            if (i == 100) {
                versions.record(version("busy", 8));
            }
        }

        assertThat(versions.stale(version("busy", 7))).isTrue();
        assertThat(versions.stale(version("quiet", 6))).isFalse();
    }

    @Test
    void clearingForgetsEverything() {
        versions.record(version("a", 7));
        versions.clear();

        assertThat(versions.stale(version("a", 6))).isFalse();
    }
}
