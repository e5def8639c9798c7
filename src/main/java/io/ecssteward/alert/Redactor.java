package io.ecssteward.alert;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
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

    /** JSON inside a string inside JSON, and so on: nothing real goes deeper, and what does is masked as a whole. */
    private static final int DEEPEST_STRING = 8;

    /** How much more of a text is looked at than is shown of it, at least. */
    private static final int LOOK_AHEAD = 10_000;

    /** How many beginnings of JSON a text is searched for; if it has more, what comes then is masked as a whole. */
    private static final int MAX_STARTS = 1_000;

    /** The longest name that is looked for before JSON, with what is between them. */
    private static final int LONGEST_NAME = 120;

    /** Where JSON may begin within a text; its quotes have backslashes where it is a part of a string. */
    private static final Pattern START =
            Pattern.compile("[{\\[](?:\\s{0,100}+[{\\[]){0,4}+(?:\\s|\\\\++[nrt]){0,100}+(\\\\*+)\"");

    /** The name that JSON has which is not whole, or within other text. */
    private static final Pattern BEFORE = Pattern.compile("([\\w.-]{1,80})\\\\*+[\"']?\\s*[:=]\\s*$");

    private Redactor() {}

    /** JSON without its secrets; the same instance when it has none. */
    public static JsonNode json(JsonNode json) {
        return SecretsInJson.masked(json, false, 0);
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
        return SecretNames.isSecret(name) ? SecretsInJson.masked(value) : text(value);
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
                // Nested too deep to be anything.
                return all.append(MASK).toString();
            }
            boolean secret =
                    named && (SecretNames.isSecret(before.group(1)) || SecretNames.isEnvironment(before.group(1)));
            JsonNode shown = SecretsInJson.masked(inside.json(), secret, opened + 1);
            String written = shown == inside.json() ? "" : inside.beginning(shown);
            // What it ends with may be a secret by its looks, together with what comes next.
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
