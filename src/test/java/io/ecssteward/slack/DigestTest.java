package io.ecssteward.slack;

import static io.ecssteward.slack.SlackMessageTest.objects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
    private static final String PAGE_ALL = "<!channel> & <https://evil.example|click> *b* _i_ ~s~ `c` :aws:";

    private static final Alert FIRING = Alert.about("service/prod/web")
            .severity(Severity.ERROR)
            .title("prod/web cannot place a task")
            .text("Too little memory, 1 < 2.\n\nSecond line.\nThird line.\nFourth line.")
            .field("Cluster", "prod")
            .link("View in console", "https://console.aws.amazon.com/web?a=1&b=2")
            .time(Instant.parse("2026-11-20T10:02:03.456Z"))
            .build();

    private static final Alert RESOLVED = FIRING.change()
            .state(Alert.State.RESOLVED)
            .title("prod/web is back to normal")
            .text("")
            .noLinks()
            .time(Instant.parse("2026-11-20T10:09:00Z"))
            .build();

    private static final Alert INFO = Alert.about("order_1")
            .state(Alert.State.INFO)
            .severity(Severity.INFO)
            .title("cron(*/5 * * * ? *) ran")
            .text("Fine.")
            .build();

    @Test
    void saysWhatHowOftenSinceWhenAndWhereToGoOn() throws Exception {
        Alert again = FIRING.change()
                .text("Still too little memory.")
                .time(Instant.parse("2026-11-20T10:05:00Z"))
                .link("Runbook", "https://wiki.example.com")
                .build();

        assertThat(render(FIRING, INFO, again, RESOLVED)).isEqualTo(new ObjectMapper().readTree("""
                {"text": "4 alerts: 2 firing, 1 resolved, 1 info: prod/web cannot place a task",
                 "unfurl_links": false, "unfurl_media": false,
                 "blocks": [
                   {"type": "header", "text": {"type": "plain_text", "emoji": false,
                     "text": "\uD83D\uDEA8 4 alerts: 2 firing, 1 resolved, 1 info"}}],
                 "attachments": [{"color": "#a30200", "blocks": [
                   {"type": "section", "text": {"type": "mrkdwn", "verbatim": true,
                     "text": "\uD83D\uDEA8 *prod/web cannot place a task* \u00d72\\nStill too little memory."}},
                   {"type": "context", "elements": [{"type": "mrkdwn", "verbatim": true,
                     "text": "<!date^1795168923^Since {date_short_pretty} {time}|Since 2026-11-20T10:02:03Z>  \u00b7  <https://console.aws.amazon.com/web?a=1&amp;b=2|View in console>  \u00b7  <https://wiki.example.com|Runbook>"}]},
                   {"type": "section", "text": {"type": "plain_text", "emoji": false,
                     "text": "\u2139\uFE0F cron(*/5 * * * ? *) ran\\nFine."}},
                   {"type": "section", "text": {"type": "mrkdwn", "verbatim": true,
                     "text": "\u2705 *prod/web is back to normal*"}},
                   {"type": "context", "elements": [{"type": "mrkdwn", "verbatim": true,
                     "text": "<!date^1795169340^{date_short_pretty} {time}|2026-11-20T10:09:00Z>"}]},
                   {"type": "context", "elements": [{"type": "plain_text", "emoji": false,
                     "text": "4 alerts  \u00b7  3 error  \u00b7  1 info"}]}]}]}
                """));
    }

    @Test
    void showsTheFirstLinesOfATextEscaped() {
        assertThat(sections(render(FIRING, INFO)).get(0))
                .isEqualTo("\uD83D\uDEA8 *prod/web cannot place a task*\nToo little memory, 1 &lt; 2.\nSecond "
                        + "line.\nThird line.");
    }

    @Test
    void isGreenOnlyWhenAllIsResolved() {
        Alert critical = RESOLVED.change().severity(Severity.CRITICAL).build();
        assertThat(render(critical, RESOLVED).at("/attachments/0/color").asText())
                .isEqualTo("#2eb886");
        ObjectNode mixed = render(
                critical,
                INFO,
                FIRING.change().severity(Severity.WARNING).title("the worst").build());
        assertThat(mixed.at("/attachments/0/color").asText()).isEqualTo("#daa038");
        assertThat(mixed.path("text").asText()).endsWith(": the worst");
    }

    @Test
    void keepsTheOrderInWhichTheyCame() {
        List<Alert> alerts = new ArrayList<>();
        for (Severity severity : List.of(Severity.INFO, Severity.CRITICAL, Severity.WARNING)) {
            alerts.add(Alert.about("k" + severity)
                    .severity(severity)
                    .title("firing " + severity)
                    .build());
            alerts.add(Alert.about("k" + severity)
                    .severity(severity)
                    .state(Alert.State.RESOLVED)
                    .title("over " + severity)
                    .build());
        }
        assertThat(SlackRoute.titles(render(alerts.toArray(Alert[]::new))))
                .containsExactly(
                        "firing INFO",
                        "over INFO",
                        "firing CRITICAL",
                        "over CRITICAL",
                        "firing WARNING",
                        "over WARNING");
    }

    @Test
    void showsEachTitleOfTheSameKey() {
        Alert other = FIRING.change().title("prod/web has no capacity provider").build();
        assertThat(SlackRoute.titles(render(FIRING, other, FIRING)))
                .containsExactly("prod/web cannot place a task", "prod/web has no capacity provider");
    }

    @Test
    void doesWithoutAnyTimeTextOrLink() {
        Alert bare = Alert.about("the key").state(Alert.State.INFO).title(" ").build();
        ObjectNode message = render(bare, bare);
        assertThat(sections(message)).containsExactly("\u26A0\uFE0F *the key* \u00d72");
        assertThat(message.at("/attachments/0/blocks")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+1000000000-12-31T23:59:59Z", "-1000000000-01-01T00:00:00Z", "1969-12-31T23:59:59Z"})
    void writesATimeThatSlackDoesNotKnow(String time) {
        ObjectNode message =
                render(FIRING.change().noLinks().time(Instant.parse(time)).build(), INFO);
        assertThat(message.at("/attachments/0/blocks/1/elements/0/text").asText())
                .isEqualTo("Since " + time);
    }

    @Test
    void letsNoTextOfAnEventActInSlack() {
        Alert alert = Alert.about(PAGE_ALL)
                .title(PAGE_ALL)
                .text(PAGE_ALL)
                .field(PAGE_ALL, PAGE_ALL)
                .link("<!channel> & |", "https://example.com/<!here>|x\n")
                .link("bad", "javascript:alert(1)")
                .build();
        Alert text = alert.change().title("quiet").text("<!here> & <@U123>").build();
        Alert title = alert.change().title("<!here> & <@U123>").text("quiet").build();
        ObjectNode message = render(alert, text, title);
        for (JsonNode mrkdwn : objects(message, "mrkdwn")) {
            String shown = mrkdwn.path("text").asText();
            assertThat(shown.replaceAll("<https://example.com/%3C!here%3E%7Cx\\|[^<>|]*>", ""))
                    .doesNotContain("<", ">")
                    .doesNotContainPattern("&(?!amp;|lt;|gt;)");
            assertThat(mrkdwn.path("verbatim").asBoolean()).isTrue();
        }
        assertThat(message.path("text").asText()).doesNotContain("<", ">").contains("&lt;!channel&gt; &amp;");
        assertThat(objects(message, "plain_text"))
                .allSatisfy(plain -> assertThat(plain.path("emoji").asBoolean()).isFalse());
        assertThat(sections(message))
                .anySatisfy(s -> assertThat(s).contains("*quiet*\n&lt;!here&gt; &amp; &lt;@U123&gt;"))
                .anySatisfy(s -> assertThat(s).contains(" <!here> & <@U123>\nquiet"));
    }

    @Test
    void staysWithinSlacksLimitsAndLeavesNoneOut() {
        for (String piece :
                List.of("x", "&", "\"", "\uD83D\uDE00", "\u00e4", "\n", "<!channel>", "\uD800", "\u0000", "*", "x &")) {
            String huge = piece.repeat(5_000);
            Alert[] alerts = IntStream.range(0, SlackPacer.TOGETHER)
                    .mapToObj(i -> {
                        Alert.Builder alert = Alert.about(i + "k" + huge)
                                .title("title " + i + huge)
                                .text("x" + huge)
                                .time(Instant.parse("2026-11-20T10:00:00Z"));
                        IntStream.range(0, 100).forEach(l -> alert.link("l" + huge, "https://example.com/" + huge));
                        IntStream.range(0, 100).forEach(l -> alert.link("l" + huge, "https://example.com/" + l));
                        return alert.build();
                    })
                    .toArray(Alert[]::new);
            ObjectNode message = render(alerts);
            SlackMessageTest.checkLimits(message);
            for (int i = 0; i < alerts.length; i++) {
                String title = "title " + i;
                assertThat(sections(message)).filteredOn(s -> s.contains(title)).hasSize(1);
            }
        }
    }

    @Test
    void cutsTextsBeforeLinks() {
        Alert[] alerts = IntStream.range(0, 10)
                .mapToObj(i -> Alert.about("k" + i)
                        .title("title " + i)
                        .text("word ".repeat(100))
                        .link("Console", "https://example.com/" + "x".repeat(700) + i)
                        .build())
                .toArray(Alert[]::new);
        ObjectNode message = render(alerts);
        SlackMessageTest.checkLimits(message);
        assertThat(message.toString()).contains("xxx0|Console>", "xxx9|Console>");
        assertThat(sections(message))
                .allSatisfy(s -> assertThat(s).contains("\nword word").hasSizeLessThan(200));
    }

    /** Each of ten alerts is as long as a message of SQS can be: 1 MiB, in its six parts. */
    @ParameterizedTest
    @ValueSource(strings = {":", ":a", "\n", " ", "_", "a", "\n ", "<"})
    void isQuickWithWholeEventsOfOneCharacter(String piece) {
        String huge = piece.repeat((1 << 20) / 6 / piece.length()) + "x";
        Alert alert = Alert.about(huge)
                .title(huge)
                .text(huge)
                .field(huge, huge)
                .link(huge, "https://" + huge)
                .build();
        Alert[] alerts = IntStream.range(0, 10)
                .mapToObj(i -> alert.change().key("k" + i).build())
                .toArray(Alert[]::new);
        assertTimeout(Duration.ofSeconds(10), () -> SlackMessageTest.checkLimits(render(alerts)));
    }

    private static ObjectNode render(Alert... alerts) {
        return SlackMessageTest.check(SlackMessage.digest(List.of(alerts)));
    }

    private static List<String> sections(ObjectNode message) {
        return message.at("/attachments/0/blocks").findParents("type").stream()
                .filter(block -> block.path("type").asText().equals("section"))
                .map(block -> block.at("/text/text").asText())
                .toList();
    }
}
