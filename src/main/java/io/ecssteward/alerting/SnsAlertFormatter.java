package io.ecssteward.alerting;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import org.apache.camel.Exchange;
import org.apache.camel.component.aws2.sns.Sns2Constants;

/**
 * The bean {@code sns-alerts}: formats an alert as an SNS notification, for mail, and for machines that filter by its
 * attributes {@code severity}, {@code state} and {@code key}.
 */
public class SnsAlertFormatter {

    /**
     * The longest subject that SNS accepts, in characters; line breaks are not allowed either.
     *
     * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_Publish.html">Publish: Subject</a>
     */
    private static final int MAX_SUBJECT = 99;

    /**
     * In characters. SNS accepts 256 KiB; a character takes at most three bytes in UTF-8, and this leaves room for the
     * attributes.
     */
    private static final int MAX_TEXT = 60_000;

    /** Sets the headers with the subject and the message attributes. */
    public void headers(Exchange exchange) {
        Alert alert = exchange.getMessage().getBody(Alert.class);
        exchange.getMessage().setHeader(Sns2Constants.SUBJECT, subject(alert));
        exchange.getMessage().setHeader("severity", EnumWord.of(alert.severity()));
        exchange.getMessage().setHeader("state", EnumWord.of(alert.state()));
        exchange.getMessage().setHeader("key", alert.key());
    }

    /** Records in the outcome that the alert was published. */
    public void published(Exchange exchange) {
        Alert alert = exchange.getMessage().getBody(Alert.class);
        ObjectNode effect = JsonNodeFactory.instance.objectNode();
        effect.put("severity", EnumWord.of(alert.severity()))
                .put("state", EnumWord.of(alert.state()))
                .put("key", alert.key());
        effect.put("Subject", subject(alert)).put("Message", text(alert));
        EventOutcome.of(exchange).performed(new Action("sns", "Publish", alert.title(), effect, alert));
    }

    /** The notification's text. */
    public String text(Alert alert) {
        StringBuilder text = new StringBuilder(alert.title()).append('\n');
        if (!alert.text().isBlank()) {
            text.append('\n').append(alert.text()).append('\n');
        }
        text.append('\n');
        alert.fields()
                .forEach(f ->
                        text.append(f.name()).append(": ").append(f.value()).append('\n'));
        alert.links()
                .forEach(
                        l -> text.append(l.label()).append(": ").append(l.url()).append('\n'));
        return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text.toString();
    }

    private static String subject(Alert alert) {
        String subject = (EnumWord.of(alert.state()) + ": " + alert.title()).replaceAll("[^\\x20-\\x7E]", "?");
        return subject.length() > MAX_SUBJECT ? subject.substring(0, MAX_SUBJECT) : subject;
    }
}
