package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the packages to their one direction, and files and lines to a size that can be read. */
class ArchitectureTest {

    private static final String ROOT = "io.ecssteward.";

    /** Each row may use the rows before it, and neither its own nor a later one. docs/architecture.md explains them. */
    private static final List<Set<String>> ROWS = List.of(
            Set.of("limits", "time"),
            Set.of("alert", "failure", "problem"),
            Set.of("event"),
            Set.of("outcome", "pattern", "stub"),
            Set.of("claim", "log", "trace", "webhook"),
            Set.of("incident"),
            Set.of("alerting", "slack"),
            Set.of("ecs", "dispatch", "socket"),
            Set.of("details", "host"),
            Set.of("sqs", "interactivity"),
            Set.of("dlq", "metrics", "settings"),
            Set.of("check"),
            Set.of("runtime"),
            Set.of("replay"),
            Set.of("simulation"),
            Set.of("cli"));

    private static final int MAX_LINES = 300;
    private static final int MAX_CHARACTERS = 120;

    /** A class that is longer says in its Javadoc why it is one idea all the same. */
    private static final String REASON = "Long because";

    @Test
    void packagesDependInOneDirection() {
        Map<String, Integer> rows = new HashMap<>();
        for (int row = 0; row < ROWS.size(); row++) {
            for (String name : ROWS.get(row)) {
                rows.put(name, row);
            }
        }
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.ecssteward");
        Set<String> packages = new TreeSet<>();
        classes.forEach(type -> packages.add(packageOf(type)));
        assertThat(packages)
                .as("the packages; add a new one to its row here and in docs/architecture.md")
                .isEqualTo(new TreeSet<>(rows.keySet()));
        Set<String> wrong = classes.stream()
                .flatMap(from -> from.getDirectDependenciesFromSelf().stream())
                .filter(d -> d.getTargetClass().getPackageName().startsWith(ROOT))
                .filter(d -> !packageOf(d.getOriginClass()).equals(packageOf(d.getTargetClass())))
                .filter(d -> rows.get(packageOf(d.getOriginClass())) <= rows.get(packageOf(d.getTargetClass())))
                .map(d -> d.getOriginClass().getName() + " uses "
                        + d.getTargetClass().getName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(wrong).as("dependencies against the direction").isEmpty();
    }

    private static String packageOf(JavaClass type) {
        String name = type.getPackageName() + ".";
        String rest = name.substring(Math.min(name.length(), ROOT.length()));
        return rest.isEmpty() ? "" : rest.substring(0, rest.indexOf('.'));
    }

    @Test
    void noClassOfTheProductIsLongWithoutAReason() throws IOException {
        Set<String> tooLong = new TreeSet<>();
        for (Path file : sources("src/main/java")) {
            List<String> lines = Files.readAllLines(file);
            if (lines.size() > MAX_LINES && lines.stream().noneMatch(line -> line.contains(REASON))) {
                tooLong.add(file + ": " + lines.size() + " lines");
            }
        }
        assertThat(tooLong)
                .as(
                        "classes over %d lines; split them, or give the reason in the Javadoc: \"%s ...\"",
                        MAX_LINES, REASON)
                .isEmpty();
    }

    @Test
    void noLineIsLong() throws IOException {
        Set<String> tooLong = new TreeSet<>();
        for (Path file : sources("src/main/java")) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                // An address cannot be broken into two lines.
                if (lines.get(i).length() > MAX_CHARACTERS && !lines.get(i).contains("://")) {
                    tooLong.add(file + ":" + (i + 1));
                }
            }
        }
        assertThat(tooLong).as("lines over %d characters", MAX_CHARACTERS).isEmpty();
    }

    private static List<Path> sources(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(f -> f.toString().endsWith(".java")).toList();
        }
    }
}
