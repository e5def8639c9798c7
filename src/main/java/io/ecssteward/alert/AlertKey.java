package io.ecssteward.alert;

import java.nio.charset.StandardCharsets;

/** Limits the length of alert keys and incidents, so that every store accepts them. */
final class AlertKey {
    /**
     * The longest key, in bytes of UTF-8. Our choice: a DynamoDB key takes 2,048 bytes, including a channel and other
     * prefixes, and AWS's longest names fit: a cluster and a service, or an alarm, with 255 characters each.
     *
     * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html">Quotas in
     *     DynamoDB</a>
     */
    static final int MAX_BYTES = 800;

    private static final int DIGITS = 16;

    private AlertKey() {}

    /**
     * Truncates a key that is too long. It then ends with a digest of the whole key, so that different keys stay
     * different. A key that ends with an asterisk keeps the asterisk instead, so that it still matches. Null for null.
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

    /** The length in JSON, where a control character takes six bytes. */
    private static int bytes(String text) {
        int more = 5 * (int) text.chars().filter(Character::isISOControl).count();
        return text.getBytes(StandardCharsets.UTF_8).length + more;
    }
}
