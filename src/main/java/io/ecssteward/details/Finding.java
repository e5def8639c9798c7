package io.ecssteward.details;

/**
 * The result of looking up a detail.
 *
 * @param what what to do with it
 * @param text a title with lines below it, a sentence that says why there is none, or the title of an image
 * @param image a PNG; null when it is none
 */
record Finding(What what, String text, byte[] image) {

    enum What {
        /** A reply in the thread. */
        FOUND,
        /** A reply that says why there is nothing, so that nobody waits for it. */
        SORRY,
        /** No reply, except to a person who requested it. */
        NOTHING,
        /** Another try later; if that fails too, it is {@link #SORRY}. */
        LATER
    }

    static Finding found(String text) {
        return new Finding(What.FOUND, text, null);
    }

    static Finding image(String title, byte[] png) {
        return new Finding(What.FOUND, title, png);
    }

    static Finding sorry(String sentence) {
        return new Finding(What.SORRY, sentence, null);
    }

    static Finding nothing(String sentence) {
        return new Finding(What.NOTHING, sentence, null);
    }

    static Finding later(String sentence) {
        return new Finding(What.LATER, sentence, null);
    }
}
