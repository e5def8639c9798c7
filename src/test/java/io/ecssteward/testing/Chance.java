package io.ecssteward.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What a share of the calls gets in place of an answer, drawn at random: the same seed draws the same row. */
final class Chance<T> {
    private final Random random;
    private final double share;
    private final List<T> all;
    private final T rare;
    private int rareLeft;
    private final Map<T, Integer> drawn = new LinkedHashMap<>();

    /**
     * Draws one of these as often as any other.
     *
     * @param share how many of the calls draw something, 0 to 1
     * @param rare what is drawn so many times at most, because it takes long
     */
    Chance(long seed, double share, List<T> often, T rare, int rareAtMost) {
        random = new Random(seed);
        this.share = share;
        all = new ArrayList<>(often);
        all.add(rare);
        this.rare = rare;
        rareLeft = rareAtMost;
    }

    /** What the next call gets; null when it is answered. */
    synchronized T draw() {
        if (random.nextDouble() >= share) {
            return null;
        }
        T one = all.get(random.nextInt(all.size()));
        if (one == rare && rareLeft-- <= 0) {
            one = all.get(0);
        }
        drawn.merge(one, 1, Integer::sum);
        return one;
    }

    /** How often each was drawn so far. */
    synchronized Map<T, Integer> drawn() {
        return new LinkedHashMap<>(drawn);
    }
}
