package io.ecssteward.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/operating.md says what each word means that an operator finds as a reason. */
class SkipReasonDocTest {

    private static final Path DOCUMENT = Path.of("docs/operating.md");
    private static final String HEAD = "| reason | meaning |\n| --- | --- |\n";

    /** {@code -Dreasons.update=true} writes the table anew. */
    @Test
    void theTableOfReasonsHasAllOfThem() throws IOException {
        String rows = Stream.of(SkipReason.values())
                .sorted((one, other) -> one.word().compareTo(other.word()))
                .map(reason -> "| `" + reason.word() + "` | " + reason.description() + " |\n")
                .collect(Collectors.joining());
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(HEAD) + HEAD.length();
        int end = document.indexOf("\n## ", begin);
        if (Boolean.getBoolean("reasons.update")) {
            document = document.substring(0, begin) + rows + document.substring(end);
            Files.writeString(DOCUMENT, document);
            end = document.indexOf("\n## ", begin);
        }
        assertThat(document.substring(begin, end)).isEqualTo(rows);
    }
}
