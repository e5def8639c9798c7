package io.ecssteward.settings;

import io.ecssteward.problem.Suggestion;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the values of the settings, and collects the problems of their names and secrets. */
final class SettingsReader {

    /** Kubernetes sets these in every container if there is a Service called steward. */
    private static final Pattern BY_KUBERNETES = Pattern.compile("STEWARD_(SERVICE_(HOST|PORT)|PORT)(_.*)?");

    private static final String SECRET = ".secret";
    private static final String FILE = ".file";

    final List<String> problems = new ArrayList<>();
    final List<String> warnings = new ArrayList<>();

    /** The secrets from files or Secrets Manager, by the name of their setting. */
    final Map<String, Secret> secrets = new TreeMap<>();

    /** Whether a secret cannot be read. */
    boolean secretsMissing;

    private final SecretStore store;
    private final Clock clock;
    private final Map<String, String> names = names();
    private final Map<String, String> values = new TreeMap<>();

    /** The name as it was written, by the name of the property that it sets. */
    private final Map<String, String> written = new HashMap<>();

    SettingsReader(SecretStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** All names by which a setting can be set (property or environment variable), with the name of its property. */
    static Map<String, String> names() {
        List<String> properties = new ArrayList<>(Setting.formerNames().keySet());
        for (Setting<?> setting : Setting.all()) {
            properties.add(setting.name());
            if (setting.name().endsWith(SECRET)) {
                properties.add(setting.name() + FILE);
            }
        }
        Map<String, String> names = new HashMap<>();
        properties.forEach(name -> {
            names.put(name, name);
            names.put(Setting.variable(name), name);
        });
        return names;
    }

    /** The values by name, without secrets from files or Secrets Manager. */
    Map<String, String> read(Map<String, String> environment, Map<?, ?> properties) {
        Setting.all().forEach(setting -> values.put(setting.name(), setting.defaultValue()));
        environment.forEach((variable, value) -> {
            if (variable.startsWith("STEWARD_")
                    && !value.isBlank()
                    && !BY_KUBERNETES.matcher(variable).matches()) {
                set(variable, value);
            }
        });
        properties.forEach((name, value) -> {
            if (name.toString().startsWith(Settings.PREFIX)) {
                set(name.toString(), value.toString());
            }
        });
        Setting.formerNames().forEach(this::rename);
        names.values().stream()
                .filter(name -> name.endsWith(SECRET))
                .distinct()
                .sorted()
                .forEach(this::keep);
        return values;
    }

    private void set(String as, String value) {
        String name = names.get(as);
        if (name == null) {
            problems.add(notASetting(as));
        } else {
            values.put(name, value.strip());
            written.put(name, as);
        }
    }

    private void rename(String former, Setting<?> setting) {
        String used = written.get(former);
        if (used == null) {
            return;
        }
        String value = values.remove(former);
        String now = used + " is now called " + (used.equals(former) ? setting.name() : setting.variable());
        if (written.containsKey(setting.name())) {
            warnings.add(now + ", which is set too and is used; remove " + used);
        } else {
            values.put(setting.name(), value);
            warnings.add(now + "; " + used + " will be removed in the next version");
        }
    }

    /** Reads a secret from its file or from Secrets Manager, if the setting names one. */
    private void keep(String name) {
        String file = Objects.requireNonNullElse(values.remove(name + FILE), "");
        String variable = Setting.variable(name);
        String fileVariable = Setting.variable(name + FILE);
        String value = values.get(name);
        if (!file.isEmpty() && !value.isEmpty()) {
            problems.add(variable + " and " + fileVariable + " are both set; keep one of them");
            return;
        }
        try {
            if (!file.isEmpty()) {
                secrets.put(name, new FileSecret(variable, file, clock));
            } else if (SecretsManagerSecret.isReference(value)) {
                values.put(name, "");
                if (store != SecretStore.NONE) {
                    secrets.put(name, new SecretsManagerSecret(variable, value, store, clock));
                }
            }
        } catch (IllegalArgumentException e) {
            secretsMissing = true;
            problems.add(
                    file.isEmpty()
                            ? variable + " names a secret that cannot be read: " + e.getMessage()
                            : fileVariable + " names a file that " + e.getMessage()
                                    + "; set the path of a file that holds the secret");
        }
    }

    /** The problem of a name that is not a setting. */
    static String notASetting(String written) {
        List<String> names = Setting.all().stream()
                .map(setting -> written.startsWith(Settings.PREFIX) ? setting.name() : setting.variable())
                .toList();
        return written + " is not a setting"
                + Suggestion.to(written, names)
                        .map(name -> "; did you mean " + name + "?")
                        .orElse("; remove it, or look it up in docs/settings.md");
    }
}
