package io.ecssteward.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.event.Event;
import io.ecssteward.event.EventReader;
import io.ecssteward.event.FollowUp;
import io.ecssteward.event.Payload;
import io.ecssteward.failure.PermanentFailureException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

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

    /** A file without a time in so many lines has none. */
    private static final int LOOKED_AT = 1_000;

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final EventReader reader = new EventReader();
    private final Deque<Source> closed = new ArrayDeque<>();
    private final List<Source> open = new ArrayList<>();
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
     * @param ours reminders of a steward, left out
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
     * @param paths files, folders of files, and {@code -} for standard input; gzip is recognised by its first bytes
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
        List<Source> sources = new ArrayList<>();
        for (Path file : files) {
            sources.add(recording.new Source(file));
        }
        // A file that tells no time is from when the one before it is.
        Instant before = sources.stream()
                .map(s -> s.time)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Instant.now().truncatedTo(ChronoUnit.SECONDS));
        for (Source source : sources) {
            source.time = source.time == null ? before : source.time;
            before = source.time;
        }
        if (in) {
            sources.add(recording.new Source(null));
        }
        sources.stream().sorted(Comparator.comparing(s -> s.time)).forEach(recording.closed::add);
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
            messages++;
            return line;
        }
    }

    /** How the reading went so far. */
    public Reading reading() {
        return new Reading(files, messages, broken, List.copyOf(problems), untimed, ours, outside, late);
    }

    /** How much of the files is read, from 0 to 1; less than 0 when nobody knows how much there is. */
    double share() {
        return size == 0 ? -1 : Math.min(1, bytes / (double) size);
    }

    /** Reads from whichever file is farthest behind; false when all are read. */
    private boolean readOne() throws IOException {
        Source behind = open.stream().min(Comparator.comparing(s -> s.time)).orElse(null);
        while (!closed.isEmpty() && (behind == null || !closed.peek().time.isAfter(behind.time))) {
            behind = closed.poll();
            behind.begin();
            open.add(behind);
        }
        if (behind == null) {
            return false;
        }
        if (!behind.read(window)) {
            behind.close();
            open.remove(behind);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        for (Source source : open) {
            source.close();
        }
    }

    /** When what is in a message happened; null when it does not say. */
    private Instant timeOf(JsonNode json, String body) {
        Instant own = Payload.of(json, null).instant("time");
        if (own != null) {
            return own;
        }
        for (Payload payload : reader.open(body, null)) {
            try {
                Instant time = reader.read(payload).time();
                if (time != null) {
                    return time;
                }
            } catch (PermanentFailureException e) {
                // It has another time, or that of the line before: what is wrong with it is told when its turn comes.
            }
        }
        return Payload.of(json, null).instant("Timestamp");
    }

    private boolean isReminder(String body) {
        if (!body.contains("ecs-steward")) {
            return false;
        }
        try {
            Event event = reader.read(reader.open(body, null).get(0));
            return event instanceof FollowUp;
        } catch (PermanentFailureException e) {
            return false;
        }
    }

    /** One file. */
    private final class Source implements Closeable {
        private final Path file;
        private final String name;
        /** Of the line that was read last; before that, of the first that tells; null when none does. */
        private Instant time;

        private JsonValues values;

        /** With a file; null for standard input. */
        Source(Path file) throws IOException {
            this.file = file;
            this.name = file == null ? "-" : file.toString();
            // What comes in is not looked at ahead: it may take its time.
            this.time = file == null ? Instant.MIN : firstTime();
        }

        /** When the first line is from that tells; null when none does. */
        private Instant firstTime() throws IOException {
            try (JsonValues some = values(false)) {
                for (int i = 0; i < LOOKED_AT; i++) {
                    JsonValues.Value value = some.next();
                    if (value == null) {
                        break;
                    }
                    List<Line> lines = value.problem() == null ? lines(value) : null;
                    Instant found = lines == null
                            ? null
                            : lines.stream()
                                    .map(Line::time)
                                    .filter(Objects::nonNull)
                                    .findFirst()
                                    .orElse(null);
                    if (found != null) {
                        return found;
                    }
                }
            }
            return null;
        }

        void begin() throws IOException {
            values = values(true);
        }

        private JsonValues values(boolean counted) throws IOException {
            InputStream in = file == null ? System.in : Files.newInputStream(file);
            InputStream buffered = new BufferedInputStream(counted ? new Counted(in) : in, 1 << 16);
            buffered.mark(2);
            boolean zipped = buffered.read() == 0x1f && buffered.read() == 0x8b;
            buffered.reset();
            return new JsonValues(new InputStreamReader(
                    zipped ? new GZIPInputStream(buffered, 1 << 16) : buffered, StandardCharsets.UTF_8));
        }

        /** Reads what is next in the file; false when nothing is. */
        boolean read(PriorityQueue<Line> into) throws IOException {
            JsonValues.Value value;
            try {
                value = values.next();
            } catch (ZipException | EOFException e) {
                problem(name + ": cannot be unzipped to its end: " + e.getMessage());
                return false;
            }
            if (value == null) {
                return false;
            }
            List<Line> lines = value.problem() == null ? lines(value) : null;
            if (lines == null) {
                String why = value.problem() == null ? "no JSON" : value.problem();
                problem(new Place(name, value.line()) + ": " + why + ": " + shortened(value.text()));
                return true;
            }
            for (Line line : lines) {
                Instant at = line.time();
                if (at == null) {
                    untimed++;
                    at = time.equals(Instant.MIN) ? Instant.now().truncatedTo(ChronoUnit.SECONDS) : time;
                }
                time = at;
                if (isReminder(line.body())) {
                    ours++;
                } else {
                    windowCharacters += line.body().length();
                    into.add(new Line(line.place(), at, line.body(), number++));
                }
            }
            return true;
        }

        private void problem(String what) {
            broken++;
            if (problems.size() < SHOWN) {
                problems.add(what);
            }
        }

        private static String shortened(String text) {
            String line = text.replaceAll("\\s+", " ");
            return line.length() > 70 ? line.substring(0, 60).strip() + "..." : line;
        }

        /** The messages in a value, without a time where they tell none; null when it is no JSON. */
        private List<Line> lines(JsonValues.Value value) {
            JsonNode json;
            try {
                json = JSON.readTree(value.text());
            } catch (JsonProcessingException e) {
                return null;
            }
            List<Line> lines = new ArrayList<>();
            add(json, value.text(), new Place(name, value.line()), lines);
            return lines;
        }

        private void add(JsonNode json, String text, Place place, List<Line> lines) {
            if (json.isArray()) {
                json.forEach(each -> add(each, each.toString(), place, lines));
            } else if (json.path("Messages").isArray() && !json.has("detail")) {
                json.get("Messages").forEach(each -> add(each, each.toString(), place, lines));
            } else if (json.path("Body").isTextual()
                    && (json.has("MessageId") || json.has("Attributes") || json.has("ReceiptHandle"))) {
                queued(json.get("Body").textValue(), json.path("Attributes"), place, lines);
            } else if (json.path("Records").path(0).path("body").isTextual()) {
                // What SQS hands a Lambda, as people log it.
                json.get("Records")
                        .forEach(each -> queued(each.path("body").asText(), each.path("attributes"), place, lines));
            } else {
                lines.add(new Line(place, timeOf(json, text), text, 0));
            }
        }

        private void queued(String body, JsonNode attributes, Place place, List<Line> lines) {
            Instant time;
            try {
                time = timeOf(JSON.readTree(body), body);
            } catch (JsonProcessingException e) {
                time = null;
            }
            String sent = attributes.path("SentTimestamp").asText();
            if (time == null && sent.matches("\\d{10,15}")) {
                time = Instant.ofEpochMilli(Long.parseLong(sent));
            }
            lines.add(new Line(place, time, body, 0));
        }

        @Override
        public void close() throws IOException {
            if (values != null && file != null) {
                values.close();
            }
        }
    }

    private final class Counted extends FilterInputStream {
        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int read = super.read(to, offset, length);
            bytes += Math.max(read, 0);
            return read;
        }
    }
}
