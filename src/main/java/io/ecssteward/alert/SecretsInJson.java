package io.ecssteward.alert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Masks secrets in JSON by their names, in all common forms: fields, name/value pairs, arguments, and lists. */
final class SecretsInJson {

    private static final Set<String> NAMES = Set.of(
            "name",
            "key",
            "title",
            "label",
            "header",
            "field",
            "parameter",
            "parameterkey",
            "parametername",
            "variable",
            "variablename",
            "optionname",
            "n",
            "k");

    private static final Set<String> VALUES =
            Set.of("value", "values", "parametervalue", "defaultvalue", "stringvalue", "content", "v", "plaintext");

    /** Field names next to which {@code key} is the path of an S3 object. */
    private static final Set<String> OF_S3_OBJECT =
            Set.of("bucket", "bucketname", "etag", "versionid", "sequencer", "objectkey", "bucketarn");

    private static final Pattern ARN = Pattern.compile("arn:aws[\\w-]*:[\\w-]*:[\\w-]*:\\d*:\\S+");

    private static final Pattern ENVIRONMENT_LINE = Pattern.compile("(?s)([A-Za-z_][\\w.-]*=).+");

    private SecretsInJson() {}

    static boolean isOfPair(String name) {
        return VALUES.contains(plain(name))
                || name.equals("key")
                || !name.isEmpty() && Character.isDigit(name.charAt(0));
    }

    static JsonNode masked(JsonNode node, boolean secret, int opened) {
        if (node.isObject()) {
            return object((ObjectNode) node, secret, opened);
        }
        if (node.isArray()) {
            return array((ArrayNode) node, secret, opened);
        }
        if (node.isTextual()) {
            String text = node.textValue();
            String shown = secret ? masked(text) : Redactor.text(text, opened);
            return shown.equals(text) ? node : TextNode.valueOf(shown);
        }
        return secret && node.isNumber() ? TextNode.valueOf(Redactor.MASK) : node;
    }

    private static JsonNode object(ObjectNode object, boolean secret, int opened) {
        String nameKey = null;
        boolean pair = false;
        boolean ofS3 = false;
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String plain = plain(entry.getKey());
            if (nameKey == null && NAMES.contains(plain) && entry.getValue().isTextual()) {
                nameKey = entry.getKey();
            }
            pair |= VALUES.contains(plain) || plain.startsWith("valuefrom");
            ofS3 |= OF_S3_OBJECT.contains(plain);
        }
        String name = pair && nameKey != null ? object.get(nameKey).textValue() : null;
        boolean secretPair = name != null && SecretNames.isSecret(name);
        ObjectNode changed = null;
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            JsonNode shown;
            if (name != null && key.equals(nameKey)) {
                shown = masked(value, false, opened);
            } else {
                boolean bySelf = secretPair && VALUES.contains(plain(key))
                        || SecretNames.isSecret(key) && !(value.isNumber() && !SecretNames.isPassword(key))
                        || key.equalsIgnoreCase("key")
                                && name == null
                                && !ofS3
                                && value.isTextual()
                                && SecretTexts.isLikelyKey(value.textValue())
                        || SecretNames.isEnvironment(key) && (value.isContainerNode() || isList(value.asText()));
                shown = masked(value, secret || bySelf, opened);
            }
            String shownKey = Redactor.text(key, opened);
            if (changed == null && (shown != value || !shownKey.equals(key))) {
                changed = JsonNodeFactory.instance.objectNode();
                for (Map.Entry<String, JsonNode> before : object.properties()) {
                    if (before.getKey().equals(key)) {
                        break;
                    }
                    changed.set(before.getKey(), before.getValue());
                }
            }
            if (changed != null) {
                changed.set(shownKey, shown);
            }
        }
        return changed == null ? object : changed;
    }

    private static JsonNode array(ArrayNode array, boolean secret, int opened) {
        ArrayNode changed = null;
        boolean next = false;
        for (int i = 0; i < array.size(); i++) {
            JsonNode value = array.get(i);
            JsonNode shown;
            Matcher line = secret && value.isTextual() ? ENVIRONMENT_LINE.matcher(value.textValue()) : null;
            if (line != null && line.matches()) {
                shown = TextNode.valueOf(line.group(1) + Redactor.MASK);
            } else {
                shown = masked(value, secret || next && value.isTextual(), opened);
            }
            String text = value.isTextual() ? value.textValue() : "";
            boolean flag = text.startsWith("-") && SecretNames.isSecret(text) && text.indexOf('=') < 0;
            next = flag || array.size() == 2 && i == 0 && SecretNames.isSecret(text);
            if (changed == null && shown != value) {
                changed = JsonNodeFactory.instance.arrayNode();
                for (int before = 0; before < i; before++) {
                    changed.add(array.get(before));
                }
            }
            if (changed != null) {
                changed.add(shown);
            }
        }
        return changed == null ? array : changed;
    }

    /** Whether a text is an environment: {@code FOO=1;BAR=2}, or JSON. */
    private static boolean isList(String text) {
        return text.indexOf('=') > 0 || text.startsWith("{") || text.startsWith("[");
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** Masks a secret. An ARN is not masked, because it only refers to a secret. */
    static String masked(String secret) {
        return secret.isBlank() || ARN.matcher(secret.strip()).matches() ? secret : Redactor.MASK;
    }
}
