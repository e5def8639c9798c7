package io.ecssteward.alert;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/**
 * The beginning of a JSON document whose end is missing or is no JSON: what cuts long texts (a log driver, a mail
 * gateway, the first 250 characters for a title) leaves of one.
 *
 * @param json what it begins with, ended as it might have ended
 * @param end how many characters of the text that is
 * @param missing what {@code json} has at its end, written without spaces, and the text has not: {@code "]}}
 */
record JsonBeginning(JsonNode json, int end, String missing) {

    private static final Pattern ESCAPE_AT_END = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\(?:u[0-9A-Fa-f]{0,3})?$");

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(500).build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    /**
     * Reads what a text begins with, whatever comes after it.
     *
     * @throws StreamConstraintsException when it is nested too deep to be anything
     */
    static JsonBeginning of(String text) throws StreamConstraintsException {
        try (JsonParser parser = JSON.createParser(text)) {
            JsonNode json = parser.readValueAsTree();
            return new JsonBeginning(json, (int) parser.currentLocation().getCharOffset(), "");
        } catch (StreamConstraintsException e) {
            throw e;
        } catch (IOException e) {
            JsonBeginning read = read(text, false);
            // It ends within a string, perhaps within an escape.
            return read == null ? read(ESCAPE_AT_END.matcher(text).replaceFirst("$1") + '"', true) : read;
        }
    }

    /** Null when it ends within a string that is a value. */
    private static JsonBeginning read(String text, boolean quoted) {
        Deque<String> open = new ArrayDeque<>();
        int end = 0;
        JsonToken last = null;
        try (JsonParser parser = JSON.createParser(text);
                TokenBuffer tokens = new TokenBuffer(JSON, false)) {
            try {
                while (parser.nextToken() != null) {
                    tokens.copyCurrentEvent(parser);
                    last = parser.currentToken();
                    end = (int) parser.currentLocation().getCharOffset();
                    if (last.isStructStart()) {
                        open.push(last == JsonToken.START_OBJECT ? "}" : "]");
                    } else if (last.isStructEnd()) {
                        open.pop();
                    }
                }
            } catch (JsonEOFException e) {
                if (!quoted && parser.currentToken() == JsonToken.VALUE_STRING) {
                    return null;
                }
            } catch (IOException e) {
                // What comes now is something else.
            }
            boolean name = last == JsonToken.FIELD_NAME;
            boolean cut = quoted && end == text.length();
            String missing = (name ? "null" : cut ? "\"" : "") + String.join("", open);
            if (name) {
                tokens.writeNull();
            }
            for (String closing : open) {
                if (closing.equals("}")) {
                    tokens.writeEndObject();
                } else {
                    tokens.writeEndArray();
                }
            }
            JsonNode json = JSON.readTree(tokens.asParser());
            return new JsonBeginning(json, cut ? end - 1 : end, missing);
        } catch (IOException e) {
            return new JsonBeginning(JSON.missingNode(), 0, "");
        }
    }

    /** Whether nothing is missing. */
    boolean whole() {
        return end > 0 && missing.isEmpty();
    }

    /** The same beginning of something else, such as of this with its secrets masked. */
    String beginning(JsonNode other) {
        String written = other.toString();
        return written.endsWith(missing) ? written.substring(0, written.length() - missing.length()) : written;
    }
}
