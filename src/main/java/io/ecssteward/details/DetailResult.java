package io.ecssteward.details;

/**
 * The result of looking up a detail.
 *
 * @param what what to do with the result
 * @param text a title with lines below it, a sentence that says why there is no detail, or the title of an image
 * @param image a PNG; null for text
 */
record DetailResult(What what, String text, byte[] image) {

    enum What {
        /** A reply in the thread. */
        FOUND,
        /** A reply that says why there is no detail, so that no one waits for it. */
        UNAVAILABLE,
        /** No reply, except to a person who requested it. */
        NOTHING,
        /** A retry later; if that fails, too, it becomes {@link #UNAVAILABLE}. */
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
