package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The completion script in the shells that are here. */
class CompletionTest {

    /** Has the function that was registered complete the last word, as bash does when one presses the tab key. */
    private static final String IN_BASH = """
            source "$1"
            shift
            compopt() { :; }
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            COMP_LINE="$*"
            COMP_POINT=${#COMP_LINE}
            registered=$(complete -p ecs-steward)
            function=${registered##*-F }
            "${function%% *}" ecs-steward "${COMP_WORDS[$COMP_CWORD]}" "${COMP_WORDS[$COMP_CWORD - 1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """;

    /** Types into a terminal of its own, tab keys and all, and prints what the command then got. */
    private static final String IN_ZSH = """
            zmodload zsh/zpty || exit 3
            zpty shell 'zsh -f -i'
            zpty -w shell 'autoload -U compinit && compinit -u -D'
            zpty -w shell "source $1"
            zpty -w shell 'ecs-steward() { print -r -- "<<<$*>>>" }'
            zpty -w -n shell $'ecs-steward dl\\t list --re\\t\\n'
            zpty -w shell exit
            while zpty -r shell chunk; do print -rn -- "$chunk"; done
            """;

    @TempDir
    private Path folder;

    private Path script;

    @BeforeEach
    void write() throws IOException {
        StringWriter out = new StringWriter();
        assertThat(Main.commandLine().setOut(new PrintWriter(out)).execute("completion", "bash"))
                .isZero();
        script = Files.writeString(folder.resolve("completion"), out.toString());
    }

    private String run(String... command) throws Exception {
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS))
                    .as(String.join(" ", command))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(said, StandardCharsets.ISO_8859_1);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    private List<String> completed(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", "--norc", "-c", IN_BASH, "bash", script.toString()));
        command.addAll(List.of(words));
        return run(command.toArray(String[]::new)).lines().toList();
    }

    private static void need(String shell) {
        boolean there =
                Stream.of(System.getenv("PATH").split(":")).anyMatch(f -> Files.isExecutable(Path.of(f, shell)));
        if (!there) {
            System.err.println("SKIPPED: completion in " + shell + ", because it is not installed");
        }
        Assumptions.assumeTrue(there, shell + " is not installed");
    }

    @Test
    void itIsTheSameForBothShells() throws IOException {
        StringWriter zsh = new StringWriter();
        assertThat(Main.commandLine().setOut(new PrintWriter(zsh)).execute("completion", "zsh"))
                .isZero();
        assertThat(zsh.toString()).isEqualTo(Files.readString(script));
    }

    @Test
    void bashCompletesCommandsOptionsAndWords() throws Exception {
        need("bash");
        run("bash", "-n", script.toString());

        assertThat(completed("ecs-steward", "")).contains("run", "replay", "dlq", "completion");
        assertThat(completed("ecs-steward", "dl")).containsExactly("dlq");
        assertThat(completed("ecs-steward", "dlq", "")).containsExactly("list", "show", "replay");
        assertThat(completed("ecs-steward", "dlq", "replay", "--d")).containsExactly("--dry-run");
        assertThat(completed("ecs-steward", "completion", "z")).containsExactly("zsh");
        assertThat(completed("ecs-steward", "replay", "sampl")).as("files").contains("samples");
    }

    @Test
    void zshCompletesCommandsAndOptions() throws Exception {
        need("zsh");
        run("zsh", "-n", script.toString());

        assertThat(run("zsh", "-f", "-c", IN_ZSH, "zsh", script.toString())).contains("<<<dlq list --reason>>>");
    }
}
