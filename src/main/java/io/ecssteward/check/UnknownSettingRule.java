package io.ecssteward.check;

import io.ecssteward.problem.Suggestion;
import io.ecssteward.settings.Setting;
import io.ecssteward.settings.Settings;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reports a placeholder without a default value that names an unknown setting, or one by its former name. */
record UnknownSettingRule(RouteContext context) implements RouteRule {

    @Override
    public void text(Position place, ScalarNode text) {
        Set<String> settings = context.settings().placeholders().keySet();
        Matcher placeholder = RouteContext.placeholders(text.getValue());
        while (placeholder.find()) {
            String name = placeholder.group(1);
            Optional<Setting<?>> renamed = Settings.renamed(name);
            if (renamed.isPresent()) {
                context.warning(
                        place,
                        text,
                        placeholder.start(1),
                        "the setting '" + name + "' is now called '" + renamed.get()
                                + "'; the next version will not accept the old name");
            } else if (placeholder.group(2) == null && !settings.contains(name)) {
                context.problem(
                        place,
                        text,
                        placeholder.start(1),
                        "there is no setting '" + name + "'"
                                + Suggestion.to(name, settings)
                                        .map(near -> "; did you mean '" + near + "'?")
                                        .orElse("; docs/settings.md lists them all"));
            }
        }
    }
}
