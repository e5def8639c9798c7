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
import org.junit.jupiter.api.io.TempDir;

/** The README tells the truth. Its commands are run by {@code .ci/run}. */
class ReadmeTest {

    private String readme;

    @TempDir
    private Path folder;

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

    @Test
    void theAlertThatItShowsWorksAsItStands() throws IOException {
        String example = block("yaml");
        for (String file : RouteFiles.list("classpath:routes/*.camel.yaml")) {
            String name = file.substring(file.lastIndexOf('/') + 1);
            Files.copy(Path.of("src/main/resources/routes", name), folder.resolve(name));
        }
        Path intake = folder.resolve("intake.camel.yaml");
        Files.writeString(intake, Files.readString(intake).replaceFirst("            when:\n", Matcher.quoteReplacement("            when:\n" + example)));
        try (RunningSteward steward = RunningSteward.create().with("steward.routes", "file:" + folder + "/*.camel.yaml").start()) {
            steward.sendSample("custom-event");
            steward.awaitDone();
            assertThat(steward.slack.posts()).singleElement().satisfies(post -> assertThat(post.body().toString())
                    .contains("The import of orders-2026-11-17.csv failed")
                    .contains("unknown currency")
                    .contains("https://wiki.example.com/imports?file=orders-2026-11-17.csv&amp;tab=retry|Runbook"));
        }
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
