package io.ecssteward.alert;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The beginning of a JSON document whose end is missing or is no JSON: what cuts long texts (a log driver, a mail
 * gateway, the first 250 characters for a title) leaves of one.
 *
 * @param json what it begins with, ended as it might have ended
 * @param end how many characters of the text that is
 * @param missing what {@code json} has at its end, written without spaces, and the text has not: {@code "]}}
 */
record JsonBeginning(JsonNode json, int end, String missing) {

    /**
     * Reads as much as there is.
     *
     * @return null when not even one value can be read
     */
    static JsonBeginning of(String text, JsonMapper mapper) {
        JsonBeginning read = read(text, mapper, false);
        if (read != null) {
            return read;
        }
        // It ends within a string, perhaps within an escape.
        String whole = text.replaceFirst("(?<!\\\\)((?:\\\\\\\\)*)\\\\(?:u[0-9A-Fa-f]{0,3})?$", "$1");
        return read(whole + '"', mapper, true);
    }

    /** Null when it ends within a string that is a value. */
    private static JsonBeginning read(String text, JsonMapper mapper, boolean quoted) {
        Deque<String> open = new ArrayDeque<>();
        int end = 0;
        JsonToken last = null;
        try (JsonParser parser = mapper.createParser(text);
                TokenBuffer tokens = new TokenBuffer(mapper, false)) {
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
            JsonNode json = mapper.readTree(tokens.asParser());
            return new JsonBeginning(json, cut ? end - 1 : end, missing);
        } catch (IOException e) {
            return new JsonBeginning(mapper.missingNode(), 0, "");
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
