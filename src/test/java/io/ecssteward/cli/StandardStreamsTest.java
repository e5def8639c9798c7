package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.Gate;
import io.ecssteward.testing.Jvm;
import io.ecssteward.testing.RunningSteward;
import io.ecssteward.testing.Sqs;
import io.ecssteward.testing.SqsProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command line as a process: who sees what, and what happens when nobody looks any more or somebody presses Ctrl-C.
 */
class StandardStreamsTest {

    /** The command as a shell reads it, before its arguments. */
    private static final String STEWARD = "'" + String.join("' '", Jvm.command(Main.class.getName())) + "' ";

    private static final String CLASSPATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    @TempDir
    private Path folder;

    private Process start(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("STEWARD_") || name.startsWith("AWS_") || name.endsWith("COLOR"));
        builder.environment().put("CLASSPATH", CLASSPATH);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private int run(Map<String, String> environment, String... command) throws Exception {
        Process process = start(environment, command);
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as(String.join(" ", command))
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private int steward(String... arguments) throws Exception {
        List<String> command = Jvm.command(Main.class.getName());
        command.addAll(List.of(arguments));
        return run(Map.of(), command.toArray(String[]::new));
    }

    private String said(String where) throws IOException {
        return Files.readString(folder.resolve(where));
    }

    @Test
    void resultsAndComplaintsAreKeptApart() throws Exception {
        assertThat(steward("--help")).isZero();
        assertThat(said("out")).startsWith("Usage: ").doesNotContain("\u001b");
        assertThat(said("err")).isEmpty();

        assertThat(steward("rplay")).isEqualTo(Main.WRONG);
        assertThat(said("out")).isEmpty();
        assertThat(said("err")).startsWith("there is no command 'rplay'").doesNotContain("\u001b");
    }

    @Test
    void whoeverReadsOnlyTheFirstLineSeesNoStackTrace() throws Exception {
        String pipe = STEWARD + "replay samples | head -n 1";
        assertThat(run(Map.of(), "sh", "-c", pipe)).isZero();
        assertThat(said("out").lines()).hasSize(1);
        assertThat(said("err")).isEmpty();
    }

    @Test
    void colorsAreForATerminalUnlessNobodyWantsThem() throws Exception {
        boolean script =
                Stream.of(System.getenv("PATH").split(":")).anyMatch(f -> Files.isExecutable(Path.of(f, "script")));
        if (!script) {
            System.err.println("SKIPPED: colors on a terminal, because script (util-linux) is not installed");
        }
        Assumptions.assumeTrue(script, "script is not installed");
        String help = STEWARD + "--help";
        // It gives the command a terminal only when it has one for its own input, or nothing.
        assertThat(run(Map.of("TERM", "xterm"), "script", "-qec", help, "/dev/null"))
                .isZero();
        assertThat(said("out")).contains("Usage: ").contains("\u001b[");
        assertThat(run(Map.of("TERM", "xterm", "NO_COLOR", "1"), "script", "-qec", help, "/dev/null"))
                .isZero();
        assertThat(said("out")).contains("Usage: ").doesNotContain("\u001b[");
    }

    /** The shell of {@code mvn verify &} has it ignored, and a JVM that was started so does not listen to it. */
    private void assumeThatInterruptsCanBeEnabled() throws Exception {
        boolean can = run(Map.of(), "sh", "-c", "env --default-signal=INT true") == 0;
        if (!can) {
            System.err.println("SKIPPED: Ctrl-C, because env cannot enable SIGINT (GNU coreutils 8.31 or later can)");
        }
        Assumptions.assumeTrue(can, "env cannot enable SIGINT");
    }

    @Test
    void ctrlCGivesBackWhatWasLookedAt() throws Exception {
        assumeThatInterruptsCanBeEnabled();
        try (Sqs sqs = new Sqs();
                SqsProxy way = new SqsProxy(sqs)) {
            String dead = sqs.createQueue("dead");
            for (int i = 0; i < 5; i++) {
                sqs.send(dead, "{}");
            }
            Gate looking = way.hold(SqsProxy.RECEIVE, 1);
            Gate givingBack = way.hold(SqsProxy.GIVE_BACK, 1);
            List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
            command.addAll(Jvm.command(Main.class.getName(), "dlq", "list"));
            Process process = start(
                    Map.of(
                            "AWS_REGION", "eu-west-1",
                            "AWS_ACCESS_KEY_ID", "test",
                            "AWS_SECRET_ACCESS_KEY", "test",
                            "AWS_ENDPOINT_URL_SQS", way.endpoint().toString(),
                            "STEWARD_DEAD_LETTER_QUEUE_URL", dead),
                    command.toArray(String[]::new));
            try {
                looking.awaitArrivals(1, RunningSteward.PATIENCE);
                assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                                .start()
                                .waitFor())
                        .isZero();
                looking.open();
                givingBack.awaitArrivals(1, RunningSteward.PATIENCE);
                assertThat(sqs.counts(dead).inFlight()).isEqualTo(5);
                givingBack.open();
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).as(said("err")).isEqualTo(128 + 2);
                assertThat(sqs.counts(dead).visible()).isEqualTo(5);
                assertThat(said("err"))
                        .contains("Inspecting the queue hides", "Interrupted")
                        .doesNotContain("\tat ");
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
