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
 * Remembers resolved alerts that arrived before the alert that they end. SQS may deliver an end before its beginning,
 * and that would open an incident that nothing ends any more.
 *
 * <pre>
 * ends/alarm/111122223333/eu-west-1/errors   {"alarm/111122223333/eu-west-1/errors": "2026-05-04T03:00:00Z"}
 * </pre>
 *
 * <p>They are in the store, unless writing them costs something and they come again and again, as steady states do:
 * {@linkplain Alert#quiet quiet} ones are then in the memory of the process that received them, which ends what another
 * one opens at its next sweep.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html">Standard
 *     queues: best-effort ordering</a>
 */
final class EarlyEnds {
    /** As long as SQS keeps a dead letter, which may be sent again. */
    private static final Duration RETENTION = Duration.ofDays(14);

    /** Ours: longer than SQS takes to deliver a message again after its replica died or failed. */
    private static final Duration QUIET_RETENTION = Duration.ofHours(1);

    /** Ours: more than end about one thing. */
    private static final int MAX_ENDS = 20;

    /** Ours: a few hundred bytes each. */
    private static final int MAX_SUBJECTS = 10_000;

    private final DocumentStore documents;
    private final Clock clock;

    /** By what they are about, in the order in which they arrived. Guarded by itself. */
    private final Map<String, Heard> heard = new LinkedHashMap<>();

    private record Heard(Map<String, Instant> ends, Instant until) {}

    EarlyEnds(DocumentStore documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
    }

    /** Remembers an end that ended nothing. */
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
            // All are kept for as long, so those that are over come first; to look at all each time would be slow.
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

    /** Whether that is news. */
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

    /** The end of an alert that fires, which came before it; null when none did. */
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

    /** Removes and returns the ends that this process has about a thing; the caller applies them. */
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
            return null; // Nobody but us writes these; whatever this is, it ends nothing.
        }
    }
}
