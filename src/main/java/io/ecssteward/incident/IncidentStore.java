package io.ecssteward.incident;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.claim.DocumentStore;
import io.ecssteward.claim.DocumentStore.Document;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stores incidents in the same table as the claims: a document for the current incident about a subject in a channel,
 * one for each earlier incident, and an index of the incidents that have to be checked again.
 *
 * <pre>
 * incident/ops/service/111122223333/eu-west-1/prod/web   {"id": "web-7f3a", "status": "OPEN", ...}
 * incident/web-19c2                                      {"id": "web-19c2", "status": "RESOLVED", ...}
 * incidents/3          {"incident/ops/service/...": {"id": "web-7f3a", "due": 1795176030000, "after": 1795176020000}}
 * </pre>
 *
 * <p>The index entry is added before the incident's document is written, and removed after it: a process that dies in
 * between leaves a superfluous entry, never a missing one. Each method may throw a
 * {@link io.ecssteward.failure.TransientFailureException} when the store does not answer; a write may have happened
 * anyway.
 */
public final class IncidentStore {

    static final String PREFIX = "incident/";

    private static final String ID = IncidentIndex.ID;
    private static final String DUE = IncidentIndex.DUE;

    /**
     * The version of the incident that an entry was made from, so that a slow replica does not overwrite a newer entry.
     */
    private static final String AFTER = "after";

    /**
     * While an incident is still the current one, its future archive document holds only this: the key of the current
     * document.
     */
    private static final String SEE = "see";

    private static final Duration KEPT_OPEN = Duration.ofDays(90);
    private static final Duration KEPT_ENDED = Duration.ofDays(14);

    /** How long an entry may exist without its incident: longer than writing the incident takes. */
    private static final Duration BEING_WRITTEN = Duration.ofMinutes(5);

    private final DocumentStore documents;
    private final Clock clock;
    private final IncidentIndex index;
    private final ParsedTexts<Found> parsed = new ParsedTexts<>(IncidentStore::found);

    /** The content of a document: another key, or an incident, or neither if it cannot be read. */
    private record Found(String see, Incident incident) {}

    /**
     * An incident as it was read.
     *
     * @param key the key of its document
     * @param incident null when there is none
     * @param version the version that {@link #save} compares
     */
    public record Stored(String key, Incident incident, long version) {}

    public IncidentStore(DocumentStore documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
        this.index = new IncidentIndex(documents);
    }

    /** The current incident about this subject in this channel. */
    public Stored get(String channel, String about) {
        return get(key(channel, about));
    }

    /** The key of the current incident about this subject in this channel. */
    static String key(String channel, String about) {
        return PREFIX + (channel == null ? "" : channel) + "/" + about;
    }

    /** The keys of the incidents about this subject that are in the index, in all channels. */
    List<String> about(String about) {
        return index.entries(about).stream().map(IncidentIndex.Entry::key).toList();
    }

    /**
     * The incident in this document. An unreadable one counts as missing, so that alerts about its subject are still
     * shown.
     */
    public Stored get(String key) {
        Document document = documents.read(key);
        Found found = parsed.of(key, document.text());
        return found.see() != null ? get(found.see()) : new Stored(key, found.incident(), document.version());
    }

    private static Found found(String key, String text) {
        JsonNode json = IncidentJson.tree(key, text);
        if (json == null) {
            return new Found(null, null);
        }
        return json.has(SEE) ? new Found(json.get(SEE).asText(), null) : new Found(null, incident(key, json));
    }

    /**
     * Replaces the incident that was read. An unchanged incident can be saved, too, to change when it is checked next.
     *
     * @param due when to check it next; null when there is nothing to wait for, which removes it from the index
     * @return false if another thread or replica wrote it meanwhile: read it again and repeat the change
     */
    public boolean save(Stored read, Incident changed, Instant due) {
        if (changed == read.incident() && due != null && isDue(read.key(), due)) {
            return true; // Nothing to write: it is already due.
        }
        String text = IncidentJson.write(changed);
        if (due != null) {
            index.change(read.key(), all -> {
                JsonNode entry = all.path(read.key());
                if (!entry.isObject()
                        || entry.path(DUE).asLong() > due.toEpochMilli()
                        || !entry.path(ID).asText().equals(changed.id())) {
                    all.set(read.key(), entry(changed, due, read.version()));
                }
            });
        }
        if (!documents.write(read.key(), text, read.version(), kept(changed))) {
            return false;
        }
        index.change(read.key(), all -> {
            JsonNode entry = all.path(read.key());
            long after = entry.path(AFTER).asLong(-1);
            if (after > read.version()) {
                return; // Another replica has already saved a newer version.
            }
            if (due == null) {
                all.remove(read.key());
            } else if (after < read.version() || entry.path(DUE).asLong() != due.toEpochMilli()) {
                all.set(read.key(), entry(changed, due, read.version()));
            }
        });
        if (due == null && changed.resolved() != null) {
            String pointer =
                    IncidentJson.MAPPER.createObjectNode().put(SEE, read.key()).toString();
            documents.write(PREFIX + changed.id(), pointer, 0, kept(changed));
        }
        return true;
    }

    private boolean isDue(String key, Instant wanted) {
        Instant now = clock.instant();
        return !wanted.isAfter(now)
                && index.entries(IncidentIndex.about(key)).stream()
                        .anyMatch(
                                entry -> entry.key().equals(key) && !entry.due().isAfter(now));
    }

    /**
     * Stores an incident that ended under its id, before a new incident about the same subject replaces it. If another
     * incident already has this id, the id is extended, because four digits can repeat.
     */
    public void archive(Incident ended) {
        String id = ended.id();
        String whole = Identities.hash(origin(ended), 64);
        for (int digits = 0; isOfAnother(ended, documents.read(PREFIX + id)); digits += 4) {
            id = ended.id() + "-" + whole.substring(0, digits + 4);
        }
        String key = PREFIX + id;
        ObjectNode json = (ObjectNode) IncidentJson.tree(key, IncidentJson.write(ended));
        String text = IncidentJson.string(json.put(ID, id));
        Attempts.of(
                "archiving " + key,
                () -> documents.write(key, text, documents.read(key).version(), kept(ended)));
    }

    private static boolean isOfAnother(Incident ended, Document document) {
        Found there = found(ended.id(), document.text());
        if (there.see() != null) {
            return !there.see().equals(key(ended.channel(), ended.about()));
        }
        return there.incident() != null && !origin(there.incident()).equals(origin(ended));
    }

    /** Unique to an incident: its key, and when it opened. */
    private static String origin(Incident incident) {
        return key(incident.channel(), incident.about()) + "/" + incident.opened();
    }

    /** The index entries of incidents that have to be checked again, earliest due first. */
    List<IncidentIndex.Entry> entries() {
        return index.entries();
    }

    /** The incidents that are due, the longest overdue first. */
    public List<Stored> due(Instant now) {
        return stored(entries().stream().filter(e -> !e.due().isAfter(now)).toList());
    }

    /** When the next incident is due; null for none. */
    public Instant nextDue() {
        List<IncidentIndex.Entry> entries = index.entries();
        return entries.isEmpty() ? null : entries.get(0).due();
    }

    /** All incidents that are not over, or that Slack does not show correctly yet. */
    public List<Stored> indexed() {
        return stored(index.entries());
    }

    /** The incident with this id; {@code incident} is null if there is none. */
    public Stored byId(String id) {
        return index.entries().stream()
                .filter(entry -> entry.id().equals(id))
                .map(entry -> get(entry.key()))
                .filter(stored ->
                        stored.incident() != null && stored.incident().id().equals(id))
                .findFirst()
                .orElseGet(() -> get(PREFIX + id));
    }

    /** All stored incidents, latest first. This reads the whole store: use it for people's requests, not for alerts. */
    public List<Incident> all() {
        Map<List<String>, Incident> all = new LinkedHashMap<>();
        documents.list(PREFIX).forEach((key, document) -> {
            Incident incident = found(key, document.text()).incident();
            if (incident != null) {
                // The archive may hold a copy of the current incident, which can be newer than the copy.
                all.merge(List.of(incident.id(), origin(incident)), incident, (a, b) -> a.state() >= b.state() ? a : b);
            }
        });
        return all.values().stream()
                .sorted(Comparator.comparing(Incident::opened).reversed())
                .toList();
    }

    /** Whether stored incidents outlive this process and are shared with other replicas. */
    public boolean durable() {
        return documents.durable();
    }

    /** The incidents of these entries. Entries without an incident are removed after a while. */
    List<Stored> stored(List<IncidentIndex.Entry> entries) {
        List<Stored> found = new ArrayList<>();
        for (IncidentIndex.Entry entry : entries) {
            Stored stored = get(entry.key());
            if (stored.incident() != null) {
                found.add(stored);
            } else if (entry.due().plus(BEING_WRITTEN).isBefore(clock.instant())) {
                index.change(entry.key(), all -> {
                    if (all.path(entry.key()).path(DUE).asLong() == entry.due().toEpochMilli()) {
                        all.remove(entry.key());
                    }
                });
            }
        }
        return found;
    }

    private static ObjectNode entry(Incident incident, Instant due, long version) {
        ObjectNode entry = IncidentJson.MAPPER
                .createObjectNode()
                .put(ID, incident.id())
                .put(DUE, due.toEpochMilli())
                .put(AFTER, version);
        return incident.memory().held().isEmpty() ? entry : entry.put(IncidentIndex.SILENCED, true);
    }

    private Duration kept(Incident incident) {
        if (incident.resolved() == null) {
            return KEPT_OPEN;
        }
        Duration left = Duration.between(clock.instant(), incident.resolved().plus(KEPT_ENDED));
        return left.compareTo(BEING_WRITTEN) > 0 ? left : BEING_WRITTEN;
    }

    private static Incident incident(String key, JsonNode json) {
        try {
            return IncidentJson.read(json);
        } catch (JsonProcessingException e) {
            return IncidentJson.unreadable(key, e);
        }
    }
}
