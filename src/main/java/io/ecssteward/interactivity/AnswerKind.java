package io.ecssteward.interactivity;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The kinds of answers, which are the first part of a {@code slack-answer:} endpoint's URI. */
public enum AnswerKind {
    /** Only the person who clicked or typed sees it. */
    ONLY_YOU,
    /** Requests a confirmation and ends the route; continues if the person has confirmed. */
    CONFIRM,
    /** The action was performed: posts it in the incident's thread, or else in the channel. */
    ACTED;

    /**
     * The kind with this word.
     *
     * @throws IllegalArgumentException if there is no such kind; the message lists the kinds
     */
    public static AnswerKind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.toString().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("slack-answer:" + word + " is not an answer; there are "
                        + Arrays.stream(values()).map(AnswerKind::toString).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
