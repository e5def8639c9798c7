package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An incident stays an item that DynamoDB takes, whatever fires. */
class IncidentSizeTest {
    private static final Instant START = Instant.parse("2026-05-04T03:00:00Z");
    private static final int MAX_BYTES = 300_000;

    private static Alert alert(int number, String letter, Alert.State state) {
        Alert.Builder builder = Alert.about("web/" + letter.repeat(1_000) + number)
                .incident("web")
                .channel("alerts")
                .state(state)
                .severity(number == 7 ? Severity.CRITICAL : Severity.WARNING)
                .title(number + letter.repeat(500))
                .text(letter.repeat(4_000))
                .occurrence(letter.repeat(1_000))
                .origin(letter.repeat(1_000) + number)
                .mention(letter.repeat(1_000));
        for (int i = 0; i < 22; i++) {
            builder.field(letter.repeat(100), letter.repeat(400))
                    .link(letter, "https://example.com/" + letter.repeat(300));
        }
        return builder.build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "例", "\"", "\\", "\u0001"})
    void fiftyAlertsOfTheLargestSizeFit(String letter) {
        Incident incident = Incident.of(alert(0, letter, Alert.State.FIRING), START, IncidentRules.DEFAULT);
        for (int i = 1; i < 80; i++) {
            Instant now = START.plusSeconds(i);
            incident = incident.apply(alert(i % 60, letter, Alert.State.FIRING), now, IncidentRules.DEFAULT)
                    .noted(StoryLine.Kind.ACTED, letter.repeat(5_000), null, now);
            if (i % 3 == 0) {
                incident = incident.apply(alert(i % 60, letter, Alert.State.RESOLVED), now, IncidentRules.DEFAULT);
            }
        }
        assertThat(IncidentJson.write(incident).getBytes(StandardCharsets.UTF_8).length)
                .isLessThan(MAX_BYTES);
        assertThat(incident.alerts()).hasSize(50);
        assertThat(incident.story()).hasSize(20);
        assertThat(incident.worst().latest().severity()).isEqualTo(Severity.CRITICAL);
    }

    /** However much is cut of its key, an alert is the same when it ends. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "例"})
    void whatIsCutEnds(String letter) {
        Incident open = Incident.of(alert(0, letter, Alert.State.FIRING), START, IncidentRules.DEFAULT)
                .apply(alert(1, letter, Alert.State.FIRING), START, IncidentRules.DEFAULT);
        Instant end = START.plus(Duration.ofMinutes(1));

        Incident one = open.apply(alert(0, letter, Alert.State.RESOLVED), end, IncidentRules.DEFAULT);
        assertThat(one.alerts()).extracting(IncidentAlert::firing).containsExactly(false, true);
        assertThat(one.apply(alert(1, letter, Alert.State.RESOLVED), end, IncidentRules.DEFAULT)
                        .status())
                .isEqualTo(Incident.Status.RESOLVED);
    }
}
