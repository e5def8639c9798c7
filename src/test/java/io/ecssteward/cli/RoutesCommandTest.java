package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.check.EditorSchema;
import io.ecssteward.check.RouteFiles;
import io.ecssteward.runtime.RouteBuild;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutesCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path temp;

    private int execute(Object... arguments) {
        String[] typed = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
        return Main.commandLine(typed)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(typed);
    }

    private static void assertBuiltIn(Path folder) throws IOException {
        List<String> builtIn = RouteFiles.list("file:src/main/resources/routes/*.camel.yaml");
        try (Stream<Path> there = Files.list(folder)) {
            assertThat(there).hasSameSizeAs(builtIn);
        }
        for (String file : builtIn) {
            Path source = Path.of(file.substring("file:".length()));
            assertThat(folder.resolve(source.getFileName())).hasSameBinaryContentAs(source);
        }
    }

    @Test
    void theBuiltInRoutesAreWrittenOut() throws IOException {
        Path folder = temp.resolve("my/routes");
        assertThat(execute("routes", "export", folder)).isZero();
        assertBuiltIn(folder);
        assertThat(out.toString())
                .contains("wrote " + folder.resolve("intake.camel.yaml"))
                .contains("STEWARD_ROUTES='classpath:routes/*.camel.yaml,file:" + folder + "/*.camel.yaml'");
        assertThat(RouteBuild.check(Settings.of(Map.of(), Map.of())
                                .with(Settings.ROUTES, "file:" + folder + "/*.camel.yaml"))
                        .problems())
                .isEmpty();
    }

    @Test
    void writingThemOutAgainChangesNothing() throws IOException {
        execute("routes", "export", temp);
        assertThat(execute("routes", "export", temp)).isZero();
        assertThat(out.toString()).contains("already in");
        assertBuiltIn(temp);
    }

    @Test
    void whatWasEditedIsNotOverwrittenUnlessForced() throws IOException {
        execute("routes", "export", temp);
        Path intake = Files.writeString(temp.resolve("intake.camel.yaml"), "# mine\n");
        Files.delete(temp.resolve("slack.camel.yaml"));

        assertThat(execute("routes", "export", temp)).isEqualTo(Main.WRONG);
        assertThat(err.toString()).contains(intake.toString(), "--force").doesNotContain("alarms");
        assertThat(intake).hasContent("# mine");
        assertThat(temp.resolve("slack.camel.yaml")).doesNotExist();

        assertThat(execute("routes", "export", temp, "--force")).isZero();
        assertThat(out.toString()).contains("overwrote " + intake, "wrote " + temp.resolve("slack.camel.yaml"));
        assertBuiltIn(temp);
    }

    @Test
    void oneFileIsEnough() throws IOException {
        assertThat(execute("routes", "export", temp, "alarms")).isZero();
        try (Stream<Path> there = Files.list(temp)) {
            assertThat(there).containsExactly(temp.resolve("alarms.camel.yaml"));
        }
        assertThat(execute("routes", "export", temp, "alarm")).isEqualTo(Main.WRONG);
        assertThat(err.toString()).contains("there is no built-in file 'alarm'; did you mean 'alarms'?");
    }

    @Test
    void theSchemaIsThatOfEditors() throws IOException {
        assertThat(execute("routes", "schema")).isZero();
        assertThat(new com.fasterxml.jackson.databind.ObjectMapper().readTree(out.toString()))
                .isEqualTo(EditorSchema.write());
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "");
        assertThat(execute("routes", "export", file)).isEqualTo(Main.FAILED);
        assertThat(err.toString()).contains(file.toString(), "is not a folder").doesNotContain("Exception");
    }

    @Test
    void theListNamesEveryRouteWithItsDescription() {
        assertThat(execute("routes", "list")).isZero();
        assertThat(out.toString())
                .containsPattern(
                        "intake.camel.yaml\n  intake {2,}Receives messages from EventBridge, CloudWatch and SNS\n")
                .contains("dead-letter", "spot-interruption");
        assertThat(out.toString().lines().filter(line -> line.startsWith("  ")))
                .allMatch(line -> line.matches("  [a-z-]+ {2,}[A-Z].*"));
    }

    @Test
    void withoutASubcommandItTellsWhatThereIs() {
        assertThat(execute("routes")).isZero();
        assertThat(out.toString()).contains("list", "export");
    }
}
