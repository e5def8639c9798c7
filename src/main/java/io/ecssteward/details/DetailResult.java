package io.ecssteward.details;

/**
 * The result of looking up a detail.
 *
 * @param what what to do with it
 * @param text a title with lines below it, a sentence that says why there is none, or the title of an image
 * @param image a PNG; null when it is none
 */
record DetailResult(What what, String text, byte[] image) {

    enum What {
        /** A reply in the thread. */
        FOUND,
        /** A reply that says why there is nothing, so that nobody waits for it. */
        UNAVAILABLE,
        /** No reply, except to a person who requested it. */
        NOTHING,
        /** Another try later; if that fails too, it is {@link #UNAVAILABLE}. */
        NOT_YET
    }

    static DetailResult found(String text) {
        return new DetailResult(What.FOUND, text, null);
    }

    static DetailResult image(String title, byte[] png) {
        return new DetailResult(What.FOUND, title, png);
    }

    static DetailResult unavailable(String sentence) {
        return new DetailResult(What.UNAVAILABLE, sentence, null);
    }

    static DetailResult nothing(String sentence) {
        return new DetailResult(What.NOTHING, sentence, null);
    }

    static DetailResult notYet(String sentence) {
        return new DetailResult(What.NOT_YET, sentence, null);
    }
}
