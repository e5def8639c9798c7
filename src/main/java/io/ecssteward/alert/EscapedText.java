package io.ecssteward.alert;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/**
 * A part of an escaped JSON string within other text, as in logs and error messages: {@code said {\"a\":1}}.
 *
 * @param text the text without the backslashes
 * @param end where it ends in the original text, exclusive
 */
record EscapedText(String text, int end) {

    /** Reads up to a quote without a backslash, or to the end. An invalid JSON escape loses its backslash. */
    static EscapedText of(String all, int begin) {
        StringBuilder text = new StringBuilder();
        int i = begin;
        while (i < all.length() && all.charAt(i) != '"') {
            char c = all.charAt(i++);
            if (c != '\\') {
                text.append(c);
            } else if (i < all.length()) {
                char escape = all.charAt(i++);
                int code = escape == 'u' ? hexadecimal(all, i) : -1;
                text.append(code >= 0 ? (char) code : plain(escape));
                i += code >= 0 ? 4 : 0;
            }
        }
        return new EscapedText(text.toString(), i);
    }

    /** Escapes a text for a JSON string. */
    static String escaped(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }

    private static char plain(char escape) {
        int at = "nrtbf".indexOf(escape);
        return at < 0 ? escape : "\n\r\t\b\f".charAt(at);
    }

    private static int hexadecimal(String all, int begin) {
        int code = 0;
        for (int i = begin; i < begin + 4; i++) {
            int digit = i < all.length() ? Character.digit(all.charAt(i), 16) : -1;
            if (digit < 0) {
                return -1;
            }
            code = code * 16 + digit;
        }
        return code;
    }
}
