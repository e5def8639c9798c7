package io.ecssteward.pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;

/**
 * Decides whether one event pattern matches everything that another matches, in simple cases only. If in doubt, the
 * answer is no, because a yes is reported as a mistake in the routes.
 */
public final class PatternSubsumption {
    private PatternSubsumption() {}

    private static final String OR = "$or";

    /** Whether an event that matches the narrow pattern always matches the wide one. */
    public static boolean covers(JsonNode wide, JsonNode narrow) {
        if (narrow.has(OR)) {
            for (JsonNode alternative : narrow.get(OR)) {
                ObjectNode whole = ((ObjectNode) narrow).deepCopy();
                whole.remove(OR);
                if (!merge(whole, alternative) || !covers(wide, whole)) {
                    return false;
                }
            }
            return !narrow.get(OR).isEmpty();
        }
        Iterator<Map.Entry<String, JsonNode>> fields = wide.fields();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> field = fields.next();
            if (!(field.getKey().equals(OR)
                    ? anyCovers(field.getValue(), narrow)
                    : fieldCovers(field.getValue(), narrow.get(field.getKey())))) {
                return false;
            }
        }
        return true;
    }

    private static boolean anyCovers(JsonNode alternatives, JsonNode narrow) {
        for (JsonNode alternative : alternatives) {
            if (covers(alternative, narrow)) {
                return true;
            }
        }
        return false;
    }

    private static boolean fieldCovers(JsonNode wide, JsonNode narrow) {
        if (narrow == null || wide.isObject() != narrow.isObject()) {
            return false;
        }
        if (wide.isObject()) {
            return covers(wide, narrow);
        }
        for (JsonNode value : narrow) {
            boolean covered = false;
            for (JsonNode allowed : wide) {
                covered |= valueCovers(allowed, value);
            }
            if (!covered) {
                return false;
            }
        }
        return true;
    }

    private static boolean valueCovers(JsonNode wide, JsonNode narrow) {
        if (wide.equals(narrow)) {
            return true;
        }
        if (wide.path("exists").isBoolean() && wide.get("exists").asBoolean()) {
            return !narrow.isObject()
                    || narrow.path("prefix").isTextual()
                    || narrow.path("suffix").isTextual()
                    || narrow.has("numeric");
        }
        if (wide.path("prefix").isTextual()) {
            String text =
                    narrow.isTextual() ? narrow.asText() : narrow.path("prefix").asText(null);
            return text != null && text.startsWith(wide.get("prefix").asText());
        }
        return false;
    }

    /** False if both have a condition on the same field. */
    private static boolean merge(ObjectNode into, JsonNode more) {
        Iterator<Map.Entry<String, JsonNode>> fields = more.fields();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> field = fields.next();
            JsonNode there = into.get(field.getKey());
            if (there == null) {
                into.set(field.getKey(), field.getValue().deepCopy());
            } else if (!(there instanceof ObjectNode object)
                    || !field.getValue().isObject()
                    || !merge(object, field.getValue())) {
                return false;
            }
        }
        return true;
    }
}
