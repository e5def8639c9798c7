package io.ecssteward.simulation;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/**
 * Many messages with their times, from files that may overlap in time and be a little out of order, as one stream in
 * the order of time. Only a window of it is in memory: of two messages that stand farther apart in their file than
 * that, and the wrong way round, the second comes late and is counted so.
 *
 * <pre>
 * {"version": "0", "id": "...", "detail-type": "...", "time": "2026-11-18T03:12:40Z", ...}      an event of EventBridge
 * {"Type": "Notification", "Message": "...", "Timestamp": "2026-11-18T03:12:40.006Z", ...}       a notification of SNS
 * {"MessageId": "...", "Body": "...", "Attributes": {"SentTimestamp": "1763435560123"}}          a message of SQS
 * {"Messages": [{"Body": "...", ...}]}                                                           an answer of SQS
 * {"source": "ecs-steward", "detail-type": "ECS Steward Restart", "time": "..."}                 the steward restarts
 * </pre>
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html">ReceiveMessage</a>
 */
public final class EventRecording implements Closeable {

    /** A replay of EventBridge mixes up what happened within a minute, which is 160 events a second in this window. */
    private static final int WINDOW = 10_000;

    private static final long WINDOW_CHARACTERS = 16_000_000;

    /** So many problems are kept to be shown. */
    static final int SHOWN = 10;

    private final RecordedMessages parser = new RecordedMessages();
    private final Deque<RecordingFile> closed = new ArrayDeque<>();
    private final List<RecordingFile> open = new ArrayList<>();
    private final PriorityQueue<Line> window =
            new PriorityQueue<>(Comparator.comparing(Line::time).thenComparingLong(Line::number));
    private final Instant from;
    private final Instant to;
    private final List<String> problems = new ArrayList<>();
    private final int files;
    private final long size;
    private long windowCharacters;
    private long bytes;
    private long number;
    private long messages;
    private long broken;
    private long untimed;
    private long ours;
    private long restarts;
    private long outside;
    private long late;
    private Instant last = Instant.MIN;

    /** Where something stands. */
    public record Place(String file, long line) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /**
     * A message.
     *
     * @param time when it came
     * @param body what the queue would deliver
     * @param number the order in which they were read
     */
    public record Line(Place place, Instant time, String body, long number) {}

    /**
     * How the reading went.
     *
     * @param messages that were handed out
     * @param broken what was no message
     * @param problems the first of them
     * @param untimed messages without a time, which took that of the message before
     * @param ours follow-ups of a steward, left out
     * @param restarts of the steward, which are no messages
     * @param outside messages that are not in the time that was asked for
     * @param late messages that came after later ones
     */
    public record Reading(
            int files,
            long messages,
            long broken,
            List<String> problems,
            long untimed,
            long ours,
            long restarts,
            long outside,
            long late) {}

    private EventRecording(int files, long size, Instant from, Instant to) {
        this.files = files;
        this.size = size;
        this.from = from;
        this.to = to;
    }

    /**
     * Opens one.
     *
     * @param paths files, folders of files, and {@code -} for standard input; gzip is recognized by its first bytes
     * @param from the first time of interest; null for the beginning
     * @param to the first time of no interest; null for the end
     * @throws NoSuchFileException when there is no such file, or no file in a folder
     */
    public static EventRecording open(List<String> paths, Instant from, Instant to) throws IOException {
        List<Path> files = new ArrayList<>();
        boolean in = false;
        for (String path : paths) {
            if (path.equals("-")) {
                in = true;
            } else {
                files.addAll(files(Path.of(path)));
            }
        }
        EventRecording recording = new EventRecording(files.size() + (in ? 1 : 0), in ? 0 : sizeOf(files), from, to);
        List<RecordingFile> sources = new ArrayList<>();
        for (Path file : files) {
            sources.add(new RecordingFile(recording, recording.parser, file));
        }
        // A file that tells no time is from when the one before it is.
        Instant before = sources.stream()
                .map(RecordingFile::time)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Instant.now().truncatedTo(ChronoUnit.SECONDS));
        for (RecordingFile source : sources) {
            source.setTime(source.time() == null ? before : source.time());
            before = source.time();
        }
        if (in) {
            sources.add(new RecordingFile(recording, recording.parser, null));
        }
        sources.stream().sorted(Comparator.comparing(RecordingFile::time)).forEach(recording.closed::add);
        return recording;
    }

    private static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            if (!Files.isReadable(path)) {
                throw new NoSuchFileException(path.toString());
            }
            return List.of(path);
        }
        try (Stream<Path> inside = Files.walk(path, 20)) {
            List<Path> found = inside.filter(Files::isRegularFile)
                    .filter(f -> !f.getFileName().toString().startsWith(".")
                            && !f.toString().endsWith(".md"))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new NoSuchFileException(path.toString());
            }
            return found;
        }
    }

    private static long sizeOf(List<Path> files) throws IOException {
        long size = 0;
        for (Path file : files) {
            size += Files.size(file);
        }
        return size;
    }

    /** The next message in the order of time; null when there is none left. */
    public Line next() throws IOException {
        for (; ; ) {
            while (window.size() < WINDOW && windowCharacters < WINDOW_CHARACTERS && readOne()) {
                // One more.
            }
            Line line = window.poll();
            if (line == null) {
                return null;
            }
            windowCharacters -= line.body().length();
            if (from != null && line.time().isBefore(from)
                    || to != null && !line.time().isBefore(to)) {
                outside++;
                continue;
            }
            if (line.time().isBefore(last)) {
                late++;
            } else {
                last = line.time();
            }
            if (RecordedMessages.isRestart(line.body())) {
                restarts++;
            } else {
                messages++;
            }
            return line;
        }
    }

    /** How the reading went so far. */
    public Reading reading() {
        return new Reading(files, messages, broken, List.copyOf(problems), untimed, ours, restarts, outside, late);
    }

    /** How much of the files is read, from 0 to 1; less than 0 if the size is unknown. */
    double share() {
        return size == 0 ? -1 : Math.min(1, bytes / (double) size);
    }

    /** Reads from whichever file is farthest behind; false when all are read. */
    private boolean readOne() throws IOException {
        RecordingFile behind =
                open.stream().min(Comparator.comparing(RecordingFile::time)).orElse(null);
        while (!closed.isEmpty() && (behind == null || !closed.peek().time().isAfter(behind.time()))) {
            behind = closed.poll();
            behind.begin();
            open.add(behind);
        }
        if (behind == null) {
            return false;
        }
        if (!behind.read()) {
            behind.close();
            open.remove(behind);
        }
        return true;
    }

    /** Takes a message that a file holds, unless the steward sent it to itself. */
    void add(Line line) {
        if (parser.isFollowUp(line.body())) {
            ours++;
        } else {
            windowCharacters += line.body().length();
            window.add(new Line(line.place(), line.time(), line.body(), number++));
        }
    }

    void problem(String what) {
        broken++;
        if (problems.size() < SHOWN) {
            problems.add(what);
        }
    }

    void countUntimed() {
        untimed++;
    }

    void countBytes(int read) {
        bytes += read;
    }

    @Override
    public void close() throws IOException {
        for (RecordingFile source : open) {
            source.close();
        }
    }
}
