package io.ecssteward.replay;

import io.ecssteward.settings.SecretStore;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings of an operator's tests: those in the folder; the environment is ignored. */
public final class TestSettings {

    private static final String FILE = "test.properties";

    private TestSettings() {}

    /**
     * Reads them.
     *
     * @param problems collects the problems of the settings
     */
    public static Settings in(Path folder, List<String> problems) throws IOException {
        Map<String, String> environment = new HashMap<>();
        Map<String, String> properties = new HashMap<>();
        Path file = folder.resolve(FILE);
        if (Files.isRegularFile(file)) {
            Properties read = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                read.load(reader);
            } catch (IllegalArgumentException | IOException e) {
                problems.add(file + " cannot be read: " + e.getMessage());
            }
            read.stringPropertyNames().stream().sorted().forEach(name -> {
                if (name.startsWith("STEWARD_")) {
                    environment.put(name, read.getProperty(name));
                } else if (name.startsWith(Settings.PREFIX)) {
                    properties.put(name, read.getProperty(name));
                } else {
                    problems.add(file + ": " + name
                            + " is not a setting; write STEWARD_SLACK_CHANNEL or steward.slack.channel");
                }
            });
        }
        Settings settings = Settings.of(environment, properties);
        boolean said =
                environment.containsKey(Settings.ROUTES.variable()) || properties.containsKey(Settings.ROUTES.name());
        return settings.with(Settings.ROUTES, said ? inFolder(folder, settings.get(Settings.ROUTES)) : routes(folder));
    }

    /**
     * The routes in the folder, in addition to the built-in ones; if there are none, those that {@code run} would use.
     */
    private static String routes(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            if (files.anyMatch(f -> f.toString().endsWith(".camel.yaml"))) {
                return inFolder(folder, Settings.BUILT_IN_ROUTES + ",file:*.camel.yaml");
            }
        }
        return Settings.load(SecretStore.NONE).get(Settings.ROUTES);
    }

    /** Resolves the locations of route files relative to the folder. */
    private static String inFolder(Path folder, String routes) {
        return Stream.of(routes.split(","))
                .map(String::strip)
                .map(place ->
                        place.startsWith("file:") ? "file:" + folder.resolve(place.substring("file:".length())) : place)
                .collect(Collectors.joining(","));
    }
}
