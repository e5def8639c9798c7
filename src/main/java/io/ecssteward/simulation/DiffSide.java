package io.ecssteward.simulation;

import io.ecssteward.check.RouteFiles;
import io.ecssteward.check.SettingsCheck;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A configuration from the command line: the settings of the environment, overridden by those in a folder or a file.
 *
 * @param settings for a replay session
 * @param problems all problems of the configuration; empty if there are none
 */
public record DiffSide(Settings settings, List<String> problems) {

    /** The word for the routes in the jar. */
    static final String BUILT_IN = "built-in";

    private static final String ROUTE_FILES = "*.camel.yaml";

    private static final String SETTINGS_FILE = "steward.properties";

    /**
     * Reads a configuration.
     *
     * @param written {@value #BUILT_IN}; a folder of routes, which are added to the built-in ones or replace those of
     *     the same file name, with or without a {@code steward.properties}; or a file of settings, by their names as
     *     properties or as environment variables
     * @param environment names like {@code STEWARD_SLACK_CHANNEL}
     * @param properties names like {@code steward.slack.channel}
     */
    public static DiffSide of(String written, Map<String, String> environment, Map<?, ?> properties) {
        Map<String, String> over = new HashMap<>();
        properties.forEach((name, value) -> over.put(name.toString(), value.toString()));
        List<String> problems = new ArrayList<>();
        if (written.equals(BUILT_IN)) {
            over.put(Settings.ROUTES.name(), Settings.BUILT_IN_ROUTES);
        } else if (Files.isDirectory(Path.of(written))) {
            folder(Path.of(written), over, problems);
        } else if (Files.isReadable(Path.of(written))) {
            file(Path.of(written), over, problems);
        } else {
            problems.add(
                    "no configuration " + written + "; name a folder of routes, a file of settings, or " + BUILT_IN);
        }
        if (!problems.isEmpty()) {
            return new DiffSide(null, problems);
        }
        Settings settings = ReplaySession.settings(Settings.of(environment, over), false);
        SettingsCheck.problems(settings, false).forEach(p -> problems.add(written + ": " + p));
        return new DiffSide(settings, problems);
    }

    private static void folder(Path folder, Map<String, String> over, List<String> problems) {
        Path file = folder.resolve(SETTINGS_FILE);
        String routes = "file:" + folder + "/" + ROUTE_FILES;
        boolean some = !RouteFiles.list(routes).isEmpty();
        if (some) {
            over.put(Settings.ROUTES.name(), Settings.BUILT_IN_ROUTES + "," + routes);
        }
        if (Files.isReadable(file)) {
            file(file, over, problems);
        } else if (!some) {
            problems.add("no " + ROUTE_FILES + " and no " + SETTINGS_FILE + " in " + folder
                    + "; name a folder with routes in it");
        }
    }

    private static void file(Path file, Map<String, String> over, List<String> problems) {
        Properties read = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            read.load(in);
        } catch (IOException | IllegalArgumentException e) {
            problems.add(file + " cannot be read: " + e.getMessage());
            return;
        }
        for (String name : read.stringPropertyNames()) {
            String property = Settings.property(name);
            if (property.startsWith(Settings.PREFIX)) {
                over.put(property, read.getProperty(name));
            } else {
                problems.add(file + ": " + Settings.notASetting(name));
            }
        }
    }
}
