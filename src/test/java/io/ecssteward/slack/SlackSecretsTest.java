package io.ecssteward.slack;

import static io.ecssteward.slack.SlackRoute.alert;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.log.Lines;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.FakeSlack.Answer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** Whatever goes wrong, neither the webhook nor the token is in an exception, an outcome or the log. */
@Timeout(60)
class SlackSecretsTest {
    private static final String SECRET = "s3cr3t";

    @Test
    void showsNoWebhookWhateverIsAnswered() throws Exception {
        try (SlackRoute route = SlackRoute.withWebhook()) {
            String url = route.slack.webhook("wh-s3cr3t");
            String quoting = "Cannot POST " + url + " nor " + url.replaceFirst("^http://[^/]*", "") + " nor wh-s3cr3t";
            check(route, quoting);
        }
    }

    @Test
    void showsNoTokenWhateverIsAnswered() throws Exception {
        try (SlackRoute route = SlackRoute.withToken()) {
            check(route, "Bearer xoxb-s3cr3t is wrong");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cr3t",
                "https://",
                "https:///services/s3cr3t",
                "https://exa mple/s3cr3t",
                "file:///s3cr3t",
                "ftp://example.com/s3cr3t",
                "https://[s3cr3t",
                "http://s3cr3t.invalid/",
                "http://127.0.0.1:1/s3cr3t",
                "http://127.0.0.1:99999/s3cr3t",
                "https://127.0.0.1:1/s3cr3t?s3cr3t"
            })
    void showsNoWebhookThatIsNone(String url) throws Exception {
        try (SlackRoute route = new SlackRoute("slack:default");
                CapturedLog log = everything()) {
            route.component.setWebhookUrl(url);
            Exchange failed = route.start().post(alert("x"));
            assertThat(failed.getException()).isNotNull();
            assertClean(failed, log);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xoxb-s3cr3t\nX: y", "xoxb-s3cr3t\u0000", "xoxb-s3cr3t\u00e4\u20ac"})
    void showsNoTokenThatIsNone(String token) throws Exception {
        try (SlackRoute route = SlackRoute.withToken();
                CapturedLog log = everything()) {
            route.component.setToken(token);
            Exchange failed = route.start().post(alert("x"));
            assertThat(failed.getException()).isNotNull();
            assertClean(failed, log);
        }
    }

    private static void check(SlackRoute route, String quoting) throws Exception {
        List<Answer> answers = List.of(
                Answer.OK,
                Answer.of(400, quoting),
                Answer.of(404, "<html>" + quoting),
                Answer.of(500, quoting),
                Answer.of(200, quoting),
                Answer.error(quoting),
                Answer.of(429, quoting).header("Retry-After", "0"),
                Answer.of(302, "").header("Location", quoting),
                Answer.HANG_UP,
                Answer.NEVER,
                Answer.HEADERS_ONLY);
        route.component.setRequestTimeout(Duration.ofMillis(200));
        List<Exchange> done = new ArrayList<>();
        try (CapturedLog log = everything();
                Lines json = new Lines("json");
                Lines text = new Lines("text")) {
            route.start();
            for (Answer answer : answers) {
                // Once for the step itself, and once with Camel's error handler, which logs what it retries.
                route.slack.next(answer);
                done.add(route.once(alert("x")));
                route.slack.next(answer);
                done.add(route.post(alert("x")));
            }
            done.forEach(exchange -> assertClean(exchange, log));
            assertThat(done)
                    .filteredOn(exchange -> exchange.getException() != null)
                    .hasSizeGreaterThan(10);
            assertThat(log.lines()).isNotEmpty();
            assertThat(json.written())
                    .hasSameSizeAs(log.lines())
                    .allSatisfy(line -> assertThat(line).doesNotContain(SECRET));
            assertThat(text.written())
                    .hasSameSizeAs(log.lines())
                    .allSatisfy(line -> assertThat(line).doesNotContain(SECRET));
        }
    }

    private static CapturedLog everything() {
        return new CapturedLog()
                .level("io.ecssteward.slack", Level.TRACE)
                .level("org.apache.camel.processor", Level.TRACE)
                .level("org.apache.camel.support", Level.TRACE)
                .level("org.apache.camel.component", Level.TRACE);
    }

    private static void assertClean(Exchange exchange, CapturedLog log) {
        if (exchange.getException() != null) {
            StringWriter trace = new StringWriter();
            exchange.getException().printStackTrace(new PrintWriter(trace, true));
            assertThat(trace.toString()).doesNotContain(SECRET);
        }
        assertThat(SlackRoute.effects(exchange))
                .allSatisfy(effect -> assertThat(effect.toString()).doesNotContain(SECRET));
        assertThat(exchange.getProperties().toString() + exchange.getAllProperties())
                .doesNotContain(SECRET);
        assertThat(exchange.getMessage().getHeaders().toString()).doesNotContain(SECRET);
        assertThat(log.text()).doesNotContain(SECRET);
    }
}
