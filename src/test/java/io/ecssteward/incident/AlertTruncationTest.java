package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.alert.Alert;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AlertTruncationTest {

    private static Alert.Builder usual() {
        return Alert.about("service/prod/web")
                .title("prod/web cannot place tasks")
                .text("No capacity. ".repeat(40))
                .occurrence("2026-11-29")
                .origin("event/1")
                .mention("<!here>")
                .field("Reason", "RESOURCE:FARGATE")
                .link("Service", "https://example.com/web");
    }

    @Test
    void aUsualAlertStaysTheSame() {
        Alert alert = usual().build();

        assertThat(AlertTruncation.cut(alert)).isSameAs(alert);
    }

    private enum TooLong {
        TITLE(alert -> alert.title("x ".repeat(151))),
        TEXT(alert -> alert.text("x ".repeat(1_501))),
        OCCURRENCE(alert -> alert.occurrence("x ".repeat(151))),
        ORIGIN(alert -> alert.origin("x ".repeat(151))),
        MENTION(alert -> alert.mention("x ".repeat(151))),
        FIELD_NAME(alert -> alert.field("x ".repeat(151), "x")),
        FIELD_VALUE(alert -> alert.field("x", "x ".repeat(1_501))),
        FIELDS(alert -> {
            IntStream.range(0, 20).forEach(i -> alert.field("x" + i, "x"));
            return alert;
        }),
        LINKS(alert -> {
            IntStream.range(0, 10).forEach(i -> alert.link("x" + i, "https://example.com/" + i));
            return alert;
        });

        private final UnaryOperator<Alert.Builder> change;

        TooLong(UnaryOperator<Alert.Builder> change) {
            this.change = change;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsTooLongIsCutAndThenStaysAsItIs(TooLong part) {
        Alert alert = part.change.apply(usual()).build();

        Alert cut = AlertTruncation.cut(alert);

        assertThat(cut.toString()).hasSizeLessThan(alert.toString().length());
        assertThat(AlertTruncation.cut(cut)).isEqualTo(cut);
    }
}
