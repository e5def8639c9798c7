package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every recipe does what it says: its samples lead to what stands beside them. {@code -Dcookbook.update=true} writes
 * that anew.
 */
class CookbookTest {

    private static final Path COOKBOOK = Path.of("docs/cookbook");

    private static List<Path> recipes() throws IOException {
        try (Stream<Path> folders = Files.list(COOKBOOK)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> eachRecipeDoesWhatItSays() throws IOException {
        return recipes().stream()
                .map(recipe -> DynamicTest.dynamicTest(recipe.getFileName().toString(), () -> {
                    CommandRun.Result result = Boolean.getBoolean("cookbook.update")
                            ? CommandRun.run("test", "--update", recipe.toString())
                            : CommandRun.run("test", recipe.toString());
                    assertThat(result.code()).as(result.out() + result.err()).isZero();
                }));
    }

    @Test
    void eachRecipeIsListed() throws IOException {
        String list = Files.readString(COOKBOOK.resolve("README.md"));
        assertThat(recipes()).hasSizeGreaterThanOrEqualTo(10).allSatisfy(recipe -> {
            try (Stream<Path> files = Files.list(recipe)) {
                Path yaml = files.filter(f -> f.toString().endsWith(".camel.yaml"))
                        .findFirst()
                        .orElseThrow();
                assertThat(list).contains("(" + COOKBOOK.relativize(yaml) + ")");
            }
        });
    }
}
