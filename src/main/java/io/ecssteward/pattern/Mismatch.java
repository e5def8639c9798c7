package io.ecssteward.pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why an event does not match a pattern: the first clause, in the order of the pattern's text, that does not match.
 * Event Ruler itself matches parts of the pattern, so the explanation cannot contradict the matcher.
 *
 * @param clause the clause, as a separate pattern
 * @param describe the value that was found, and what was expected: {@code detail.stopCode is
 *     "EssentialContainerExited", expected one of "SpotInterruption", "TerminationNotice"}
 */
public record Mismatch(JsonNode clause, String describe) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OR = "$or";

    /** In characters; more of a text or a list is not read on a terminal. */
    private static final int LONGEST = 120;

    private static final int MAX_VALUES = 5;

    /** A pattern's condition on one field, or its {@code $or}. */
    private record Clause(List<String> names, JsonNode asked) {
        boolean alternatives() {
            return names.get(names.size() - 1).equals(OR) && asked.size() > 1 && all(asked, JsonNode::isObject);
        }

        String path() {
            return String.join(".", names);
        }

        private static boolean all(JsonNode list, java.util.function.Predicate<JsonNode> test) {
            for (JsonNode each : list) {
                if (!test.test(each)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Empty if the event matches the pattern. */
    static Optional<Mismatch> of(EventPattern pattern, JsonNode event) {
        if (pattern.matches(event)) {
            return Optional.empty();
        }
        JsonNode written;
        try {
            written = JSON.readTree(pattern.toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a pattern that was compiled is JSON", e);
        }
        if (!event.isObject()) {
            return Optional.of(new Mismatch(written, "it is not a JSON object, and a pattern matches nothing else"));
        }
        // The fallback is for a pattern with a duplicate name in one object: parsing keeps only the last value.
        return Optional.of(first(clauses(written), List.of(), event)
                .orElseGet(() -> new Mismatch(written, "the clauses match one by one, but not together")));
    }

    private static List<Clause> clauses(JsonNode pattern) {
        List<Clause> clauses = new ArrayList<>();
        clauses(pattern, List.of(), clauses);
        return clauses;
    }

    private static void clauses(JsonNode pattern, List<String> around, List<Clause> into) {
        pattern.properties().forEach(each -> {
            List<String> names = new ArrayList<>(around);
            names.add(each.getKey());
            if (each.getValue().isObject()) {
                clauses(each.getValue(), names, into);
            } else {
                into.add(new Clause(names, each.getValue()));
            }
        });
    }

    /**
     * The first clause that fails together with those before it: each alone may match, but different elements of a
     * list.
     *
     * @param around the names of the objects that contain the clauses
     */
    private static Optional<Mismatch> first(List<Clause> clauses, List<String> around, JsonNode event) {
        for (int i = 0; i < clauses.size(); i++) {
            if (!matches(clauses.subList(0, i + 1), around, event)) {
                return Optional.of(mismatch(clauses.get(i), clauses.subList(0, i), around, event));
            }
        }
        return Optional.empty();
    }

    private static Mismatch mismatch(Clause clause, List<Clause> before, List<String> around, JsonNode event) {
        JsonNode single = pattern(List.of(clause), around);
        if (!matches(List.of(clause), around, event)) {
            return new Mismatch(
                    single,
                    clause.alternatives() ? alternatives(clause, around, event) : describe(clause, around, event));
        }
        List<Clause> together = before.stream()
                .filter(other -> !matches(List.of(other, clause), around, event))
                .limit(1)
                .collect(Collectors.toCollection(ArrayList::new));
        if (together.isEmpty()) {
            together.addAll(before);
        }
        together.add(clause);
        return new Mismatch(
                pattern(together, around),
                "each of these matches, but no single list element matches all: "
                        + together.stream()
                                .map(c -> path(c, around) + " " + asked(c.asked()))
                                .collect(Collectors.joining(" and ")));
    }

    private static String alternatives(Clause clause, List<String> around, JsonNode event) {
        List<String> under = new ArrayList<>(around);
        under.addAll(clause.names().subList(0, clause.names().size() - 1));
        List<String> words = new ArrayList<>();
        for (JsonNode alternative : clause.asked()) {
            words.add("(" + (words.size() + 1) + ") "
                    + first(clauses(alternative), under, event)
                            .map(Mismatch::describe)
                            .orElse("not with the clauses around it"));
        }
        return "none of " + words.size() + " alternatives is met: " + String.join("; ", words);
    }

    private static boolean matches(List<Clause> clauses, List<String> around, JsonNode event) {
        return EventPattern.compile(pattern(clauses, around).toString()).matches(event);
    }

    private static JsonNode pattern(List<Clause> clauses, List<String> around) {
        ObjectNode pattern = JsonNodeFactory.instance.objectNode();
        for (Clause clause : clauses) {
            ObjectNode at = pattern;
            List<String> names = new ArrayList<>(around);
            names.addAll(clause.names());
            for (String name : names.subList(0, names.size() - 1)) {
                at = at.withObjectProperty(name);
            }
            at.set(names.get(names.size() - 1), clause.asked());
        }
        return pattern;
    }

    private static String path(Clause clause, List<String> around) {
        return around.isEmpty() ? clause.path() : String.join(".", around) + "." + clause.path();
    }

    private static String describe(Clause clause, List<String> around, JsonNode event) {
        String path = path(clause, around);
        List<JsonNode> found = new ArrayList<>();
        find(event, path, found);
        String is = path + " is " + (found.isEmpty() ? "not there" : values(found));
        if (clause.asked().size() == 1 && clause.asked().get(0).has("exists")) {
            boolean wanted = clause.asked().get(0).get("exists").asBoolean();
            return is
                    + (!wanted
                            ? ", and must not be there"
                            : found.isEmpty() ? ", and has to be" : ", expected a single value");
        }
        return is + ", expected " + asked(clause.asked());
    }

    /** Like Event Ruler, it searches every element of a list, and treats a dot in a name as a path separator. */
    private static void find(JsonNode node, String path, List<JsonNode> into) {
        if (node.isArray() && !node.isEmpty()) {
            node.forEach(each -> find(each, path, into));
        } else if (path.isEmpty()) {
            into.add(node);
        } else {
            node.properties().forEach(each -> {
                if (path.equals(each.getKey())) {
                    find(each.getValue(), "", into);
                } else if (path.startsWith(each.getKey() + ".")) {
                    find(each.getValue(), path.substring(each.getKey().length() + 1), into);
                }
            });
        }
    }

    private static String values(List<JsonNode> found) {
        List<String> values =
                found.stream().map(Mismatch::value).distinct().collect(Collectors.toCollection(ArrayList::new));
        if (values.size() == 1) {
            return values.get(0);
        }
        String more =
                values.size() > MAX_VALUES ? (values.size() - MAX_VALUES) + " more" : values.get(values.size() - 1);
        return String.join(", ", values.subList(0, Math.min(MAX_VALUES, values.size() - 1))) + " and " + more;
    }

    private static String value(JsonNode value) {
        if (value.isArray()) {
            return "an empty list";
        }
        String text = value.isObject() ? "an object" : value.toString();
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    }

    private static String asked(JsonNode asked) {
        List<String> words = new ArrayList<>();
        asked.forEach(each -> words.add(one(each)));
        return (words.size() > 1 ? "one of " : "") + String.join(", ", words);
    }

    private static String one(JsonNode asked) {
        if (!asked.isObject() || asked.size() != 1) {
            return asked.toString();
        }
        String operator = asked.fieldNames().next();
        JsonNode operand = asked.get(operator);
        return switch (operator) {
            case "prefix" -> "prefix " + text(operand);
            case "suffix" -> "suffix " + text(operand);
            case "wildcard" -> "wildcard " + text(operand);
            case "equals-ignore-case" -> text(operand) + " in upper or lower case";
            case "cidr" -> "an address in " + operand.asText();
            case "numeric" -> "a number " + numeric(operand);
            case "exists" -> operand.asBoolean() ? "any value" : "no value";
            case "anything-but" -> "anything but " + (operand.isObject() ? one(operand) : list(operand));
            default -> asked.toString();
        };
    }

    private static String text(JsonNode operand) {
        return operand.isObject() ? one(operand) : list(operand);
    }

    private static String list(JsonNode values) {
        if (!values.isArray()) {
            return values.toString();
        }
        List<String> words = new ArrayList<>();
        values.forEach(each -> words.add(each.toString()));
        return String.join(", ", words);
    }

    private static String numeric(JsonNode operand) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; operand instanceof ArrayNode && i + 1 < operand.size(); i += 2) {
            words.append(i == 0 ? "" : " and ")
                    .append(operand.get(i).asText())
                    .append(' ')
                    .append(operand.get(i + 1));
        }
        return words.toString();
    }
}
