package io.ecssteward.incident;

import java.time.Instant;

/**
 * One line of an incident's story, as its thread shows it.
 *
 * @param number 1 for the first, and so on; lines that were dropped keep their numbers
 * @param at when
 * @param kind the kind of change
 * @param text a sentence, in plain text
 * @param alert the key of the alert that it is about; null when it is about none, or several
 */
public record StoryLine(int number, Instant at, Kind kind, String text, String alert) {

    /** A line about no alert in particular. */
    public StoryLine(int number, Instant at, Kind kind, String text) {
        this(number, at, kind, text, null);
    }

    /** A copy with only the first line of its text. */
    StoryLine title() {
        return new StoryLine(number, at, kind, text.lines().findFirst().orElse(""), alert);
    }

    /** The kind of change that a line describes. */
    public enum Kind {
        /** The first alert fired. */
        OPENED,
        /** Another alert fired. */
        JOINED,
        /** Its severity rose, which revokes an acknowledgement. */
        ROSE,
        /** One alert ended, and others fire. */
        ENDED,
        /** No alert fires any more. */
        RESOLVED,
        /** It fired again, soon after it was resolved. */
        REOPENED,
        /** It opens and ends too often to post each change. */
        FLAPPING,
        /** It was flapping, still fires, and has not changed for a while. */
        CALM,
        /** It is still open, and nobody has acknowledged it. */
        REMINDED,
        /** No alert fired again for some time, so it is resolved. */
        NO_NEWS,
        /** A person acknowledged it. */
        ACKNOWLEDGED,
        /** A person closed it. */
        CLOSED,
        /** A silence began or ended for it. */
        SILENCED,
        /** Steward did something about it, by itself or for a person. */
        ACTED,
        /** Debugging information: a title on the first line, then lines to be shown verbatim. */
        DETAIL,
        /** Its message is gone, so a new one was posted. */
        MOVED
    }
}
