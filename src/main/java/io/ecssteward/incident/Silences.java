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
 * The silences: those that people add, which are in the store and apply to all replicas, and the planned ones of a
 * file. Both are read again after {@value #REREAD_SECONDS} seconds. While the store is away, or the file is broken,
 * those hold that were read last.
 */
public final class Silences {

    private static final Logger LOG = LoggerFactory.getLogger(Silences.class);

    static final int REREAD_SECONDS = 10;

    private static final String DOCUMENT = "silences";

    /** How long those that are over can be listed. */
    private static final Duration KEPT = Duration.ofDays(1);

    /** More silences than these that end and begin at once are not followed, to find when the last of them ends. */
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

    /** Those that hold, as they were when somebody asked last whether they changed. */
    private List<Silence> before = List.of();

    private record Compiled(Silence silence, EventPattern pattern) {}

    /**
     * The silences of a store and a file.
     *
     * @param file as the setting names it, {@code file:/etc/steward/silences.yaml}; empty or null for none
     */
    public Silences(DocumentStore documents, Clock clock, String file) {
        this.documents = documents;
        this.clock = clock;
        this.file = file == null ? "" : file;
    }

    /** A silence that holds for this alert; empty when none does. */
    public Optional<Silence> of(Alert alert, Instant now) {
        reread();
        return holding(AlertFacts.of(alert), now).findFirst();
    }

    /** Whether there are others than when this was asked last: what was silenced may not be any more. */
    synchronized boolean changed() {
        reread();
        List<Silence> now = Stream.concat(planned.stream(), made.stream())
                .map(Compiled::silence)
                .toList();
        boolean changed = !now.equals(before);
        before = now;
        return changed;
    }

    /** From when on no silence holds for this alert any more, as planned now; null when none holds. */
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

    /** All silences, those of the file first; the ones that are over for a day. Reads them now. */
    public List<Silence> all() {
        List<Silence> all =
                new ArrayList<>(SilenceFile.read(file, clock.instant()).silences());
        all.addAll(stored(documents.read(DOCUMENT), new ArrayList<>()));
        return all;
    }

    /**
     * Adds a silence, for all replicas.
     *
     * @param pattern an event pattern over {@link AlertFacts}
     * @param who null when nobody says
     * @param comment null when nobody says
     * @throws IllegalArgumentException when the pattern is none, or the silence would never hold
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

    /** One thread reads, and the others go on with what was read last; but the first read is waited for by all. */
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

    /** Reads them now, for what is to be kept in the store: what was read before may be older than that. */
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
