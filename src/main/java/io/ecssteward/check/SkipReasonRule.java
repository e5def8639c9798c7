package io.ecssteward.check;

import io.ecssteward.outcome.SkipReason;
import io.ecssteward.problem.Suggestion;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reports a call of {@code skip} with an unknown reason. */
record SkipReasonRule(RouteContext context) implements RouteRule {

    private static final Pattern SKIP = Pattern.compile("skip\\([^,]+, *'([^']*)'\\)");
    private static final List<String> REASONS =
            Arrays.stream(SkipReason.values()).map(SkipReason::word).toList();

    @Override
    public void text(Position place, ScalarNode text) {
        Matcher skip = SKIP.matcher(text.getValue());
        if (skip.find() && !REASONS.contains(skip.group(1))) {
            context.problem(
                    place,
                    text,
                    skip.start(1),
                    "'" + skip.group(1) + "' is not a reason"
                            + Suggestion.to(skip.group(1), REASONS)
                                    .map(near -> "; did you mean '" + near + "'?")
                                    .orElse("; there are " + String.join(", ", REASONS)));
        }
    }
}
