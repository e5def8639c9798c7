package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.ecssteward.event.EventReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The samples and the README that lists them say the same, and every sample can be read. */
class SamplesReadmeTest {

    private static final Path SAMPLES = Path.of("samples");
    private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);
    private static final Pattern KEBAB_CASE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)+\\.(json|txt)");

    @Test
    void everySampleHasOneRowAndEveryRowASample() throws IOException {
        List<String> rows = ROW.matcher(Files.readString(SAMPLES.resolve("README.md")))
                .results()
                .map(row -> row.group(1))
                .toList();

        assertThat(rows).containsExactlyInAnyOrderElementsOf(samples());
    }

    @Test
    void samplesAreNamedAlike() throws IOException {
        assertThat(samples()).allMatch(KEBAB_CASE.asMatchPredicate());
    }

    @TestFactory
    Stream<DynamicTest> everySampleCanBeRead() throws IOException {
        EventReader reader = new EventReader();
        return samples().stream()
                .filter(name -> !name.startsWith("malformed-"))
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    String body = Files.readString(SAMPLES.resolve(name));
                    assertThatCode(() -> reader.open(body, "sqs-1").forEach(reader::read))
                            .doesNotThrowAnyException();
                }));
    }

    private static List<String> samples() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("README.md"))
                    .sorted()
                    .toList();
        }
    }
}
