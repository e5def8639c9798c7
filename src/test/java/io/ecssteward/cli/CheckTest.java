package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.settings.Setting;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();

    private int check(Map<String, String> environment, boolean json) throws IOException {
        out.getBuffer().setLength(0);
        return Check.check(Settings.of(environment, Map.of()), false, json, new PrintWriter(out));
    }

    private Map<String, String> routes(String text) throws IOException {
        Files.writeString(folder.resolve("mine.camel.yaml"), text);
        return Map.of("STEWARD_ROUTES", "file:" + folder + "/*.camel.yaml");
    }

    @Test
    void theBuiltInRoutesAreWellWithoutAnySetting() throws IOException {
        assertThat(check(Map.of(), false)).isZero();
        assertThat(out).hasToString("no problem" + System.lineSeparator());
    }

    @Test
    void settingsAndRoutesAreSaidTogether() throws IOException {
        Map<String, String> environment = new java.util.HashMap<>(routes("- rout: {}\n"));
        environment.put("STEWARD_DRY_RUN", "yes");

        assertThat(check(environment, false)).isEqualTo(1);
        assertThat(out.toString().lines())
                .containsExactly(
                        "STEWARD_DRY_RUN (steward.dry-run) is 'yes'; set true or false",
                        folder
                                + "/mine.camel.yaml:1:3: there is no 'rout' at the beginning of a file's item; did "
                                + "you mean 'route'?",
                        "2 problems");
    }

    @Test
    void formerNamesOfSettingsAreWarnedAbout() throws IOException {
        Map<String, String> environment = new java.util.HashMap<>(routes("""
                - route:
                    id: mine
                    from:
                      uri: direct:mine
                      steps:
                        - delay:
                            expression:
                              constant:
                                expression: "{{steward.agent.wait}}"
                """));
        environment.put("STEWARD_EVENTS_REMEMBER", "2h");

        assertThat(check(environment, false)).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "warning: settings: STEWARD_EVENTS_REMEMBER is now called STEWARD_EVENTS_DEDUP_WINDOW; "
                                + "STEWARD_EVENTS_REMEMBER will be removed in the next version",
                        "warning: " + folder + "/mine.camel.yaml:4:12: nothing calls direct:mine, so this route never "
                                + "runs; call it, or remove it",
                        "warning: " + folder + "/mine.camel.yaml:9:32: the setting 'steward.agent.wait' is now called "
                                + "'steward.agent.grace-period'; the next version will not accept the old name",
                        "no problem, 3 warnings");
    }

    @Test
    void whatIsSetWronglyIsSaidOnceAndOfItsSetting() throws IOException {
        assertThat(check(Map.of("STEWARD_EVENTS_QUEUE_URL", "events", "STEWARD_SLACK_INTERVAL", "fast"), false))
                .isEqualTo(1);
        assertThat(out.toString().lines()).hasSize(3).last().isEqualTo("2 problems");
        assertThat(out.toString())
                .contains("STEWARD_EVENTS_QUEUE_URL (steward.events.queue-url) is 'events'", "STEWARD_SLACK_INTERVAL");
    }

    @Test
    void eachWrongValueIsSaidOnce() throws IOException {
        Map<String, String> wrong = Settings.declared().stream()
                .filter(setting -> setting.problem("~").isPresent())
                // Of these more can be wrong than their form.
                .filter(setting -> !Settings.QUEUES.contains(setting) && setting != Settings.OPERATORS)
                .collect(Collectors.toMap(Setting::variable, setting -> "~"));
        assertThat(wrong).hasSizeGreaterThan(30).containsKey("STEWARD_TIME_ZONE");

        assertThat(check(wrong, false)).isEqualTo(1);
        assertThat(out.toString().lines())
                .hasSize(wrong.size() + 1)
                .filteredOn(line -> line.startsWith("STEWARD_"))
                .hasSize(wrong.size());
    }

    @Test
    void silencesAreCheckedWithTheRoutes() throws IOException {
        Path file = folder.resolve("silences.yaml");
        Files.writeString(file, """
                - silence: all
                  pattern: {"key": [{"exists": true}]}
                  until: 2100-01-01T00:00:00Z
                - silence: endless
                  pattern: {"clusters": ["prod"]}
                """);

        assertThat(check(Map.of("STEWARD_SILENCES", "file:" + file), false)).isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        file + ":4:12: the silence has no end; set 'until'",
                        "warning: " + file + ":2:12: it matches every alert, so nothing is posted");
        assertThat(check(Map.of("STEWARD_SILENCES", "silences.yaml"), false)).isEqualTo(1);
        assertThat(out.toString())
                .contains("is 'silences.yaml'; set file: and a path: file:/etc/steward/silences.yaml");
    }

    @Test
    void anEmptyFileIsNamed() throws IOException {
        assertThat(check(routes("\n"), false)).isEqualTo(1);
        assertThat(out.toString()).startsWith(folder + "/mine.camel.yaml:1:1: the file is empty");
    }

    @Test
    void aPatternThatIsNoTextIsSaidToBeSo() throws IOException {
        assertThat(check(routes("""
                - route:
                    id: mine
                    from:
                      uri: event:mine
                      parameters:
                        pattern: {"source": ["shop.orders"]}
                      steps:
                        - stop: {}
                """), false)).isEqualTo(1);
        assertThat(out.toString())
                .contains("mine.camel.yaml:6:18: the event pattern is parsed as YAML", "pattern: |")
                .doesNotContain("has no pattern");
    }

    /** Before anything is posted, and without the URL, which is a secret. */
    @Test
    void saysWhatOtherWebhooksDoNotShow() throws IOException {
        assertThat(check(
                        Map.of(
                                "STEWARD_SLACK_WEBHOOK_SECRET",
                                "https://hooks.slack.com/triggers/T0FAKE000/1/aaaaaaaaaaaa",
                                "STEWARD_SLACK_WEBHOOKS_SECRET",
                                "a=https://chat.example.com/hooks/aaaaaaaaaaaa,b=https://discord.com/api/webhooks/1/"
                                        + "aaaaaaaaaaaa/slack,c=https://hooks.slack.com/services/T0FAKE000/B0/aaaaaaaaaaaa"),
                        false))
                .isZero();
        assertThat(out.toString())
                .contains("the webhook in STEWARD_SLACK_WEBHOOK_SECRET starts a workflow in Slack")
                .contains("the webhook of a in STEWARD_SLACK_WEBHOOKS_SECRET is Mattermost's or Rocket.Chat's")
                .contains("the webhook of b in STEWARD_SLACK_WEBHOOKS_SECRET is Discord's")
                .doesNotContain("webhook of c", "aaaaaaaaaaaa")
                .endsWith("no problem, 3 warnings" + System.lineSeparator());
    }

    @Test
    void aWebhookThatCanShowNoAlertIsAProblem() throws IOException {
        for (String url : List.of(
                "https://discord.com/api/webhooks/1/aaaaaaaaaaaa",
                "https://example.webhook.office.com/webhookb2/aaaaaaaaaaaa",
                "https://prod-1.westeurope.logic.azure.com/workflows/aaaaaaaaaaaa")) {
            assertThat(check(Map.of("STEWARD_SLACK_WEBHOOK_SECRET", url), false))
                    .isEqualTo(1);
            assertThat(out.toString())
                    .contains("the webhook in STEWARD_SLACK_WEBHOOK_SECRET is ")
                    .doesNotContain("aaaaaaaaaaaa");
        }
    }

    @Test
    void warningsAloneAreNoProblem() throws IOException {
        assertThat(check(routes("""
                - route:
                    id: mine
                    from:
                      uri: direct:mine
                      steps:
                        - stop: {}
                """), false)).isZero();
        assertThat(out.toString())
                .startsWith("warning: ")
                .contains("nothing calls direct:mine")
                .endsWith("no problem, 1 warning" + System.lineSeparator());
    }

    @Test
    void programsReadJson() throws IOException {
        assertThat(check(routes("""
                - route:
                    id: mine
                    from:
                      uri: direct:mine
                      steps:
                        - to:
                            uri: direct:nowhere
                """), true)).isEqualTo(1);
        JsonNode said = new ObjectMapper().readTree(out.toString());
        assertThat(said.at("/routes/0/line").asInt()).isEqualTo(7);
        assertThat(said.at("/routes/0/column").asInt()).isEqualTo(18);
        assertThat(said.at("/routes/0/file").asText()).isEqualTo(folder + "/mine.camel.yaml");
        assertThat(said.at("/routes/0/what").asText()).contains("calls direct:nowhere");
        assertThat(said.at("/warnings/0/what").asText()).contains("nothing calls direct:mine");
        assertThat(said.path("settings")).isEmpty();
    }

    @Test
    void aWrongCommandLineIsNoProblemOfTheRoutes() {
        CommandLine line = new CommandLine(new Main());
        line.setErr(new PrintWriter(out));

        assertThat(line.execute("check", "--onlin")).isEqualTo(2);
        assertThat(out.toString()).contains("--onlin");
    }
}
