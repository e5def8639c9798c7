package io.ecssteward.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.problem.Problem;
import io.ecssteward.problem.Suggestion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Validates a route file by the JSON Schema of Camel's YAML DSL. Camel itself stops at the first mistake; this rule
 * finds all, and suggests the name that was probably meant. It supports only those keywords of JSON Schema that Camel's
 * schema uses.
 */
final class SchemaRule {

    private static final String DEFINITIONS = "#/items/definitions/";
    private static final String STEP = "org.apache.camel.model.ProcessorDefinition";

    private static final Set<String> MAY_BE_EMPTY = Set.of("description", "note");
    private static final Set<String> MAY_NOT_BE_EMPTY = Set.of(
            "expression simple language method from steps when route routeConfiguration beans bean to".split(" "));

    private final JsonNode top;
    private final JsonNode definitions;
    private final Map<JsonNode, Map<String, JsonNode>> properties = new java.util.IdentityHashMap<>();

    SchemaRule() {
        try (InputStream in = SchemaRule.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            top = new ObjectMapper().readTree(in).get("items");
        } catch (IOException e) {
            throw new UncheckedIOException("reading the schema of Camel's YAML", e);
        }
        definitions = top.get("definitions");
    }

    /** Adds the problems of a file's syntax. If it adds none, the file is well-formed. */
    void problems(YamlFile file, List<Problem> problems) {
        Node root = file.root();
        if (root == null || YamlFile.isNothing(root)) {
            return;
        }
        if (!(root instanceof SequenceNode)) {
            problems.add(file.problem(
                    root, "the file is not a list; begin each route with '- route:' at the beginning of the line"));
            return;
        }
        braces(file, root, problems);
        for (Node item : YamlFile.items(root)) {
            new Walk(file, problems).check(item, top, "the file");
        }
    }

    /** Reports {@code {{a.setting}}} without quotes: in YAML, it is a mapping whose key is a mapping. */
    private static void braces(YamlFile file, Node node, List<Problem> problems) {
        if (node instanceof MappingNode mapping
                && mapping.getValue().stream().anyMatch(t -> t.getKeyNode() instanceof MappingNode)) {
            problems.add(file.problem(node, "a value that begins with {{ has to be put between quotes: \"{{...}}\""));
        } else {
            YamlFile.entries(node).values().forEach(value -> braces(file, value, problems));
            YamlFile.items(node).forEach(item -> braces(file, item, problems));
        }
    }

    private JsonNode resolve(JsonNode schema) {
        JsonNode resolved = schema;
        while (resolved.has("$ref") && !resolved.has("properties")) {
            resolved = definitions.get(resolved.get("$ref").asText().substring(DEFINITIONS.length()));
        }
        return resolved;
    }

    /** All names that a mapping may have, from all alternatives of its schema. */
    private Map<String, JsonNode> properties(JsonNode schema) {
        return properties.computeIfAbsent(schema, s -> {
            Map<String, JsonNode> all = new TreeMap<>();
            collect(s, all, new HashSet<>());
            return all;
        });
    }

    private void collect(JsonNode schema, Map<String, JsonNode> all, Set<JsonNode> seen) {
        if (schema.has("$ref")) {
            JsonNode other = definitions.get(schema.get("$ref").asText().substring(DEFINITIONS.length()));
            if (seen.size() < 50 && seen.add(other)) {
                collect(other, all, seen);
            }
        }
        schema.path("properties").fields().forEachRemaining(property -> {
            if (!property.getValue().isEmpty() || !all.containsKey(property.getKey())) {
                all.put(property.getKey(), property.getValue());
            }
        });
        for (String choice : List.of("anyOf", "oneOf")) {
            schema.path(choice).forEach(alternative -> collect(alternative, all, seen));
        }
    }

    private final class Walk {
        private final YamlFile file;
        private final List<Problem> problems;

        private Walk(YamlFile file, List<Problem> problems) {
            this.file = file;
            this.problems = problems;
        }

        void check(Node node, JsonNode written, String name) {
            JsonNode schema = resolve(written);
            if (schema.isEmpty()) {
                return;
            }
            Map<String, JsonNode> allowed = properties(schema);
            Set<String> types = types(schema);
            if (node instanceof MappingNode mapping) {
                if (allowed.isEmpty() && !types.contains("object")) {
                    mappingInPlaceOf(types, mapping, name);
                } else if (!allowed.isEmpty()) {
                    mapping(mapping, schema, allowed, name);
                }
            } else if (node instanceof SequenceNode sequence) {
                if (schema.has("items")) {
                    sequence.getValue().forEach(item -> check(item, schema.get("items"), name));
                } else if (!types.isEmpty() && !types.contains("array")) {
                    problems.add(file.problem(node, "'" + name + "' does not take a list; remove the '- ' below it"));
                }
            } else if (node instanceof ScalarNode scalar) {
                scalar(scalar, schema, types, allowed, name);
            }
        }

        private Set<String> types(JsonNode schema) {
            Set<String> types = new HashSet<>();
            if (schema.has("type")) {
                types.add(schema.get("type").asText());
            }
            if (schema.has("properties")) {
                types.add("object");
            }
            schema.path("oneOf").forEach(alternative -> types.addAll(types(resolve(alternative))));
            return types;
        }

        private void mappingInPlaceOf(Set<String> types, MappingNode mapping, String name) {
            if (types.contains("array")) {
                problems.add(file.problem(mapping, "'" + name + "' takes a list; begin each of its items with '- '"));
            } else if (!types.isEmpty()
                    && mapping.getValue().stream().noneMatch(t -> t.getKeyNode() instanceof MappingNode)) {
                problems.add(file.problem(
                        mapping,
                        "'" + name + "' takes a text; put a value that begins with { between quotes: \"{{...}}\""));
            }
        }

        private void mapping(MappingNode mapping, JsonNode schema, Map<String, JsonNode> allowed, String name) {
            Map<String, Node> there = new LinkedHashMap<>();
            Set<String> meant = new HashSet<>();
            boolean step = schema == definitions.get(STEP) || schema == top;
            String kind = schema == top
                    ? "at the beginning of a file's item"
                    : schema == definitions.get(STEP) ? "as a step" : "in '" + name + "'";
            for (NodeTuple tuple : mapping.getValue()) {
                Node key = tuple.getKeyNode();
                String written = YamlFile.text(key);
                if (written == null) {
                    if (!(key instanceof MappingNode)) {
                        problems.add(file.problem(key, "a name is missing before the colon; add it"));
                    }
                    return;
                }
                Node before = there.putIfAbsent(written, tuple.getValueNode());
                if (before != null) {
                    problems.add(file.problem(
                            key,
                            "'" + written + "' occurs twice, first in line " + YamlFile.line(before)
                                    + "; keep one, or begin another list item with '- '"));
                } else if (!allowed.containsKey(written)) {
                    String above = ownerAbove(written, allowed, there);
                    if (above == null) {
                        Suggestion.to(written, allowed.keySet()).ifPresent(meant::add);
                        problems.add(file.problem(key, unknown(written, kind, allowed, step)));
                    } else if (meant.add(above)) {
                        problems.removeAll(List.of(file.problem(there.get(above), empty(above))));
                        problems.add(file.problem(
                                key,
                                "'" + written + "' belongs to '" + above
                                        + "' above; indent it by two spaces more than that"));
                    }
                } else if (step
                        && there.keySet().stream().filter(allowed::containsKey).count() > 1) {
                    problems.add(file.problem(key, "'" + written + "' is a step of its own; begin its line with '- '"));
                } else {
                    check(tuple.getValueNode(), allowed.get(written), written);
                }
            }
            for (JsonNode required : schema.path("required")) {
                if (!there.containsKey(required.asText()) && !meant.contains(required.asText()) && !step) {
                    problems.add(file.problem(mapping, "'" + name + "' has no '" + required.asText() + "'; add it"));
                }
            }
        }

        /** The empty name above, under which this one should be indented; null if there is none. */
        private String ownerAbove(String written, Map<String, JsonNode> allowed, Map<String, Node> there) {
            for (Map.Entry<String, Node> above : there.entrySet()) {
                if (YamlFile.isNothing(above.getValue())
                        && allowed.containsKey(above.getKey())
                        && properties(resolve(allowed.get(above.getKey()))).containsKey(written)) {
                    return above.getKey();
                }
            }
            return null;
        }

        private String empty(String name) {
            return "'" + name + "' is empty; indent what belongs to it by two spaces more";
        }

        private String unknown(String written, String kind, Map<String, JsonNode> allowed, boolean step) {
            List<String> owners = step
                    ? List.of()
                    : allowed.keySet().stream()
                            .filter(name ->
                                    properties(resolve(allowed.get(name))).containsKey(written))
                            .toList();
            String remedy = owners.size() == 1
                    ? "; it belongs to '" + owners.get(0) + "'"
                    : Suggestion.remedy(written, allowed.keySet());
            return "there is no '" + written + "' " + kind + (remedy.isEmpty() ? elsewhere(written, step) : remedy);
        }

        private String elsewhere(String written, boolean step) {
            if (!step && properties(definitions.get(STEP)).containsKey(written)) {
                return "; it is a step: put it below 'steps:' with '- ' before it";
            }
            return "; look it up in Camel's documentation of the YAML DSL";
        }

        private void scalar(
                ScalarNode scalar, JsonNode schema, Set<String> types, Map<String, JsonNode> allowed, String name) {
            String value = scalar.getValue();
            if (YamlFile.isNothing(scalar)) {
                // A step without options may be empty; one that needs options reports them as missing.
                if (MAY_BE_EMPTY.contains(name)) {
                    return;
                }
                if (!types.isEmpty() && !types.contains("object") && !types.contains("array")) {
                    problems.add(file.problem(scalar, "'" + name + "' is empty; add its value, or remove it"));
                } else if (MAY_NOT_BE_EMPTY.contains(name)
                        || schema.has("required") && !schema.path("required").isEmpty()) {
                    problems.add(file.problem(scalar, empty(name)));
                }
                return;
            }
            if (types.isEmpty() || value.contains("{{")) {
                return;
            }
            if (!types.contains("string") && (types.contains("object") || types.contains("array"))) {
                problems.add(file.problem(
                        scalar,
                        "'" + name + "' takes no text but "
                                + (types.contains("array")
                                        ? "a list"
                                        : allowed.isEmpty() ? "names and values" : some(allowed))
                                + " in the lines below it"));
            } else if (schema.has("enum")) {
                Set<String> words = new HashSet<>();
                schema.get("enum").forEach(word -> words.add(word.asText()));
                if (words.stream().noneMatch(value::equalsIgnoreCase)) {
                    problems.add(file.problem(
                            scalar, "'" + name + "' is '" + value + "'" + Suggestion.remedy(value, words)));
                }
            } else if (types.contains("boolean") && !value.equals("true") && !value.equals("false")) {
                problems.add(file.problem(scalar, "'" + name + "' is '" + value + "'; write true or false"));
            } else if (types.contains("number") && !value.matches("-?\\d+(\\.\\d+)?")) {
                problems.add(file.problem(scalar, "'" + name + "' is '" + value + "'; write a number"));
            }
        }

        private String some(Map<String, JsonNode> allowed) {
            return allowed.size() > 8 ? "names and values" : String.join(", ", allowed.keySet());
        }
    }
}
