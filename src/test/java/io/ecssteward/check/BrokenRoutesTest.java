package io.ecssteward.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.problem.Problem;
import io.ecssteward.runtime.RouteBuild;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each file in {@code broken-routes/}, beside the built-in routes: what {@code check} says about it, line by line, is
 * what the file with the same name and {@code .txt} has. Run with {@code -Dbroken.update=true} to write those files
 * anew, and read the difference before you commit it.
 */
class BrokenRoutesTest {

    private static final Path CASES = Path.of("src/test/resources/broken-routes");

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> isSaidInPlainWords() throws IOException {
        return cases(".camel.yaml")
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    String said = said(file);
                    Path expected = Path.of(file.toString().replace(".camel.yaml", ".txt"));
                    if (Boolean.getBoolean("broken.update")) {
                        Files.writeString(expected, said);
                    }
                    assertThat(expected)
                            .as("what is wrong with %s; write it with -Dbroken.update=true", file)
                            .exists();
                    assertThat(said).isNotEmpty().isEqualTo(Files.readString(expected));
                }));
    }

    @Test
    void thereAreNoExpectationsWithoutACase() throws IOException {
        assertThat(cases(".txt").map(f -> f.toString().replace(".txt", ".camel.yaml")))
                .containsExactlyElementsOf(
                        cases(".camel.yaml").map(Path::toString).toList());
    }

    private static Stream<Path> cases(String ending) throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            return files.filter(f -> f.toString().endsWith(ending)).sorted().toList().stream();
        }
    }

    private String said(Path file) throws IOException {
        Path routes = Files.createTempDirectory(folder, "routes");
        for (String builtIn : RouteFiles.list("classpath:routes/*.camel.yaml")) {
            Path from = Path.of("src/main/resources", builtIn.substring("classpath:".length()));
            Files.copy(from, routes.resolve(from.getFileName()));
        }
        // The last in the alphabet, so that what is there twice is said about the case.
        Files.copy(file, routes.resolve("z-" + file.getFileName()));
        RouteCheck check = RouteBuild.check(Settings.of(
                Map.of(),
                Map.of(
                        Settings.ROUTES.name(),
                        "file:" + routes + "/*.camel.yaml",
                        Settings.WEBHOOK.name(),
                        "https://hooks.slack.com/services/T000/B000/XXXX",
                        "steward.urgent.from",
                        "direct:mine")));
        StringBuilder said = new StringBuilder();
        for (Problem problem : check.problems()) {
            said.append(problem).append('\n');
        }
        for (Problem warning : check.warnings()) {
            said.append("warning: ").append(warning).append('\n');
        }
        return said.toString().replace(routes + "/z-", "").replace(routes + "/", "");
    }
}
