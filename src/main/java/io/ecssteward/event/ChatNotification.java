package io.ecssteward.event;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.alert.Severity;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A custom notification for Amazon Q Developer in chat applications, formerly AWS Chatbot.
 *
 * <pre>
 * {"version": "1.0", "source": "custom",
 *  "content": {"textType": "client-markdown", "title": ":warning: Import is slow", "description": "*orders.csv*...",
 *              "nextSteps": ["Look at the &lt;https://wiki.example.com|runbook&gt;"], "keywords": ["import"]},
 *  "metadata": {"threadId": "import-1", "summary": "...", "eventType": "import", "relatedResources": ["arn:..."],
 *               "additionalContext": {"priority": "high"}}}
 * </pre>
 *
 * <p>The severity is set by the priority or severity in its context, or else by the emoji or the words of its title.
 * Its Markdown becomes plain text, and its links become links of the alert.
 *
 * @param payload the message that it was read from
 * @see <a href="https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html">Custom notifications using
 *     Amazon Q Developer in chat applications</a>
 */
public record ChatNotification(Payload payload) implements Event {

    private static final Pattern SLACK_LINK = Pattern.compile("<(https?://[^|>\\s]{1,2000})(?:\\|([^>]{1,200}))?>");
    private static final Pattern MARKDOWN_LINK =
            Pattern.compile("\\[([^\\]\\n]{1,200})\\]\\((https?://[^)\\s]{1,2000})\\)");

    /** Marks for bold, italic, strikethrough and code around words, not within them. */
    private static final Pattern MARKS = Pattern.compile(
            "(?<![\\w*_~])(\\*\\*|__|[*_~])(?=\\S)([^\\n]{1,500}?)(?<=\\S)\\1(?![\\w*_~])|```|`|(?m:^#{1,6} )");

    private static final Pattern EMOJI = Pattern.compile(":([a-z0-9_+-]{2,40}):");

    private record Emoji(String shown, Severity severity) {}

    private static final Map<String, Emoji> EMOJIS = Map.ofEntries(
            Map.entry("warning", new Emoji("\u26A0\uFE0F", Severity.WARNING)),
            Map.entry("large_yellow_circle", new Emoji("\uD83D\uDFE1", Severity.WARNING)),
            Map.entry("rotating_light", new Emoji("\uD83D\uDEA8", Severity.ERROR)),
            Map.entry("x", new Emoji("\u274C", Severity.ERROR)),
            Map.entry("red_circle", new Emoji("\uD83D\uDD34", Severity.ERROR)),
            Map.entry("fire", new Emoji("\uD83D\uDD25", Severity.ERROR)),
            Map.entry("boom", new Emoji("\uD83D\uDCA5", Severity.ERROR)),
            Map.entry("no_entry", new Emoji("\u26D4", Severity.ERROR)),
            Map.entry("white_check_mark", new Emoji("\u2705", Severity.INFO)),
            Map.entry("heavy_check_mark", new Emoji("\u2714\uFE0F", Severity.INFO)),
            Map.entry("large_green_circle", new Emoji("\uD83D\uDFE2", Severity.INFO)),
            Map.entry("tada", new Emoji("\uD83C\uDF89", Severity.INFO)),
            Map.entry("rocket", new Emoji("\uD83D\uDE80", Severity.INFO)),
            Map.entry("information_source", new Emoji("\u2139\uFE0F", Severity.INFO)));

    static boolean recognizes(Payload payload) {
        return "custom".equals(payload.source()) && payload.firstText("content.title", "content.description") != null;
    }

    /** The message's id: the notification's own id is optional, and may be the same each time. */
    @Override
    public String identity() {
        return payload.messageId() == null ? payload.fallbackIdentity() : "message/" + payload.messageId();
    }

    @Override
    public Alert alert() {
        String described = payload.firstText("content.description");
        String title = Notice.either(
                payload.firstText("content.title", "metadata.summary"),
                described == null ? "" : described.strip().lines().findFirst().orElse(""));
        Alert.Builder alert = Notice.about(this, severity(title), plain(title));
        String thread = payload.firstText("metadata.threadId");
        if (thread != null) {
            alert.incident("thread/" + thread);
        }
        List<String> steps = payload.list("content.nextSteps").stream()
                .map(Notice::value)
                .filter(Objects::nonNull)
                .toList();
        alert.text(described == null || described.strip().equals(title) ? "" : plain(described))
                .field(
                        "Next steps",
                        String.join(
                                "\n",
                                IntStream.range(0, steps.size())
                                        .mapToObj(i -> (i + 1) + ". " + plain(steps.get(i)))
                                        .toList()))
                .field("Keywords", Notice.names(payload.list("content.keywords")))
                .field("Event type", payload.firstText("metadata.eventType"))
                .field("Resources", Notice.names(payload.list("metadata.relatedResources")));
        Facts.of(payload.at("metadata.additionalContext")).forEach(fact -> alert.field(fact.path(), fact.value()));
        Stream.concat(Stream.of(title, Notice.either(described, "")), steps.stream())
                .forEach(text -> links(text, alert));
        payload.list("metadata.relatedResources").stream()
                .map(Notice::value)
                .filter(Objects::nonNull)
                .map(arn -> ConsoleLinks.resource(region(), arn))
                .filter(Objects::nonNull)
                .findFirst()
                .ifPresent(url -> alert.link("View in console", url));
        return alert.build();
    }

    private Severity severity(String title) {
        Severity said = StatusWords.of(Facts.of(payload.at("metadata.additionalContext")));
        Matcher emoji = EMOJI.matcher(Notice.cut(title, 300));
        while (said == null && emoji.find()) {
            said = EMOJIS.containsKey(emoji.group(1))
                    ? EMOJIS.get(emoji.group(1)).severity()
                    : null;
        }
        said = said == null ? StatusWords.ofProse(plain(title)) : said;
        return said == null ? Severity.INFO : said;
    }

    private static void links(String text, Alert.Builder alert) {
        SLACK_LINK
                .matcher(text)
                .results()
                .limit(5)
                .forEach(link ->
                        alert.link(link.group(2) == null ? link.group(1) : link.group(2), Notice.web(link.group(1))));
        MARKDOWN_LINK
                .matcher(text)
                .results()
                .limit(5)
                .forEach(link -> alert.link(link.group(1), Notice.web(link.group(2))));
    }

    /** Removes the Markdown marks, which Slack would show as plain characters. */
    static String plain(String markdown) {
        if (markdown == null) {
            return "";
        }
        String text = Notice.cut(markdown, 20_000);
        text = SLACK_LINK
                .matcher(text)
                .replaceAll(link -> Matcher.quoteReplacement(Notice.either(link.group(2), link.group(1))));
        text = MARKDOWN_LINK.matcher(text).replaceAll("$1");
        text = MARKS.matcher(text)
                .replaceAll(mark -> mark.group(2) == null ? "" : Matcher.quoteReplacement(mark.group(2)));
        return EMOJI.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        EMOJIS.containsKey(found.group(1))
                                ? EMOJIS.get(found.group(1)).shown()
                                : found.group()));
    }
}
