package io.ecssteward.details;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.alert.Redactor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogTextTest {

    private static List<String> lines(String... messages) {
        return LogText.lines(List.of(messages));
    }

    @Test
    void theLastLinesInOrder() {
        List<String> logged = IntStream.range(0, 100).mapToObj(i -> "line " + i).toList();
        assertThat(LogText.lines(logged)).isEqualTo(logged.subList(70, 100));
    }

    @Test
    void aMessageOfManyLinesIsTheseLines() {
        assertThat(lines("panic: nil map\n\n\tat main.go:12\r\n\tat main.go:30\n"))
                .containsExactly("panic: nil map", " at main.go:12", " at main.go:30");
        assertThat(lines("10%\r20%\rdone")).containsExactly("10%", "20%", "done");
    }

    @Test
    void colorsAndControlCharactersAreTakenOut() {
        assertThat(lines("\u001B[1;31mERROR\u001B[0m \u001B]0;title\u0007failed\u0000\u0008 to \u009B2Jconnect\u001B"))
                .containsExactly("ERROR failed to connect");
        assertThat(lines("\u202Edrowssap")).containsExactly("drowssap");
    }

    @Test
    void nothingToReadIsNothing() {
        assertThat(lines("", " ", "\u001B[0m", "\n")).isEmpty();
    }

    @Test
    void theNewestWholeLinesAreKeptAndALongOneIsCut() {
        List<String> shown = lines("a".repeat(30), "<".repeat(400), "b c".repeat(1_000), "&".repeat(450), "the end");
        assertThat(shown).endsWith("the end");
        assertThat(shown.get(shown.size() - 2)).hasSizeLessThan(120).endsWith("…");
        assertThat(shown).last().isEqualTo("the end");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connecting to postgres://web:s3cr3t-Value@db.internal:5432/web | s3cr3t-Value",
                "using AWS key AKIAIOSFODNN7EXAMPLX for upload | AKIAIOSFODNN7EXAMPLX",
                "{\"level\":\"debug\",\"msg\":\"env\",\"DB_PASSWORD\":\"correct-horse\"} | correct-horse",
                "Authorization: Bearer abcdef0123456789abcdef0123456789 | abcdef0123456789abcdef",
                "slack token xoxb-0123456789-abcdefghij | xoxb-0123456789",
                "export API_TOKEN=9f8e7d6c5b4a39281706 && ./run | 9f8e7d6c5b4a39281706",
                "password=hunter2hunter2 user=web | hunter2hunter2",
            })
    void secretsAreMasked(String line, String secret) {
        assertThat(lines("before", line, "after")).hasSize(3).noneMatch(shown -> shown.contains(secret));
        // Colors in it do not hide it.
        String colored = line.replace(secret, secret.substring(0, 5) + "\u001B[33m" + secret.substring(5));
        assertThat(lines(colored)).noneMatch(shown -> shown.contains(secret));
    }

    @Test
    void aPrivateKeyIsMaskedThoughItHasManyLinesOrItsBeginningIsFarAbove() {
        List<String> key =
                new ArrayList<>(Collections.nCopies(27, "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"));
        key.add(0, "-----BEGIN PRIVATE KEY-----");
        key.add("-----END PRIVATE KEY-----");
        key.add("started");
        assertThat(LogText.lines(key)).containsExactly("-----BEGIN PRIVATE KEY-----***", "started");

        List<String> end = key.subList(5, key.size());
        assertThat(LogText.lines(end)).noneMatch(line -> line.contains("MIIEv")).endsWith("started");
    }

    @Provide
    Arbitrary<List<String>> logs() {
        Arbitrary<String> anything = Arbitraries.strings().ofMaxLength(700);
        Arbitrary<String> nasty = Arbitraries.strings()
                .withChars("<>&`!@#|*_~\u001B[;m\n\r\t\u0000{}\":=-/ aZ0\uD83D\uDE00\u202E")
                .ofMaxLength(700);
        Arbitrary<String> secret = Arbitraries.of(SECRETS)
                .flatMap(s -> Arbitraries.strings()
                        .withChars("ab <>&\u001B ")
                        .ofMaxLength(60)
                        .map(around -> around + " " + s + " " + around));
        return Arbitraries.oneOf(anything, nasty, secret).list().ofMaxSize(60);
    }

    private static final List<String> SECRETS = List.of(
            "AKIAIOSFODNN7EXAMPLX",
            "xoxb-0123456789-abcdefghij",
            "https://user:Tr0ub4dor@example.com/x",
            "ghp_0123456789012345678901234567890123456789");

    @Property(tries = 300)
    void whateverIsLoggedItFitsAndNothingSecretIsInIt(@ForAll("logs") List<String> messages) {
        List<String> lines = LogText.lines(messages);
        assertThat(lines).hasSizeLessThanOrEqualTo(LogText.LINES);
        String all = String.join("\n", lines);
        assertThat(all.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
                .hasSizeLessThanOrEqualTo(LogText.CHARACTERS);
        assertThat(all).doesNotContain("\u001B", "\u0000", "\r");
        SECRETS.forEach(secret -> assertThat(all).doesNotContain(secret).doesNotContain("Tr0ub4dor"));
        assertThat(Redactor.text(all)).isEqualTo(all);
    }
}
