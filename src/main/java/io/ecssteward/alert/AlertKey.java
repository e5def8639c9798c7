package io.ecssteward.alert;

import java.nio.charset.StandardCharsets;

/** Limits the length of alert keys and incidents, so that every store accepts them. */
final class AlertKey {
    /**
     * In bytes of UTF-8. Ours: a key of DynamoDB takes 2048 with a channel and more before it, and the longest names of
     * AWS fit: a cluster and a service, or an alarm, of 255 characters.
     *
     * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html">Quotas in
     *     DynamoDB</a>
     */
    static final int MAX_BYTES = 800;

    private static final int DIGITS = 16;

    private AlertKey() {}

    /**
     * A key that is not too long. What is too long is cut, with a digest of all of it at the end, so that two that
     * differ still do; one that ends with an asterisk begins like all that it matches. Null for null.
     */
    static String cut(String key) {
        if (key == null || bytes(key) <= MAX_BYTES) {
            return key;
        }
        int end = 0;
        for (int bytes = 0; end < key.length(); end = key.offsetByCodePoints(end, 1)) {
            bytes += bytes(Character.toString(key.codePointAt(end)));
            if (bytes > MAX_BYTES - DIGITS) {
                break;
            }
        }
        return key.substring(0, end) + (key.endsWith("*") ? "*" : Sha256.of(key).substring(0, DIGITS));
    }

    /** In JSON a control character is six. */
    private static int bytes(String text) {
        int more = 5 * (int) text.chars().filter(Character::isISOControl).count();
        return text.getBytes(StandardCharsets.UTF_8).length + more;
    }
}
