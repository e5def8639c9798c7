package io.ecssteward.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertKeyTest {

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static Alert alert(String key, String about, Alert.State state) {
        return Alert.about(key).incident(about).state(state).build();
    }

    /** A cluster, a service and an alarm have names of at most 255 characters. */
    @Test
    void theLongestNamesOfAwsAreWhole() {
        String service = "service/111122223333/eu-west-1/" + "c".repeat(255) + "/" + "s".repeat(255);
        String alarm = "alarm/111122223333/eu-west-1/" + "例".repeat(255);
        assertThat(alert(service + "/deployment", service, Alert.State.FIRING).about())
                .isEqualTo(service);
        assertThat(alert(alarm, alarm, Alert.State.FIRING).key()).isEqualTo(alarm);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "例", "🚨"})
    void whatIsLongerIsCutAndStaysItself(String letter) {
        String about = "alarm/111122223333/eu-west-1/" + letter.repeat(1_100);
        Alert one = alert(about + "/1", about, Alert.State.FIRING);
        Alert two = alert(about + "/2", about, Alert.State.FIRING);

        assertThat(bytes(one.key())).isBetween(AlertKey.MAX_BYTES - 4, AlertKey.MAX_BYTES);
        assertThat(one.key()).isNotEqualTo(two.key());
        assertThat(one.about()).isEqualTo(two.about()).hasSizeLessThanOrEqualTo(AlertKey.MAX_BYTES);
        assertThat(one.change().build()).as("cut once").isEqualTo(one);
        assertThat(alert(about + "/1", about, Alert.State.RESOLVED).ends(one)).isTrue();
        assertThat(alert(about + "/1", about, Alert.State.RESOLVED).ends(two)).isFalse();
        assertThat(alert(about + "/*", about, Alert.State.RESOLVED).ends(two)).isTrue();
    }
}
