package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.check.SettingsCheck;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the documents tell people to set can be set, and what they link to is there. */
class DocsTest {

    private static final Pattern PROPERTIES =
            Pattern.compile("^```properties\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
            docs.filter(f -> f.toString().endsWith(".md")).forEach(documents::add);
        }
        for (String top : List.of(
                "README.md",
                "SECURITY.md",
                "CHANGELOG.md",
                "terraform/README.md",
                "samples/README.md",
                "bench/README.md")) {
            documents.add(Path.of(top));
        }
        return documents;
    }

    @TestFactory
    Stream<DynamicTest> eachBlockOfSettingsIsRight() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path document : documents()) {
            Matcher block = PROPERTIES.matcher(Files.readString(document));
            while (block.find()) {
                Properties settings = new Properties();
                settings.load(new StringReader(block.group(1)));
                Map<String, String> environment = settings.stringPropertyNames().stream()
                        .collect(Collectors.toMap(name -> name, settings::getProperty));
                tests.add(DynamicTest.dynamicTest(
                        document + " " + block.group(1).lines().findFirst().orElse(""),
                        () -> assertThat(SettingsCheck.problems(Settings.of(environment, Map.of()), false))
                                .isEmpty()));
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> eachLinkLeadsSomewhere() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path document : documents()) {
            String text = Files.readString(document);
            Matcher link = LINK.matcher(text);
            while (link.find()) {
                String target = link.group(1);
                if (!target.matches("https?://.*")) {
                    tests.add(DynamicTest.dynamicTest(document + " " + target, () -> follow(document, target)));
                }
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    private static void follow(Path document, String target) throws IOException {
        int hash = target.indexOf('#');
        String file = hash < 0 ? target : target.substring(0, hash);
        Path there = file.isEmpty() ? document : document.resolveSibling(file).normalize();
        assertThat(there).exists();
        if (hash >= 0) {
            assertThat(Files.readString(there)
                            .lines()
                            .filter(line -> line.startsWith("#"))
                            .map(DocsTest::anchor))
                    .contains(target.substring(hash + 1));
        }
    }

    /** How GitHub makes an anchor of a heading. */
    private static String anchor(String heading) {
        return heading.replaceFirst("^#+ ", "")
                .toLowerCase(java.util.Locale.ROOT)
                .replaceAll("[^\\w\\- ]", "")
                .replace(' ', '-');
    }
}
