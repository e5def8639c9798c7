package io.ecssteward.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each object is found, however it is written, and what is none costs its own line. */
class JsonValuesTest {

    @Test
    void oneALine() throws IOException {
        assertThat(texts("{\"a\":1}\n\n{\"b\":\"}\\\"{\"}\r\n[{}]"))
                .containsExactly("1 {\"a\":1}", "3 {\"b\":\"}\\\"{\"}", "4 [{}]");
    }

    @Test
    void oneAfterTheOther() throws IOException {
        assertThat(texts("{\"a\":1}{\"b\":2},{}\n{}")).containsExactly("1 {\"a\":1}", "1 {\"b\":2}", "1 {}", "2 {}");
    }

    @Test
    void overManyLines() throws IOException {
        assertThat(texts("{\n  \"a\": [\n    1\n  ]\n}\n[\n{}\n]\n{}"))
                .containsExactly("1 {\n  \"a\": [\n    1\n  ]\n}", "6 [\n{}\n]", "9 {}");
    }

    @Test
    void whatIsNoneCostsItsLine() throws IOException {
        assertThat(texts("text {\n{\"a\":\n{\"b\":\"c\n{}}{}\n{}\n{\"d\":"))
                .containsExactly(
                        "1 no JSON object: text {",
                        "2 it breaks off: {\"a\":",
                        "3 it breaks off: {\"b\":\"c",
                        "4 {}",
                        "4 no JSON object: }{}",
                        "5 {}",
                        "6 it breaks off: {\"d\":");
    }

    @Test
    void whatIsSpreadAndBreaksOffEndsWhereTheNextBegins() throws IOException {
        assertThat(texts("{\n  \"a\": {\n{\n  \"b\": 1\n}\n"))
                .containsExactly("1 it breaks off: {\n  \"a\": {", "3 {\n  \"b\": 1\n}");
    }

    @Test
    void whatIsTooLongIsLeftOut() throws IOException {
        String line = "{\"a\":\"" + "x".repeat(5_000_000) + "\"}";
        List<String> texts = texts(line + "\n{}");
        assertThat(texts).hasSize(2);
        assertThat(texts.get(0)).startsWith("1 longer than 4 million characters: {\"a\":\"xxx");
        assertThat(texts.get(1)).isEqualTo("2 {}");
    }

    @Test
    void acrossTheEdgesOfTheBuffer() throws IOException {
        for (int length = 16_370; length < 16_390; length++) {
            String first = "{\"a\":\"" + "x".repeat(length) + "\"}";
            assertThat(texts(first + "\n{\n}\n{}")).containsExactly("1 " + first, "2 {\n}", "4 {}");
        }
    }

    private static List<String> texts(String text) throws IOException {
        List<String> texts = new ArrayList<>();
        try (JsonValues values = new JsonValues(new StringReader(text))) {
            for (JsonValues.Value value = values.next(); value != null; value = values.next()) {
                texts.add(value.line() + " " + (value.problem() == null ? "" : value.problem() + ": ") + value.text());
            }
        }
        return texts;
    }
}
