package io.ecssteward.incident;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.claim.DocumentStore;
import io.ecssteward.claim.DocumentStore.Document;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.pattern.EventPattern;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The silences that people add, which are in the store and apply to all replicas, and the planned silences in a file.
 * Both are read again after {@value #REREAD_SECONDS} seconds. While the store is unavailable or the file has errors,
 * the silences that were read last stay in effect.
 */
public final class Silences {

    private static final Logger LOG = LoggerFactory.getLogger(Silences.class);

    static final int REREAD_SECONDS = 10;

    private static final String DOCUMENT = "silences";

    /** How long ended silences can still be listed. */
    private static final Duration KEPT = Duration.ofDays(1);

    /** How many back-to-back silences are followed, to find when the last of them ends. */
    private static final int MAX_IN_A_ROW = 100;

    private final DocumentStore documents;
    private final Clock clock;
    private final String file;
    private final ReentrantLock reading = new ReentrantLock();

    private volatile Instant nextRead = Instant.MIN;
    private volatile boolean first = true;
    private volatile List<Compiled> made = List.of();
    private volatile List<Compiled> planned = List.of();
    private String complained = ""; // Guarded by reading.

    /** The silences at the last call of {@link #changed}. */
    private List<Silence> before = List.of();

    private record Compiled(Silence silence, EventPattern pattern) {}

    /**
     * Reads silences from a store and a file.
     *
     * @param file the location from the setting, such as {@code file:/etc/steward/silences.yaml}; empty or null for
     *     none
     */
    public Silences(DocumentStore documents, Clock clock, String file) {
        this.documents = documents;
        this.clock = clock;
        this.file = file == null ? "" : file;
    }

    /** A silence that is active now for this alert; empty if there is none. */
    public Optional<Silence> of(Alert alert, Instant now) {
        reread();
        return holding(AlertFacts.of(alert), now).findFirst();
    }

    /** Whether the silences changed since the last call, so that silenced alerts may no longer be silenced. */
    synchronized boolean changed() {
        reread();
        List<Silence> now = Stream.concat(planned.stream(), made.stream())
                .map(Compiled::silence)
                .toList();
        boolean changed = !now.equals(before);
        before = now;
        return changed;
    }

    /** When the last of the silences for this alert ends, counting back-to-back ones; null if none is active now. */
    public Instant ends(Alert alert, Instant now) {
        reread();
        ObjectNode facts = AlertFacts.of(alert);
        Instant end = null;
        for (int i = 0; i < MAX_IN_A_ROW; i++) {
            Instant at = end == null ? now : end;
            Optional<Instant> later =
                    holding(facts, at).flatMap(s -> s.end(at).stream()).max(Instant::compareTo);
            if (later.isEmpty()) {
                break;
            }
            end = later.get();
        }
        return end;
    }

    private Stream<Silence> holding(ObjectNode facts, Instant now) {
        return Stream.concat(planned.stream(), made.stream())
                .filter(one ->
                        one.silence().end(now).isPresent() && one.pattern().matches(facts))
                .map(Compiled::silence);
    }

    /**
     * All silences, those of the file first. Ended silences are included for a day. This reads the file and the store
     * now.
     */
    public List<Silence> all() {
        List<Silence> all =
                new ArrayList<>(SilenceFile.read(file, clock.instant()).silences());
        all.addAll(stored(documents.read(DOCUMENT), new ArrayList<>()));
        return all;
    }

    /**
     * Adds a silence that applies to all replicas.
     *
     * @param pattern an event pattern over {@link AlertFacts}
     * @param who who adds it; null if unknown
     * @param comment why; null if unknown
     * @throws IllegalArgumentException when the pattern is invalid, or the silence would end before it begins or in the
     *     past
     */
    public Silence add(ObjectNode pattern, Instant from, Instant until, String who, String comment) {
        EventPattern.compile(pattern.toString());
        if (!from.isBefore(until) || !clock.instant().isBefore(until)) {
            throw new IllegalArgumentException("it would end at " + until + ", before it begins");
        }
        Silence[] made = new Silence[1];
        change("adding a silence", silences -> {
            String id;
            do {
                id = "s-%04x".formatted(ThreadLocalRandom.current().nextInt(0x10000));
            } while (contains(silences, id));
            made[0] = new Silence(id, pattern, from, until, null, who, comment);
            List<Silence> more = new ArrayList<>(silences);
            more.add(made[0]);
            return more;
        });
        return made[0];
    }

    private static boolean contains(List<Silence> silences, String id) {
        return silences.stream().anyMatch(s -> s.id().equals(id));
    }

    /** Ends a silence that a person added; false if there is no active or future one with this id. */
    public boolean expire(String id) {
        boolean[] there = new boolean[1];
        change("ending silence " + id, silences -> {
            Instant now = clock.instant();
            there[0] = silences.stream().anyMatch(s -> s.id().equals(id) && !s.over(now));
            return silences.stream()
                    .filter(s -> !s.id().equals(id) || !now.isBefore(s.from()))
                    .map(s -> s.id().equals(id) && !s.over(now)
                            ? new Silence(id, s.pattern(), s.from(), now, null, s.who(), s.comment())
                            : s)
                    .toList();
        });
        return there[0];
    }

    private void change(String doing, UnaryOperator<List<Silence>> change) {
        Attempts.of(doing, () -> {
            Document document = documents.read(DOCUMENT);
            Instant forgotten = clock.instant().minus(KEPT);
            List<Silence> changed = change.apply(stored(document, new ArrayList<>()).stream()
                    .filter(s -> s.until().isAfter(forgotten))
                    .toList());
            ArrayNode json = IncidentJson.MAPPER.createArrayNode();
            changed.forEach(s -> json.add(s.json()));
            Instant last =
                    changed.stream().map(Silence::until).max(Instant::compareTo).orElse(clock.instant());
            Duration kept = Duration.between(clock.instant(), last).plus(KEPT);
            return documents.write(DOCUMENT, IncidentJson.string(json), document.version(), kept);
        });
        nextRead = Instant.MIN;
    }

    /** One thread reads while others use the last result. All threads wait for the very first read. */
    private void reread() {
        Instant now = clock.instant();
        if (now.isBefore(nextRead)) {
            return;
        }
        if (!first) {
            if (!reading.tryLock()) {
                return;
            }
        } else {
            reading.lock();
        }
        try {
            if (!now.isBefore(nextRead)) {
                refresh();
            }
        } finally {
            reading.unlock();
        }
    }

    /**
     * Reads the silences now. A decision that is written to the store needs them fresh: the last result may be
     * outdated.
     */
    void refresh() {
        reading.lock();
        try {
            Instant now = clock.instant();
            read(now);
            nextRead = now.plusSeconds(REREAD_SECONDS);
            first = false;
        } finally {
            reading.unlock();
        }
    }

    private void read(Instant now) {
        List<String> problems = new ArrayList<>();
        SilenceFile found = SilenceFile.read(file, now);
        found.problems().forEach(problem -> problems.add(problem.toString()));
        if (first || problems.isEmpty()) {
            planned = compiled(found.silences(), problems);
        }
        try {
            made = compiled(stored(documents.read(DOCUMENT), problems), problems);
        } catch (TransientFailureException e) {
            problems.add(e.getMessage());
        }
        String complaint = String.join("; ", problems);
        if (!complaint.isEmpty() && complained.isEmpty()) {
            LOG.warn("reading the silences: {}; the previous ones stay in effect", complaint);
        } else if (complaint.isEmpty() && !complained.isEmpty()) {
            LOG.info("the silences can be read again");
        }
        complained = complaint;
    }

    private static List<Compiled> compiled(List<Silence> silences, List<String> problems) {
        List<Compiled> compiled = new ArrayList<>();
        for (Silence silence : silences) {
            try {
                compiled.add(new Compiled(
                        silence, EventPattern.compile(silence.pattern().toString())));
            } catch (IllegalArgumentException e) {
                problems.add("silence " + silence.id() + ": " + e.getMessage());
            }
        }
        return compiled;
    }

    private static List<Silence> stored(Document document, List<String> problems) {
        List<Silence> silences = new ArrayList<>();
        try {
            for (JsonNode one : IncidentJson.MAPPER.readTree(document.text() == null ? "[]" : document.text())) {
                silences.add(Silence.of(one));
            }
        } catch (JsonProcessingException | RuntimeException e) {
            problems.add("a silence in the store cannot be read: " + e.getMessage());
        }
        return silences;
    }
}
