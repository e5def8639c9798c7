package io.ecssteward.alert;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Masks secrets in whatever is shown or logged: values by their names ({@code DB_PASSWORD}, the environment of a
 * container), and by their looks (access keys, tokens, private keys, passwords in URLs) in any text. What only names
 * something stays readable: ARNs, ids, digests, commit hashes, keys of S3 objects.
 *
 * <pre>
 * {"name": "DB_PASSWORD", "value": "hunter2"}        {"name": "DB_PASSWORD", "value": "***"}
 * https://user:hunter2@example.com                   https://***@example.com
 * </pre>
 *
 * <p>Masking twice is the same as masking once, and takes a time in proportion to the text.
 */
public final class Redactor {

    /** What stands in the place of a secret. */
    public static final String MASK = "***";

    /** JSON inside a string inside JSON, and so on: nothing real goes deeper. */
    private static final int DEEPEST_STRING = 6;

    /** How much more of a text is looked at than is shown of it, at least. */
    private static final int LOOK_AHEAD = 10_000;

    /** Where JSON may begin within a text, as often as it is tried. */
    private static final int MAX_STARTS = 20;

    private static final Pattern START = Pattern.compile("[{\\[]\\s*[{\\[\"]");

    /** The name that JSON has which is not whole, or within other text. */
    private static final Pattern BEFORE = Pattern.compile("([\\w.-]{1,80})\\\\{0,64}[\"']?\\s*[:=]\\s*$");

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

    /** What an object in S3 has beside its {@code key}, which is then a path. */
    private static final Set<String> OF_S3_OBJECT =
            Set.of("bucket", "bucketname", "etag", "versionid", "sequencer", "objectkey", "bucketarn");

    private static final Pattern ARN = Pattern.compile("arn:aws[\\w-]*:[\\w-]*:[\\w-]*:\\d*:\\S+");

    private static final Pattern ENVIRONMENT_LINE = Pattern.compile("(?s)([A-Za-z_][\\w.-]*=).+");

    private Redactor() {}

    /** JSON without its secrets; the same instance when it has none. */
    public static JsonNode json(JsonNode json) {
        return tree(json, false, 0);
    }

    /** Text without its secrets, also when it is JSON or has JSON in it; the same instance when it has none. */
    public static String text(String text) {
        return text(text, 0);
    }

    /**
     * What a text without its secrets begins with. It is masked before it is cut, because half of a secret, or of what
     * tells that it is one, looks like nothing; of what is far longer, only the beginning is looked at.
     *
     * @return the same instance when it has no secrets and is no longer
     */
    public static String beginning(String text, int maxCharacters) {
        int looked = Math.min(text.length(), 2 * maxCharacters + LOOK_AHEAD);
        String shown = text(looked < text.length() ? text.substring(0, looked) : text);
        if (shown.length() <= maxCharacters) {
            return shown;
        }
        boolean halved = Character.isHighSurrogate(shown.charAt(maxCharacters - 1));
        return shown.substring(0, halved ? maxCharacters - 1 : maxCharacters);
    }

    /** A value of this name, without secrets. */
    public static String value(String name, String value) {
        return SecretNames.isSecret(name) ? masked(value) : text(value);
    }

    /**
     * The value at a path of names, without secrets: its own name and those of what it is in tell what it is.
     *
     * @param path names joined by dots, from the root
     * @param parent what the value is in
     * @param value may be of any kind
     */
    public static JsonNode at(String path, JsonNode parent, JsonNode value) {
        String last = path.substring(path.lastIndexOf('.') + 1);
        boolean within = false;
        for (String name : path.substring(0, path.length() - last.length()).split("\\.")) {
            within |= SecretNames.isSecret(name) || SecretNames.isEnvironment(name);
        }
        if (!within && value.isValueNode() && !isOfPair(last) && !SecretNames.isSecret(last)) {
            return value;
        }
        if (parent.isArray()) {
            JsonNode element = tree(parent, within, 0).path(Integer.parseInt(last));
            return element;
        }
        return tree(parent, within, 0).path(last);
    }

    private static boolean isOfPair(String name) {
        return VALUES.contains(plain(name))
                || name.equals("key")
                || !name.isEmpty() && Character.isDigit(name.charAt(0));
    }

    private static JsonNode tree(JsonNode node, boolean secret, int opened) {
        if (node.isObject()) {
            return object((ObjectNode) node, secret, opened);
        }
        if (node.isArray()) {
            return array((ArrayNode) node, secret, opened);
        }
        if (node.isTextual()) {
            String text = node.textValue();
            String shown = secret ? masked(text) : text(text, opened);
            return shown.equals(text) ? node : TextNode.valueOf(shown);
        }
        return secret && node.isNumber() ? TextNode.valueOf(MASK) : node;
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
                shown = tree(value, false, opened);
            } else {
                boolean bySelf = secretPair && VALUES.contains(plain(key))
                        || SecretNames.isSecret(key) && !(value.isNumber() && !SecretNames.isPassword(key))
                        || key.equalsIgnoreCase("key")
                                && name == null
                                && !ofS3
                                && value.isTextual()
                                && SecretTexts.isLikelyKey(value.textValue())
                        || SecretNames.isEnvironment(key) && (value.isContainerNode() || isList(value.asText()));
                shown = tree(value, secret || bySelf, opened);
            }
            String shownKey = text(key, opened);
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
                shown = TextNode.valueOf(line.group(1) + MASK);
            } else {
                shown = tree(value, secret || next && value.isTextual(), opened);
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

    /** Whether an environment is written as a text: {@code FOO=1;BAR=2}, or as JSON. */
    private static boolean isList(String text) {
        return text.indexOf('=') > 0 || text.startsWith("{") || text.startsWith("[");
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** The secret itself. An ARN only says where one is. */
    private static String masked(String secret) {
        return secret.isBlank() || ARN.matcher(secret.strip()).matches() ? secret : MASK;
    }

    private static String text(String text, int opened) {
        if (text == null || !SecretTexts.mayHaveSecrets(text)) {
            return text;
        }
        if (opened >= DEEPEST_STRING) {
            return SecretTexts.masked(text);
        }
        StringBuilder all = new StringBuilder();
        int done = 0;
        Matcher start = START.matcher(text);
        int from = 0;
        for (int tries = 0; tries < MAX_STARTS && start.find(from); tries++) {
            from = start.start() + 1;
            JsonBeginning inside;
            try {
                inside = JsonBeginning.of(text.substring(start.start()));
            } catch (StreamConstraintsException e) {
                // Nested too deep to be anything, and so would be what it has inside.
                break;
            }
            Matcher before = BEFORE.matcher(text).region(Math.max(done, start.start() - 120), start.start());
            boolean secret = before.find()
                    && (SecretNames.isSecret(before.group(1)) || SecretNames.isEnvironment(before.group(1)));
            JsonNode shown = tree(inside.json(), secret, opened + 1);
            int end = start.start() + inside.end();
            String written = shown == inside.json() ? text.substring(start.start(), end) : inside.beginning(shown);
            // Of other text, what has no secrets by its names may have some by its looks, together with what comes
            // next.
            if (inside.whole() || written.contains(MASK)) {
                all.append(SecretTexts.masked(text.substring(done, start.start())))
                        .append(written);
                done = end;
                from = end;
            }
        }
        String shown = all.append(SecretTexts.masked(text.substring(done))).toString();
        return shown.equals(text) ? text : shown;
    }

    /** Masks each of them. */
    static List<Field> fields(List<Field> fields) {
        return fields.stream()
                .map(field -> new Field(text(field.name()), value(field.name(), field.value())))
                .toList();
    }

    /** Masks each of them. */
    static List<Link> links(List<Link> links) {
        return links.stream()
                .map(link -> new Link(text(link.label()), text(link.url())))
                .toList();
    }
}
