package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ecssteward.alert.Redactor;
import io.ecssteward.alert.Sha256;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A message without its envelopes (SNS, Lambda records), read without ever throwing: a field that is absent, null or of
 * an unexpected type reads as null.
 *
 * @param json the event's JSON; a text node if the message is not JSON
 * @param subject the SNS subject; null if there was none
 * @param messageId the SNS message id, or else the SQS one; null if there was neither
 * @param attributes the SNS message attributes, as text
 */
public record Payload(JsonNode json, String subject, String messageId, Map<String, String> attributes) {

    /** CloudWatch writes {@code +0000} where ISO 8601 has {@code +00:00}. */
    private static final DateTimeFormatter CLOUDWATCH_TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .appendPattern("[XXX][XX][X]")
            .toFormatter();

    /** The format of a region's code. Other text is not used as a region, because links with it would not work. */
    private static final Pattern REGION = Pattern.compile("[a-z]{2,5}(-[a-z]{2,12}){1,3}-\\d{1,2}");

    public Payload {
        Objects.requireNonNull(json);
        attributes = Map.copyOf(attributes);
    }

    /**
     * Hashes only a small part: Camel calls it whenever a route reads from the body, and hashing a whole event is slow.
     */
    @Override
    public int hashCode() {
        return Objects.hash(messageId, json.size());
    }

    /** A payload that did not arrive through SNS. */
    public static Payload of(JsonNode json, String messageId) {
        return new Payload(json, null, messageId, Map.of());
    }

    /** The node at a path of names joined by dots ({@code detail.containers.0.name}); a missing node if absent. */
    public JsonNode at(String path) {
        JsonNode node = json;
        // Split by hand: about a dozen paths are read of each event, and String.split would cost more than following
        // them.
        int from = 0;
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', from)) {
            node = child(node, path.substring(from, dot));
            from = dot + 1;
        }
        node = child(node, from == 0 ? path : path.substring(from));
        return node.isNull() ? MissingNode.getInstance() : node;
    }

    private static JsonNode child(JsonNode node, String name) {
        JsonNode child = node.path(name);
        boolean place = child.isMissingNode() && node.isArray() && name.chars().allMatch(Character::isDigit);
        return place && !name.isEmpty() && name.length() < 6 ? node.path(Integer.parseInt(name)) : child;
    }

    /** The value at a path as text, without secrets; objects and lists as JSON; null if absent. */
    public String text(String path) {
        return textOf(shown(path));
    }

    /** The value at a path as JSON, without secrets; {@code null} if absent. */
    public String written(String path) {
        JsonNode node = shown(path);
        return node.isMissingNode() ? "null" : node.toString();
    }

    private JsonNode shown(String path) {
        JsonNode node = at(path);
        int dot = path.lastIndexOf('.');
        return node.isMissingNode() ? node : Redactor.at(path, dot < 0 ? json : at(path.substring(0, dot)), node);
    }

    /** Without secrets, because a route's {@code log} step writes it. */
    @Override
    public String toString() {
        return Redactor.json(json).toString();
    }

    /** The node as text, objects and lists as JSON; null if missing or null. */
    public static String textOf(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        return node.isValueNode() ? node.asText() : node.toString();
    }

    /** The first single, non-blank value at these paths, as text; null if there is none. */
    public String firstText(String... paths) {
        for (String path : paths) {
            JsonNode node = at(path);
            String text = node.isValueNode() ? node.asText() : "";
            if (!text.isBlank()) {
                return text;
            }
        }
        return null;
    }

    /** The elements of the list at a path; empty if absent or not a list. */
    public List<JsonNode> list(String path) {
        List<JsonNode> nodes = new ArrayList<>();
        JsonNode node = at(path);
        if (node.isArray()) {
            node.forEach(nodes::add);
        }
        return nodes;
    }

    /** The whole number at a path; null if absent or not a whole number. */
    public Long number(String path) {
        JsonNode node = at(path);
        return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : null;
    }

    /** The time at a path, in ISO 8601 or CloudWatch's format; null if absent or not a time. */
    public Instant instant(String path) {
        String text = textOf(at(path));
        try {
            return text == null
                    ? null
                    : OffsetDateTime.parse(text, CLOUDWATCH_TIME).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The EventBridge detail-type; null if this is not an EventBridge event. */
    public String detailType() {
        return firstText("detail-type");
    }

    /** The EventBridge source; null if this is not an EventBridge event. */
    public String source() {
        return firstText("source");
    }

    /** The first of the event's resources, usually an ARN; null if there is none. */
    public String resource() {
        return firstText("resources.0");
    }

    String region() {
        return Stream.concat(Stream.ofNullable(firstText("region")), arns().map(Arn::region))
                .filter(Payload::isRegion)
                .findFirst()
                .orElse(null);
    }

    /** Whether a text has the format of a region's code. */
    public static boolean isRegion(String text) {
        return text != null && REGION.matcher(text).matches();
    }

    String account() {
        return Stream.concat(Stream.ofNullable(firstText("account", "AWSAccountId")), arns().map(Arn::account))
                .filter(a -> !a.isBlank())
                .findFirst()
                .orElse(null);
    }

    /** The ARNs that show where the event comes from, the most specific first. */
    private Stream<Arn> arns() {
        return Stream.of("resources.0", "detail.clusterArn", "AlarmArn")
                .map(this::firstText)
                .map(Arn::parse)
                .flatMap(Optional::stream);
    }

    /**
     * The identity of an event whose type has no better one: the event's own id, then the SNS or SQS message id, then
     * the content itself.
     */
    public String fallbackIdentity() {
        String id = source() == null ? null : firstText("id");
        if (id != null) {
            return "event/" + id;
        }
        return messageId != null && !messageId.isBlank()
                ? "message/" + messageId
                : "content/" + Sha256.of(json.toString()).substring(0, 32);
    }

    /**
     * Checks that these paths have a text.
     *
     * @param what the kind of event, for the message
     * @throws MalformedEventException if any path has no text or only whitespace; it names all such paths
     */
    public void require(String what, String... paths) {
        List<String> missing = Stream.of(paths)
                .filter(path -> !at(path).isTextual() || firstText(path) == null)
                .toList();
        if (!missing.isEmpty()) {
            throw new MalformedEventException("reading " + what + ": no usable " + String.join(", ", missing));
        }
    }
}
