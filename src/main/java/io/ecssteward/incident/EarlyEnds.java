package io.ecssteward.incident;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.claim.DocumentStore;
import io.ecssteward.claim.DocumentStore.Document;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Remembers resolving alerts that arrived before the firing alert that they end. SQS may deliver messages out of order.
 * Without this, the late firing alert would open an incident that nothing resolves.
 *
 * <pre>
 * ends/alarm/111122223333/eu-west-1/errors   {"alarm/111122223333/eu-west-1/errors": "2026-05-04T03:00:00Z"}
 * </pre>
 *
 * <p>They are kept in the store, with one exception. {@linkplain Alert#quiet Quiet} ends, such as steady states, arrive
 * often, and each write to a durable store costs money. Those stay in the memory of the process that received them. If
 * another process opens the incident, this process resolves it at its next sweep.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html">Standard
 *     queues: best-effort ordering</a>
 */
final class EarlyEnds {
    /** As long as SQS retains a dead-lettered message, which may be redriven. */
    private static final Duration RETENTION = Duration.ofDays(14);

    /** Our choice: longer than SQS takes to redeliver a message after its replica died or failed. */
    private static final Duration QUIET_RETENTION = Duration.ofHours(1);

    /** Our choice: more ends than one subject has. */
    private static final int MAX_ENDS = 20;

    /** Our choice: a few hundred bytes each. */
    private static final int MAX_SUBJECTS = 10_000;

    private final DocumentStore documents;
    private final Clock clock;

    /** Keyed by subject ({@link Alert#about}), in order of arrival. Guarded by itself. */
    private final Map<String, Heard> heard = new LinkedHashMap<>();

    private record Heard(Map<String, Instant> ends, Instant until) {}

    EarlyEnds(DocumentStore documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
    }

    /** Remembers an end that resolved nothing. */
    void remember(Alert end) {
        Instant time = end.time() == null ? clock.instant() : end.time();
        if (end.quiet() && documents.durable()) {
            hear(end, time);
            return;
        }
        String key = key(end.about());
        Attempts.of("writing " + key, () -> {
            Document document = documents.read(key);
            Map<String, Instant> ends = ends(key, document);
            if (!put(ends, end.key(), time)) {
                return true;
            }
            ObjectNode json = IncidentJson.MAPPER.createObjectNode();
            ends.forEach((what, at) -> json.put(what, at.toString()));
            return documents.write(
                    key, IncidentJson.string(json), document.version(), end.quiet() ? QUIET_RETENTION : RETENTION);
        });
    }

    private void hear(Alert end, Instant time) {
        synchronized (heard) {
            Heard before = heard.remove(end.about());
            Map<String, Instant> ends = before == null ? new LinkedHashMap<>() : before.ends();
            put(ends, end.key(), time);
            heard.put(end.about(), new Heard(ends, clock.instant().plus(QUIET_RETENTION)));
            // All have the same retention, so expired ones come first. Checking all of them each time would be slow.
            Instant now = clock.instant();
            Iterator<Heard> first = heard.values().iterator();
            while (first.hasNext()) {
                boolean over = !now.isBefore(first.next().until());
                if (!over && heard.size() <= MAX_SUBJECTS) {
                    break;
                }
                first.remove();
            }
        }
    }

    /** Adds an end; false if one as late is already there. */
    private static boolean put(Map<String, Instant> ends, String key, Instant time) {
        Instant before = ends.get(key);
        if (before != null && !time.isAfter(before)) {
            return false;
        }
        ends.put(key, time);
        if (ends.size() > MAX_ENDS) {
            ends.remove(ends.entrySet().stream()
                    .min(Map.Entry.comparingByValue())
                    .orElseThrow()
                    .getKey());
        }
        return true;
    }

    /** The end that arrived before this firing alert; null if none did. */
    Alert of(Alert alert) {
        if (alert.state() != Alert.State.FIRING || alert.time() == null) {
            return null;
        }
        String key = key(alert.about());
        return Stream.concat(
                        ends(key, documents.read(key)).entrySet().stream(), heard(alert.about()).entrySet().stream())
                .map(end -> end(alert.about(), end.getKey(), end.getValue()))
                .filter(end -> end.ends(alert) && end.time().isAfter(alert.time()))
                .max(Comparator.comparing(Alert::time))
                .orElse(null);
    }

    private Map<String, Instant> heard(String about) {
        synchronized (heard) {
            Heard one = heard.get(about);
            return one == null || !clock.instant().isBefore(one.until()) ? Map.of() : Map.copyOf(one.ends());
        }
    }

    /** Removes and returns the ends that this process remembers for a subject; the caller applies them. */
    List<Alert> take(String about) {
        List<Alert> ends = new ArrayList<>();
        heard(about).forEach((key, time) -> ends.add(end(about, key, time)));
        synchronized (heard) {
            heard.remove(about);
        }
        return ends;
    }

    private static Alert end(String about, String key, Instant time) {
        return Alert.about(key)
                .incident(about)
                .state(Alert.State.RESOLVED)
                .time(time)
                .build();
    }

    private static String key(String about) {
        return "ends/" + about;
    }

    private static Map<String, Instant> ends(String key, Document document) {
        Map<String, Instant> ends = new LinkedHashMap<>();
        JsonNode json = IncidentJson.tree(key, document.text());
        if (json != null) {
            json.fields().forEachRemaining(end -> {
                Instant at = instant(end.getValue().asText());
                if (at != null) {
                    ends.put(end.getKey(), at);
                }
            });
        }
        return ends;
    }

    private static Instant instant(String written) {
        try {
            return Instant.parse(written);
        } catch (DateTimeException e) {
            return null; // Only Steward writes these; an unreadable one is ignored.
        }
    }
}
