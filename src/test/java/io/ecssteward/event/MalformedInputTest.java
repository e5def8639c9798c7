package io.ecssteward.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Bends every kind of message in every way that comes to mind, always in the same order: whatever is read either says
 * what it lacks, or can be asked and told of without an exception.
 */
class MalformedInputTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** What any field may turn out to be. */
    private static final List<String> NONSENSE = List.of(
            "null",
            "5",
            "-1",
            "true",
            "\"x\"",
            "\"\"",
            "\"  \"",
            "\"arn:aws:ecs:::/\"",
            "\"arn:::::\"",
            "[]",
            "[null]",
            "[[], {}, 5]",
            "{}",
            "{\"0\": \"x\"}",
            "{\"name\": {\"value\": null}}",
            "1e400",
            "-0.0",
            "\"NaN\"",
            "12345678901234567890123456789012345678901234567890",
            "\"+999999999-12-31T23:59:59Z\"",
            "\"\\u0000\\ud800\\n\"",
            "\"{\\\"threshold\\\": [1e400], \\\"triggeringAlarms\\\": [5]}\"");

    @Test
    void everyTruncationIsRead() {
        int count = 0;
        for (Map.Entry<String, String> example : Examples.all().entrySet()) {
            for (int tenth = 0; tenth <= 10; tenth++) {
                check(example.getKey() + " cut at " + tenth, cut(example.getValue(), tenth));
                check(
                        example.getKey() + " cut at " + tenth + " by SNS",
                        Reading.sns(null, cut(example.getValue(), tenth)));
                count++;
            }
        }
        assertThat(count).isGreaterThanOrEqualTo(200);
    }

    @Test
    void everyFieldMayBeAnything() {
        int count = 0;
        for (Map.Entry<String, String> example : Examples.all().entrySet()) {
            for (Map.Entry<String, JsonNode> variant :
                    variants(Reading.json(example.getValue())).entrySet()) {
                check(
                        example.getKey() + " with " + variant.getKey(),
                        variant.getValue().toString());
                count++;
            }
        }
        assertThat(count).isGreaterThan(5_000);
    }

    @Test
    void everyKindMayCarryTheDetailOfAnother() {
        for (String one : Examples.all().values()) {
            for (String other : Examples.all().values()) {
                JsonNode swapped = Reading.json(one).deepCopy();
                JsonNode from = Reading.json(other);
                for (String name : List.of("detail", "resources", "Trigger")) {
                    if (from.has(name)) {
                        ((ObjectNode) swapped).set(name, from.get(name));
                    }
                }
                check("swapped", swapped.toString());
                ((ObjectNode) swapped).set("detail", from);
                check("nested", swapped.toString());
            }
        }
    }

    @Test
    void aBareHeadIsReadOrSaysWhatItLacks() {
        for (EventType type : EventTypes.ALL) {
            for (String example : Examples.all().values()) {
                ObjectNode head = NODES.objectNode();
                JsonNode whole = Reading.json(example);
                for (String name : List.of("source", "detail-type", "AlarmName", "Type", "TopicArn")) {
                    if (whole.has(name)) {
                        head.set(name, whole.get(name));
                    }
                }
                Payload payload = new Payload(head, type.name(), null, Map.of());
                check("head of " + type.name(), payload);
            }
        }
    }

    @Test
    void whatEcsActionsNeedIsNamedWhenItIsMissing() {
        for (String example : List.of(
                Examples.TASK, Examples.INSTANCE, Examples.SERVICE_ACTION, Examples.DEPLOYMENT, Examples.FOLLOW_UP)) {
            ObjectNode json = Reading.json(example).deepCopy();
            json.putObject("detail");
            json.putArray("resources");
            try {
                fail("read " + Reading.read(json.toString()));
            } catch (MalformedEventException e) {
                assertThat(e).hasMessageStartingWith("reading a").hasMessageContaining("no usable detail.");
            }
        }
    }

    /** Each field of the JSON, at any depth, replaced by each nonsense, and left out. */
    private static Map<String, JsonNode> variants(JsonNode whole) {
        Map<String, JsonNode> variants = new LinkedHashMap<>();
        for (List<String> path : paths(whole, List.of())) {
            for (String nonsense : NONSENSE) {
                variants.put(path + " = " + nonsense, replaced(whole, path, Reading.json(nonsense)));
            }
            variants.put(
                    path + " in itself", replaced(whole, path, NODES.arrayNode().add(whole)));
            variants.put(path + " left out", replaced(whole, path, null));
        }
        return variants;
    }

    private static List<List<String>> paths(JsonNode node, List<String> at) {
        List<List<String>> paths = new ArrayList<>();
        if (node.isObject()) {
            node.fieldNames().forEachRemaining(name -> {
                List<String> path = with(at, name);
                paths.add(path);
                paths.addAll(paths(node.get(name), path));
            });
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                List<String> path = with(at, Integer.toString(i));
                paths.add(path);
                paths.addAll(paths(node.get(i), path));
            }
        }
        return paths;
    }

    private static List<String> with(List<String> path, String name) {
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return longer;
    }

    private static JsonNode replaced(JsonNode whole, List<String> path, JsonNode by) {
        JsonNode copy = whole.deepCopy();
        JsonNode parent = copy;
        for (String name : path.subList(0, path.size() - 1)) {
            parent = parent.isArray() ? parent.get(Integer.parseInt(name)) : parent.get(name);
        }
        String last = path.get(path.size() - 1);
        if (parent instanceof ArrayNode array) {
            array.remove(Integer.parseInt(last));
            if (by != null) {
                array.insert(Integer.parseInt(last), by);
            }
        } else if (by == null) {
            ((ObjectNode) parent).remove(last);
        } else {
            ((ObjectNode) parent).set(last, by);
        }
        return copy;
    }

    private static String cut(String text, int tenths) {
        return text.substring(0, text.length() * tenths / 10);
    }

    private static void check(String what, String body) {
        for (Payload payload : new EventReader().open(body, null)) {
            check(what, payload);
        }
    }

    private static void check(String what, Payload payload) {
        try {
            ask(what, new EventReader().read(payload));
        } catch (MalformedEventException e) {
            assertThat(e.getMessage()).as(what).startsWith("reading a").containsAnyOf("no usable", "about another");
        } catch (RuntimeException | StackOverflowError e) {
            fail(what + ": " + payload.json(), e);
        }
    }

    private static void ask(String what, Event event) {
        Alert alert = event.alert();
        assertThat(alert.title()).as(what).isNotBlank().doesNotContain("\n", "null");
        assertThat(alert.key()).isNotBlank();
        assertThat(event.identity()).isNotBlank();
        assertThat(event.type()).isNotBlank();
        assertThat(Arrays.asList(event.cluster(), event.service(), event.region(), event.account()))
                .as("cluster, service, region, account of " + what)
                .allMatch(name -> name == null || !name.isBlank());
        event.version().ifPresent(v -> assertThat(v.arn()).isNotBlank());
        event.time();
        event.field("detail.containers.0.name");
        Reading.read(FollowUp.message("agent", event, Instant.EPOCH).replace(FollowUp.SOURCE, "other"));
        if (event instanceof AlarmStateChange alarm) {
            assertThat(alarm.firing()).isEqualTo(alert.state() == Alert.State.FIRING);
            alarm.suppressedBy();
            alarm.previousState();
        }
        if (event instanceof TaskStateChange task) {
            task.containers();
            task.spotInterruption();
        }
    }
}
