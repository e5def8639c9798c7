package io.ecssteward.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds the number of values of a label that comes from events. Each value is a time series forever, so values beyond
 * the limit become {@code other}.
 */
final class BoundedLabel {

    static final String OTHER = "other";

    private final int maxValues;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    BoundedLabel(int maxValues) {
        this.maxValues = maxValues;
    }

    String of(String value) {
        return known.contains(value) || known.size() < maxValues && known.add(value) ? value : OTHER;
    }
}
