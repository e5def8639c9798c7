package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.NameParts;
import io.ecssteward.alert.Redactor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Flattens any JSON into a list of names and values. JSON within text is parsed, a list of values is one fact, and
 * secrets are masked.
 *
 * <pre>
 * {"jobName": "nightly", "attempts": [{"exitCode": 1}], "ports": [80, 443]}
 * jobName: nightly, attempts.exitCode: 1, ports: 80, 443
 * </pre>
 */
final class Facts {

    /**
     * One value.
     *
     * @param path the names on the way to it, joined by dots
     * @param depth how many names there are
     */
    record Fact(String path, String value, int depth) {

        /** The words that the last name consists of. */
        List<String> words() {
            return NameParts.of(name());
        }

        String name() {
            return path.substring(path.lastIndexOf('.') + 1);
        }

        boolean isMasked() {
            return value.equals(Redactor.MASK);
        }
    }

    /** In characters; longer values are not read on a phone. */
    private static final int LONGEST_VALUE = 300;

    private static final int LONGEST_PATH = 100;

    /** A message can have a mebibyte of values, of which only twenty are shown. */
    private static final int MAX_FACTS = 300;

    /** The first objects of a list show what it is about. */
    private static final int MAX_ELEMENTS = 3;

    private static final int DEEPEST_STRING = 3;

    private static final Set<String> REASONS = Set.of(
            "reason", "cause", "error", "message", "failure", "exception", "explanation", "summary", "errors", "fault");

    private static final Set<String> WHO_AND_WHAT = Set.of(
            "name",
            "title",
            "event",
            "action",
            "operation",
            "user",
            "username",
            "pipeline",
            "project",
            "repository",
            "job",
            "stage",
            "stack",
            "function",
            "image",
            "ip",
            "address",
            "bucket",
            "branch",
            "environment",
            "resource",
            "instance",
            "cluster",
            "service",
            "description",
            "identifier");

    private static final Set<String> TIMES =
            Set.of("time", "date", "at", "timestamp", "started", "stopped", "created", "updated");

    private final List<Fact> all = new ArrayList<>();
    private int left;

    private Facts() {}

    /** The facts in a JSON document, the most informative first. */
    static List<Fact> of(JsonNode json) {
        Facts facts = new Facts();
        facts.add("", Redactor.json(json), 0, 0);
        Map<Fact, Integer> ranks = new IdentityHashMap<>();
        facts.all.forEach(fact -> ranks.put(fact, rank(fact)));
        facts.all.sort(Comparator.comparingInt(ranks::get));
        if (facts.left > 0) {
            facts.all.add(new Fact("more", "values that are not read: " + facts.left, 9));
        }
        return facts.all;
    }

    private void add(String path, JsonNode node, int depth, int opened) {
        if (node.isObject()) {
            String name = pairName(node);
            node.properties().forEach(e -> {
                boolean named = name != null && e.getKey().equalsIgnoreCase("value");
                if (name == null || named) {
                    add(join(path, named ? name : e.getKey()), e.getValue(), depth + 1, opened);
                }
            });
        } else if (node.isArray()) {
            array(path, node, depth, opened);
        } else {
            JsonNode inside = node.isTextual() && opened < DEEPEST_STRING ? json(node.textValue()) : null;
            if (inside != null) {
                add(path, inside, depth, opened + 1);
            } else {
                value(path, Notice.value(node), depth);
            }
        }
    }

    private void array(String path, JsonNode array, int depth, int opened) {
        List<String> values = new ArrayList<>();
        int objects = 0;
        for (JsonNode each : array) {
            if (each.isContainerNode()) {
                if (objects++ < MAX_ELEMENTS) {
                    boolean named = pairName(each) != null;
                    add(array.size() == 1 || named ? path : path + "[" + (objects - 1) + "]", each, depth, opened);
                }
            } else if (Notice.value(each) != null) {
                values.add(each.asText());
            }
        }
        if (!values.isEmpty()) {
            value(path, Notice.listed(values, LONGEST_VALUE), depth);
        }
        if (objects > MAX_ELEMENTS) {
            value(path, "and " + (objects - MAX_ELEMENTS) + " more", depth + 4);
        }
    }

    private void value(String path, String value, int depth) {
        if (value == null) {
            return;
        }
        if (all.size() == MAX_FACTS) {
            left++;
            return;
        }
        String shown = path.length() > LONGEST_PATH ? "…" + path.substring(path.length() - LONGEST_PATH) : path;
        all.add(new Fact(
                shown.isEmpty() ? "value" : shown,
                Notice.cut(time(path, value.strip()), LONGEST_VALUE),
                Math.max(1, depth)));
    }

    /** Batch and Step Functions write times in milliseconds since 1970: converts them to readable ones. */
    private static String time(String path, String value) {
        List<String> words = NameParts.of(path.substring(path.lastIndexOf('.') + 1));
        boolean time = !words.isEmpty() && TIMES.contains(words.get(words.size() - 1)) && value.matches("1\\d{12}");
        return time ? Instant.ofEpochMilli(Long.parseLong(value)).toString() : value;
    }

    /** The name in a pair of name and value, as in tags and dimensions; null if the node is not such a pair. */
    private static String pairName(JsonNode node) {
        for (String name : List.of("name", "Name", "key", "Key")) {
            if (node.size() <= 3 && node.path(name).isTextual() && (node.has("value") || node.has("Value"))) {
                return node.get(name).asText();
            }
        }
        return null;
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path.length() > 10 * LONGEST_PATH ? path : path + "." + name;
    }

    private static JsonNode json(String text) {
        String start = text.stripLeading();
        JsonNode json = start.startsWith("{") || start.startsWith("[") ? EventReader.parse(text) : null;
        return json != null && json.isContainerNode() ? json : null;
    }

    /** The order of facts: the result, the reason, the resource, and last ids, times and masked values. */
    private static int rank(Fact fact) {
        List<String> words = fact.words();
        String last = words.isEmpty() ? "" : words.get(words.size() - 1);
        int rank;
        if (fact.isMasked() || last.equals("version")) {
            rank = 8;
        } else if (StatusWords.says(fact)) {
            rank = 0;
        } else if (fact.value().equals("true") || fact.value().equals("false")) {
            rank = 5;
        } else if (words.stream().anyMatch(REASONS::contains)
                || String.join("", words).equals("exitcode")) {
            rank = 1;
        } else if (TIMES.contains(last) || last.endsWith("time")) {
            rank = 5;
        } else if (fact.path().endsWith("userIdentity.arn") || WHO_AND_WHAT.contains(last)) {
            rank = 1;
        } else {
            rank = last.equals("id") || last.equals("arn") || fact.value().startsWith("arn:") ? 4 : 3;
        }
        return rank + Math.min(fact.depth(), 6) + (fact.value().length() >= LONGEST_VALUE ? 3 : 0);
    }
}
