package io.ecssteward.incident;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Caches the parsed form of documents until their text changes. Most reads return the same text as the read before, and
 * comparing it costs far less than parsing it: the same incident is read for each event of its service.
 *
 * @param <T> the parsed form; immutable, because all readers of the same text share it
 */
final class ParsedTexts<T> {

    /** Our choice: together with {@link #MAX_CHARACTERS}, about ten megabytes at most. */
    private static final int MAX_TEXTS = 500;

    /** Our choice: longer texts are rare and are parsed each time. */
    private static final int MAX_CHARACTERS = 20_000;

    /** Parses the text of the document with this key. */
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
     * The parsed form of this document's text.
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
