package io.ecssteward.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A secret in a file, such as Docker and Kubernetes mount. It is read again when the file has changed. */
final class FileSecret implements Secret {

    private static final Logger LOG = LoggerFactory.getLogger(FileSecret.class);

    /** Often enough for a rotation, and seldom enough to cost nothing. */
    static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    /** Ours: no token and no list of webhooks is as long, and a wrong path may lead anywhere. */
    private static final int LONGEST = 65_536;

    private final String name;
    private final Path file;
    private final Clock clock;
    private String value;
    private Object version;
    private Instant nextLook;
    /** Whether that was said already. */
    private boolean failing;

    /**
     * Reads the file.
     *
     * @param name what the log calls it
     * @throws IllegalArgumentException saying what is wrong with the file, without its path or content: who mixes up
     *     two variables writes the secret where the path should be
     */
    FileSecret(String name, String file, Clock clock) {
        this.name = name;
        this.clock = clock;
        try {
            this.file = Path.of(file);
            version = version();
            value = read();
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(describe(e));
        }
        nextLook = clock.instant().plus(BETWEEN_LOOKS);
    }

    @Override
    public synchronized String value() {
        if (!clock.instant().isBefore(nextLook)) {
            look(false);
        }
        return value;
    }

    @Override
    public synchronized void renew() {
        look(true);
    }

    private void look(boolean always) {
        nextLook = clock.instant().plus(BETWEEN_LOOKS);
        try {
            Object now = version();
            if (always || !now.equals(version)) {
                String read = read();
                version = now;
                failing = false;
                if (!read.equals(value)) {
                    value = read;
                    LOG.info("{} has changed, and the new value is used from now on", name);
                }
            }
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                LOG.warn("reading the file of {} again: it {}; the old value is used", name, describe(e));
            }
            failing = true;
        }
    }

    /** What is another when the file is written again, or, as Kubernetes does, a link leads to another one. */
    private Object version() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
    }

    private String read() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("is no file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LONGEST + 1);
        }
        String read = new String(bytes, StandardCharsets.UTF_8).strip();
        if (bytes.length > LONGEST) {
            throw new IllegalArgumentException("is longer than 64 KiB");
        }
        if (read.isEmpty()) {
            throw new IllegalArgumentException("is empty");
        }
        return read;
    }

    private static String describe(Exception failure) {
        if (failure instanceof NoSuchFileException) {
            return "is not there";
        }
        if (failure instanceof AccessDeniedException) {
            return "may not be read by this user";
        }
        return failure.getClass() == IllegalArgumentException.class ? failure.getMessage() : "cannot be read";
    }
}
