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
import java.io.CharArrayReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/**
 * The beginning of a JSON document that was truncated or is followed by other text, for example by a log driver, a mail
 * gateway, or a title with the first 250 characters.
 *
 * @param json the beginning, completed to valid JSON
 * @param end the number of characters of the text that were read
 * @param known how many of them do not depend on the missing rest: all but the last name or value
 * @param missing the end of {@code json} that the text lacks, written without spaces: {@code "]}}
 */
record JsonBeginning(JsonNode json, int end, int known, String missing) {

    private static final Pattern ESCAPE_AT_END = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\(?:u[0-9A-Fa-f]{0,3})?$");

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(500).build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    /**
     * Reads JSON from this position in a text, whatever follows it.
     *
     * @throws StreamConstraintsException when it is nested more than 500 levels deep
     */
    static JsonBeginning of(char[] text, int from) throws StreamConstraintsException {
        try (JsonParser parser = JSON.createParser(new CharArrayReader(text, from, text.length))) {
            JsonNode json = parser.readValueAsTree();
            int end = (int) parser.currentLocation().getCharOffset();
            return new JsonBeginning(json, end, end, "");
        } catch (StreamConstraintsException e) {
            throw e;
        } catch (IOException e) {
            JsonBeginning read = read(new CharArrayReader(text, from, text.length), -1);
            if (read != null) {
                return read;
            }
            // The text ends within a string, perhaps within an escape.
            String rest = new String(text, from, text.length - from);
            String ended = ESCAPE_AT_END.matcher(rest).replaceFirst("$1");
            return read(new StringReader(ended + '"'), ended.length() + 1);
        }
    }

    /**
     * Reads as much as possible; null if the text ends within a string value.
     *
     * @param quoted the length of the text including an added quote; -1 if none was added
     */
    private static JsonBeginning read(Reader text, int quoted) {
        Deque<String> open = new ArrayDeque<>();
        int end = 0;
        int known = 0;
        JsonToken last = null;
        try (JsonParser parser = JSON.createParser(text);
                TokenBuffer tokens = new TokenBuffer(JSON, false)) {
            try {
                while (parser.nextToken() != null) {
                    tokens.copyCurrentEvent(parser);
                    last = parser.currentToken();
                    known = (int) parser.currentTokenLocation().getCharOffset();
                    end = (int) parser.currentLocation().getCharOffset();
                    if (last.isStructStart()) {
                        open.push(last == JsonToken.START_OBJECT ? "}" : "]");
                    } else if (last.isStructEnd()) {
                        open.pop();
                    }
                }
            } catch (JsonEOFException e) {
                if (quoted < 0 && parser.currentToken() == JsonToken.VALUE_STRING) {
                    return null;
                }
            } catch (IOException e) {
                // What follows is not JSON.
            }
            boolean name = last == JsonToken.FIELD_NAME;
            boolean cut = end == quoted;
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
            return new JsonBeginning(json, cut ? end - 1 : end, known, missing);
        } catch (IOException e) {
            return new JsonBeginning(JSON.missingNode(), 0, 0, "");
        }
    }

    /** The corresponding beginning of other JSON, such as this JSON with masked secrets. */
    String beginning(JsonNode other) {
        String written = other.toString();
        return written.endsWith(missing) ? written.substring(0, written.length() - missing.length()) : written;
    }
}
