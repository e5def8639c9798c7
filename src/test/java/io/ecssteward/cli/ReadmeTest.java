package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The README tells the truth. Its commands are run by {@code .ci/run}. */
class ReadmeTest {

    private String readme;

    @BeforeEach
    void read() throws IOException {
        readme = Files.readString(Path.of("README.md"));
    }

    @Test
    void theTableOfSettingsIsTheSettings() {
        Map<String, String> table = new TreeMap<>();
        Matcher rows = Pattern.compile("^\\| `(STEWARD_\\w+)` \\| `?([^|`]*?)`? \\|", Pattern.MULTILINE).matcher(readme);
        while (rows.find()) {
            table.put(rows.group(1), rows.group(2));
        }
        Map<String, String> settings = new TreeMap<>();
        Settings.of(Map.of(), Map.of()).all().forEach((name, value) -> settings.put(
                Settings.variable(name), value.contains("{{") ? value.replaceFirst("([?&]).*", "$1...") : value));
        assertThat(table).isEqualTo(settings);
    }

    /** OwnRoutesTest shows that the file does what it should. */
    @Test
    void theRouteThatItShowsIsThatOfTheCookbook() throws IOException {
        assertThat(Files.readString(Path.of("docs/cookbook/order-import/order-import.camel.yaml")).lines().skip(1))
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
        Matcher block = Pattern.compile("```" + kind + "\n(.*?)```", Pattern.DOTALL).matcher(readme);
        assertThat(block.find()).isTrue();
        return block.group(1);
    }
}
