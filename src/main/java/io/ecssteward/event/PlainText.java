package io.ecssteward.event;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;

/**
 * A message that is no JSON, or a JSON string: somebody wrote a sentence to a topic. The subject is its title, or else
 * its first line.
 *
 * <pre>
 * {"Type": "Notification", "MessageId": "...", "Subject": "Disk full", "Message": "Host web-1 has 2 % left.", ...}
 * </pre>
 *
 * <p>Of severity INFO: a text does not say how much it matters.
 *
 * @param payload what it was read from; a text node
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html">SNS message formats</a>
 */
public record PlainText(Payload payload) implements Event {

    static boolean recognises(Payload payload) {
        return payload.json().isTextual();
    }

    @Override
    public String identity() {
        return payload.fallbackIdentity();
    }

    @Override
    public Alert alert() {
        String text = payload.json().asText().strip();
        if (text.isEmpty()) {
            return Notice.about(this, Severity.INFO, Notice.oneLine(payload.subject(), "Empty message"))
                    .text("The message has no text.")
                    .build();
        }
        // Only broken JSON begins like that and is text; its first line is a brace.
        String first = text.startsWith("{") || text.startsWith("[")
                ? "A message that is not whole, or no JSON"
                : Notice.oneLine(text.lines().findFirst().orElse(""), "Message");
        String title = Notice.oneLine(payload.subject(), first);
        return Notice.about(this, Severity.INFO, title)
                .text(text.equals(title) ? "" : text)
                .build();
    }
}
