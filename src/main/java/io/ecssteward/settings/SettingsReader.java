package io.ecssteward.settings;

import io.ecssteward.problem.Suggestion;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the values of the settings, and notes what is wrong with their names and secrets. */
final class SettingsReader {

    /** Kubernetes sets these in every container beside a Service called steward. */
    private static final Pattern BY_KUBERNETES = Pattern.compile("STEWARD_(SERVICE_(HOST|PORT)|PORT)(_.*)?");

    private static final String SECRET = ".secret";
    private static final String FILE = ".file";

    private final SecretStore store;
    private final Clock clock;
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, Secret> secrets = new TreeMap<>();
    private boolean secretsMissing;

    SettingsReader(SecretStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    List<String> problems() {
        return problems;
    }

    List<String> warnings() {
        return warnings;
    }

    /** Those that are kept elsewhere, by the name of their setting. */
    Map<String, Secret> secrets() {
        return secrets;
    }

    boolean secretsMissing() {
        return secretsMissing;
    }

    /** What can be set, as a property or an environment variable, with the name of its property. */
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

    /** The values by name, without the secrets that are kept elsewhere. */
    Map<String, String> read(Map<String, String> environment, Map<?, ?> properties) {
        Map<String, String> values = new TreeMap<>();
        Setting.all().forEach(setting -> values.put(setting.name(), setting.defaultValue()));
        Map<String, String> names = names();
        Map<String, String> written = new HashMap<>();
        Map<String, String> set = new HashMap<>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith("STEWARD_")
                    && !value.isBlank()
                    && !BY_KUBERNETES.matcher(variable).matches()) {
                set(variable, value, names, set, written);
            }
        });
        properties.forEach((name, value) -> {
            if (name.toString().startsWith(Settings.PREFIX)) {
                set(name.toString(), value.toString(), names, set, written);
            }
        });
        Setting.formerNames().forEach((former, setting) -> rename(former, setting, set, written));
        set.forEach((name, value) -> {
            if (!name.endsWith(FILE)) {
                values.put(name, value);
            }
        });
        values.keySet().stream()
                .filter(name -> name.endsWith(SECRET))
                .forEach(name -> keep(name, set.getOrDefault(name + FILE, ""), values));
        return values;
    }

    private void set(
            String written, String value, Map<String, String> names, Map<String, String> set, Map<String, String> as) {
        String name = names.get(written);
        if (name == null) {
            problems.add(notASetting(written));
        } else {
            set.put(name, value.strip());
            as.put(name, written);
        }
    }

    private void rename(String former, Setting<?> setting, Map<String, String> set, Map<String, String> written) {
        String value = set.remove(former);
        if (value == null) {
            return;
        }
        String used = written.get(former);
        String name = used.equals(former) ? setting.name() : setting.variable();
        boolean both = set.putIfAbsent(setting.name(), value) != null;
        warnings.add(used + " is now called " + name
                + (both
                        ? ", which is set too and is used; remove " + used
                        : "; the next version will not know " + used));
    }

    /** Has a secret read from where it is kept, if that is elsewhere. */
    private void keep(String name, String file, Map<String, String> values) {
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
                        .orElse("; remove it, or look its name up in docs/settings.md");
    }
}
