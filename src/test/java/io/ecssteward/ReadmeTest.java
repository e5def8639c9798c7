package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The README tells the truth. Its commands are run by {@code .ci/run}. */
class ReadmeTest {

    private String readme;

    @BeforeEach
    void read() throws IOException {
        readme = Files.readString(Path.of("README.md"));
    }

    private static Set<String> rows(String text) {
        return text.lines()
                .filter(line -> line.startsWith("| `STEWARD_"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void itsSettingsAreRowsOfTheirPage() throws IOException {
        assertThat(rows(Files.readString(Path.of("docs/settings.md")))).containsAll(rows(readme));
    }

    /** OwnRoutesTest shows that the file does what it should. */
    @Test
    void theRouteThatItShowsIsThatOfTheCookbook() throws IOException {
        assertThat(Files.readString(Path.of("docs/cookbook/order-import/order-import.camel.yaml"))
                        .lines()
                        .skip(1))
                .containsExactlyElementsOf(block("yaml").lines().toList());
    }

    @Test
    void everythingItLinksToIsThere() {
        Matcher links = Pattern.compile("\\]\\((?!https?:)([^)#]+)\\)").matcher(readme);
        while (links.find()) {
            assertThat(Path.of(links.group(1))).exists();
        }
    }

    private String block(String kind) {
        Matcher block =
                Pattern.compile("```" + kind + "\n(.*?)```", Pattern.DOTALL).matcher(readme);
        assertThat(block.find()).isTrue();
        return block.group(1);
    }
}
