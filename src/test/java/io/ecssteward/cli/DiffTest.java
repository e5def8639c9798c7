package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DiffTest {

    private static String lines(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).collect(Collectors.joining("\n"));
    }

    @Test
    void nothingDiffers() {
        assertThat(Diff.lines("a\nb\n", "a\nb\n")).isEmpty();
        assertThat(Diff.lines("", "")).isEmpty();
    }

    @Test
    void whatDiffersStandsBetweenThreeLinesOfWhatDoesNot() {
        assertThat(Diff.lines(lines(1, 20), lines(1, 20).replace("10", "ten")))
                .containsExactly("@@", " 7", " 8", " 9", "-10", "+ten", " 11", " 12", " 13", "@@");
    }

    @Test
    void twoPlacesAreApart() {
        assertThat(Diff.lines(lines(1, 20), lines(2, 19))).containsExactly("-1", " 2", " 3", " 4", "@@", " 17", " 18", " 19", "-20");
        assertThat(Diff.lines(lines(1, 8), lines(2, 7))).containsExactly("-1", " 2", " 3", " 4", " 5", " 6", " 7", "-8");
    }

    @Test
    void whatIsNewAndWhatIsGone() {
        assertThat(Diff.lines("", "a\nb")).containsExactly("+a", "+b");
        assertThat(Diff.lines("a\nb", "")).containsExactly("-a", "-b");
        assertThat(Diff.lines("a\nc", "a\nb\nc")).containsExactly(" a", "+b", " c");
    }

    @Test
    void twoLongTextsTakeNoLongTime() {
        assertThat(Diff.lines(lines(1, 5_000), lines(2, 5_000))).hasSize(9_999);
    }
}
