package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.settings.Setting;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/settings.md has every setting as it is declared. */
class SettingsDocTest {

    private static final Path SETTINGS = Path.of("docs/settings.md");

    /** {@code -Dsettings.update=true} writes the table of docs/settings.md anew. */
    @Test
    void theTableOfSettingsIsTheSettings() throws IOException {
        String document = Files.readString(SETTINGS);
        List<String> rows =
                Settings.declared().stream().map(SettingsDocTest::row).toList();
        if (Boolean.getBoolean("settings.update")) {
            String begin = document.substring(0, document.indexOf("| environment variable |"));
            String head = "| environment variable | value | default | description |\n| --- | --- | --- | --- |\n";
            Files.writeString(SETTINGS, begin + head + String.join("\n", rows) + "\n");
            document = Files.readString(SETTINGS);
        }
        assertThat(document.lines().filter(line -> line.startsWith("| `STEWARD_")))
                .containsExactlyElementsOf(rows);
    }

    private static String row(Setting<?> setting) {
        String value = setting.defaultValue();
        // The options of an endpoint are for nobody to read.
        String shown = value.contains("{{") ? value.replaceFirst("([?&]).*", "$1...") : value;
        return "| `" + setting.variable() + "` | " + setting.values() + " | "
                + (shown.isEmpty() ? "" : "`" + shown + "`") + " | " + setting.description() + " |";
    }
}
