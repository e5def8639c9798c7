package io.ecssteward.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Suggests a name for a mistyped one. */
public final class Suggestion {
    private Suggestion() {}

    /** Longer lists do not help. */
    private static final int MAX_SHOWN = 14;

    /** The most similar name, if it differs only by a few letters. */
    public static Optional<String> to(String written, Collection<String> names) {
        String small = written.toLowerCase(Locale.ROOT);
        return new TreeSet<>(names)
                .stream()
                        .filter(name -> distance(small, name.toLowerCase(Locale.ROOT))
                                <= Math.max(1, Math.min(3, name.length() / 3)))
                        .min(Comparator.comparingInt(name -> distance(small, name.toLowerCase(Locale.ROOT))));
    }

    /** {@code ; did you mean 'x'?}, or the list of all names if it is short, or an empty text. */
    public static String remedy(String written, Collection<String> names) {
        return to(written, names)
                .map(name -> "; did you mean '" + name + "'?")
                .orElse(
                        names.isEmpty() || names.size() > MAX_SHOWN
                                ? ""
                                : "; there are " + String.join(", ", new TreeSet<>(names)));
    }

    /** The number of letters to add, remove, change or swap with the next. */
    public static int distance(String a, String b) {
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                steps[i][j] = Math.min(Math.min(steps[i - 1][j], steps[i][j - 1]) + 1, steps[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
                }
            }
        }
        return steps[a.length()][b.length()];
    }
}
