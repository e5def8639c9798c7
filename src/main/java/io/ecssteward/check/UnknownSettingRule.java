package io.ecssteward.check;

import io.ecssteward.problem.Suggestion;
import java.util.Set;
import java.util.regex.Matcher;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A placeholder that names no setting and has no default value. */
record UnknownSettingRule(RouteContext context) implements RouteRule {

    @Override
    public void text(Place place, ScalarNode text) {
        Set<String> settings = context.settings().all().keySet();
        Matcher placeholder = RouteContext.placeholders(text.getValue());
        while (placeholder.find()) {
            String name = placeholder.group(1);
            if (placeholder.group(2) == null && !settings.contains(name)) {
                context.problem(
                        place,
                        text,
                        placeholder.start(1),
                        "there is no setting '" + name + "'"
                                + Suggestion.to(name, settings)
                                        .map(near -> "; did you mean '" + near + "'?")
                                        .orElse("; docs/settings.md has them all"));
            }
        }
    }
}
