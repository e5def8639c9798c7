package io.ecssteward.incident;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.alert.Severity;
import io.ecssteward.pattern.EventPattern;
import io.ecssteward.problem.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Finds probable mistakes in the pattern of a silence. */
public final class SilenceWarnings {

    private static final Map<String, List<String>> WORDS =
            Map.of("severity", words(Severity.values()), "state", words(Alert.State.values()));

    /** Alerts without common values: a pattern that matches all of these matches every alert. */
    private static final List<ObjectNode> DIFFERENT = Arrays.stream(Severity.values())
            .flatMap(severity -> Arrays.stream(new String[] {"service/1/eu-west-1/a/b", "alarm/2/us-east-1/c", "d"})
                    .map(about -> AlertFacts.of(Alert.about(about + "/" + severity)
                            .incident(about)
                            .severity(severity)
                            .title(about + severity)
                            .channel(about.substring(0, 1))
                            .build())))
            .toList();

    private SilenceWarnings() {}

    private static List<String> words(Enum<?>[] words) {
        return Arrays.stream(words).map(EnumWord::of).toList();
    }

    /** The warnings about a pattern that compiles; empty when there are none. */
    public static List<String> of(ObjectNode pattern) {
        List<String> warnings = new ArrayList<>();
        names(pattern, warnings);
        EventPattern compiled = EventPattern.compile(pattern.toString());
        if (DIFFERENT.stream().allMatch(compiled::matches)) {
            warnings.add("it matches every alert, so nothing is posted; narrow its pattern");
        }
        return warnings;
    }

    private static void names(JsonNode pattern, List<String> warnings) {
        pattern.fields().forEachRemaining(field -> {
            String name = field.getKey();
            JsonNode asked = field.getValue();
            if (name.equals("$or")) {
                asked.forEach(alternative -> names(alternative, warnings));
            } else if (!AlertFacts.NAMES.contains(name)) {
                warnings.add("no alert has '" + name + "', so it matches nothing"
                        + Suggestion.remedy(name, AlertFacts.NAMES));
            } else if (asked.isObject() != name.equals("fields")) {
                warnings.add(
                        asked.isObject()
                                ? "'" + name + "' of an alert is a text and has nothing in it, so it matches nothing"
                                : "'fields' of an alert has names in it, so it matches nothing; write {\"fields\": "
                                        + "{\"Reason\": [...]}}");
            } else {
                values(name, asked, warnings);
            }
        });
    }

    private static void values(String name, JsonNode asked, List<String> warnings) {
        for (JsonNode value : asked) {
            if (value.isTextual() && WORDS.containsKey(name) && !WORDS.get(name).contains(value.asText())) {
                warnings.add("no alert has the " + name + " '" + value.asText() + "', so it matches nothing"
                        + Suggestion.remedy(value.asText(), WORDS.get(name)));
            } else if (value.isTextual()
                    && name.equals("channel")
                    && value.asText().startsWith("#")) {
                warnings.add("channels are without their # here, so '" + value.asText() + "' matches nothing; write '"
                        + value.asText().substring(1) + "'");
            } else if (value.isNumber() && !name.equals("fields")) {
                warnings.add("'" + name + "' of an alert is a text, so the number " + value
                        + " matches nothing; put it between quotes");
            }
        }
    }
}
