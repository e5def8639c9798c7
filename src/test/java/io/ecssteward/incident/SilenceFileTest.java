package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people write into a file of silences, and what they are told of it. */
class SilenceFileTest {

    private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

    @TempDir
    private Path folder;

    private SilenceFile read(String text) throws IOException {
        Files.writeString(folder.resolve("silences.yaml"), text);
        return SilenceFile.read("file:" + folder.resolve("silences.yaml"), NOW);
    }

    private List<String> lines(List<Problem> problems) {
        return problems.stream().map(p -> p.line() + ": " + p.what()).toList();
    }

    @Test
    void onceAndEachWeek() throws IOException {
        SilenceFile file = read("""
                # Batch jobs may fail at night.
                - silence: nightly-batch
                  pattern: {"cluster": ["prod"], "service": [{"prefix": "batch-"}]}
                  days: [mon-fri, Sunday]
                  from: "22:00"
                  to: 6:00
                  zone: Europe/Berlin
                - silence: load-test
                  pattern: |
                    {"cluster": ["staging"]}
                  from: 2026-12-01 10:00
                  until: 2026-12-01T12:00:00+01:00
                  zone: Europe/Berlin
                  who: alex
                  comment: the new checkout
                """);
        assertThat(file.problems()).isEmpty();
        assertThat(file.warnings()).isEmpty();
        Silence nightly = file.silences().get(0);
        assertThat(nightly.pattern().at("/service/0/prefix").asText()).isEqualTo("batch-");
        assertThat(nightly.end(Instant.parse("2026-11-28T02:00:00Z")))
                .as("the night after Friday")
                .contains(Instant.parse("2026-11-28T05:00:00Z"));
        assertThat(nightly.end(Instant.parse("2026-11-28T22:00:00Z")))
                .as("Saturday")
                .isEmpty();
        Silence once = file.silences().get(1);
        assertThat(once.from()).isEqualTo("2026-12-01T09:00:00Z");
        assertThat(once.until()).isEqualTo("2026-12-01T11:00:00Z");
        assertThat(once.who()).isEqualTo("alex");
        assertThat(once.comment()).isEqualTo("the new checkout");
    }

    @Test
    void allProblemsAreToldAtOnceWithTheirLines() throws IOException {
        SilenceFile file = read("""
                - silence: a b
                  pattern: {"cluster": ["prod"]}
                  until: 2027-01-01T00:00:00Z
                - silence: twice
                  pattern: {"cluster": "prod"}
                  until: 2027-01-01T00:00:00Z
                - silence: twice
                  pattern: '{"cluster": ['
                  until: tomorrow
                - silence: zones
                  pattern: {"cluster": ["prod"]}
                  days: [funday]
                  from: noon
                  zone: Europe/Berln
                - silence: no-zone
                  pattern: {"cluster": ["prod"]}
                  days: [funday]
                  from: noon
                  to: "25:00"
                - silence: no-end
                  pattern: {"cluster": ["prod"]}
                  from: 2027-01-01T00:00:00Z
                - silence: no-pattern
                  untill: 2027-01-01T00:00:00Z
                - silence: backwards
                  pattern: {"cluster": ["prod"]}
                  from: 2027-01-02T00:00:00Z
                  until: 2027-01-01T00:00:00Z
                - silence: both
                  pattern: {"cluster": ["prod"]}
                  days: mon
                  until: 2027-01-01T00:00:00Z
                - text
                - silence: right
                  pattern: {"cluster": ["prod"]}
                  until: 2027-01-01T00:00:00Z
                """);
        assertThat(file.silences()).extracting(Silence::id).containsExactly("right");
        assertThat(String.join("\n", lines(file.problems())))
                .contains(
                        "1: the silence has no name;",
                        "5: the pattern is not an event pattern:",
                        "7: the silence in line 4 has the same name; rename one",
                        "8: the pattern is not JSON:",
                        "14: 'Europe/Berln' is not a time zone; write one like Europe/Berlin; did you mean"
                                + " 'Europe/Berlin'?",
                        "17: it has no time zone;",
                        "17: 'funday' is not a day; write mon, tue,",
                        "18: 'noon' is not a time of day;",
                        "19: '25:00' is not a time of day;",
                        "20: the silence has no end; set 'until'",
                        "24: a silence has no 'untill'; did you mean 'until'?",
                        "23: the silence has no pattern;",
                        "28: it ends at 2027-01-01T00:00:00Z, before it begins;",
                        "31: a silence holds once, by 'until', or each week, by 'days'; remove one of them",
                        "33: a silence is expected here;");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"clusters\": [\"prod\"]} | no alert has 'clusters', so it matches nothing; did you mean 'cluster'?",
                "{\"severity\": [\"CRITICAL\"]} | no alert has the severity 'CRITICAL', so it matches nothing",
                "{\"$or\": [{\"state\": [\"open\"]}, {\"key\": [\"a\"]}]} | no alert has the state 'open'",
                "{\"channel\": [\"#ops\"]} | channels are without their # here",
                "{\"account\": [111122223333]} | put it between quotes",
                "{\"cluster\": {\"name\": [\"prod\"]}} | 'cluster' of an alert is a text",
                "{\"fields\": [\"a\"]} | 'fields' of an alert has names in it",
                "{\"key\": [{\"exists\": true}]} | it matches every alert",
                "{\"severity\": [\"critical\", \"error\", \"warning\", \"info\"]} | it matches every alert",
                "{\"title\": [{\"prefix\": \"\"}]} | it matches every alert"
            })
    void whatIsProbablyAMistakeIsAWarning(String pattern, String warning) throws IOException {
        SilenceFile file = read("- silence: a\n  pattern: " + pattern + "\n  until: 2027-01-01T00:00:00Z\n");

        assertThat(file.problems()).isEmpty();
        assertThat(lines(file.warnings()))
                .singleElement()
                .asString()
                .startsWith("2: ")
                .contains(warning);
    }

    @Test
    void whatIsOverIsAWarningAndWhatIsNarrowIsNone() throws IOException {
        SilenceFile file = read("""
                - silence: over
                  pattern: {"cluster": ["prod"]}
                  until: 2026-01-01T00:00:00Z
                - silence: narrow
                  pattern: {"cluster": [{"exists": true}]}
                  until: 2027-01-01T00:00:00Z
                """);
        assertThat(lines(file.warnings())).containsExactly("3: it is over, so it matches nothing; remove it");
    }

    @Test
    void aFileWithoutSilencesIsRightAndOneThatIsNotThereIsNot() throws IOException {
        assertThat(read("").problems()).isEmpty();
        assertThat(read("# none yet\n").problems()).isEmpty();
        assertThat(read("[]").problems()).isEmpty();
        assertThat(lines(read("silence: a").problems()))
                .containsExactly("1: a list of silences is expected; begin each with '- silence: NAME'");
        assertThat(lines(read("- a: [").problems())).singleElement().asString().contains("is not valid YAML");
        assertThat(lines(SilenceFile.read("file:" + folder.resolve("none.yaml"), NOW)
                        .problems()))
                .containsExactly("0: there is no such file; create it, or set another one");
        assertThat(SilenceFile.read("", NOW).problems()).isEmpty();
    }
}
