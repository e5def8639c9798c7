package io.ecssteward.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineDiffTest {

    private static String lines(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).collect(Collectors.joining("\n"));
    }

    @Test
    void nothingDiffers() {
        assertThat(LineDiff.lines("a\nb\n", "a\nb\n")).isEmpty();
        assertThat(LineDiff.lines("", "")).isEmpty();
    }

    @Test
    void whatDiffersStandsBetweenThreeLinesOfWhatDoesNot() {
        assertThat(LineDiff.lines(lines(1, 20), lines(1, 20).replace("10", "ten")))
                .containsExactly("@@", " 7", " 8", " 9", "-10", "+ten", " 11", " 12", " 13", "@@");
    }

    @Test
    void twoPlacesAreApart() {
        assertThat(LineDiff.lines(lines(1, 20), lines(2, 19)))
                .containsExactly("-1", " 2", " 3", " 4", "@@", " 17", " 18", " 19", "-20");
        assertThat(LineDiff.lines(lines(1, 8), lines(2, 7)))
                .containsExactly("-1", " 2", " 3", " 4", " 5", " 6", " 7", "-8");
    }

    @Test
    void whatIsNewAndWhatIsGone() {
        assertThat(LineDiff.lines("", "a\nb")).containsExactly("+a", "+b");
        assertThat(LineDiff.lines("a\nb", "")).containsExactly("-a", "-b");
        assertThat(LineDiff.lines("a\nc", "a\nb\nc")).containsExactly(" a", "+b", " c");
    }

    @Test
    void twoLongTextsTakeNoLongTime() {
        assertThat(LineDiff.lines(lines(1, 5_000), lines(2, 5_000))).hasSize(9_999);
    }
}
