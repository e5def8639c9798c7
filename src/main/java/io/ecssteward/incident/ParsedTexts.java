package io.ecssteward.incident;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Keeps what documents were parsed to until they have another text. Most reads find the text of the read before, and
 * comparing it costs far less than parsing it: a service that is steady again and again asks for the same incident.
 *
 * @param <T> what a text is parsed to; immutable, because all who read the same text share it
 */
final class ParsedTexts<T> {

    /** Ours: with {@link #MAX_CHARACTERS} some ten megabytes at most. */
    private static final int MAX_TEXTS = 500;

    /** Ours: what is longer is rare, and is parsed each time. */
    private static final int MAX_CHARACTERS = 20_000;

    /** Of a key and a text. */
    private final BiFunction<String, String, T> parser;

    /** By the keys of the documents. Guarded by itself. */
    private final Map<String, Parsed<T>> kept = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Parsed<T>> eldest) {
            return size() > MAX_TEXTS;
        }
    };

    private record Parsed<T>(String text, T value) {}

    ParsedTexts(BiFunction<String, String, T> parser) {
        this.parser = parser;
    }

    /**
     * What the text of this document says.
     *
     * @param text null when there is no document
     */
    T of(String key, String text) {
        synchronized (kept) {
            Parsed<T> before = kept.get(key);
            if (before != null && text != null && before.text().equals(text)) {
                return before.value();
            }
        }
        T value = parser.apply(key, text);
        if (text != null && text.length() <= MAX_CHARACTERS) {
            synchronized (kept) {
                kept.put(key, new Parsed<>(text, value));
            }
        }
        return value;
    }
}
