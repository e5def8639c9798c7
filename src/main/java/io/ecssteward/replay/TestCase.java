package io.ecssteward.replay;

import io.ecssteward.time.Durations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A sample, or a story of several messages, with its file of expected effects.
 *
 * @param name the file in {@code samples/}, or the folder of a story
 * @param messages in order; a sample has one
 * @param story whether the messages build on each other
 * @param expected the file of expected effects, which may not exist
 */
public record TestCase(String name, List<Message> messages, boolean story, Path expected) {

    public static final String SAMPLES = "samples";
    static final String EXPECTED = "expected";

    private static final Duration USUAL = Duration.ofSeconds(1);
    private static final Pattern AFTER =
            Pattern.compile("(?:^|[^A-Za-z0-9])after-((?:\\d+(?:ms|s|m|h|d))+)(?![A-Za-z0-9])");

    /**
     * One message.
     *
     * @param after the time after the previous message
     */
    record Message(Path file, Duration after) {}

    /**
     * The samples and stories in a folder, sorted by name.
     *
     * @param problems collects the problems of the folder
     */
    public static List<TestCase> in(Path folder, List<String> problems) throws IOException {
        Path samples = folder.resolve(SAMPLES);
        if (!Files.isDirectory(samples)) {
            problems.add("no folder " + samples + "; put message bodies there, one per file: order-failed.json");
            return List.of();
        }
        List<TestCase> cases = new ArrayList<>();
        Set<Path> taken = new HashSet<>();
        for (Path each : list(samples)) {
            String name = each.getFileName().toString();
            boolean story = Files.isDirectory(each);
            List<Message> messages =
                    story ? story(each) : isMessage(each) ? List.of(new Message(each, Duration.ZERO)) : List.of();
            if (!messages.isEmpty()) {
                TestCase found = new TestCase(
                        name, messages, story, folder.resolve(EXPECTED).resolve(stem(name, story) + ".json"));
                cases.add(found);
                if (!taken.add(found.expected())) {
                    problems.add(
                            each + " would share " + found.expected() + " with another sample; give it another name");
                }
            }
        }
        if (cases.isEmpty()) {
            problems.add("no .json or .txt file in " + samples + "; put message bodies there, one per file");
        }
        return cases;
    }

    /** The files in {@code expected/} that belong to none of the cases. */
    public static List<Path> orphans(Path folder, List<TestCase> cases) throws IOException {
        Path expected = folder.resolve(EXPECTED);
        Set<Path> known = new HashSet<>(cases.stream().map(TestCase::expected).toList());
        return Files.isDirectory(expected)
                ? list(expected).stream()
                        .filter(f -> f.toString().endsWith(".json") && !known.contains(f))
                        .toList()
                : List.of();
    }

    private static List<Message> story(Path folder) throws IOException {
        List<Message> messages = new ArrayList<>();
        for (Path each : list(folder)) {
            if (Files.isRegularFile(each) && isMessage(each)) {
                Matcher after = AFTER.matcher(each.getFileName().toString());
                messages.add(new Message(
                        each,
                        messages.isEmpty() ? Duration.ZERO : after.find() ? Durations.parse(after.group(1)) : USUAL));
            }
        }
        return messages;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.sorted().toList();
        }
    }

    private static boolean isMessage(Path file) {
        return file.toString().endsWith(".json") || file.toString().endsWith(".txt");
    }

    private static String stem(String name, boolean story) {
        return story ? name : name.substring(0, name.lastIndexOf('.'));
    }
}
