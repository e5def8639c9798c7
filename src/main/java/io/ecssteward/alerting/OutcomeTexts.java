package io.ecssteward.alerting;

import java.util.LinkedHashMap;
import java.util.Map;

/** Chooses the text of an alert by the outcome of an earlier step. It is a bean, so that the sentences are in YAML. */
public class OutcomeTexts {

    private final Map<String, String> texts = new LinkedHashMap<>();

    /** One outcome and its text per line: {@code updated: A deployment was started.} The detail replaces {}. */
    public void setTexts(String lines) {
        lines.lines().filter(line -> !line.isBlank()).forEach(line -> {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException(
                        "texts has the line '" + line.strip() + "'; write an outcome, a colon and a text");
            }
            texts.put(
                    line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        });
    }

    /** The text for this outcome, or else {@code otherwise}, with the detail, which may be null. */
    public String of(String outcome, String detail, String otherwise) {
        String text = texts.getOrDefault(outcome, otherwise);
        if (detail == null || detail.isEmpty()) {
            return text;
        }
        return text.contains("{}") ? text.replace("{}", detail) : text + " " + detail + ".";
    }
}
