package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.alert.Alert;
import io.ecssteward.claim.DocumentStore;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.incident.IncidentStore.Stored;
import io.ecssteward.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Replicas that save incidents in the middle of each other's saves: whatever was saved last is looked at no later than
 * it said.
 */
class IncidentIndexHistoriesTest {

    private static final Instant START = Instant.parse("2036-11-20T10:00:00Z");

    /**
     * A save, and another one by somebody else before one of its requests.
     *
     * @param thing which incident
     * @param due in seconds; negative when it leaves the index
     * @param before the number of the request
     * @param meanwhile null when nobody else is there
     */
    record Save(int thing, int due, int before, Save meanwhile) {}

    @Provide
    Arbitrary<List<Save>> histories() {
        Arbitrary<Integer> things = Arbitraries.integers().between(0, 2);
        Arbitrary<Integer> dues = Arbitraries.integers().between(-3, 9);
        Arbitrary<Integer> requests = Arbitraries.integers().between(0, 7);
        Arbitrary<Save> alone = Combinators.combine(things, dues, requests).as((t, d, r) -> new Save(t, d, r, null));
        Arbitrary<Save> disturbed =
                Combinators.combine(things, dues, requests, alone).as(Save::new);
        Arbitrary<Save> twice =
                Combinators.combine(things, dues, requests, disturbed).as(Save::new);
        return Arbitraries.oneOf(alone, disturbed, twice).list().ofMinSize(1).ofMaxSize(12);
    }

    /** Runs something before one of its requests. */
    private static final class Disturbed implements DocumentStore {
        private final DocumentStore store;
        private int left;
        private Runnable meanwhile;

        Disturbed(DocumentStore store, int before, Runnable meanwhile) {
            this.store = store;
            this.left = before;
            this.meanwhile = meanwhile;
        }

        private void request() {
            if (left-- == 0 && meanwhile != null) {
                Runnable now = meanwhile;
                meanwhile = null;
                now.run();
            }
        }

        @Override
        public Document read(String key) {
            request();
            return store.read(key);
        }

        @Override
        public boolean write(String key, String text, long version, Duration kept) {
            request();
            return store.write(key, text, version, kept);
        }

        @Override
        public Map<String, Document> list(String prefix) {
            return store.list(prefix);
        }

        @Override
        public boolean durable() {
            return true;
        }
    }

    private static final class World {
        private final ManualClock clock = new ManualClock(START);
        private final MemoryClaimStore documents = new MemoryClaimStore(clock);
        private final IncidentStore store = new IncidentStore(documents, clock);
        private final Map<String, Instant> dues = new HashMap<>();
        private int saves;

        void run(Save save) {
            Stored read = store.get("#ops", "thing-" + save.thing());
            String mark = "save " + ++saves;
            Incident was = read.incident() == null
                    ? Incident.of(
                            Alert.about("thing-" + save.thing()).channel("#ops").build(), START, IncidentRules.DEFAULT)
                    : read.incident();
            Instant due = save.due() < 0 ? null : START.plusSeconds(save.due());
            dues.put(mark, due);
            Runnable meanwhile = save.meanwhile() == null ? null : () -> run(save.meanwhile());
            new IncidentStore(new Disturbed(documents, save.before(), meanwhile), clock)
                    .save(read, was.noted(StoryLine.Kind.ACTED, mark, null, START), due);
        }

        /** What the last save said that is there. */
        Instant expected(Incident incident) {
            return dues.get(incident.story().get(incident.story().size() - 1).text());
        }
    }

    @Property(tries = 1_000)
    void whatWasSavedLastIsLookedAtInTime(@ForAll("histories") List<Save> history) {
        World world = new World();
        history.forEach(world::run);

        for (int thing = 0; thing < 3; thing++) {
            Stored stored = world.store.get("#ops", "thing-" + thing);
            if (stored.incident() != null && world.expected(stored.incident()) != null) {
                assertThat(world.store.due(world.expected(stored.incident())))
                        .extracting(Stored::key)
                        .contains(stored.key());
            }
        }
        // Whoever looks at what needs nothing any more, and finds nobody in the way, takes it out.
        world.store.indexed().forEach(stored -> world.store.save(stored, stored.incident(), null));
        assertThat(world.store.indexed()).isEmpty();
    }
}
