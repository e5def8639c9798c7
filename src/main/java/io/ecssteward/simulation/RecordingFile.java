package io.ecssteward.simulation;

import io.ecssteward.alert.Redactor;
import io.ecssteward.simulation.EventRecording.Line;
import io.ecssteward.simulation.EventRecording.Place;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** One file of a recording, or standard input, read message by message. */
final class RecordingFile implements Closeable {

    /** A file without a time in its first lines, this many, counts as having none. */
    private static final int MAX_LINES_WITHOUT_TIME = 1_000;

    private final EventRecording recording;
    private final RecordedMessages messages;
    private final Path file;
    private final String name;
    /** The time of the last line that was read; before that, the first time in the file; null if there is none. */
    private Instant time;

    private JsonValues values;

    /** Reads a file; null for standard input. */
    RecordingFile(EventRecording recording, RecordedMessages messages, Path file) throws IOException {
        this.recording = recording;
        this.messages = messages;
        this.file = file;
        this.name = file == null ? "-" : file.toString();
        // Standard input is not read ahead, because it may block.
        this.time = file == null ? Instant.MIN : firstTime();
    }

    /** The first time in the file; null if there is none. */
    private Instant firstTime() throws IOException {
        try (JsonValues first = values(false)) {
            for (int i = 0; i < MAX_LINES_WITHOUT_TIME; i++) {
                JsonValues.Value value = first.next();
                if (value == null) {
                    break;
                }
                List<Line> lines = value.problem() == null ? messages.lines(value, name) : null;
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

    /** Reads the next value of the file; false at the end. */
    boolean read() throws IOException {
        JsonValues.Value value;
        try {
            value = values.next();
        } catch (ZipException | EOFException e) {
            recording.problem(name + ": cannot be unzipped completely: " + e.getMessage());
            return false;
        }
        if (value == null) {
            return false;
        }
        List<Line> lines = value.problem() == null ? messages.lines(value, name) : null;
        if (lines == null) {
            String why = value.problem() == null ? "no JSON" : value.problem();
            recording.problem(
                    new Place(name, value.line()) + ": " + why + ": " + shortened(Redactor.text(value.text())));
            return true;
        }
        for (Line line : lines) {
            Instant at = line.time();
            if (at == null) {
                recording.countUntimed();
                at = time.equals(Instant.MIN) ? Instant.now().truncatedTo(ChronoUnit.SECONDS) : time;
            }
            time = at;
            recording.add(new Line(line.place(), at, line.body(), 0));
        }
        return true;
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() > 70 ? line.substring(0, 60).strip() + "..." : line;
    }

    @Override
    public void close() throws IOException {
        if (values != null && file != null) {
            values.close();
        }
    }

    /** The time of the last message; before the first, the first time in the file; null if there is none. */
    Instant time() {
        return time;
    }

    void setTime(Instant time) {
        this.time = time;
    }

    private final class Counted extends FilterInputStream {
        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int read = super.read(to, offset, length);
            recording.countBytes(Math.max(read, 0));
            return read;
        }
    }
}
