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
 * Many messages with their times, merged into one stream in the order of time; the files may overlap in time and be
 * slightly out of order. Only a window of it is in memory: if two messages in the wrong order are farther apart in
 * their file than the window, the second is read late, and counted as late.
 *
 * <pre>
 * {"version": "0", "id": "...", "detail-type": "...", "time": "2026-11-18T03:12:40Z", ...}      an event of EventBridge
 * {"Type": "Notification", "Message": "...", "Timestamp": "2026-11-18T03:12:40.006Z", ...}       a notification of SNS
 * {"MessageId": "...", "Body": "...", "Attributes": {"SentTimestamp": "1763435560123"}}          a message of SQS
 * {"Messages": [{"Body": "...", ...}]}                                                           an answer of SQS
 * {"source": "ecs-steward", "detail-type": "ECS Steward Restart", "time": "..."}                 Steward restarts
 * </pre>
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html">ReceiveMessage</a>
 */
public final class EventRecording implements Closeable {

    /**
     * In messages. A replay by EventBridge changes the order of events within a minute, which this window covers up to
     * 160 events a second.
     */
    private static final int WINDOW = 10_000;

    private static final long WINDOW_CHARACTERS = 16_000_000;

    /** How many problems are kept to be shown. */
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

    /** A position in a file. */
    public record Place(String file, long line) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /**
     * A message.
     *
     * @param time when it arrived
     * @param body the body that the queue would deliver
     * @param number the order in which they were read
     */
    public record Line(Place place, Instant time, String body, long number) {}

    /**
     * Statistics about reading the recording.
     *
     * @param messages number of messages that were returned
     * @param broken number of values that were not a message
     * @param problems the first problems
     * @param untimed number of messages without a time, which got that of the previous message
     * @param ours number of Steward's own follow-ups, which are left out
     * @param restarts number of restarts of Steward, which are not messages
     * @param outside number of messages outside the requested time
     * @param late number of messages that were read after later ones
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
     * Opens a recording.
     *
     * @param paths files, folders of files, and {@code -} for standard input; gzip is recognized by its first bytes
     * @param from start of the requested time, inclusive; null for the beginning
     * @param to end of the requested time, exclusive; null for the end
     * @throws NoSuchFileException if a file does not exist, or a folder has no files
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
        // A file without times gets the time of the previous file.
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

    /** The next message in the order of time; null at the end. */
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

    /** The statistics so far. */
    public Reading reading() {
        return new Reading(files, messages, broken, List.copyOf(problems), untimed, ours, restarts, outside, late);
    }

    /** The share of the files that has been read, from 0 to 1; negative if the size is unknown. */
    double share() {
        return size == 0 ? -1 : Math.min(1, bytes / (double) size);
    }

    /** Reads from the file that is farthest behind in time; false if all are read. */
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

    /** Adds a message from a file, unless it is one of Steward's own follow-ups. */
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
