package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Formats the numbers in events. A configured number (a threshold) keeps all its digits; a measured one (a datapoint)
 * is rounded to six significant digits. Digits are grouped by three. No number becomes Infinity: one without a short
 * plain form stays in scientific notation, which is also fast.
 */
final class Numbers {
    private Numbers() {}

    /** CloudWatch's own graphs show fewer; more than six digits do not help a reader. */
    private static final MathContext MEASURED = new MathContext(6);

    /** Our own limit: 1E+300 has no readable plain form. */
    private static final int MAX_ZEROS = 20;

    /**
     * All digits: 80.0 as "80", 1000000 as "1,000,000". A value that is not a number is returned unchanged; null if
     * there is none.
     */
    static String exact(JsonNode node) {
        return node.isNumber() ? grouped(node.decimalValue()) : Notice.value(node);
    }

    /** Six significant digits: 1234567.89 as "1,234,570". */
    static String measured(JsonNode node) {
        return node.isNumber() ? grouped(node.decimalValue().round(MEASURED)) : Notice.value(node);
    }

    private static String grouped(BigDecimal number) {
        BigDecimal value = number.stripTrailingZeros();
        if (Math.abs((long) value.precision() - value.scale()) > MAX_ZEROS) {
            return value.toString();
        }
        String plain = value.toPlainString();
        int point = plain.indexOf('.');
        String whole = point < 0 ? plain : plain.substring(0, point);
        return whole.replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",") + (point < 0 ? "" : plain.substring(point));
    }
}
