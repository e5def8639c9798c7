package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.settings.Setting;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    private static final Path SETTINGS = Path.of("docs/settings.md");

    private static Set<String> rows(String text) {
        return text.lines()
                .filter(line -> line.startsWith("| `STEWARD_"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** {@code -Dsettings.update=true} writes the table of docs/settings.md anew. */
    @Test
    void theTableOfSettingsIsTheSettings() throws IOException {
        String document = Files.readString(SETTINGS);
        List<String> rows = Settings.declared().stream().map(ReadmeTest::row).toList();
        if (Boolean.getBoolean("settings.update")) {
            String begin = document.substring(0, document.indexOf("| environment variable |"));
            String head = "| environment variable | value | default | description |\n| --- | --- | --- | --- |\n";
            Files.writeString(SETTINGS, begin + head + String.join("\n", rows) + "\n");
            document = Files.readString(SETTINGS);
        }
        assertThat(document.lines().filter(line -> line.startsWith("| `STEWARD_")))
                .containsExactlyElementsOf(rows);
        assertThat(rows(document)).containsAll(rows(readme));
    }

    private static String row(Setting<?> setting) {
        String value = setting.defaultValue();
        // The options of an endpoint are for nobody to read.
        String shown = value.contains("{{") ? value.replaceFirst("([?&]).*", "$1...") : value;
        return "| `" + setting.variable() + "` | " + setting.values() + " | "
                + (shown.isEmpty() ? "" : "`" + shown + "`") + " | " + setting.description() + " |";
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
