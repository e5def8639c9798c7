package io.ecssteward.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Compares two texts line by line, as {@code diff -u} does. */
public final class LineDiff {
    private LineDiff() {}

    private static final int CONTEXT = 3;

    /** With more pairs of lines than this, all lines count as different. */
    private static final long MAX_PAIRS = 4_000_000;

    /**
     * The lines that differ, with some context; empty if the texts are equal.
     *
     * @return each beginning with {@code -} (only in the first), {@code +} (only in the second), a space (in both), or
     *     {@code @@}, where lines are left out
     */
    public static List<String> lines(String first, String second) {
        List<String> all = all(first.lines().toList(), second.lines().toList());
        List<String> shown = new ArrayList<>();
        int last = -1;
        for (int i = 0; i < all.size(); i++) {
            if (near(all, i)) {
                if (i > last + 1) {
                    shown.add("@@");
                }
                shown.add(all.get(i));
                last = i;
            }
        }
        if (!shown.isEmpty() && last < all.size() - 1) {
            shown.add("@@");
        }
        return shown;
    }

    private static boolean near(List<String> lines, int at) {
        for (int i = Math.max(0, at - CONTEXT); i <= Math.min(lines.size() - 1, at + CONTEXT); i++) {
            if (!lines.get(i).startsWith(" ")) {
                return true;
            }
        }
        return false;
    }

    private static List<String> all(List<String> first, List<String> second) {
        if ((long) first.size() * second.size() > MAX_PAIRS) {
            return Stream.concat(
                            first.stream().map(line -> "-" + line),
                            second.stream().map(line -> "+" + line))
                    .toList();
        }
        int[][] common = common(first, second);
        List<String> all = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < first.size() || j < second.size()) {
            if (i < first.size() && j < second.size() && first.get(i).equals(second.get(j))) {
                all.add(" " + first.get(i++));
                j++;
            } else if (j == second.size() || (i < first.size() && common[i + 1][j] >= common[i][j + 1])) {
                all.add("-" + first.get(i++));
            } else {
                all.add("+" + second.get(j++));
            }
        }
        return all;
    }

    /** The length of the longest common subsequence of lines, from each pair of positions on. */
    private static int[][] common(List<String> first, List<String> second) {
        int[][] common = new int[first.size() + 1][second.size() + 1];
        for (int i = first.size() - 1; i >= 0; i--) {
            for (int j = second.size() - 1; j >= 0; j--) {
                common[i][j] = first.get(i).equals(second.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }
}
