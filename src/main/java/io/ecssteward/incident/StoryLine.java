package io.ecssteward.incident;

import java.time.Instant;

/**
 * One line of an incident's story, as its thread shows it.
 *
 * @param number 1 for the first, and so on: lines that were left out have numbers too
 * @param at when
 * @param kind what kind of thing
 * @param text a sentence, in plain text
 * @param alert the key of the alert that it is about; null when it is about none, or several
 */
public record StoryLine(int number, Instant at, Kind kind, String text, String alert) {

    /** A line about no alert in particular. */
    public StoryLine(int number, Instant at, Kind kind, String text) {
        this(number, at, kind, text, null);
    }

    /** With the first line of its text alone. */
    StoryLine title() {
        return new StoryLine(number, at, kind, text.lines().findFirst().orElse(""), alert);
    }

    /** What happened. */
    public enum Kind {
        /** The first alert fired. */
        OPENED,
        /** Another alert fired. */
        JOINED,
        /** Its severity rose, so that an acknowledgement no longer counts. */
        ROSE,
        /** One alert ended, and others fire. */
        ENDED,
        /** Nothing fires any more. */
        RESOLVED,
        /** It fired again, soon after it was resolved. */
        REOPENED,
        /** It fires and ends too often to show each time. */
        FLAPPING,
        /** It flapped, and still fires, but has not come and gone for a while. */
        CALM,
        /** It is still open, and nobody has acknowledged it. */
        REMINDED,
        /** Nothing fired again for some time, so it is resolved. */
        NO_NEWS,
        /** A person acknowledged it. */
        ACKNOWLEDGED,
        /** A person closed it. */
        CLOSED,
        /** A silence began or ended for it. */
        SILENCED,
        /** The steward, or a person through it, did something about it. */
        ACTED,
        /** Something to debug with: a title on the first line, and below it lines to be shown as they are. */
        DETAIL,
        /** Its message is gone, so there is another. */
        MOVED
    }
}
