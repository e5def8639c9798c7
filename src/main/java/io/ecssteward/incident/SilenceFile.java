package io.ecssteward.incident;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.pattern.EventPattern;
import io.ecssteward.problem.Problem;
import io.ecssteward.problem.Suggestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads a YAML file of planned silences, each of them once or weekly.
 *
 * <pre>
 * - silence: nightly-batch
 *   pattern: {"cluster": ["prod"], "service": [{"prefix": "batch-"}]}
 *   days: [mon-fri]
 *   from: "22:00"
 *   to: "06:00"
 *   zone: Europe/Berlin
 * - silence: load-test
 *   pattern: {"cluster": ["staging"]}
 *   from: 2026-12-01T10:00:00Z
 *   until: 2026-12-01T12:00:00Z
 *   who: alex
 *   comment: load test of the new checkout
 * </pre>
 *
 * @param silences the valid ones
 * @param problems the errors in the others
 * @param warnings probable mistakes
 */
public record SilenceFile(List<Silence> silences, List<Problem> problems, List<Problem> warnings) {

    private static final List<String> NAMES =
            List.of("silence", "pattern", "days", "from", "to", "until", "zone", "who", "comment");

    private static final LoadSettings YAML =
            LoadSettings.builder().setUseMarks(true).setAllowNonScalarKeys(true).build();

    /** One silence of the file while it is read. */
    private final class Item {
        private final String location;
        private final Node node;
        private final Map<String, Node> entries = new LinkedHashMap<>();
        private final int problemsBefore = problems.size();

        Item(String location, Node node) {
            this.location = location;
            this.node = node;
        }

        void problem(Node at, String what) {
            problems.add(at(location, at, what));
        }

        String text(String name) {
            return entries.get(name) instanceof ScalarNode scalar
                            && !scalar.getValue().isBlank()
                    ? scalar.getValue().strip()
                    : null;
        }

        List<String> words(String name) {
            return entries.get(name) instanceof SequenceNode list
                    ? list.getValue().stream()
                            .map(word -> word instanceof ScalarNode scalar
                                    ? scalar.getValue().strip()
                                    : "?")
                            .toList()
                    : text(name) == null ? List.of() : List.of(text(name).split("[\\s,]+"));
        }

        void read(Map<String, Integer> lines, Instant now) {
            if (!(node instanceof MappingNode mapping)) {
                problem(
                        node,
                        "a silence is expected here; write '- silence: NAME', and below it its pattern and times");
                return;
            }
            mapping.getValue().forEach(tuple -> {
                String name = tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
                if (!NAMES.contains(name)) {
                    problem(tuple.getKeyNode(), "a silence has no '" + name + "'" + Suggestion.remedy(name, NAMES));
                } else if (entries.putIfAbsent(name, tuple.getValueNode()) != null) {
                    problem(tuple.getKeyNode(), "'" + name + "' occurs twice; remove one");
                }
            });
            String id = id(lines);
            ObjectNode pattern = pattern();
            SilenceTimes times = new SilenceTimes(
                    this::text, this::words, (name, what) -> problem(entries.getOrDefault(name, node), what));
            Optional<Silence> silence = times.of(id, pattern, text("who"), text("comment"));
            if (problems.size() > problemsBefore || silence.isEmpty()) {
                return;
            }
            silences.add(silence.get());
            SilenceWarnings.of(pattern).forEach(what -> warnings.add(at(location, entries.get("pattern"), what)));
            if (silence.get().over(now)) {
                warnings.add(at(location, entries.get("until"), "it is over, so it matches nothing; remove it"));
            }
        }

        private String id(Map<String, Integer> lines) {
            String id = text("silence");
            if (id == null || !id.matches("[\\w.-]{1,60}")) {
                problem(
                        entries.getOrDefault("silence", node),
                        "the silence has no name; write 'silence: nightly-batch', of letters, digits, "
                                + "'-', '_' and '.'");
                return "";
            }
            Integer other = lines.putIfAbsent(id, line(node));
            if (other != null) {
                problem(entries.get("silence"), "the silence in line " + other + " has the same name; rename one");
            }
            return id;
        }

        private ObjectNode pattern() {
            Node written = entries.get("pattern");
            if (written == null) {
                problem(node, "the silence has no pattern; write 'pattern: {\"cluster\": [\"prod\"]}'");
                return null;
            }
            try {
                JsonNode json = written instanceof ScalarNode scalar
                        ? IncidentJson.MAPPER.readTree(scalar.getValue())
                        : IncidentJson.MAPPER.valueToTree(
                                new StandardConstructor(YAML).constructSingleDocument(Optional.of(written)));
                EventPattern.compile(json.toString());
                return (ObjectNode) json;
            } catch (JsonProcessingException e) {
                problem(written, "the pattern is not JSON: " + e.getOriginalMessage());
            } catch (IllegalArgumentException | ClassCastException | YamlEngineException e) {
                problem(
                        written,
                        "the pattern is not an event pattern: "
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("")
                                        .replace("compiling the event pattern: ", ""));
            }
            return null;
        }
    }

    /**
     * Reads a file.
     *
     * @param location {@code file:/etc/steward/silences.yaml}; empty for none
     */
    public static SilenceFile read(String location, Instant now) {
        SilenceFile file = new SilenceFile(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        if (!location.isEmpty()) {
            file.root(location).ifPresent(root -> file.items(location, root, now));
        }
        return file;
    }

    private Optional<Node> root(String location) {
        try {
            return new Compose(YAML).composeString(Files.readString(Path.of(location.replaceFirst("^file:", ""))));
        } catch (NoSuchFileException e) {
            problems.add(Problem.at(location, 0, 0, "there is no such file; create it, or set another one"));
        } catch (IOException e) {
            problems.add(Problem.at(
                    location,
                    0,
                    0,
                    "cannot be read: " + e.getMessage() + "; let the process's user read it, as UTF-8"));
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
            problems.add(Problem.at(
                    location,
                    mark == null ? 0 : mark.getLine() + 1,
                    mark == null ? 0 : mark.getColumn() + 1,
                    "is not valid YAML: " + e.getProblem() + "; fix this line or the one above"));
        } catch (YamlEngineException e) {
            problems.add(Problem.at(location, 0, 0, "is not valid YAML: " + e.getMessage()));
        }
        return Optional.empty();
    }

    private void items(String location, Node root, Instant now) {
        if (!(root instanceof SequenceNode list)) {
            if (!(root instanceof ScalarNode nothing && nothing.getValue().isEmpty())) {
                problems.add(at(location, root, "a list of silences is expected; begin each with '- silence: NAME'"));
            }
            return;
        }
        Map<String, Integer> lines = new HashMap<>();
        list.getValue().forEach(item -> new Item(location, item).read(lines, now));
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private static Problem at(String location, Node node, String what) {
        return Problem.at(
                location,
                line(node),
                node.getStartMark().map(mark -> mark.getColumn() + 1).orElse(0),
                what);
    }
}
