package io.ecssteward.check;

import io.ecssteward.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A YAML file as nodes with their positions. */
public final class YamlFile {

    private final String location;
    private final String[] lines;
    private final Node root;

    private YamlFile(String location, String[] lines, Node root) {
        this.location = location;
        this.lines = lines;
        this.root = root;
    }

    /** Reads the files; a file that is not YAML is left out, and added to the problems. */
    static List<YamlFile> readAll(String pattern, List<Problem> problems) {
        return RouteFiles.list(pattern).stream()
                .map(location -> read(location, problems))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Reads a file; if it is not YAML, returns null and adds a problem. */
    static YamlFile read(String location, List<Problem> problems) {
        String text;
        try {
            // Unlike new String, it refuses what is not UTF-8.
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(RouteFiles.read(location)))
                    .toString();
        } catch (IOException e) {
            problems.add(Problem.at(
                    location,
                    0,
                    0,
                    location + " cannot be read: " + e.getMessage() + "; let the process's user read it, as UTF-8"));
            return null;
        }
        if (text.isBlank()) {
            problems.add(Problem.at(location, 1, 1, "the file is empty; write a route into it, or delete it"));
            return null;
        }
        String[] lines = text.split("\\R", -1);
        try {
            Node root = new Compose(LoadSettings.builder()
                            .setUseMarks(true)
                            .setAllowNonScalarKeys(true)
                            .build())
                    .composeString(text)
                    .orElse(null);
            return new YamlFile(location, lines, root);
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
            problems.add(Problem.at(
                    location,
                    mark == null ? 0 : mark.getLine() + 1,
                    mark == null ? 0 : mark.getColumn() + 1,
                    describe(e, lines)));
        } catch (YamlEngineException e) {
            problems.add(Problem.at(location, 0, 0, "is not valid YAML: " + e.getMessage()));
        }
        return null;
    }

    /** The parser's message says what it expected; this one says what is wrong. */
    private static String describe(MarkedYamlEngineException e, String[] lines) {
        String problem = e.getProblem() == null ? "" : e.getProblem();
        String context = e.getContext() == null ? "" : e.getContext();
        int line = e.getProblemMark().map(Mark::getLine).orElse(0);
        String there = line < lines.length ? lines[line] : "";
        if (problem.contains("TAB") || there.matches("\\s*\\t.*")) {
            return "a tab character is where only spaces may be; replace each tab with spaces, two per level";
        }
        if (problem.contains("mapping values are not allowed")) {
            String above = line > 0 && line <= lines.length ? lines[line - 1].strip() : "";
            if (above.matches("(- )?\\w+")) {
                return "the line above, '" + above + "', has no colon; write '" + above + ":'";
            }
            return "a colon is not allowed here; put a value with ': ' in it between quotes, "
                    + "or indent the line like those beside it";
        }
        if (problem.contains("cannot start any token")) {
            String sign = e.getProblemMark()
                    .map(m -> m.getColumn() < there.length() ? String.valueOf(there.charAt(m.getColumn())) : "it")
                    .orElse("it");
            return "a value cannot begin with " + sign + "; put the whole value between quotes";
        }
        if (context.contains("quoted scalar")) {
            return "the quote that is opened" + opened(e)
                    + " is not closed; close it, or write the value as a block below |";
        }
        if (context.contains("flow")) {
            return "the bracket that is opened" + opened(e)
                    + " is not closed; close it, or put a value that begins with { or [ between quotes";
        }
        if (problem.contains("could not find expected ':'")) {
            return "the line" + opened(e)
                    + " is neither 'name: value' nor '- item'; complete it, "
                    + "or indent it so that it belongs to the value above";
        }
        if (problem.contains("<document start>")
                || context.contains("block mapping")
                || context.contains("block collection")
                || context.contains("block sequence")) {
            return "the indentation matches none of the lines above"
                    + (e.getContextMark().isPresent() ? " (the block began" + opened(e) + ")" : "")
                    + "; indent the line exactly like those it belongs with";
        }
        if (problem.contains("undefined alias") || context.contains("alias")) {
            return "a value cannot begin with *; put it between quotes";
        }
        return "is not valid YAML: " + (context.isEmpty() ? "" : context + ", ") + problem
                + "; fix this line or the one above";
    }

    private static String opened(MarkedYamlEngineException e) {
        return e.getContextMark()
                .map(mark -> " in line " + (mark.getLine() + 1))
                .orElse("");
    }

    String location() {
        return location;
    }

    /** Null if the file is empty. */
    public Node root() {
        return root;
    }

    public Problem problem(Node node, String what) {
        Mark mark = node.getStartMark().orElse(null);
        return Problem.at(
                location, mark == null ? 0 : mark.getLine() + 1, mark == null ? 0 : mark.getColumn() + 1, what);
    }

    /** A problem this many characters into a text; at its beginning if YAML folded the lines. */
    public Problem problem(Node node, int offset, String what) {
        Mark mark = node.getStartMark().orElse(null);
        if (mark == null || offset < 0 || !(node instanceof ScalarNode scalar)) {
            return problem(node, what);
        }
        String value = scalar.getValue();
        String before = value.substring(0, Math.min(offset, value.length()));
        int line = (int) before.chars().filter(c -> c == '\n').count();
        int column = before.length() - before.lastIndexOf('\n') - 1;
        if (scalar.getScalarStyle() == ScalarStyle.LITERAL) {
            int first = mark.getLine() + 1;
            while (first < lines.length && lines[first].isBlank()) {
                first++;
            }
            int indent = first < lines.length
                    ? lines[first].length() - lines[first].stripLeading().length()
                    : 0;
            return Problem.at(location, mark.getLine() + 2 + line, indent + column + 1, what);
        }
        if (scalar.getScalarStyle() == ScalarStyle.FOLDED
                || scalar.getEndMark()
                        .map(end -> end.getLine() != mark.getLine())
                        .orElse(true)) {
            return problem(node, what);
        }
        return Problem.at(location, mark.getLine() + 1, mark.getColumn() + (scalar.isPlain() ? 1 : 2) + column, what);
    }

    /** A node's position for people: {@code mine.camel.yaml line 3}. */
    String place(Node node) {
        return problem(node, "").file() + " line " + line(node);
    }

    /** The line of a node, counted from 1. */
    static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    /** The values of a mapping by their names; empty for anything else. */
    public static Map<String, Node> entries(Node node) {
        Map<String, Node> entries = new LinkedHashMap<>();
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (text(tuple.getKeyNode()) != null) {
                    entries.putIfAbsent(text(tuple.getKeyNode()), tuple.getValueNode());
                }
            }
        }
        return entries;
    }

    public static List<Node> items(Node node) {
        return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
    }

    /** The value of a name in a mapping; null if there is none. */
    public static Node get(Node node, String name) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (name.equals(text(tuple.getKeyNode()))) {
                    return tuple.getValueNode();
                }
            }
        }
        return null;
    }

    /** The text of a scalar; null for anything else, and for an empty node. */
    public static String text(Node node) {
        return node instanceof ScalarNode scalar && !isNothing(node) ? scalar.getValue() : null;
    }

    /** Whether the node is empty or {@code null}. */
    static boolean isNothing(Node node) {
        return node instanceof ScalarNode scalar
                && scalar.isPlain()
                && (scalar.getTag().equals(Tag.NULL) || scalar.getValue().isEmpty());
    }
}
