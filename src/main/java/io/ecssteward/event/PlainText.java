package io.ecssteward.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message that is not a JSON object: text, for example from a person or a script through SNS. Its title is the
 * subject, or else its first line. Lines of names and values, as CloudFormation and Auto Scaling write them, become
 * facts.
 *
 * <pre>
 * {"Type": "Notification", "MessageId": "...", "Subject": "Disk full", "Message": "Host web-1 has 2 % left.", ...}
 * </pre>
 *
 * <p>The words of the subject, or else of the first line, set the severity; INFO if they do not indicate one.
 *
 * @param payload the message that it was read from; a text node
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html">SNS message formats</a>
 */
public record PlainText(Payload payload) implements Event {

    /** {@code ResourceStatus='CREATE_FAILED'} of CloudFormation, {@code Environment: shop} of Elastic Beanstalk. */
    private static final Pattern FACT =
            Pattern.compile("\\s*([A-Za-z][\\w.-]{0,40}(?: [\\w.-]{1,30}){0,2})(?:\\s*=\\s*|\\s*:\\s+)'?(.*?)'?\\s*");

    /** The end of a multi-line value. */
    private static final Pattern NO_WORDS = Pattern.compile("\\W*");

    private static final Pattern BROKEN_JSON = Pattern.compile("\\{|\\[\\s*[\\[{\"\\d]");

    private static final int MIN_FACTS = 3;
    private static final int MAX_LINES = 200;

    static boolean recognizes(Payload payload) {
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
            return Notice.about(this, severity(""), Notice.oneLine(payload.subject(), "Empty message"))
                    .text("The message has no text.")
                    .build();
        }
        Optional<ObjectNode> facts = facts(text);
        if (facts.isPresent()) {
            return UnknownEvent.alert(this, facts.get());
        }
        // Only invalid JSON is text that begins like this; its first line is just a brace.
        String first = BROKEN_JSON.matcher(text).lookingAt()
                ? "A message that is incomplete, or not JSON"
                : Notice.oneLine(text.lines().findFirst().orElse(""), "Message");
        String title = Notice.oneLine(payload.subject(), first);
        return Notice.about(this, severity(first), title)
                .text(text.equals(title) ? "" : text)
                .build();
    }

    private Severity severity(String first) {
        String said = payload.subject() == null || payload.subject().isBlank() ? first : payload.subject();
        return Optional.ofNullable(StatusWords.ofProse(said)).orElse(Severity.INFO);
    }

    /** The names and values that the text consists of; empty if it consists of sentences. */
    private static Optional<ObjectNode> facts(String text) {
        List<String> lines = text.lines()
                .filter(line -> !line.isBlank())
                .limit(MAX_LINES + 1)
                .toList();
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        for (String line : lines) {
            Matcher fact = FACT.matcher(Notice.cut(line, 2_000));
            if (fact.matches()) {
                facts.put(fact.group(1), fact.group(2));
            } else if (!NO_WORDS.matcher(line).matches()) {
                return Optional.empty();
            }
        }
        return facts.size() >= MIN_FACTS && lines.size() <= MAX_LINES ? Optional.of(facts) : Optional.empty();
    }
}
