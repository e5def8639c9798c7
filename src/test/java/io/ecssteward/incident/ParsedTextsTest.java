package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParsedTextsTest {

    private final List<String> parsings = new ArrayList<>();

    private final ParsedTexts<String> parsed = new ParsedTexts<>((key, text) -> {
        parsings.add(key + "=" + text);
        return text == null ? null : text.toUpperCase();
    });

    @Test
    void aTextIsParsedOnceWhileItStays() {
        assertThat(parsed.of("a", "x")).isEqualTo("X");
        assertThat(parsed.of("a", new String("x"))).isEqualTo("X");
        assertThat(parsings).containsExactly("a=x");
    }

    @Test
    void anotherTextOrAnotherDocumentIsParsed() {
        parsed.of("a", "x");

        assertThat(parsed.of("a", "y")).isEqualTo("Y");
        assertThat(parsed.of("b", "x")).isEqualTo("X");
        assertThat(parsed.of("a", "x")).isEqualTo("X");
        assertThat(parsings).containsExactly("a=x", "a=y", "b=x", "a=x");
    }

    @Test
    void aDocumentThatGoesAndComesBackIsWhatItSaysThen() {
        parsed.of("a", "x");

        assertThat(parsed.of("a", null)).isNull();
        assertThat(parsed.of("a", "y")).isEqualTo("Y");
    }

    @Test
    void longTextsAndTheOnesReadLongAgoAreNotKept() {
        String longText = "x".repeat(20_001);
        parsed.of("long", longText);
        parsed.of("long", longText);
        assertThat(parsings).hasSize(2);

        parsed.of("first", "x");
        for (int i = 0; i < 500; i++) {
            parsed.of("other" + i, "x");
        }
        parsings.clear();
        parsed.of("other499", "x");
        parsed.of("first", "x");
        assertThat(parsings).containsExactly("first=x");
    }
}
