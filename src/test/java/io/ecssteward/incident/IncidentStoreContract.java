package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.incident.Incident.Status;
import io.ecssteward.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What is kept of incidents, whatever it is kept in. */
abstract class IncidentStoreContract {

    static final String CHANNEL = "#ops";
    private static final Duration KEPT = Duration.ofDays(1);

    static final String ABOUT = "service/111122223333/eu-west-1/prod/web";

    /** Years ahead, so that a TTL never passes while a test runs. */
    final ManualClock clock = ManualClock.at("2036-11-20T10:00:00Z");

    final ClaimStore documents = documents();
    final IncidentStore store = new IncidentStore(documents, clock);

    abstract ClaimStore documents();

    final Instant now() {
        return clock.instant();
    }

    final Incident open(String id) {
        return incident(id, List.of(alert(ABOUT + "/deployment", "Deployment of web failed")));
    }

    final Incident incident(String id, List<IncidentAlert> alerts) {
        return new Incident(
                id,
                ABOUT,
                CHANNEL,
                Status.OPEN,
                Severity.ERROR,
                now(),
                null,
                alerts,
                List.of(new StoryLine(1, now(), StoryLine.Kind.OPENED, "Deployment of web failed")),
                null,
                List.of(now()),
                null,
                0,
                null,
                List.of("3f2a"),
                List.of(new Incident.Announcement(1, "Incident Opened", now(), null)),
                1,
                new Shown(
                        "C123",
                        "1795176030.000100",
                        1,
                        1,
                        now(),
                        new Shown.Attempt(Shown.Attempt.What.REPLY, 1, "replica-1", now().plusSeconds(30))),
                new Incident.Memory(Severity.ERROR, now(), false, 1, 1, Map.of("key/*", now()), Map.of()));
    }

    final IncidentAlert alert(String key, String text) {
        Alert alert = Alert.about(key)
                .title("web in prod")
                .text(text)
                .field("Cluster", "prod")
                .link("Console", "https://console.aws.amazon.com/ecs")
                .incident(ABOUT)
                .time(now())
                .resolveAfter(Duration.ofHours(12))
                .build();
        return new IncidentAlert(alert, 2, now(), now(), null, now());
    }

    final Incident acknowledged(Incident incident) {
        return incident.acknowledge("alex", now());
    }

    final Incident resolved(Incident incident) {
        return incident.close("alex", now());
    }

    final IncidentStore.Stored read() {
        return store.get(CHANNEL, ABOUT);
    }

    final void save(Incident incident, Instant due) {
        assertThat(store.save(read(), incident, due)).isTrue();
    }

    @Test
    void nothingIsKnownOfWhatNeverHappened() {
        assertThat(read().incident()).isNull();
        assertThat(store.due(now())).isEmpty();
        assertThat(store.nextDue()).isNull();
        assertThat(store.byId("web-7f3a").incident()).isNull();
        assertThat(store.all()).isEmpty();
    }

    @Test
    void anIncidentIsReadAsItWasSaved() {
        Incident incident = incident(
                "web-7f3a", List.of(alert("a", "naïve 🚀 \u0000 \"text\""), alert(ABOUT + "/b", ""), alert("c", "x")));
        save(incident, now());

        assertThat(read().incident()).isEqualTo(incident);
        assertThat(store.get(read().key())).isEqualTo(read());
        assertThat(documents.read(read().key()).text()).matches("\\p{ASCII}+");
    }

    @Test
    void channelsAndThingsHaveIncidentsOfTheirOwn() {
        save(open("web-7f3a"), now());

        assertThat(store.get("#other", ABOUT).incident()).isNull();
        assertThat(store.get(null, ABOUT).incident()).isNull();
        assertThat(store.get(CHANNEL, ABOUT + "-2").incident()).isNull();
    }

    @Test
    void ofTwoWhoReadTheSameOneWins() {
        save(open("web-7f3a"), now());
        IncidentStore.Stored mine = read();
        IncidentStore.Stored yours = read();
        assertThat(store.save(mine, acknowledged(mine.incident()), now())).isTrue();
        assertThat(store.save(yours, resolved(yours.incident()), null)).isFalse();

        assertThat(read().incident().status()).isEqualTo(Status.ACKNOWLEDGED);
        assertThat(store.due(now())).hasSize(1);
    }

    @Test
    void whatIsDueComesInTheOrderOfItsWaiting() {
        for (int i = 3; i >= 1; i--) {
            Instant due = now().plusSeconds(i);
            assertThat(store.save(store.get(CHANNEL, "thing-" + i), open("thing-" + i), due))
                    .isTrue();
        }
        assertThat(store.due(now())).isEmpty();
        assertThat(store.nextDue()).isEqualTo(now().plusSeconds(1));
        assertThat(store.indexed()).hasSize(3);
        clock.advance(Duration.ofSeconds(2));

        assertThat(store.due(now())).extracting(s -> s.incident().id()).containsExactly("thing-1", "thing-2");
    }

    @Test
    void savingTheSameAgainPutsItOff() {
        save(open("web-7f3a"), now());
        save(read().incident(), now().plusSeconds(60));
        assertThat(store.due(now())).isEmpty();
        save(read().incident(), now().plusSeconds(30));

        assertThat(store.nextDue()).isEqualTo(now().plusSeconds(30));
    }

    @Test
    void whatIsDueAndStaysSoIsNotWrittenAgain() {
        save(open("web-7f3a"), now());
        clock.advance(Duration.ofSeconds(10));
        IncidentStore.Stored read = read();
        assertThat(store.save(read, read.incident(), now())).isTrue();
        assertThat(read()).isEqualTo(read);
        assertThat(store.due(now())).hasSize(1);
        save(read().incident(), now().plusSeconds(1));

        assertThat(store.due(now())).isEmpty();
    }

    @Test
    void whatIsOverAndShownLeavesTheIndexAndIsStillFound() {
        save(open("web-7f3a"), now());
        save(resolved(read().incident()), null);

        assertThat(store.indexed()).isEmpty();
        assertThat(store.nextDue()).isNull();
        assertThat(store.byId("web-7f3a")).isEqualTo(read());
        assertThat(store.all()).containsExactly(read().incident());
    }

    @Test
    void whoIsLateDoesNotTakeAnotherOneOutOfTheIndex() {
        save(open("web-7f3a"), now());
        IncidentStore.Stored old = read();
        // Between the write of a replica and its change to the index, another writes both.
        IncidentStore slow = new IncidentStore(
                new InterruptedStore(
                        documents,
                        old.key(),
                        () -> save(read().incident().noted(StoryLine.Kind.ACTED, "Redeployed.", null, now()), now())),
                clock);
        assertThat(slow.save(old, resolved(old.incident()), null)).isTrue();

        assertThat(read().incident().story()).last().extracting(StoryLine::text).isEqualTo("Redeployed.");
        assertThat(store.due(now())).hasSize(1);
    }

    @Test
    void whoDiesBetweenTwoWritesLeavesAnEntryTooMuchAndNeverOneTooFew() {
        assertThatThrownBy(() -> dyingAfter(IncidentIndex.key(ABOUT)).save(read(), open("web-7f3a"), now()))
                .hasMessage("died");
        assertThat(read().incident()).isNull();
        assertThat(store.nextDue()).isEqualTo(now());
        save(open("web-7f3a"), now());
        assertThatThrownBy(() -> dyingAfter(read().key()).save(read(), resolved(read().incident()), null))
                .hasMessage("died");
        assertThat(read().incident().status()).isEqualTo(Status.RESOLVED);
        assertThat(store.due(now())).hasSize(1);
    }

    private IncidentStore dyingAfter(String key) {
        return new IncidentStore(
                new InterruptedStore(documents, key, () -> {
                    throw new IllegalStateException("died");
                }),
                clock);
    }

    @Test
    void anEarlierIncidentIsFoundByItsId() {
        save(open("web-7f3a"), now());
        save(resolved(read().incident()), null);
        Incident earlier = read().incident();
        clock.advance(Duration.ofHours(1));
        store.archive(earlier);
        save(open("web-19c2"), now());

        assertThat(store.byId("web-7f3a").incident()).isEqualTo(earlier);
        assertThat(store.byId("web-19c2").incident().status()).isEqualTo(Status.OPEN);
        assertThat(store.all()).extracting(Incident::id).containsExactly("web-19c2", "web-7f3a");
    }

    @Test
    void ofTwoWithOneIdTheLaterGetsALongerOneInTheArchive() {
        save(open("web-7f3a"), now());
        save(resolved(read().incident()), null);
        Incident earlier = read().incident();
        store.archive(earlier);
        clock.advance(Duration.ofHours(1));
        save(resolved(open("web-7f3a")), null);
        Incident later = read().incident();
        store.archive(later);
        store.archive(later);
        clock.advance(Duration.ofHours(1));
        save(open("web-19c2"), now());

        assertThat(store.byId("web-7f3a").incident()).isEqualTo(earlier);
        assertThat(store.all())
                .hasSize(3)
                .extracting(Incident::id)
                .startsWith("web-19c2")
                .endsWith("web-7f3a")
                .element(1)
                .asString()
                .matches("web-7f3a-[0-9a-f]{4}");
        assertThat(store.byId(store.all().get(1).id()).incident().opened()).isEqualTo(later.opened());
    }

    @Test
    void anEndedIncidentIsKeptForFourteenDaysAndAnOpenOneForNinety() {
        save(open("web-7f3a"), now());
        clock.advance(Duration.ofDays(89));
        assertThat(read().incident()).isNotNull();
        save(resolved(read().incident()), null);
        store.archive(read().incident());
        clock.advance(Duration.ofDays(13));
        assertThat(store.all()).hasSize(1);
        clock.advance(Duration.ofDays(1));

        assertThat(read().incident()).isNull();
        assertThat(store.all()).isEmpty();
        assertThat(store.byId("web-7f3a").incident()).isNull();
    }

    @Test
    void thereIsRoomForTenThousandOpenIncidents() {
        int services = 200;
        for (int service = 0; service < services; service++) {
            IncidentStore.Stored none = store.get("#ops", "service/111122223333/eu-west-1/prod/service-" + service);
            assertThat(store.save(none, open("service-" + service + "-7f3a"), now()))
                    .isTrue();
        }
        assertThat(store.due(now())).hasSize(services);
        assertThat(documents.list("incidents/").values())
                .hasSize(IncidentIndex.PARTS)
                .allSatisfy(part ->
                        assertThat(part.text().length() * 10_000L / services).isLessThan(400_000));
    }

    @Test
    void anEntryWithoutItsIncidentGoesAfterAWhile() {
        documents.write(
                IncidentIndex.key("x"),
                "{\"incident/#ops/x\":{\"id\":\"x-1\",\"due\":" + now().toEpochMilli() + "}}",
                0,
                Duration.ofDays(1));
        assertThat(store.due(now())).isEmpty();
        assertThat(store.nextDue()).isEqualTo(now());
        clock.advance(Duration.ofMinutes(6));
        assertThat(store.due(now())).isEmpty();

        assertThat(store.nextDue()).isNull();
    }

    @Test
    void whatAnotherVersionWroteIsReadAsFarAsItIsKnown() {
        documents.write("incident/#ops/" + ABOUT, """
                {"id": "web-7f3a", "about": "%s", "channel": "#ops", "status": "OPEN", "severity": "ERROR",
                 "opened": "2036-11-20T09:00:00Z", "later": {"new": [1]},
                 "story": [{"number": 1, "at": "2036-11-20T09:00:00Z", "kind": "PAGED", "text": "Somebody was paged."}],
                 "shown": {"channel": "C1", "ts": "1.2", "color": "red"}}
                """.formatted(ABOUT), 0, Duration.ofDays(1));

        Incident read = read().incident();
        assertThat(read.id()).isEqualTo("web-7f3a");
        assertThat(read.alerts()).isEmpty();
        assertThat(read.openings()).isEmpty();
        assertThat(read.outbox()).isEmpty();
        assertThat(read.story()).extracting(StoryLine::text).containsExactly("Somebody was paged.");
        assertThat(read.shown().ts()).isEqualTo("1.2");
    }

    @Test
    void whatCannotBeReadCountsAsNoneAndIsReplaced() {
        for (String text :
                List.of("", "nonsense", "[]", "null", "{\"severity\": \"PURPLE\"}", "{\"opened\": \"noon\"}")) {
            documents.write(
                    "incident/#ops/" + ABOUT,
                    text,
                    documents.read("incident/#ops/" + ABOUT).version(),
                    KEPT);
            String index = IncidentIndex.key(ABOUT);
            documents.write(index, text, documents.read(index).version(), KEPT);
            if (!text.contains("severity")) {
                assertThat(store.all()).as(text).isEmpty();
            }
            IncidentStore.Stored read = read();
            assertThat(read.incident()).as(text).isNull();
            assertThat(store.save(read, open("web-7f3a"), now())).isTrue();
            assertThat(store.due(now())).as(text).hasSize(1);
        }
    }

    @Test
    void theItemsOfEarlierVersionsAreInNobodysWay() {
        documents.note("open/" + ABOUT, "[\"firing/" + ABOUT + "/deployment\"]", KEPT);
        documents.note("thread/ops/" + ABOUT, "C123 1763632800.000100", KEPT);
        documents.note("told/6c0e4a50-0000-3000-8000-000000000000", null, KEPT);
        documents.record("firing/" + ABOUT + "/deployment", KEPT);
        documents.claim("redeploy/prod/web", "me", KEPT, KEPT);
        save(open("web-7f3a"), now());

        assertThat(store.all()).hasSize(1);
        assertThat(store.indexed()).hasSize(1);
        assertThat(documents.noted("thread/ops/" + ABOUT)).isEqualTo("C123 1763632800.000100");
    }

    @Test
    void anIncidentThatIsTooLargeIsCutAndKeepsWhatFires() {
        List<IncidentAlert> alerts = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            IncidentAlert alert = alert("key/" + "k".repeat(500) + i, "é".repeat(20_000));
            alerts.add(i < 10 ? alert : new IncidentAlert(alert.latest(), 1, now(), now(), now(), null));
        }
        save(incident("web-7f3a", alerts), now());

        assertThat(documents.read(read().key()).text().length()).isLessThanOrEqualTo(IncidentJson.MAX_BYTES);
        assertThat(read().incident().alerts().stream().filter(IncidentAlert::firing))
                .hasSize(10);
    }

    @Test
    void manyWhoSaveAtOnceLoseNothing() throws Exception {
        IncidentStore another = new IncidentStore(documents, clock);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> saves = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String id = "thing-" + i;
                IncidentStore replica = i % 2 == 0 ? store : another;
                saves.add(pool.submit(() -> replica.save(replica.get(CHANNEL, id), open(id), now())));
            }
            for (Future<Boolean> save : saves) {
                assertThat(save.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(store.due(now())).hasSize(24);
    }
}
