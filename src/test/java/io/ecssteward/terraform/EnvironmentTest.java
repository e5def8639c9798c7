package io.ecssteward.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.settings.Setting;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every environment variable that the module, its examples, tests and README name is a setting: the steward starts with
 * no other.
 */
class EnvironmentTest {

    private static Set<String> settings() {
        return Settings.declared().stream().map(Setting::variable).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> named(Path file) {
        try {
            Set<String> names = new TreeSet<>();
            Matcher found = Pattern.compile("\\bSTEWARD_[A-Z_]*[A-Z]\\b(?!\\*)").matcher(Files.readString(file));
            while (found.find()) {
                names.add(found.group());
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyVariableIsASetting() throws IOException {
        Set<String> settings = settings();
        try (Stream<Path> files = Files.walk(Module.FOLDER)) {
            for (Path file : files.filter(f -> f.toString().matches(".*\\.(tf|hcl|md)|.*/(test|e2e)"))
                    .toList()) {
                assertThat(settings).as(file.toString()).containsAll(named(file));
            }
        }
    }

    @Test
    void theServiceSetsSome() {
        assertThat(named(Module.FOLDER.resolve("service.tf"))).hasSizeGreaterThan(12);
        assertThat(named(Module.FOLDER.resolve("execution.tf"))).hasSize(4);
    }
}
