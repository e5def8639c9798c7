package io.ecssteward.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.slack.api.SlackConfig;
import com.slack.api.model.Message;
import com.slack.api.util.json.GsonFactory;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Link;
import io.ecssteward.alert.Severity;
import io.ecssteward.limits.SlackLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlackMessageTest {
    private static final String PAGE_ALL = "<!channel> & <https://evil.example|click> *b* _i_ ~s~ `c` :aws:";

    private static final Alert ALERT = Alert.about("service/prod/web/SERVICE_TASK_PLACEMENT_FAILURE")
            .severity(Severity.ERROR)
            .title("prod/web cannot place a task")
            .text("No container instance met all of its requirements.\nThe closest one has too little memory.")
            .field("Cluster", "prod")
            .field("Service", "web & co")
            .link(
                    "View in console",
                    "https://console.aws.amazon.com/ecs/v2/clusters/prod/services/web/health?region=eu-west-1&x=1")
            .link("Runbook", "https://wiki.example.com/a b|c<d>")
            .build();

    @Test
    void hasHeaderTextFieldsLinksAndFooter() throws Exception {
        assertThat(render(ALERT)).isEqualTo(new ObjectMapper().readTree("""
                {"text": "[FIRING] prod/web cannot place a task",
                 "unfurl_links": false, "unfurl_media": false,
                 "blocks": [
                   {"type": "header", "text": {"type": "plain_text", "emoji": false,
                     "text": "\uD83D\uDEA8 prod/web cannot place a task"}}],
                 "attachments": [{"color": "#a30200", "blocks": [
                   {"type": "section", "text": {"type": "plain_text", "emoji": false,
                     "text": "No container instance met all of its requirements.\\nThe closest one has too little memory."}},
                   {"type": "section", "fields": [
                     {"type": "mrkdwn", "verbatim": true, "text": "*Cluster*\\nprod"},
                     {"type": "mrkdwn", "verbatim": true, "text": "*Service*\\nweb &amp; co"}]},
                   {"type": "section", "text": {"type": "mrkdwn", "verbatim": true,
                     "text": "<https://console.aws.amazon.com/ecs/v2/clusters/prod/services/web/health?region=eu-west-1&amp;x=1|View in console>  \u00b7  <https://wiki.example.com/a%20b%7Cc%3Cd%3E|Runbook>"}},
                   {"type": "context", "elements": [{"type": "plain_text", "emoji": false,
                     "text": "error  \u00b7  firing  \u00b7  service/prod/web/SERVICE_TASK_PLACEMENT_FAILURE"}]}]}]}
                """));
    }

    @ParameterizedTest
    @CsvSource({
        "FIRING, CRITICAL, #a30200, [FIRING] up", "FIRING, ERROR, #a30200, [FIRING] up",
                "FIRING, WARNING, #daa038, [FIRING] up",
        "FIRING, INFO, #439fe0, [FIRING] up", "RESOLVED, CRITICAL, #2eb886, [RESOLVED] up",
                "RESOLVED, INFO, #2eb886, [RESOLVED] up",
        "INFO, INFO, #439fe0, up", "INFO, WARNING, #daa038, up", "INFO, CRITICAL, #a30200, up"
    })
    void hasTheColorOfItsSeverityUntilResolved(Alert.State state, Severity severity, String color, String text) {
        ObjectNode message = render(
                Alert.about("k").state(state).severity(severity).title("up").build());
        assertThat(message.at("/attachments/0/color").asText()).isEqualTo(color);
        assertThat(message.path("text").asText()).isEqualTo(text);
    }

    @Test
    void letsNoTextOfAnEventActInSlack() {
        Alert alert = Alert.about(PAGE_ALL)
                .title(PAGE_ALL)
                .text(PAGE_ALL)
                .field(PAGE_ALL, PAGE_ALL)
                .field("quiet", "<!here> & <@U123>")
                .link("<!channel> & |", "https://example.com/<!here>|x\n")
                .build();
        ObjectNode message = render(alert);
        for (JsonNode mrkdwn : objects(message, "mrkdwn")) {
            String text = mrkdwn.path("text").asText();
            assertThat(text.replaceAll("<https://example.com/%3C!here%3E%7Cx\\|[^<>|]*>", ""))
                    .doesNotContain("<", ">")
                    .doesNotContainPattern("&(?!amp;|lt;|gt;)");
            assertThat(mrkdwn.path("verbatim").asBoolean()).isTrue();
        }
        assertThat(message.path("text").asText()).doesNotContain("<", ">").contains("&lt;!channel&gt; &amp;");
        assertThat(objects(message, "plain_text")).allSatisfy(plain -> {
            assertThat(plain.path("emoji").asBoolean()).isFalse();
            assertThat(plain.path("text").asText()).contains("<!channel> & <https://evil.example|click>");
        });
        assertThat(fieldTexts(message)).contains("*quiet*\n&lt;!here&gt; &amp; &lt;@U123&gt;");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cron(*/5 * * * ? *)",
                "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
                "_x_",
                "~",
                "`",
                "a\n> b"
            })
    void sendsAsPlainTextWhatSlackWouldFormat(String value) {
        JsonNode field =
                render(Alert.about("k").title("t").field("Name", value).build()).at("/attachments/0/blocks/0/fields/0");
        assertThat(field.path("type").asText()).isEqualTo("plain_text");
        assertThat(field.path("text").asText()).isEqualTo("Name\n" + value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SERVICE_TASK_PLACEMENT_FAILURE", "my_service", "10:30:00", "a > b", "2 < 3"})
    void keepsTheBoldNameWhereSlackFormatsNothing(String value) {
        assertThat(Mrkdwn.formats(value)).isFalse();
    }

    @Test
    void dropsLinksThatAreNotForABrowser() {
        Alert alert = Alert.about("k")
                .title("t")
                .link("bad", "javascript:alert(1)")
                .link("bad", "https://")
                .link("bad", "/relative")
                .link("bad", "ftp://example.com")
                .link("good", "HTTPS://example.com/\u00e4\uD800")
                .build();
        assertThat(objects(render(alert), "mrkdwn"))
                .singleElement()
                .satisfies(links ->
                        assertThat(links.path("text").asText()).isEqualTo("<HTTPS://example.com/%C3%A4%3F|good>"));
    }

    @Test
    void staysWithinSlacksLimits() {
        for (String piece :
                List.of("x", "&", "\"", "\uD83D\uDE00", "\u00e4", "\n", "<!channel>", "\uD800", "\u0000", "*")) {
            String huge = piece.repeat(5_000);
            Alert.Builder alert = Alert.about("k" + huge).title("t" + huge).text("x" + huge);
            IntStream.range(0, 100).forEach(i -> alert.field("f" + huge, "v" + huge));
            IntStream.range(0, 100).forEach(i -> alert.link("l" + huge, "https://example.com/" + huge));
            IntStream.range(0, 100).forEach(i -> alert.link("l" + huge, "https://example.com/" + i));
            checkLimits(render(alert.build()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {":", ":a", "\n", " ", "_", "a", "\n ", "<"})
    void isQuickWithAWholeEventOfOneCharacter(String piece) {
        // SQS takes a mebibyte.
        String huge = piece.repeat(1_000_000 / piece.length()) + "x";
        Alert alert = Alert.about(huge)
                .title(huge)
                .text(huge)
                .field(huge, huge)
                .link(huge, "https://" + huge)
                .build();
        assertTimeout(Duration.ofSeconds(5), () -> checkLimits(render(alert)));
    }

    @Test
    void leavesOutTheLastFieldsAndSaysSo() {
        Alert.Builder alert = Alert.about("k").title("t").text("x".repeat(3000));
        IntStream.range(0, 300).forEach(i -> alert.field("Field " + i, "value " + i));
        ObjectNode message = render(alert.build());
        checkLimits(message);
        List<String> fields = fieldTexts(message);
        assertThat(fields).hasSizeBetween(50, 299).first().isEqualTo("*Field 0*\nvalue 0");
        assertThat(fields).last().isEqualTo("*Field %1$d*\nvalue %1$d".formatted(fields.size() - 1));
        assertThat(message.toString()).contains("\"" + (300 - fields.size()) + " more fields\"");
    }

    @Test
    void says1MoreFieldOfOne() {
        Alert.Builder alert = Alert.about("k").title("t");
        IntStream.range(0, 6).forEach(i -> alert.field("f", "x".repeat(1990)));
        assertThat(render(alert.build()).toString()).contains("\"1 more field\"");
    }

    @Test
    void needsNoMoreThanATitle() {
        ObjectNode message = render(new Alert(
                "the key",
                null,
                Alert.State.INFO,
                Severity.INFO,
                " ",
                " ",
                List.of(new io.ecssteward.alert.Field("", ""), new io.ecssteward.alert.Field("empty", "")),
                List.of(),
                null,
                Alert.DEFAULT_COOL_DOWN,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null));
        assertThat(message.path("text").asText()).isEqualTo("the key");
        assertThat(fieldTexts(message)).containsExactly("-", "empty");
    }

    @Test
    void cutsBetweenCharacters() {
        assertThat(Mrkdwn.escape("abc&d", 7)).isEqualTo("abc\u2026");
        assertThat(Mrkdwn.escape("abc&", 8)).isEqualTo("abc&amp;");
        assertThat(Mrkdwn.escape("abc&d", 9)).isEqualTo("abc&amp;d");
        assertThat(Mrkdwn.plain("ab\uD83D\uDE00\uD83D\uDE00", 5)).isEqualTo("ab\uD83D\uDE00\u2026");
        assertThat(Mrkdwn.plain("ab\uD83D\uDE00\uD83D\uDE00", 4)).isEqualTo("ab\u2026");
        assertThat(Mrkdwn.plain("ab\uD83D\uDE00\uD83D\uDE00", 6)).isEqualTo("ab\uD83D\uDE00\uD83D\uDE00");
    }

    @Test
    void replacesWhatCannotBeShown() {
        assertThat(Mrkdwn.plain("a\u0000b\u001B[31m\uD800c\uDC00\u202Ed\r\ne\tf", 100))
                .isEqualTo("a\uFFFDb\uFFFD[31m\uFFFDc\uFFFD\uFFFDd\ne f");
    }

    @Test
    void passesOnWhatWasMadeForSlack() throws Exception {
        JsonNode payload = new ObjectMapper().readTree("{\"text\":\"*<!here>*\",\"blocks\":[]}");
        ObjectNode message =
                SlackMessage.of(ALERT.change().slackPayload(payload).build());
        assertThat(message).isEqualTo(payload).isNotSameAs(payload);
    }

    @Test
    void escapesAPlainText() {
        assertThat(SlackMessage.of("<!channel> & co")).hasToString("{\"text\":\"&lt;!channel&gt; &amp; co\"}");
    }

    /** Renders, and has Slack's own client read it, which knows each block's properties but not what is required. */
    private static ObjectNode render(Alert alert) {
        return check(SlackMessage.of(alert));
    }

    static ObjectNode check(ObjectNode message) {
        SlackConfig config = new SlackConfig();
        config.setFailOnUnknownProperties(true);
        config.setLibraryMaintainerMode(true);
        ObjectNode known = message.deepCopy();
        // Options of the post, not of the message that comes of it.
        known.remove(List.of("unfurl_links", "unfurl_media"));
        Message read = GsonFactory.createSnakeCase(config).fromJson(known.toString(), Message.class);
        assertThat(read.getBlocks()).hasSize(1);
        assertThat(read.getAttachments())
                .singleElement()
                .satisfies(a -> assertThat(a.getBlocks()).isNotEmpty());
        return message;
    }

    static void checkLimits(ObjectNode message) {
        List<JsonNode> blocks = new ArrayList<>();
        message.path("blocks").forEach(blocks::add);
        message.at("/attachments/0/blocks").forEach(blocks::add);
        assertThat(blocks).hasSizeLessThanOrEqualTo(SlackLimits.BLOCKS);
        assertThat(message.path("blocks").toString().length()
                        + message.at("/attachments/0/blocks").toString().length())
                .isLessThanOrEqualTo(SlackLimits.ALL_BLOCKS);
        assertThat(message.path("text").asText()).hasSizeBetween(1, SlackLimits.HEADER);
        for (JsonNode block : blocks) {
            int limit = block.path("type").asText().equals("header") ? SlackLimits.HEADER : SlackLimits.SECTION;
            assertThat(block.at("/text/text").asText()).hasSizeLessThanOrEqualTo(limit);
            assertThat(block.path("fields")).hasSizeLessThanOrEqualTo(SlackLimits.FIELDS);
            if (block.path("type").asText().equals("actions")) {
                checkButtons(block);
                continue;
            }
            assertThat(block.path("elements")).hasSizeLessThanOrEqualTo(10);
            block.path("elements")
                    .forEach(e -> assertThat(e.path("text").asText()).hasSizeBetween(1, SlackLimits.SECTION));
            block.path("fields")
                    .forEach(f -> assertThat(f.path("text").asText()).hasSizeBetween(1, SlackLimits.FIELD));
        }
        assertThat(objects(message, "mrkdwn"))
                .allSatisfy(t -> assertThat(t.path("text").asText()).doesNotContainPattern("&(?!amp;|lt;|gt;)"));
        assertThat(message.toString().codePoints()).allMatch(c -> Character.getType(c) != Character.SURROGATE);
    }

    private static void checkButtons(JsonNode block) {
        assertThat(block.path("elements")).hasSizeBetween(1, SlackLimits.ELEMENTS);
        assertThat(block.path("block_id").asText()).hasSizeBetween(1, SlackLimits.BLOCK_ID);
        assertThat(block.path("elements")).allSatisfy(element -> {
            assertThat(element.path("action_id").asText()).hasSizeBetween(1, 255);
            assertThat(element.path("value").asText()).hasSizeLessThanOrEqualTo(SlackLimits.VALUE);
            assertThat(element.findValuesAsText("text").stream().filter(text -> !text.isEmpty()))
                    .allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(SlackLimits.LABEL));
        });
    }

    private static List<String> fieldTexts(ObjectNode message) {
        return StreamSupport.stream(message.at("/attachments/0/blocks").spliterator(), false)
                .flatMap(block -> StreamSupport.stream(block.path("fields").spliterator(), false))
                .map(field -> field.path("text").asText())
                .toList();
    }

    static List<JsonNode> objects(ObjectNode message, String type) {
        return message.findParents("type").stream()
                .filter(o -> o.path("type").asText().equals(type))
                .toList();
    }

    @Test
    void mentionsAboveTheAttachmentWhereSlackHeedsIt() {
        ObjectNode message = SlackMessage.of(
                Alert.about("k").title("t").mention("here U012AB3CD SAZ94GDB8").build());

        assertThat(message.path("blocks").path(1).path("text").path("text").asText())
                .isEqualTo("<!here> <@U012AB3CD> <!subteam^SAZ94GDB8>");
    }

    @Test
    void aDigestMentionsEverybodyOnce() {
        ObjectNode message = SlackMessage.digest(List.of(
                Alert.about("a").title("a").mention("here").build(),
                Alert.about("b").title("b").build(),
                Alert.about("c").title("c").mention("here U012AB3CD").build()));

        assertThat(message.path("blocks").path(1).path("text").path("text").asText())
                .isEqualTo("<!here> <@U012AB3CD>");
    }

    /** A runbook in a description is one click away, wherever the sentence ends. */
    @Test
    void addressesInTheTextAreLinks() {
        Alert alert = Alert.about("x")
                .title("x")
                .text("Runbook: https://wiki.example.com/a_(b)?c=d. See (https://grafana.example.com/d/1), "
                        + "<https://wiki.example.com/2>, <https://evil.example|wiki.example.com> and https://wiki.example.com/a_(b)?c=d! "
                        + "https://console.example.com/ https:// HTTPS://UP.example.com/x")
                .link("View", "https://console.example.com/")
                .build();
        assertThat(TextLinks.of(alert))
                .extracting(Link::url)
                .containsExactly(
                        "https://console.example.com/",
                        "https://wiki.example.com/a_(b)?c=d",
                        "https://grafana.example.com/d/1",
                        "https://wiki.example.com/2",
                        "HTTPS://UP.example.com/x");
        assertThat(SlackMessage.of(alert).toString()).contains("|grafana.example.com/d/1>");
        assertThat(TextLinks.of(Alert.about("y")
                        .text("https://a.example.com/1 ".repeat(9)
                                + IntStream.range(0, 99)
                                        .mapToObj(i -> "https://b.example.com/" + i)
                                        .collect(Collectors.joining(" ")))
                        .build()))
                .hasSize(5);
    }

    @Test
    void whatSomebodyElseWrotePagesNobody() throws Exception {
        ObjectNode payload = (ObjectNode) new ObjectMapper().readTree("""
                {"text": "<!channel> <!here|here> <!SUBTEAM^S012AB3CD> <!everyone> <!date^1^{date}|x> <https://a|b> <@U1>",
                 "link_names": 1, "parse": "full", "attachments": [{"text": "<!here>", "blocks": [{"type": "rich_text",
                 "elements": [{"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "channel"},
                 {"type": "usergroup", "usergroup_id": "S012AB3CD"}]}]}]}]}""");
        assertThat(PayloadMentions.withoutMentions(payload)).isEqualTo(new ObjectMapper().readTree("""
                {"text": "&lt;!channel&gt; &lt;!here|here&gt; &lt;!SUBTEAM^S012AB3CD&gt; &lt;!everyone&gt; <!date^1^{date}|x> <https://a|b> <@U1>",
                 "attachments": [{"text": "&lt;!here&gt;", "blocks": [{"type": "rich_text",
                 "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "@channel"},
                 {"type": "text", "text": "@S012AB3CD"}]}]}]}]}"""));
    }
}
