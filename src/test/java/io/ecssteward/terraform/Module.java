package io.ecssteward.terraform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The module's files, read as far as the tests here need it. It relies on their being formatted by {@code terraform
 * fmt}: a block begins and ends at the first column, and its arguments are indented by two.
 */
final class Module {
    private Module() {}

    static final Path FOLDER = Path.of("terraform");

    private static final Pattern BLOCK =
            Pattern.compile("(?ms)^(\\w+) (\"[\\w-]+\"(?: \"[\\w-]+\")?) \\{(?:\\}|\n(.*?)^\\})$");
    private static final Pattern ARGUMENT = Pattern.compile("(?ms)^  (\\w+) += (.*?)(?=^  \\w|\\z)");

    /**
     * A block of the top level.
     *
     * @param kind such as {@code variable}
     * @param name such as {@code tags}, or {@code aws_sqs_queue.events}
     * @param arguments its arguments as they are written, on one line
     */
    record Block(String kind, String name, Map<String, String> arguments) {
        /** An argument that is a text, without quotes. */
        String text(String argument) {
            String written = arguments.get(argument);
            return written == null
                    ? null
                    : written.replaceAll("^\"|\"$", "").replace("\\\"", "\"").replace("\\\\", "\\");
        }
    }

    /** The module's own files, without its examples and tests. */
    static List<Path> files() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(f -> f.toString().endsWith(".tf")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(String file) {
        try {
            return Files.readString(FOLDER.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All blocks of a kind, in the order of the files. */
    static List<Block> blocks(String kind) {
        List<Block> blocks = new ArrayList<>();
        for (Path file : files()) {
            Matcher found = BLOCK.matcher(read(file.getFileName().toString()));
            while (found.find()) {
                if (found.group(1).equals(kind)) {
                    blocks.add(new Block(
                            kind,
                            found.group(2).replace("\" \"", ".").replace("\"", ""),
                            arguments(found.group(3) == null ? "" : found.group(3))));
                }
            }
        }
        return blocks;
    }

    private static Map<String, String> arguments(String body) {
        Map<String, String> arguments = new LinkedHashMap<>();
        Matcher found = ARGUMENT.matcher(body);
        while (found.find()) {
            // Nested blocks look no different to this pattern's end, but have no equals sign.
            arguments.put(found.group(1), oneLine(found.group(2)));
        }
        return arguments;
    }

    /** {@code list(object({\n cluster = string\n}))} as {@code list(object({ cluster = string }))}. */
    private static String oneLine(String written) {
        String text = written.strip();
        if (text.startsWith("\"")) {
            return text;
        }
        return text.replaceAll("\\{\\s*\n\\s*", "{ ")
                .replaceAll("\\s*\n\\s*\\}", " }")
                .replaceAll("\\s*\n\\s*", ", ")
                .replaceAll("\\s+", " ");
    }
}
