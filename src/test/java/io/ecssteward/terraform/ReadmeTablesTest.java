package io.ecssteward.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The tables of terraform/README.md are what stands in the module's files. Run with
 * {@code -Dterraform.readme.update=true} to write them anew.
 */
class ReadmeTablesTest {

    private static final Path README = Module.FOLDER.resolve("README.md");
    private static final String BEGIN = "<!-- BEGIN_TF_DOCS -->\n";
    private static final String END = "<!-- END_TF_DOCS -->";

    @Test
    void theTablesAreWhatTheFilesSay() throws IOException {
        String readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        assertThat(begin).isBetween(BEGIN.length(), end);
        if (Boolean.getBoolean("terraform.readme.update")) {
            Files.writeString(README, readme.substring(0, begin) + tables() + readme.substring(end));
        } else {
            assertThat(readme.substring(begin, end)).isEqualTo(tables());
        }
    }

    @Test
    void everyVariableAndOutputSaysWhatItIs() {
        for (String kind : List.of("variable", "output")) {
            assertThat(Module.blocks(kind)).hasSizeGreaterThan(20).allSatisfy(block -> {
                assertThat(block.text("description"))
                        .as(block.name())
                        .isNotBlank()
                        .doesNotEndWith(".");
                assertThat(block.arguments()).as(block.name()).containsKey(kind.equals("output") ? "value" : "type");
            });
        }
    }

    /** What an operator of the handler that this replaces could turn: each has its counterpart, and that one exists. */
    @Test
    void theCounterpartsExist() throws IOException {
        Matcher rows = Pattern.compile("(?m)^\\| `(\\w+)` \\| (.*) \\|$")
                .matcher(section(Files.readString(README), "Coming from the Fargate Spot handler"));
        List<String> variables =
                Module.blocks("variable").stream().map(Module.Block::name).toList();
        List<String> outputs =
                Module.blocks("output").stream().map(Module.Block::name).toList();
        int found = 0;
        while (rows.find()) {
            found++;
            Matcher counterparts = Pattern.compile("`([a-z_]+)`").matcher(rows.group(2));
            while (counterparts.find()) {
                assertThat(Stream.concat(variables.stream(), outputs.stream()))
                        .as(rows.group(1))
                        .contains(counterparts.group(1));
            }
        }
        assertThat(found).as("ten inputs and sixteen outputs").isEqualTo(26);
    }

    @Test
    void whatItLinksToIsThere() throws IOException {
        Matcher links = Pattern.compile("\\]\\((?!https?:)([^)#]+)\\)").matcher(Files.readString(README));
        while (links.find()) {
            assertThat(Module.FOLDER.resolve(links.group(1))).exists();
        }
    }

    private static String section(String readme, String title) {
        int begin = readme.indexOf("## " + title);
        assertThat(begin).isPositive();
        int end = readme.indexOf("\n## ", begin);
        return readme.substring(begin, end < 0 ? readme.length() : end);
    }

    private static String tables() {
        String versions = Module.read("versions.tf");
        return table(
                        "Requirements",
                        "Name | Version",
                        List.of(
                                "terraform | " + first(versions, "required_version = \"(.*)\""),
                                "aws | " + first(versions, "version = \"(.*)\"\n    \\}")))
                + table(
                        "Resources",
                        "Name | Type",
                        Stream.of("resource", "data")
                                .flatMap(kind -> Module.blocks(kind).stream()
                                        .map(b -> "%s | %s"
                                                .formatted(b.name(), kind.equals("data") ? "data source" : kind)))
                                .sorted()
                                .toList())
                + table(
                        "Inputs",
                        "Name | Description | Type | Default | Required",
                        rows(
                                "variable",
                                v -> "`%s` | %s | `%s` | %s | %s"
                                        .formatted(
                                                v.name(),
                                                v.text("description"),
                                                v.arguments().get("type"),
                                                v.arguments().containsKey("default")
                                                        ? "`" + v.arguments().get("default") + "`"
                                                        : "n/a",
                                                v.arguments().containsKey("default") ? "no" : "yes")))
                + table(
                        "Outputs",
                        "Name | Description",
                        rows("output", o -> "`%s` | %s".formatted(o.name(), o.text("description"))));
    }

    private static List<String> rows(String kind, Function<Module.Block, String> row) {
        return Module.blocks(kind).stream()
                .sorted(Comparator.comparing(Module.Block::name))
                .map(row)
                .toList();
    }

    private static String table(String title, String head, List<String> rows) {
        return "### " + title + "\n\n| " + head + " |\n|" + " --- |".repeat(head.split("\\|").length) + "\n"
                + rows.stream().map(r -> "| " + r + " |\n").collect(Collectors.joining()) + "\n";
    }

    private static String first(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }
}
