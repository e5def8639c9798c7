package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Formats the numbers in events. A number that somebody wrote (a threshold) keeps all its digits; one that was measured
 * (a datapoint) is rounded to six. Both have their digits in groups of three, and neither is ever Infinity: a number
 * that has no short plain form stays in scientific notation, which also costs no time.
 */
final class Numbers {
    private Numbers() {}

    /** CloudWatch's own graphs show fewer; more than six tell a person nothing. */
    private static final MathContext MEASURED = new MathContext(6);

    /** Ours: 1E+300 has no plain form that anybody could read. */
    private static final int MAX_ZEROS = 20;

    /** All digits: 80.0 as "80", 1000000 as "1,000,000". What is no number is as it is; null when there is nothing. */
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
