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
 * Stores incidents beside the claims: a document for the current incident about a thing in a channel, one for each
 * earlier one, and an index of those that have to be looked at again.
 *
 * <pre>
 * incident/ops/service/111122223333/eu-west-1/prod/web   {"id": "web-7f3a", "status": "OPEN", ...}
 * incident/web-19c2                                      {"id": "web-19c2", "status": "RESOLVED", ...}
 * incidents/3          {"incident/ops/service/...": {"id": "web-7f3a", "due": 1795176030000, "after": 1795176020000}}
 * </pre>
 *
 * <p>An incident is in the index before it is in its own document, and leaves it afterwards: whoever dies in between
 * leaves an entry too much, never one too few. Each method may throw a
 * {@link io.ecssteward.failure.TransientFailureException} when the store does not say; what was to be written may be
 * there then.
 */
public final class IncidentStore {

    static final String PREFIX = "incident/";

    private static final String ID = IncidentIndex.ID;
    private static final String DUE = IncidentIndex.DUE;

    /** The version of the incident from which an entry was made, so that who is late does not undo it. */
    private static final String AFTER = "after";

    /** What stands where an incident will be archived, while it still is the current one: the key of that. */
    private static final String SEE = "see";

    private static final Duration KEPT_OPEN = Duration.ofDays(90);
    private static final Duration KEPT_ENDED = Duration.ofDays(14);

    /** How long an entry may be without its incident: longer than it takes to write that. */
    private static final Duration BEING_WRITTEN = Duration.ofMinutes(5);

    private final DocumentStore documents;
    private final Clock clock;
    private final IncidentIndex index;
    private final ParsedTexts<Found> parsed = new ParsedTexts<>(IncidentStore::found);

    /** What a document says: another key to see, or an incident, or neither when it cannot be read. */
    private record Found(String see, Incident incident) {}

    /**
     * An incident as it was found.
     *
     * @param key of its document
     * @param incident null when there is none
     * @param version what {@link #save} compares
     */
    public record Stored(String key, Incident incident, long version) {}

    public IncidentStore(DocumentStore documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
        this.index = new IncidentIndex(documents);
    }

    /** The current incident about this in this channel. */
    public Stored get(String channel, String about) {
        return get(key(channel, about));
    }

    /** Where the current incident about this in this channel is. */
    static String key(String channel, String about) {
        return PREFIX + (channel == null ? "" : channel) + "/" + about;
    }

    /** Where the incidents about this are that are not over, in all channels. */
    List<String> about(String about) {
        return index.entries(about).stream().map(IncidentIndex.Entry::key).toList();
    }

    /**
     * The incident in this document. One that cannot be read counts as none, so that alerts about it are still shown.
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
     * Replaces what was read. Save an incident that did not change, too, when it is to be looked at again at another
     * time.
     *
     * @param due when to look at it again; null when there is nothing to wait for, and it leaves the index
     * @return false when somebody else wrote meanwhile: read it again, and decide anew
     */
    public boolean save(Stored read, Incident changed, Instant due) {
        if (changed == read.incident() && due != null && isDue(read.key(), due)) {
            return true; // Nothing to write: it is due, and is to be.
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
                return; // Somebody read what is written now, and was faster.
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
     * Keeps an incident that ended, under its id, before another about the same thing takes its place. Where another
     * has this id, it gets a longer one that begins with it: four digits repeat.
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

    /** Where incidents are that somebody has to look at again, the one that is due first first. */
    List<IncidentIndex.Entry> entries() {
        return index.entries();
    }

    /** The incidents that are due, the one that waits longest first. */
    public List<Stored> due(Instant now) {
        return stored(entries().stream().filter(e -> !e.due().isAfter(now)).toList());
    }

    /** When the next incident is due; null for none. */
    public Instant nextDue() {
        List<IncidentIndex.Entry> entries = index.entries();
        return entries.isEmpty() ? null : entries.get(0).due();
    }

    /** All that are not over, or not shown as they are. */
    public List<Stored> indexed() {
        return stored(index.entries());
    }

    /** The incident that has this id; with none in it when there is none. */
    public Stored byId(String id) {
        return index.entries().stream()
                .filter(entry -> entry.id().equals(id))
                .map(entry -> get(entry.key()))
                .filter(stored ->
                        stored.incident() != null && stored.incident().id().equals(id))
                .findFirst()
                .orElseGet(() -> get(PREFIX + id));
    }

    /** All that are kept, the latest first. Reads the whole store: for people who ask, not for alerts. */
    public List<Incident> all() {
        Map<List<String>, Incident> all = new LinkedHashMap<>();
        documents.list(PREFIX).forEach((key, document) -> {
            Incident incident = found(key, document.text()).incident();
            if (incident != null) {
                // The archive may have a copy of what still is the current one, and that one can be ahead.
                all.merge(List.of(incident.id(), origin(incident)), incident, (a, b) -> a.state() >= b.state() ? a : b);
            }
        });
        return all.values().stream()
                .sorted(Comparator.comparing(Incident::opened).reversed())
                .toList();
    }

    /** Whether they outlive this process, and other replicas see them. */
    public boolean durable() {
        return documents.durable();
    }

    /** What the entries are of. */
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
