package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import io.ecssteward.claim.DynamoClaimStore;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentRules;
import io.ecssteward.incident.IncidentStore;
import io.ecssteward.incident.Silence;
import io.ecssteward.incident.Silences;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.Dynamo;
import io.ecssteward.testing.ManualClock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Incidents and silences from the command line, in the table of a running steward. */
class IncidentCommandTest {

    private static final String WEB = "service/111122223333/eu-west-1/prod/web";
    private static final String API = "service/111122223333/eu-west-1/prod/api";

    /** Years ahead, so that a TTL never passes while a test runs. */
    private final ManualClock clock = ManualClock.at("2036-11-20T10:00:00Z");

    private final Dynamo dynamo = new Dynamo();
    private final String table = dynamo.createTable();
    private final DynamoClaimStore documents =
            new DynamoClaimStore(dynamo.client(), table, Duration.ofMinutes(5), clock);
    private final IncidentStore incidents = new IncidentStore(documents, clock);
    private final Silences silences = new Silences(documents, clock, "");
    private final Map<String, String> settings = new HashMap<>(Map.of("steward.claims", "dynamodb:" + table));

    @TempDir
    private Path folder;

    private String out;
    private String err;

    @AfterEach
    void close() {
        dynamo.close();
    }

    private int run(String... words) {
        StringWriter printed = new StringWriter();
        StringWriter complained = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(printed)).setErr(new PrintWriter(complained));
        Settings read = Settings.of(Map.of(), settings);
        IncidentCommand incident = line.getSubcommands().get("incident").getCommand();
        incident.use(read, name -> dynamo.client(), clock);
        SilenceCommand silence = line.getSubcommands().get("silence").getCommand();
        silence.use(read, name -> dynamo.client(), clock);
        int code = line.execute(words);
        out = printed.toString();
        err = complained.toString();
        return code;
    }

    private static Alert alert(String about, Instant now) {
        return Alert.about(about + "/deployment")
                .incident(about)
                .severity(Severity.ERROR)
                .title("Deployment of " + about.replaceAll(".*/", "") + " failed")
                .channel("#ops")
                .origin(about)
                .time(now)
                .build();
    }

    /** Opens one; it is due in an hour. */
    private String open(String about) {
        Incident incident = Incident.of(alert(about, clock.instant()), clock.instant(), IncidentRules.DEFAULT);
        assertThat(incidents.save(
                        incidents.get("#ops", about), incident, clock.instant().plusSeconds(3600)))
                .isTrue();
        return incident.id();
    }

    private Incident stored(String about) {
        return incidents.get("#ops", about).incident();
    }

    @Test
    void openIncidentsAreListedTheLatestFirst() throws Exception {
        assertThat(run("incident", "list")).isZero();
        assertThat(out).isEqualToIgnoringNewLines("no incident is open");
        String web = open(WEB);
        clock.advance(Duration.ofMinutes(1));
        String api = open(API);

        assertThat(run("incident", "list")).as(err).isZero();
        assertThat(out.lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith(api)
                .contains("open", "error", "2036-11-20T10:01:00Z", "Deployment of api failed");
        assertThat(run("incident", "list", "--json")).isZero();
        JsonNode last =
                new ObjectMapper().readTree(out.lines().skip(1).findFirst().orElseThrow());
        assertThat(last.path("id").asText()).isEqualTo(web);
        assertThat(last.path("about").asText()).isEqualTo(WEB);
    }

    @Test
    void whatIsOverIsListedWhenItIsAskedForAndNeedsAScan() {
        open(WEB);
        incidents.save(incidents.get("#ops", WEB), stored(WEB).close("alex", clock.instant()), null);
        dynamo.takeCalls();
        assertThat(run("incident", "list")).isZero();
        assertThat(out).isEqualToIgnoringNewLines("no incident is open");
        assertThat(dynamo.takeCalls()).doesNotContain("Scan");
        assertThat(run("incident", "list", "--all")).isZero();
        assertThat(out).contains("resolved", "Deployment of web failed");
        dynamo.fail("Scan", 1, Dynamo.ACCESS_DENIED);

        assertThat(run("incident", "list", "--all")).isEqualTo(Main.FAILED);
        assertThat(err).contains("AccessDeniedException");
    }

    @Test
    void anIncidentIsShownWithItsStory() {
        String web = open(WEB);
        assertThat(run("incident", "show", web)).isZero();
        assertThat(out)
                .startsWith(web + "  " + WEB)
                .contains("status    open", "channel   #ops", "fires, 1 time", "Deployment of web failed");
        assertThat(run("incident", "show", web.substring(0, 4))).as(err).isZero();
        assertThat(run("incident", "show", web, "--json")).isZero();
        assertThat(out).contains("\"status\" : \"OPEN\"");
        incidents.save(incidents.get("#ops", WEB), stored(WEB).close("alex", clock.instant()), null);

        assertThat(run("incident", "show", web)).as("after its end").isZero();
        assertThat(out).contains("resolved", "alex");
    }

    @Test
    void anIncidentIsAcknowledgedAndResolvedAndARunningReplicaLooksAtItAtOnce() {
        String web = open(WEB);
        assertThat(incidents.due(clock.instant())).isEmpty();
        assertThat(run("incident", "ack", web, "--as", "alex")).as(err).isZero();
        assertThat(out).isEqualToIgnoringNewLines(web + " is acknowledged by alex");
        assertThat(stored(WEB).status()).isEqualTo(Incident.Status.ACKNOWLEDGED);
        assertThat(incidents.due(clock.instant())).hasSize(1);
        assertThat(run("incident", "ack", web, "--as", "kim")).isZero();
        assertThat(out).contains("was already acknowledged by alex");
        assertThat(run("incident", "resolve", web, "--as", "kim")).isZero();
        assertThat(stored(WEB).status()).isEqualTo(Incident.Status.RESOLVED);
        assertThat(stored(WEB).story()).last().extracting("text").asString().contains("kim");
        assertThat(run("incident", "resolve", web)).isZero();

        assertThat(out).contains("was already resolved");
    }

    @Test
    void anIdThatNoneHasIsAnsweredWithTheNearest() {
        String web = open(WEB);
        assertThat(run("incident", "ack", web.replace("web", "wbe"))).isEqualTo(Main.FAILED);
        assertThat(err)
                .contains("there is no incident '" + web.replace("web", "wbe") + "'; did you mean '" + web + "'?");
        open("service/111122223333/eu-west-1/dev/web");
        assertThat(run("incident", "show", "web")).isEqualTo(Main.FAILED);
        assertThat(err).contains("'web' is the beginning of several: web-", "write more of it");
        assertThat(run("incident", "show", "nothing-like-it")).isEqualTo(Main.FAILED);
        assertThat(err).contains("there is no incident 'nothing-like-it'");
    }

    @Test
    void withoutATableASentenceSaysWhy() {
        settings.clear();
        for (String words : new String[] {"incident list", "silence list", "silence add --cluster a --for 1h"}) {
            assertThat(run(words.split(" "))).isEqualTo(Main.WRONG);
            assertThat(err)
                    .contains("in the memory of the running process", "STEWARD_CLAIMS")
                    .hasLineCount(1);
        }
    }

    @Test
    void whileDynamoDbIsAwayThatIsSaid() {
        dynamo.fail(Dynamo.GET, 1, Dynamo.SERVER_ERROR);

        assertThat(run("incident", "list")).isEqualTo(Main.FAILED);
        assertThat(err).contains("DynamoDB answered InternalServerError");
    }

    @Test
    void aSilenceIsMadeListedAndEnded() {
        String web = open(WEB);
        open("service/111122223333/eu-west-1/dev/web");
        assertThat(run(
                        "silence",
                        "add",
                        "--cluster",
                        "prod",
                        "--service",
                        "w*",
                        "--service",
                        "api",
                        "--for",
                        "2h",
                        "--comment",
                        "load test",
                        "--as",
                        "alex"))
                .as(err)
                .isZero();
        Silence made = silences.all().get(0);
        assertThat(out)
                .contains(
                        made.id() + " holds until 2036-11-20T12:00:00Z: {\"cluster\":[\"prod\"],"
                                + "\"service\":[{\"wildcard\":\"w*\"},\"api\"]}",
                        "It matches open incidents: " + web + System.lineSeparator());
        assertThat(err).isEmpty();
        assertThat(silences.of(alert(WEB, clock.instant()), clock.instant())).contains(made);
        assertThat(incidents.due(clock.instant().plusSeconds(10))).hasSize(1);

        assertThat(run("incident", "show", web)).isZero();
        assertThat(out).contains("silenced  until 2036-11-20T12:00:00Z");
        assertThat(run("silence", "list")).isZero();
        assertThat(out).contains(made.id(), "until 2036-11-20T12:00:00Z", "by alex: load test");
        assertThat(run("silence", "list", "--json")).isZero();
        assertThat(out).contains("\"holds\":true", "\"pattern\":{\"cluster\":[\"prod\"]");
        assertThat(run("silence", "expire", made.id().substring(0, 4))).as(err).isZero();
        assertThat(out).isEqualToIgnoringNewLines(made.id() + " is over");
        assertThat(run("silence", "list")).isZero();
        assertThat(out).isEqualToIgnoringNewLines("nothing is silenced");
        assertThat(run("silence", "expire", made.id())).isEqualTo(Main.FAILED);
        assertThat(err).contains("there is no silence '" + made.id() + "'");
    }

    @Test
    void whatIsSilencedIsLookedAtWhenItsSilenceEndsEarly() {
        open(WEB);
        assertThat(run("silence", "add", "--alert", "deployment", "--for", "1d"))
                .isZero();
        String id = silences.all().get(0).id();
        IncidentStore.Stored read = incidents.get("#ops", WEB);
        incidents.save(
                read,
                read.incident().silenced(Map.of(read.incident().alerts().get(0).key(), id), clock.instant()),
                clock.instant().plus(Duration.ofDays(1)));
        assertThat(incidents.due(clock.instant().plusSeconds(10))).isEmpty();
        assertThat(run("silence", "expire", id)).isZero();

        assertThat(incidents.due(clock.instant().plusSeconds(10))).hasSize(1);
    }

    @Test
    void aSilenceTakesAPatternAndATimeToEnd() {
        assertThat(run(
                        "silence",
                        "add",
                        "--pattern",
                        "{\"severity\": [\"warning\"]}",
                        "--until",
                        "2036-11-21T09:00:00Z"))
                .as(err)
                .isZero();
        assertThat(silences.all().get(0).until()).isEqualTo("2036-11-21T09:00:00Z");
        assertThat(run("silence", "add", "--cluster", "a", "--until", "09:00")).isZero();
        assertThat(silences.all().get(1).until()).isAfter(clock.instant()).isBefore("2036-11-21T10:00:00Z");
        assertThat(run("silence", "add", "--pattern", "{\"clusters\": [\"a\"]}", "--for", "1h"))
                .isZero();
        assertThat(err).contains("warning: no alert has 'clusters', so it matches nothing; did you mean 'cluster'?");
    }

    @Test
    void whatIsMissingOrWrongIsSaid() {
        Map<String, String> said = Map.of(
                "--for 1h", "say what to silence: --cluster",
                "--cluster a", "say how long: --for 2h, or --until 18:00",
                "--cluster a --for 1h --until 18:00", "say how long",
                "--cluster a --for soon", "'soon'; set a duration",
                "--cluster a --until soon", "--until is 'soon'; set 18:00",
                "--cluster a --until 2036-11-20T09:00:00Z", "before it begins",
                "--cluster a --pattern {} --for 1h", "--pattern excludes the other options",
                "--pattern {\"a\":1} --for 1h", "compiling the event pattern",
                "--pattern [] --for 1h", "--pattern is not an event pattern",
                "--pattern nonsense --for 1h", "--pattern is not JSON");
        said.forEach((words, sentence) -> {
            assertThat(run(("silence add " + words).split(" "))).as(words).isEqualTo(Main.WRONG);
            assertThat(err).as(words).contains(sentence);
        });
        assertThat(silences.all()).isEmpty();
    }

    @Test
    void plannedSilencesAreListedAndStayInTheirFile() throws Exception {
        Path file = folder.resolve("silences.yaml");
        Files.writeString(file, """
                - silence: nightly
                  pattern: {cluster: [prod]}
                  from: "22:00"
                  to: "06:00"
                  zone: Europe/Berlin
                """);
        settings.put("steward.silences", "file:" + file);

        assertThat(run("silence", "list")).isZero();
        assertThat(out).contains("nightly", "weekly, from 22:00");
        assertThat(run("silence", "expire", "nightly")).isEqualTo(Main.FAILED);
        assertThat(err).contains("nightly is planned in the file that STEWARD_SILENCES names; remove it there");
    }
}
