package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator reads is plain English: phrases that were once rewritten do not come back. */
class PlainWordsTest {

    /** Phrases that a native speaker stumbles over. */
    private static final Pattern STUMBLING = Pattern.compile("(?i)\\b((is|are|was|were|be) told|for who|of before|"
            + "stands (in|for)|dropped by name|work(s|ed)? off|dealt with|hears? of|nobody's business|"
            + "looked after|broken off|anew|whoever|coming and going|at work|the steward|"
            + "begins no|takes? (it|one|this|them) out|an? (\\w+ )?of yours|must not be told|goes on holding|"
            + "fresh deployment|became of|came of it|of peace|(is|are) no news|looks? again|one look|tells of|is so no longer|"
            + "is no (YAML|base64|reason|endpoint))\\b");

    /** Words in a string of Java code; comments are for those who change it. */
    private static final Pattern STRING = Pattern.compile("^(?!\\s*(\\*|//|/\\*)).*?\"(.*)\"");

    @ParameterizedTest
    @ValueSource(strings = {".", "docs", "terraform", "ops", "samples", "src/main/resources", "src/main/java"})
    void everySentenceReadsWellAloud(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder), folder.equals(".") ? 1 : 10)) {
            assertThat(files.filter(PlainWordsTest::isRead)
                            .flatMap(PlainWordsTest::stumbles)
                            .collect(Collectors.joining("\n")))
                    .as("say it shorter, with the subject first, in the words of AWS, Slack and Camel")
                    .isEmpty();
        }
    }

    private static boolean isRead(Path file) {
        return file.toString().matches(".*\\.(md|yaml|tf|java)|.*/(stopped-tasks|grafana-dashboard)\\.json")
                && !file.startsWith("docs/decisions")
                && !file.toString().contains(".terraform");
    }

    private static Stream<String> stumbles(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
                .map(i -> file + ":" + (i + 1) + ": " + found(file, lines.get(i)))
                .filter(found -> !found.endsWith(": "));
    }

    private static String found(Path file, String line) {
        Matcher string = STRING.matcher(line);
        String read = !file.toString().endsWith(".java") ? line : string.find() ? string.group(2) : "";
        Matcher stumbling = STUMBLING.matcher(read);
        return stumbling.find() ? stumbling.group() : "";
    }
}
