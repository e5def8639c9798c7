package io.ecssteward.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Removes mentions of channels and groups from a payload in Slack's own format: everyone who may publish to the topic
 * could otherwise page many people.
 *
 * @see <a href="https://docs.slack.dev/messaging/formatting-message-text#mentioning-users">Formatting message text:
 *     mentions</a>
 * @see <a href="https://docs.slack.dev/reference/block-kit/blocks/rich-text-block">Rich text: broadcast, usergroup</a>
 */
final class PayloadMentions {
    private PayloadMentions() {}

    private static final Pattern MENTION =
            Pattern.compile("(?i)<(!\\s*(?:channel|here|everyone|group|subteam\\b)[^<>]{0,200})>");

    /** These options make Slack parse {@code @channel} in plain text, too. */
    private static final List<String> LOOKED_FOR = List.of("link_names", "parse");

    /** A copy of the message in which mentions of channels and groups are plain text. */
    static ObjectNode withoutMentions(ObjectNode payload) {
        return (ObjectNode) withoutMention(payload);
    }

    private static JsonNode withoutMention(JsonNode node) {
        if (node.isTextual()) {
            return TextNode.valueOf(MENTION.matcher(node.textValue()).replaceAll("&lt;$1&gt;"));
        }
        if (node instanceof ArrayNode list) {
            ArrayNode withoutMention = SlackMessage.JSON.arrayNode();
            list.forEach(each -> withoutMention.add(withoutMention(each)));
            return withoutMention;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        String type = object.path("type").asText();
        if (type.equals("broadcast") || type.equals("usergroup")) {
            String who = object.path("range").asText(object.path("usergroup_id").asText());
            return SlackMessage.JSON.objectNode().put("type", "text").put("text", "@" + who);
        }
        ObjectNode withoutMention = SlackMessage.JSON.objectNode();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!LOOKED_FOR.contains(member.getKey())) {
                withoutMention.set(member.getKey(), withoutMention(member.getValue()));
            }
        }
        return withoutMention;
    }
}
