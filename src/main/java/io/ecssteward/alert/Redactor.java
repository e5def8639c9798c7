package io.ecssteward.alert;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Masks secrets in everything that is shown or logged: values by their names ({@code DB_PASSWORD}, the environment of a
 * container), and by their format (access keys, tokens, private keys, passwords in URLs) in any text. Identifiers stay
 * readable: ARNs, ids, digests, commit hashes, keys of S3 objects.
 *
 * <pre>
 * {"name": "DB_PASSWORD", "value": "hunter2"}        {"name": "DB_PASSWORD", "value": "***"}
 * https://user:hunter2@example.com                   https://***@example.com
 * </pre>
 *
 * <p>Masking is idempotent, and takes time in proportion to the length of the text.
 */
public final class Redactor {

    /** The replacement for a secret. */
    public static final String MASK = "***";

    /**
     * The deepest nesting of JSON in strings in JSON: real events are not nested deeper, and deeper JSON is masked as a
     * whole.
     */
    private static final int DEEPEST_STRING = 8;

    /** How many characters beyond the shown part of a text are searched for secrets, at least. */
    private static final int LOOK_AHEAD = 10_000;

    /** How many beginnings of JSON are handled in a text; if there are more, the rest is masked as a whole. */
    private static final int MAX_STARTS = 1_000;

    /** The longest name before JSON, including the separator, in characters. */
    private static final int LONGEST_NAME = 120;

    /** Where JSON may begin within a text; its quotes have backslashes if it is part of a string. */
    private static final Pattern START =
            Pattern.compile("[{\\[](?:\\s{0,100}+[{\\[]){0,4}+(?:\\s|\\\\++[nrt]){0,100}+(\\\\*+)\"");

    /** The name before JSON that is truncated or within other text. */
    private static final Pattern BEFORE = Pattern.compile("([\\w.-]{1,80})\\\\*+[\"']?\\s*[:=]\\s*$");

    private Redactor() {}

    /** JSON with masked secrets; the same instance if there are none. */
    public static JsonNode json(JsonNode json) {
        return SecretsInJson.masked(json, false, 0);
    }

    /** Text with masked secrets, including secrets in JSON within the text; the same instance if there are none. */
    public static String text(String text) {
        return text(text, 0);
    }

    /**
     * The beginning of a text, with masked secrets. The text is masked before it is truncated, because half of a
     * secret, or of its name, would not be recognized. Of a far longer text, only the beginning is searched.
     *
     * @return at most this many characters; the same instance if the text has no secrets and is short enough
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

    /** A value with this name, with masked secrets. */
    public static String value(String name, String value) {
        return SecretNames.isSecret(name) ? SecretsInJson.masked(value) : text(value);
    }

    /**
     * The value at a path of names, with masked secrets: its name and the names of its parents decide whether it is
     * one.
     *
     * @param path names joined by dots, from the root
     * @param parent the object or list that contains the value
     * @param value a value of any kind
     */
    public static JsonNode at(String path, JsonNode parent, JsonNode value) {
        String last = path.substring(path.lastIndexOf('.') + 1);
        boolean within = false;
        for (String name : path.substring(0, path.length() - last.length()).split("\\.")) {
            within |= SecretNames.isSecret(name) || SecretNames.isEnvironment(name);
        }
        if (!within && value.isValueNode() && !SecretsInJson.isOfPair(last) && !SecretNames.isSecret(last)) {
            return value;
        }
        JsonNode shown = SecretsInJson.masked(parent, within, 0);
        return parent.isArray() ? shown.path(Integer.parseInt(last)) : shown.path(last);
    }

    static String text(String text, int opened) {
        if (text == null || !SecretTexts.mayHaveSecrets(text)) {
            return text;
        }
        if (opened >= DEEPEST_STRING) {
            return MASK;
        }
        StringBuilder all = new StringBuilder();
        int done = 0;
        int starts = 0;
        char[] characters = text.toCharArray();
        Matcher start = START.matcher(text);
        for (int from = 0; start.find(from); from = Math.max(done, start.start() + 1)) {
            int begin = start.start();
            int escapes = start.end(1) - start.start(1);
            Matcher before = BEFORE.matcher(text).region(Math.max(done, begin - LONGEST_NAME - escapes), begin);
            boolean named = before.find();
            begin = named && escapes > 0 ? before.start() : begin;
            all.append(SecretTexts.masked(text.substring(done, begin)));
            if (++starts > MAX_STARTS) {
                return all.append(MASK).toString();
            }
            if (escapes > 0) {
                EscapedText inside = EscapedText.of(text, begin);
                String shown = text(inside.text(), opened + 1);
                boolean same = shown.equals(inside.text());
                done = inside.end();
                all.append(same ? text.substring(begin, done) : EscapedText.escaped(shown));
                continue;
            }
            JsonBeginning inside;
            try {
                inside = JsonBeginning.of(characters, begin);
            } catch (StreamConstraintsException e) {
                // Nested too deeply to be a real event.
                return all.append(MASK).toString();
            }
            boolean secret =
                    named && (SecretNames.isSecret(before.group(1)) || SecretNames.isEnvironment(before.group(1)));
            JsonNode shown = SecretsInJson.masked(inside.json(), secret, opened + 1);
            String written = shown == inside.json() ? "" : inside.beginning(shown);
            // Its last value, together with the following text, may have the format of a secret.
            boolean masked = written.contains(MASK);
            done = begin + (masked ? inside.end() : inside.known());
            all.append(masked ? written : text.substring(begin, done));
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
