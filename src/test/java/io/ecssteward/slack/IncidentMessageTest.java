package io.ecssteward.slack;

import static io.ecssteward.slack.SampleIncident.OPENED;
import static io.ecssteward.slack.SampleIncident.PLACEMENT;
import static io.ecssteward.slack.SampleIncident.STOPPED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.Step;
import io.ecssteward.incident.StoryLine;
import io.ecssteward.incident.StoryLine.Kind;
import io.ecssteward.limits.SlackLimits;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a person reads of an incident, in each of its states. */
class IncidentMessageTest {
    private static final String ALARM = "\uD83D\uDEA8";
    private static final String CHECK = "\u2705";
    private static final String SINCE = "Since 2026-11-28T10:02:03Z";

    private static SampleIncident open(Alert... alerts) {
        return SampleIncident.with(alerts).line(Kind.OPENED, PLACEMENT.title());
    }

    private static ObjectNode edit(SampleIncident incident) {
        ObjectNode message = IncidentMessage.of(new Step.Edit(incident.build()), true, List.of());
        ObjectNode known = message.deepCopy();
        known.remove(List.of("channel", "ts"));
        // One block more, which is who is mentioned.
        if (known.path("blocks").size() == 2) {
            known.withArray("blocks").remove(1);
        }
        SlackMessageTest.check(known);
        SlackMessageTest.checkLimits(message);
        return message;
    }

    private static List<String> lines(ObjectNode message) {
        return SlackText.lines(message);
    }

    private static String color(ObjectNode message) {
        return message.at("/attachments/0/color").asText();
    }

    @Test
    void withOneAlertItLooksAsThatAlertDoes() {
        ObjectNode message = edit(open(PLACEMENT));
        ObjectNode alert = SlackMessage.of(PLACEMENT);

        assertThat(message.get("text")).isEqualTo(alert.get("text"));
        assertThat(message.get("blocks")).isEqualTo(alert.get("blocks"));
        assertThat(color(message)).isEqualTo(color(alert));
        List<String> lines = lines(message);
        assertThat(lines.subList(0, 5)).isEqualTo(lines(alert).subList(0, 5));
        assertThat(lines.subList(5, lines.size())).containsExactly("error  \u00b7  firing", SINCE, "web-7f3a");
    }

    @Test
    void withSeveralItShowsTheWorstAndThenAll() {
        ObjectNode message = edit(open(STOPPED)
                .alert(PLACEMENT, 3, null)
                .alert(
                        STOPPED.change()
                                .key("deployment")
                                .title("A deployment failed")
                                .build(),
                        1,
                        OPENED)
                .line(Kind.ACTED, "Redeployed."));
        assertThat(message.path("text").asText()).isEqualTo("[FIRING] prod/web cannot place a task");
        assertThat(lines(message))
                .containsExactly(
                        ALARM + " prod/web cannot place a task",
                        "No container instance met all of its requirements.",
                        "*Cluster*: prod",
                        "*Service*: web",
                        ALARM + " prod/web cannot place a task \u00d73",
                        "\u26A0\uFE0F web stopped in prod/web",
                        CHECK + " A deployment failed",
                        "2026-11-28T10:03:03Z  \u00b7  Redeployed.",
                        "View service: https://console.aws.amazon.com/ecs/v2/clusters/prod/services/web/health",
                        "error  \u00b7  2 of 3 firing",
                        SINCE,
                        "web-7f3a");
    }

    @Test
    void whatALaterAlertSaysIsBelowItsLineWhileItFires() {
        Alert moved = STOPPED.change()
                .key("moved")
                .title("prod/web runs on-demand")
                .text("Fargate Spot has no capacity for it.\nAll 4 tasks move.")
                .build();
        SampleIncident incident = open(PLACEMENT, STOPPED, moved)
                .line(Kind.JOINED, STOPPED.title(), STOPPED.key())
                .line(Kind.JOINED, moved.title(), moved.key());
        assertThat(lines(edit(incident)))
                .containsSubsequence(
                        "No container instance met all of its requirements.",
                        "\u26A0\uFE0F web stopped in prod/web",
                        "\u26A0\uFE0F prod/web runs on-demand",
                        "Fargate Spot has no capacity for it. All 4 tasks move.")
                .doesNotContain(STOPPED.text());

        SampleIncident over = open(PLACEMENT, STOPPED)
                .alert(moved, 1, OPENED)
                .line(Kind.JOINED, STOPPED.title(), STOPPED.key())
                .line(Kind.JOINED, moved.title(), moved.key());
        assertThat(lines(edit(over)))
                .contains(STOPPED.text())
                .doesNotContain("Fargate Spot has no capacity for it. All 4 tasks move.");
    }

    @Test
    void aReplySaysWhatAnAlertSaysThatJoins() {
        SampleIncident incident = open(PLACEMENT, STOPPED)
                .line(Kind.JOINED, STOPPED.title(), STOPPED.key())
                .line(Kind.ENDED, "Over: " + STOPPED.title(), STOPPED.key());
        List<StoryLine> story = incident.build().story();
        ObjectNode reply =
                IncidentMessage.of(new Step.Reply(incident.build(), story.subList(1, 3), false, 3), true, List.of());
        SlackMessageTest.checkLimits(reply);
        assertThat(lines(reply))
                .containsExactly(
                        "2026-11-28T10:03:03Z  \u00b7  web stopped in prod/web",
                        STOPPED.text(),
                        "2026-11-28T10:04:03Z  \u00b7  Over: web stopped in prod/web");
    }

    @Test
    void oneThatCountsSaysHowOften() {
        assertThat(lines(edit(new SampleIncident().alert(PLACEMENT, 7, null))))
                .contains("error  \u00b7  firing  \u00b7  \u00d77");
    }

    @Test
    void oneThatSomebodySawSaysWho() {
        ObjectNode message = edit(open(PLACEMENT).acknowledged("Ada"));
        assertThat(color(message)).isEqualTo("#a30200");
        assertThat(message.path("text").asText()).isEqualTo("[ACKNOWLEDGED] prod/web cannot place a task");
        assertThat(lines(message))
                .startsWith("\uD83D\uDC40 prod/web cannot place a task")
                .contains("error  \u00b7  acknowledged by Ada");
    }

    @Test
    void oneThatFlapsIsAmberWhetherItFiresOrNot() {
        ObjectNode firing = edit(open(PLACEMENT).flapping(3));
        ObjectNode quiet = edit(new SampleIncident()
                .alert(PLACEMENT, 3, OPENED)
                .line(Kind.OPENED, PLACEMENT.title())
                .flapping(3));
        for (ObjectNode message : List.of(firing, quiet)) {
            assertThat(color(message)).isEqualTo("#daa038");
            assertThat(message.path("text").asText()).isEqualTo("[FLAPPING] prod/web cannot place a task");
            assertThat(lines(message).get(1)).startsWith("It comes and goes.");
        }
    }

    @Test
    void oneThatFlapsStaysAmberWhenSomebodySawItAndSaysWho() {
        ObjectNode message = edit(new SampleIncident()
                .alert(PLACEMENT, 3, OPENED)
                .line(Kind.OPENED, PLACEMENT.title())
                .flapping(3)
                .acknowledged("Ada"));
        assertThat(color(message)).isEqualTo("#daa038");
        assertThat(message.path("text").asText()).isEqualTo("[FLAPPING] prod/web cannot place a task");
        assertThat(lines(message).toString()).contains("It comes and goes.", "acknowledged by Ada");
    }

    @Test
    void oneThatIsOverIsGreenAndSaysWhatFired() {
        ObjectNode message = edit(open(PLACEMENT)
                .alert(STOPPED, 2, null)
                .line(Kind.RESOLVED, "Resolved after 34 minutes; fired 3 times.")
                .resolvedAfter(Duration.ofMinutes(34)));
        assertThat(color(message)).isEqualTo("#2eb886");
        assertThat(message.path("text").asText()).isEqualTo("[RESOLVED] prod/web cannot place a task");
        assertThat(lines(message))
                .containsExactly(
                        CHECK + " prod/web cannot place a task",
                        "Resolved after 34 minutes; fired 3 times.",
                        CHECK + " prod/web cannot place a task",
                        CHECK + " web stopped in prod/web \u00d72",
                        "View service: https://console.aws.amazon.com/ecs/v2/clusters/prod/services/web/health",
                        "error  \u00b7  resolved",
                        "2026-11-28T10:36:03Z",
                        "web-7f3a");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void onlyNewsMentionsAnybody(Kind kind) {
        SampleIncident incident = SampleIncident.with(
                        PLACEMENT.change().mention("here U012AB3CD").build(),
                        STOPPED.change().mention("here").build())
                .line(kind, "x");
        boolean mentions = List.of(Kind.OPENED, Kind.REOPENED, Kind.ROSE).contains(kind);
        List<StoryLine> lines = incident.story();
        for (Step step : List.of(
                new Step.Reply(incident.build(), lines, true, 1), new Step.NewMessage(incident.build(), lines, 1))) {
            assertThat(IncidentMessage.of(step, true, List.of()).toString().contains("<!here> <@U012AB3CD>"))
                    .isEqualTo(mentions);
        }
    }

    @Test
    void whoIsMentionedStandsThereUntilSomebodySawIt() {
        SampleIncident incident = open(PLACEMENT.change().mention("here").build());
        assertThat(edit(incident).toString()).contains("<!here>");
        assertThat(edit(incident.acknowledged("Ada")).toString()).doesNotContain("<!here>");
    }

    @Test
    void anEditNamesNothingThatSlackDoesNotKnowThere() {
        assertThat(edit(open(PLACEMENT).shown("C1", "1.2")).properties())
                .extracting(java.util.Map.Entry::getKey)
                .containsExactlyInAnyOrder("text", "blocks", "attachments", "channel", "ts");
    }

    @Test
    void aReplyHasALineForEachThingThatHappened() {
        SampleIncident incident = open(PLACEMENT)
                .line(Kind.JOINED, "web stopped in prod/web")
                .line(Kind.ENDED, "Over: *web* <!channel>")
                .shown("C1", "1.2");
        ObjectNode reply = IncidentMessage.of(
                new Step.Reply(incident.build(), incident.story().subList(1, 3), false, 3), true, List.of());

        assertThat(reply.path("text").asText()).isEqualTo("web stopped in prod/web\nOver: *web* &lt;!channel&gt;");
        assertThat(reply.path("thread_ts").asText()).isEqualTo("1.2");
        assertThat(reply.has("reply_broadcast")).isFalse();
        assertThat(reply.at("/blocks/0/text/text").asText()).endsWith("  \u00b7  web stopped in prod/web");
        assertThat(reply.at("/blocks/1/elements/1").toString())
                .isEqualTo("{\"type\":\"plain_text\",\"text\":\"Over: *web* <!channel>\",\"emoji\":false}");
    }

    @Property(tries = 200)
    void limitsHoldWhateverIsInIt(
            @ForAll @IntRange(min = 1, max = 60) int alerts,
            @ForAll @StringLength(max = 4000) String text,
            @ForAll @IntRange(min = 0, max = 60) int fields,
            @ForAll @IntRange(min = 0, max = 40) int buttons,
            @ForAll boolean over) {
        SampleIncident incident = new SampleIncident();
        for (int i = 0; i < alerts; i++) {
            Alert.Builder alert = Alert.about("key " + i)
                    .severity(Severity.values()[i % 4])
                    .title(text)
                    .text(text)
                    .mention("here")
                    .link("x" + text, "https://example.com/" + "&".repeat(text.length()));
            for (int f = 0; f < fields; f++) {
                alert.field("f" + f, text);
            }
            incident.alert(alert.build(), i + 1, i % 3 == 0 ? OPENED : null);
        }
        for (int i = 0; i < 20; i++) {
            incident.line(i == 0 ? Kind.OPENED : i < 19 ? Kind.JOINED : Kind.ACTED, text);
        }
        if (over) {
            incident.line(Kind.CLOSED, text).resolvedAfter(Duration.ofDays(3));
        }
        Incident built = incident.shown("C1", "1.1").build();
        List<ActionButton> offered = IntStream.range(0, buttons)
                .mapToObj(i -> new ActionButton(
                        "a" + "b".repeat(i) + i,
                        "L".repeat(SlackLimits.LABEL),
                        "danger",
                        i % 5 == 1 ? List.of("1h", "o".repeat(SlackLimits.OPTION)) : List.of()))
                .toList();
        ObjectNode edit = IncidentMessage.of(new Step.Edit(built), true, offered);
        SlackMessageTest.checkLimits(edit);
        assertThat(edit.toString().contains("\"actions\"")).isEqualTo(buttons > 0);
        SlackMessageTest.checkLimits(
                IncidentMessage.of(new Step.NewMessage(built, incident.story(), 1), false, List.of()));
        ObjectNode reply = IncidentMessage.of(new Step.Reply(built, incident.story(), true, 1), true, List.of());
        assertThat(reply.path("text").asText()).hasSizeLessThanOrEqualTo(SlackLimits.TEXT);
        assertThat(reply.path("blocks").toString()).hasSizeLessThanOrEqualTo(SlackLimits.ALL_BLOCKS);
    }

    private static ObjectNode detail(String text) {
        SampleIncident incident = open(STOPPED).line(Kind.DETAIL, text);
        List<StoryLine> lines = incident.build().story();
        return IncidentMessage.of(
                new Step.Reply(incident.build(), lines.subList(lines.size() - 1, lines.size()), false, 2),
                true,
                List.of());
    }

    @Test
    void aDetailIsATitleAndLinesAsTheyAre() {
        ObjectNode reply = detail("Log of app, last 2 lines\n<!channel> a & b\n```*x*");

        assertThat(reply.path("text").asText()).isEqualTo("Log of app, last 2 lines");
        assertThat(reply.at("/blocks/0/text/text").asText())
                .isEqualTo("*Log of app, last 2 lines*\n```\n&lt;!channel&gt; a &amp; b\n'''*x*\n```");
        assertThat(detail("Log of *app*\nx").at("/blocks/0/text/text").asText()).isEqualTo("```\nLog of *app*\nx\n```");
    }

    @Property(tries = 200)
    void aDetailPagesNobodyAndFitsWhateverIsInIt(@ForAll @StringLength(max = 2_800) String lines) {
        ObjectNode reply = detail("Log\n" + lines);
        String text = reply.at("/blocks/0/text/text").asText();
        assertThat(text).hasSizeLessThanOrEqualTo(3_000).doesNotContain("<", ">");
        assertThat(text.substring(0, text.length() - 3).split("```", -1)).hasSize(2);
        assertThat(reply.toString().length()).isLessThan(12_000 * 6);
    }
}
