package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import io.ecssteward.claim.DocumentStore;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SilencesTest {

    private static final String ABOUT = "service/111122223333/eu-west-1/prod/web";

    private final ManualClock clock = ManualClock.at("2026-11-28T10:00:00Z");
    private final AwayStore store = new AwayStore();
    private final Silences silences = new Silences(store, clock, "");

    @TempDir
    private Path folder;

    /** A store that can be away. */
    private final class AwayStore implements DocumentStore {
        private final MemoryClaimStore documents = new MemoryClaimStore(clock);
        private boolean away;

        private DocumentStore here() {
            if (away) {
                throw new TransientFailureException("reading silences: DynamoDB answered no");
            }
            return documents;
        }

        @Override
        public Document read(String key) {
            return here().read(key);
        }

        @Override
        public boolean write(String key, String text, long version, Duration kept) {
            return here().write(key, text, version, kept);
        }

        @Override
        public Map<String, Document> list(String prefix) {
            return here().list(prefix);
        }

        @Override
        public boolean durable() {
            return true;
        }
    }

    private static ObjectNode json(String json) {
        try {
            return (ObjectNode) IncidentJson.MAPPER.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Alert alert() {
        return Alert.about(ABOUT + "/deployment")
                .incident(ABOUT)
                .severity(Severity.ERROR)
                .title("Deployment of web failed")
                .channel("#ops")
                .field("Reason", "tasks failed to start")
                .build();
    }

    private Silence add(String pattern, Duration length) {
        return silences.add(json(pattern), clock.instant(), clock.instant().plus(length), "alex", "load test");
    }

    private boolean silent() {
        return silences.of(alert(), clock.instant()).isPresent();
    }

    private String file(String text) throws IOException {
        Path file = folder.resolve("silences.yaml");
        Files.writeString(file, text);
        return "file:" + file;
    }

    @Test
    void nothingIsSilentByItself() {
        assertThat(silent()).isFalse();
        assertThat(silences.ends(alert(), clock.instant())).isNull();
        assertThat(silences.all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"cluster\": [\"prod\"], \"service\": [{\"prefix\": \"we\"}]}",
                "{\"alert\": [\"deployment\"], \"severity\": [\"warning\", \"error\"]}",
                "{\"key\": [\"" + ABOUT + "/deployment\"]}",
                "{\"account\": [\"111122223333\"], \"region\": [\"eu-west-1\"]}",
                "{\"channel\": [\"ops\"], \"state\": [\"firing\"]}",
                "{\"title\": [{\"wildcard\": \"*failed\"}]}",
                "{\"fields\": {\"Reason\": [{\"prefix\": \"tasks\"}]}}",
                "{\"$or\": [{\"cluster\": [\"dev\"]}, {\"service\": [\"web\"]}]}"
            })
    void aSilenceHoldsForTheAlertsThatItsPatternMatches(String pattern) {
        Silence made = add(pattern, Duration.ofHours(2));

        assertThat(silences.of(alert(), clock.instant())).contains(made);
        Alert other = Alert.about("alarm/444455556666/us-east-1/disk")
                .severity(Severity.CRITICAL)
                .state(Alert.State.RESOLVED)
                .build();
        assertThat(silences.of(other, clock.instant())).isEmpty();
        clock.advance(Duration.ofHours(2));
        assertThat(silent()).isFalse();
    }

    @Test
    void theFactsOfAnAlertAreReadFromWhatItIsAbout() {
        assertThat(AlertFacts.of(Alert.about("alarm/111122223333/eu-west-1/high/cpu")
                                .build())
                        .toString())
                .contains("\"region\":\"eu-west-1\"")
                .doesNotContain("cluster");
        assertThat(AlertFacts.of(Alert.about("x")
                        .incident("task-family/111122223333/eu-west-1/prod/report")
                        .build()))
                .isEqualTo(json("""
                        {"alert": "x", "key": "x", "severity": "warning", "state": "firing", "title": "",
                         "account": "111122223333", "region": "eu-west-1", "cluster": "prod", "family": "report",
                         "fields": {}}"""));
        assertThat(AlertFacts.of(Alert.about("agent/7")
                                .incident("instance/arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/7f")
                                .build())
                        .path("cluster")
                        .asText())
                .isEqualTo("prod");
        assertThat(AlertFacts.of(Alert.about("y").field("Cluster", "prod").build())
                        .path("cluster")
                        .asText())
                .isEqualTo("prod");
    }

    @Test
    void itBeginsWhenItWasPlanned() {
        silences.add(
                json("{\"cluster\": [\"prod\"]}"),
                clock.instant().plusSeconds(60),
                clock.instant().plusSeconds(120),
                null,
                null);
        assertThat(silent()).isFalse();
        clock.advance(Duration.ofSeconds(60));
        assertThat(silent()).isTrue();
    }

    @Test
    void silencesThatFollowEachOtherEndWithTheLast() {
        Instant now = clock.instant();
        add("{\"cluster\": [\"prod\"]}", Duration.ofHours(1));
        add("{\"service\": [\"web\"]}", Duration.ofMinutes(30));
        silences.add(json("{\"service\": [\"web\"]}"), now.plusSeconds(1800), now.plusSeconds(7200), null, null);
        silences.add(json("{\"service\": [\"web\"]}"), now.plusSeconds(9000), now.plusSeconds(9999), null, null);

        assertThat(silences.ends(alert(), now)).isEqualTo(now.plusSeconds(7200));
    }

    @Test
    void anotherReplicaFollowsWithinTenSeconds() {
        Silences another = new Silences(store, clock, "");
        assertThat(another.of(alert(), clock.instant())).isEmpty();
        Silence made = add("{\"cluster\": [\"prod\"]}", Duration.ofHours(1));
        clock.advance(Duration.ofSeconds(10));
        assertThat(another.of(alert(), clock.instant())).contains(made);
        assertThat(silences.expire(made.id())).isTrue();
        assertThat(silent()).isFalse();
        clock.advance(Duration.ofSeconds(10));

        assertThat(another.of(alert(), clock.instant())).isEmpty();
        assertThat(silences.expire(made.id())).as("it is over").isFalse();
        assertThat(silences.expire("s-none")).isFalse();
    }

    @Test
    void whatIsOverCanBeListedForADay() {
        add("{\"cluster\": [\"prod\"]}", Duration.ofHours(1));
        clock.advance(Duration.ofHours(24));
        add("{\"cluster\": [\"dev\"]}", Duration.ofHours(1));
        assertThat(silences.all()).hasSize(2);
        clock.advance(Duration.ofHours(1));
        add("{\"cluster\": [\"test\"]}", Duration.ofHours(1));

        assertThat(silences.all()).hasSize(2);
    }

    @Test
    void aSilenceThatIsPlannedAheadAndTakenBackIsGone() {
        Silence later = silences.add(
                json("{\"cluster\": [\"prod\"]}"),
                clock.instant().plusSeconds(60),
                clock.instant().plusSeconds(90),
                null,
                null);
        assertThat(silences.expire(later.id())).isTrue();
        assertThat(silences.all()).isEmpty();
    }

    @Test
    void whatWouldNeverHoldIsRefused() {
        Instant now = clock.instant();
        ObjectNode prod = json("{\"cluster\": [\"prod\"]}");
        assertThatThrownBy(() -> silences.add(prod, now, now, null, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> silences.add(prod, now.minusSeconds(9), now.minusSeconds(1), null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> add("{\"cluster\": \"prod\"}", Duration.ofHours(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whileTheStoreIsAwayTheLastKnownOnesHoldAndOneWarningSaysSo() {
        add("{\"cluster\": [\"prod\"]}", Duration.ofHours(1));
        assertThat(silent()).isTrue();
        store.away = true;
        try (CapturedLog log = new CapturedLog()) {
            for (int i = 0; i < 5; i++) {
                clock.advance(Duration.ofSeconds(10));
                assertThat(silent()).isTrue();
            }
            assertThat(log.text().lines().filter(line -> line.contains("silences")))
                    .singleElement()
                    .asString()
                    .contains("DynamoDB answered no", "stay in effect");
            store.away = false;
            clock.advance(Duration.ofSeconds(10));
            assertThat(silent()).isTrue();
            assertThat(log.text().lines().filter(line -> line.contains("silences")))
                    .hasSize(2)
                    .last()
                    .asString()
                    .contains("can be read again");
        }
        clock.advance(Duration.ofHours(1));
        assertThat(silent()).isFalse();
    }

    @Test
    void aStoreThatWasNeverThereSilencesNothingAndTheFileHolds() throws IOException {
        store.away = true;
        assertThat(silent()).isFalse();
        Silences withFile = new Silences(
                store, clock, file("[{silence: a, pattern: {cluster: [prod]}, until: 2027-01-01T00:00:00Z}]"));
        assertThat(withFile.of(alert(), clock.instant())).isPresent();
    }

    @Test
    void theFileIsTakenWhileRunningAndABrokenOneLeavesWhatWasReadBefore() throws IOException {
        Silences withFile = new Silences(store, clock, file("""
                - silence: always
                  pattern: {cluster: [prod]}
                  zone: UTC
                  days: [mon-sun]
                """));
        assertThat(withFile.of(alert(), clock.instant()))
                .hasValueSatisfying(s -> assertThat(s.id()).isEqualTo("always"));
        file("- silence: [");
        clock.advance(Duration.ofSeconds(10));
        try (CapturedLog log = new CapturedLog()) {
            assertThat(withFile.of(alert(), clock.instant())).isPresent();
            assertThat(log.text().lines().filter(line -> line.contains("silences")))
                    .singleElement()
                    .asString()
                    .contains("silences.yaml:", "is not valid YAML");
        }
        file("[]");
        clock.advance(Duration.ofSeconds(10));
        assertThat(withFile.of(alert(), clock.instant())).isEmpty();
        assertThat(withFile.expire("always")).isFalse();
    }

    @Test
    void whatAnotherVersionLeftInTheStoreIsPassedOver() {
        Silence made = add("{\"cluster\": [\"prod\"]}", Duration.ofHours(1));
        DocumentStore.Document document = store.read("silences");
        String text = document.text().replace("\"id\":", "\"new\":{\"a\":1},\"id\":");
        store.write("silences", text, document.version(), Duration.ofDays(1));
        clock.advance(Duration.ofSeconds(10));
        assertThat(silences.of(alert(), clock.instant())).contains(made);
        for (String broken : List.of("nonsense", "{}", "[1]", "[{\"id\": \"x\"}]")) {
            store.write("silences", broken, store.read("silences").version(), Duration.ofDays(1));
            clock.advance(Duration.ofSeconds(10));
            assertThat(silent()).as(broken).isFalse();
        }
    }
}
