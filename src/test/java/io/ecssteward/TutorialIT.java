package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ecssteward.testing.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tutorial, word for word, in an empty folder with only the packaged jar: its blocks of {@code sh} are one script,
 * and what each block of {@code text} shows is in the output of the commands before it.
 */
class TutorialIT {

    private static final Pattern BLOCK =
            Pattern.compile("^```(sh|text)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final String MARK = "-- end of step ";

    @TempDir
    private Path folder;

    private record Step(String commands, List<String> shown) {}

    private static List<Step> steps() throws IOException {
        List<Step> steps = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(Path.of("docs/tutorial.md")));
        while (block.find()) {
            if (block.group(1).equals("sh")) {
                steps.add(new Step(block.group(2), new ArrayList<>()));
            } else {
                block.group(2)
                        .lines()
                        .map(String::strip)
                        .forEach(steps.get(steps.size() - 1).shown()::add);
            }
        }
        return steps;
    }

    @Test
    void canBeFollowedWordForWord() throws Exception {
        assumeThat(Path.of("/bin/sh")).exists();
        Files.copy(Path.of("target/ecs-steward.jar"), folder.resolve("ecs-steward.jar"));
        List<Step> steps = steps();
        assertThat(steps).hasSizeGreaterThan(6);
        StringBuilder script = new StringBuilder("set -e\n");
        for (int i = 0; i < steps.size(); i++) {
            script.append(steps.get(i).commands())
                    .append("echo '")
                    .append(MARK)
                    .append(i)
                    .append("'\n");
        }
        Path output = folder.resolveSibling(folder.getFileName() + ".out");
        ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-c", script.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        shell.environment().keySet().removeIf(name -> name.startsWith("STEWARD_") || name.startsWith("AWS_"));
        shell.environment().put("JAVA_TOOL_OPTIONS", String.join(" ", Jvm.FLAGS));
        shell.environment().put("PATH", Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH"));
        Process process = shell.start();
        try {
            assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
            String said = Files.readString(output);
            assertThat(process.exitValue()).as(said).isZero();
            for (int i = 0; i < steps.size(); i++) {
                int begin = i == 0 ? 0 : said.indexOf(MARK + (i - 1));
                assertThat(said.substring(begin, said.indexOf(MARK + i)))
                        .contains(steps.get(i).shown());
            }
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }
}
