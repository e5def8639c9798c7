package io.ecssteward.pattern;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.language.simple.SimpleLanguage;

/**
 * Camel's language {@code simple} with functions for the fields of the event in the body:
 *
 * <pre>
 * ${field(detail.file)}                      the same as ${body.field('detail.file')}
 * ${field(detail.error, no reason given)}    with the text to use if there is no such field
 * ${json(detail.title)}                      the same as ${body.json('detail.title')}
 * </pre>
 *
 * <p>Bind it as {@code simple}. Camel's own way to add functions to the language is not enough: they see the message
 * without its body.
 */
public final class SimpleWithFields extends SimpleLanguage {

    /** The name of the language that this replaces. */
    public static final String NAME = "simple";

    private static final Pattern FIELD = Pattern.compile("\\$\\{\\s*(field|json)\\(([^{}]*)\\)\\s*}");

    @Override
    public Expression createExpression(String expression) {
        return super.createExpression(written(expression));
    }

    @Override
    public Predicate createPredicate(String expression) {
        return super.createPredicate(written(expression));
    }

    /** The expression in Camel's own syntax. */
    static String written(String expression) {
        if (!expression.contains("field(") && !expression.contains("json(")) {
            return expression;
        }
        return FIELD.matcher(expression).replaceAll(found -> {
            String[] said = found.group(2).split(",", 2);
            String path = unquoted(said[0]);
            if (path.isEmpty() || path.contains("'")) {
                throw new IllegalArgumentException(found.group()
                        + " names no field; write names joined by dots, and numbers for places in a list: "
                        + "${field(detail.containers.0.name)}");
            }
            String otherwise = said.length == 1 ? "" : ", " + quoted(unquoted(said[1]));
            return Matcher.quoteReplacement("${body." + found.group(1) + "('" + path + "'" + otherwise + ")}");
        });
    }

    private static String unquoted(String text) {
        String plain = text.strip();
        boolean quoted = plain.length() > 1
                && plain.charAt(0) == plain.charAt(plain.length() - 1)
                && "'\"".indexOf(plain.charAt(0)) >= 0;
        return quoted ? plain.substring(1, plain.length() - 1) : plain;
    }

    /** Quotes a text. A text with both kinds of quotes would be ambiguous, so double quotes become single ones. */
    private static String quoted(String text) {
        return text.contains("'") ? '"' + text.replace('"', '\'') + '"' : "'" + text + "'";
    }
}
