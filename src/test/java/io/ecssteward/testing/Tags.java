package io.ecssteward.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The tags of a resource, within ECS's limits. A character is a code point.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html">Tag: lengths, characters and
 *     the reserved prefix</a>
 */
final class Tags {
    private static final int MAX_TAGS = 50;
    private static final int KEY = 128;
    private static final int VALUE = 256;
    private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

    private final Map<String, String> tags = new LinkedHashMap<>();

    /** Adds all of them or none. */
    void add(JsonNode wanted) {
        Map<String, String> added = new LinkedHashMap<>();
        for (JsonNode tag : wanted) {
            String key = tag.path("key").asText();
            String value = tag.path("value").asText();
            refuseIf(key.isEmpty() || length(key) > KEY, "A tag key must have 1 to 128 characters.");
            refuseIf(length(value) > VALUE, "A tag value can have at most 256 characters.");
            refuseIf(
                    !ALLOWED.matcher(key).matches() || !ALLOWED.matcher(value).matches(),
                    "Tags can contain letters, numbers, spaces and _ . : / = + - @ only.");
            refuseIf(isReserved(key) || isReserved(value), "The prefix aws: is reserved.");
            refuseIf(added.put(key, value) != null, "Tag keys must be unique.");
        }
        Map<String, String> together = new LinkedHashMap<>(tags);
        together.putAll(added);
        refuseIf(together.size() > MAX_TAGS, "A resource can have at most 50 tags.");
        tags.putAll(added);
    }

    void remove(JsonNode keys) {
        keys.forEach(key -> tags.remove(key.asText()));
    }

    Map<String, String> all() {
        return new LinkedHashMap<>(tags);
    }

    ArrayNode json() {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        tags.forEach((key, value) -> json.addObject().put("key", key).put("value", value));
        return json;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static boolean isReserved(String text) {
        return text.toLowerCase(Locale.ROOT).startsWith("aws:");
    }

    private static void refuseIf(boolean wrong, String message) {
        if (wrong) {
            throw AwsError.refusal("InvalidParameterException", message);
        }
    }
}
