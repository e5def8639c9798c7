package io.ecssteward.event;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The highest version seen of each task and container instance, which shows whether a late event is stale. It is kept
 * in memory, for the {@value #MAX_RESOURCES} resources of the latest events. Events of other resources count as fresh:
 * a stale event may then raise a late alert, but no action depends on it.
 */
public class LatestVersions {

    static final int MAX_RESOURCES = 50_000;

    private final Map<String, Long> latest = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_RESOURCES;
        }
    };

    /** Records the event's version, if it has one. */
    public synchronized void record(Event event) {
        event.version().ifPresent(v -> latest.merge(v.arn(), v.version(), Math::max));
    }

    /** Whether a later state of the same resource was already seen. */
    public synchronized boolean stale(Event event) {
        Optional<ResourceVersion> version = event.version();
        return version.isPresent()
                && latest.getOrDefault(version.get().arn(), Long.MIN_VALUE)
                        > version.get().version();
    }

    /** Forgets everything. */
    public synchronized void clear() {
        latest.clear();
    }
}
