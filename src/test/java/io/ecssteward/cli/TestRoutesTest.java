package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command {@code test}, on the folder of an operator who has two routes of their own. */
class TestRoutesTest {

    private static final Path OPERATOR = Path.of("src/test/resources/operator");

    @TempDir
    private Path folder;

    private void copy(Path from) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = folder.resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
    }

    private void edit(String file, String was, String is) throws IOException {
        String text = Files.readString(folder.resolve(file));
        assertThat(text).contains(was);
        Files.writeString(folder.resolve(file), text.replace(was, is));
    }

    private CommandRun.Result test(String... options) {
        List<String> arguments = new ArrayList<>(List.of("test"));
        arguments.addAll(List.of(options));
        arguments.add(folder.toString());
        return CommandRun.run(arguments.toArray(String[]::new));
    }

    @Test
    void ourOwnExampleIsAsExpected() {
        CommandRun.Result result = CommandRun.run("test", OPERATOR.toString());
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo("""
                ok         checkout-errors-alarm.json
                ok         order-import-failed.json
                ok         order-import-fails-twice

                3 samples: 3 as expected
                """);
        assertThat(result.code()).isZero();
    }

    @Test
    void whatIsDifferentIsShownLineByLine() throws IOException {
        copy(OPERATOR);
        edit("order-import.camel.yaml", "severity: critical", "severity: error");
        edit("order-import.camel.yaml", "Line: ${field(detail.line)}", "File: ${field(detail.file)}");
        edit("redeploy-on-alarm.camel.yaml", "checkout-errors", "checkout-latency");
        edit("redeploy-on-alarm.camel.yaml", "[\"ALARM\"]", "[\"OK\"]");
        Files.delete(folder.resolve("samples/order-import-fails-twice/2-after-5m-again.json"));

        CommandRun.Result result = test();
        assertThat(result.out())
                .isEqualTo("""
                different  checkout-errors-alarm.json
                    --- expected by expected/checkout-errors-alarm.json
                    +++ actual outcome
                     {
                    -  "ecs": [
                    -    {
                    -      "cluster": "prod",
                    -      "service": "checkout",
                    -      "forceNewDeployment": true
                    -    }
                    -  ],
                       "alerts": [
                         {
                           "channel": "#ops",
                    @@
                different  order-import-failed.json
                    --- expected by expected/order-import-failed.json
                    +++ actual outcome
                     {
                       "alerts": [
                         {
                    -      "channel": "#oncall",
                    +      "channel": "#ops",
                           "mention": "here",
                    -      "severity": "critical",
                    +      "severity": "error",
                           "state": "firing",
                           "title": "The import of orders-2026-11-17.csv failed",
                           "fields": [
                    -        "Line: 212",
                    +        "File: orders-2026-11-17.csv",
                             "Error: unknown currency"
                           ],
                           "links": [
                    @@
                different  order-import-fails-twice
                """
                        + result.out()
                                .substring(result.out()
                                        .indexOf("    --- expected by expected/order-import-fails-twice.json")));
        assertThat(result.out())
                .contains("    -    \"sample\": \"2-after-5m-again.json\",\n")
                .endsWith("\n3 samples: 3 different\n");
        assertThat(result.code()).isEqualTo(Main.FAILED);
    }

    @Test
    void aSampleWithoutExpectationAndAnExpectationWithoutSampleAreSaid() throws IOException {
        copy(OPERATOR);
        Files.move(
                folder.resolve("expected/order-import-failed.json"),
                folder.resolve("expected/order-export-failed.json"));

        CommandRun.Result result = test();
        assertThat(result.out()).isEqualTo("""
                ok         checkout-errors-alarm.json
                new        order-import-failed.json
                    there is no expected/order-import-failed.json; if this is right, accept it with --update:
                    +{
                    +  "alerts": [
                    +    {
                    +      "channel": "#oncall",
                    +      "mention": "here",
                    +      "severity": "critical",
                    +      "state": "firing",
                    +      "title": "The import of orders-2026-11-17.csv failed",
                    +      "fields": [
                    +        "Line: 212",
                    +        "Error: unknown currency"
                    +      ],
                    +      "links": [
                    +        "Runbook: https://wiki.example.com/imports?file=orders-2026-11-17.csv&tab=retry"
                    +      ],
                    +      "key": "order-import/orders-2026-11-17.csv",
                    +      "coolDown": "30m"
                    +    }
                    +  ]
                    +}
                ok         order-import-fails-twice
                orphan     expected/order-export-failed.json  has no sample; remove it, or add the sample to samples/

                3 samples: 2 as expected, 1 new; 1 expected without a sample
                """);
        assertThat(result.code()).isEqualTo(Main.FAILED);
    }

    @Test
    void updateAcceptsWhatIsDifferentAndNew() throws IOException {
        copy(OPERATOR);
        edit("order-import.camel.yaml", "30m", "1h");
        Files.delete(folder.resolve("expected/checkout-errors-alarm.json"));

        CommandRun.Result update = test("--update");
        assertThat(update.code()).isZero();
        assertThat(update.out())
                .contains("accepted   checkout-errors-alarm.json\n    expected/checkout-errors-alarm.json is new:\n")
                .contains("-      \"coolDown\": \"30m\"\n    +      \"coolDown\": \"1h\"\n")
                .endsWith("\n3 samples: 3 accepted\n");
        assertThat(folder.resolve("expected/checkout-errors-alarm.json"))
                .hasSameTextualContentAs(OPERATOR.resolve("expected/checkout-errors-alarm.json"));
        assertThat(test().code()).isZero();
    }

    @Test
    void anExpectationWrittenByHandNeedsNotLookLikeOurs() throws IOException {
        copy(OPERATOR);
        Path expected = folder.resolve("expected/order-import-failed.json");
        Files.writeString(
                expected,
                Files.readString(expected)
                        .replaceAll("\\s*\\n\\s*", " ")
                        .replaceFirst("\\{", "{\"ecs\": [], \"skipped\": [],"));
        assertThat(test().code()).isZero();
        edit("expected/order-import-failed.json", "]", "");
        assertThat(test()).satisfies(result -> {
            assertThat(result.out())
                    .contains("expected/order-import-failed.json is not JSON: ")
                    .contains("(line 1, column ");
            assertThat(result.code()).isEqualTo(Main.FAILED);
        });
    }

    /**
     * Every sample that is shipped, twice: nothing of it depends on the time or on the order in which threads are run.
     */
    @Test
    void itIsTheSameEachTime() throws IOException {
        copy(Path.of("samples"));
        Path samples = Files.createDirectories(folder.resolve("samples"));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(
                            f -> f.toString().endsWith(".json") || f.toString().endsWith(".txt"))
                    .toList()) {
                Files.move(file, samples.resolve(file.getFileName()));
            }
        }
        Files.writeString(
                folder.resolve("test.properties"),
                "steward.one-per-instance.services = prod/logging-agent\n"
                        + "steward.sns.topic-arn = arn:aws:sns:eu-west-1:111122223333:alerts\n");
        // At the same time as the built-in ones.
        Files.writeString(folder.resolve("all.camel.yaml"), """
                - route:
                    id: all
                    from:
                      uri: event:all
                      parameters:
                        pattern: '{"source": ["aws.ecs"]}'
                      steps:
                        - to:
                            uri: alert:all
                            parameters:
                              state: info
                              title: Something
                """);
        assertThat(test("--update").code()).isZero();
        assertThat(test().out()).doesNotContain("different").matches("(?s).*\n\n(\\d+) samples: \\1 as expected\n");
        assertThat(Files.readString(folder.resolve("expected/task-spot-interrupted.json")))
                .contains("\"title\": \"Something\"")
                .contains("\"title\": \"Fargate Spot interrupts prod/web\"")
                .contains("\"sns\": [");
        assertThat(Files.readString(folder.resolve("expected/container-instance-agent-disconnected.json")))
                .contains("\"followUp\": [")
                .contains("\"then\": [")
                .contains("\"at\": \"1m\"")
                .contains("is disconnected");
    }

    @Test
    void settingsComeFromTheFolderOnly() {
        System.setProperty("steward.slack.channel", "#elsewhere");
        try {
            assertThat(CommandRun.run("test", OPERATOR.toString()).code()).isZero();
        } finally {
            System.clearProperty("steward.slack.channel");
        }
    }

    @Test
    void theRoutesCanBeInAnotherFolder() throws IOException {
        copy(OPERATOR);
        Path routes = Files.createDirectory(folder.resolve("routes"));
        for (String file : List.of("order-import.camel.yaml", "redeploy-on-alarm.camel.yaml")) {
            Files.move(folder.resolve(file), routes.resolve(file));
        }
        edit(
                "test.properties",
                "STEWARD_SLACK_CHANNEL ",
                "STEWARD_ROUTES = classpath:routes/*.camel.yaml, file:routes/*.camel.yaml\nSTEWARD_SLACK_CHANNEL ");
        assertThat(test().code()).isZero();
    }

    @Test
    void theFormerNameOfASettingStillWorks() throws IOException {
        copy(OPERATOR);
        edit("test.properties", "STEWARD_SLACK_CHANNEL ", "STEWARD_AGENT_WAIT = 60\nSTEWARD_SLACK_CHANNEL ");

        CommandRun.Result result = test();
        assertThat(result.code()).as("%s", result).isZero();
        assertThat(result.err()).contains("warning: STEWARD_AGENT_WAIT is now called STEWARD_AGENT_GRACE_PERIOD");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "samples|delete|no folder",
                "test.properties|STEWARD_SLACK_CHANEL = x|STEWARD_SLACK_CHANEL is not a setting",
                "test.properties|channel = x|channel is not a setting; write STEWARD_SLACK_CHANNEL",
                "samples/order-import-failed.txt|text|would share",
                "broken.camel.yaml|- route: {id: broken, from: {uri: `event:broken`, parameters: {patern: x}, steps: "
                        + "[]}}|patern",
                "broken.camel.yaml|- route: {id: broken, from: {uri: `direct:broken`, steps: [{to: {uri: "
                        + "`direct:nowhere`}}]}}|calls direct:nowhere"
            })
    void whatIsWrongWithTheFolderIsSaid(String file, String text, String said) throws IOException {
        copy(OPERATOR);
        if (text.equals("delete")) {
            Files.move(folder.resolve(file), folder.resolve("elsewhere"));
        } else {
            Files.writeString(folder.resolve(file), text.replace('`', '"') + "\n");
        }
        CommandRun.Result result = test();
        assertThat(result.code()).as("%s", result).isEqualTo(Main.WRONG);
        assertThat(result.err()).contains(said).doesNotContain("\tat ");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void aFolderThatIsNotThereIsSaid() {
        CommandRun.Result result =
                CommandRun.run("test", folder.resolve("nowhere").toString());
        assertThat(result.code()).isEqualTo(Main.WRONG);
        assertThat(result.err()).contains("nowhere; name one with routes and samples in it");
    }

    @Test
    void colorsAreForATerminal() throws IOException {
        copy(OPERATOR);
        edit("order-import.camel.yaml", "30m", "1h");
        String colored = CommandRun.run(CommandLine.Help.Ansi.ON, "test", folder.toString())
                .out();
        assertThat(colored)
                .contains("\u001b[31m-      \"coolDown\": \"30m\"")
                .contains("\u001b[32m+      \"coolDown\": \"1h\"");
        assertThat(colored.replaceAll("\u001b\\[[\\d;]*m", "")).isEqualTo(test().out());
    }
}
