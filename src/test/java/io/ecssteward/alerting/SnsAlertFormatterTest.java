package io.ecssteward.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import io.ecssteward.outcome.EventOutcome;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.aws2.sns.Sns2Constants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnsAlertFormatterTest {

    private final SnsAlertFormatter topic = new SnsAlertFormatter();

    private Exchange headers(Alert alert) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setBody(alert);
        topic.headers(exchange);
        return exchange;
    }

    private String subject(String title) {
        return headers(Alert.about("k").title(title).build())
                .getMessage()
                .getHeader(Sns2Constants.SUBJECT, String.class);
    }

    @Test
    void subscriptionsCanFilterByWhatTheAlertIs() {
        Exchange exchange = headers(Alert.about("spot/prod/web")
                .severity(Severity.CRITICAL)
                .title("It broke")
                .build());

        assertThat(exchange.getMessage().getHeaders())
                .isEqualTo(Map.of(
                        Sns2Constants.SUBJECT,
                        "firing: It broke",
                        "severity",
                        "critical",
                        "state",
                        "firing",
                        "key",
                        "spot/prod/web"));
        assertThat(EventOutcome.of(exchange).performed())
                .as("nothing is published yet")
                .isEmpty();
        new SnsAlertFormatter().published(exchange);
        assertThat(EventOutcome.of(exchange)).hasToString("sns Publish It broke");
    }

    /**
     * SNS: ASCII that begins with a letter, number or punctuation, without line breaks and control characters, under
     * 100.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "",
                "two\r\nlines\tand \u0007 bell",
                "Größe 東京 😀",
                "  spaces  ",
                "\u2028separator\u0085"
            })
    void snsTakesEverySubject(String title) {
        for (String each : new String[] {title, title + "x".repeat(500), "é😀".repeat(200) + title}) {
            assertThat(subject(each)).matches("[\\x21-\\x7E][\\x20-\\x7E]{0,98}");
        }
    }

    @Test
    void theSubjectIsReadableAsFarAsAsciiGoes() {
        assertThat(subject("Größe of 東京")).isEqualTo("firing: Gr??e of ??");
        assertThat(subject("x".repeat(91))).hasSize(99);
        assertThat(subject("x".repeat(92))).hasSize(99);
    }

    @Test
    void theTextHasEverythingInOrder() {
        Alert alert = Alert.about("k")
                .title("It broke")
                .text("Look at it.")
                .field("Cluster", "prod")
                .field("Größe", 5)
                .link("Runbook", "https://wiki.example.com/a?b=c&d=e")
                .build();

        assertThat(topic.text(alert)).isEqualTo("""
                It broke

                Look at it.

                Cluster: prod
                Größe: 5
                Runbook: https://wiki.example.com/a?b=c&d=e
                """);
    }

    @Test
    void anAlertWithoutTextHasNoEmptyParagraph() {
        assertThat(topic.text(Alert.about("k").title("It broke").field("A", "b").build()))
                .isEqualTo("It broke\n\nA: b\n");
    }

    @Test
    void theTextFitsIntoANotification() {
        String text = topic.text(
                Alert.about("k").title("It broke").text("東".repeat(500_000)).build());

        assertThat(text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
                .isBetween(100_000, 250_000);
    }
}
