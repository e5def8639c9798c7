package io.ecssteward.simulation;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Shows the progress through a recording, on one line that is overwritten. */
public final class Progress implements AutoCloseable {

    private static final long BETWEEN = 250_000_000;

    private final PrintStream out;
    private final boolean shown;
    private final long began = System.nanoTime();
    private long next = began;
    private long messages;
    private boolean written;

    /**
     * Starts counting.
     *
     * @param shown whether there is a terminal to show it on
     */
    public Progress(PrintStream out, boolean shown) {
        this.out = out;
        this.shown = shown;
    }

    /** Shows progress on standard error, if that is a terminal. */
    public static Progress onTerminal() {
        return new Progress(System.err, isTerminal());
    }

    /** Java can only check standard input and output together; on Linux, standard error can be checked. */
    private static boolean isTerminal() {
        Path error = Path.of("/proc/self/fd/2");
        try {
            if (Files.exists(Path.of("/proc/self/fd"))) {
                String real = error.toRealPath().toString();
                return real.startsWith("/dev/pts/") || real.startsWith("/dev/tty");
            }
        } catch (IOException e) {
            // A pipe, a socket, or closed.
            return false;
        }
        return System.console() != null;
    }

    /** One message was processed. */
    void at(Instant time, EventRecording recording) {
        messages++;
        if (!shown || (messages & 15) != 0 || System.nanoTime() - next < 0) {
            return;
        }
        next = System.nanoTime() + BETWEEN;
        double seconds = Math.max(0.001, (System.nanoTime() - began) / 1e9);
        String share = recording.share() < 0 ? "" : String.format(Locale.ROOT, "  %.0f %%", recording.share() * 100);
        out.printf(
                Locale.ROOT,
                "\r%s  %,d messages  %,.0f a second%s\u001b[K",
                time.truncatedTo(ChronoUnit.MINUTES),
                messages,
                messages / seconds,
                share);
        out.flush();
        written = true;
    }

    /** Clears the line, before anything else is written to the terminal. */
    @Override
    public void close() {
        if (written) {
            out.print("\r\u001b[K");
            out.flush();
            written = false;
        }
    }
}
