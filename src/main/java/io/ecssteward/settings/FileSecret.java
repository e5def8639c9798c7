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

/** A secret in a file, as Docker and Kubernetes mount them. It is read again when the file changes. */
final class FileSecret implements Secret {

    private static final Logger LOG = LoggerFactory.getLogger(FileSecret.class);

    /** Short enough for a rotation, and long enough to cost nothing. */
    static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);

    /** Our own limit: no token or list of webhooks is that long, and a wrong path may name any file. */
    private static final int MAX_BYTES = 65_536;

    private final String name;
    private final Path file;
    private final Clock clock;
    private String value;
    private Object version;
    private Instant nextCheck;
    /** Whether the failure has been logged. */
    private boolean failing;

    /**
     * Reads the file.
     *
     * @param name its name in log messages
     * @throws IllegalArgumentException if the file cannot be read; the message has neither its path nor its content,
     *     because the path may by mistake be the secret itself
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
        nextCheck = clock.instant().plus(CHECK_INTERVAL);
    }

    @Override
    public synchronized String value() {
        if (!clock.instant().isBefore(nextCheck)) {
            reload(false);
        }
        return value;
    }

    @Override
    public synchronized void renew() {
        reload(true);
    }

    private void reload(boolean always) {
        nextCheck = clock.instant().plus(CHECK_INTERVAL);
        try {
            Object now = version();
            if (always || !now.equals(version)) {
                String read = read();
                version = now;
                failing = false;
                if (!read.equals(value)) {
                    value = read;
                    LOG.info("{} has changed; using the new value", name);
                }
            }
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                LOG.warn("rereading the file of {}: it {}; keeping the old value", name, describe(e));
            }
            failing = true;
        }
    }

    /**
     * A value that changes when the file is written, or when a symbolic link points to another file, as in Kubernetes.
     */
    private Object version() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
    }

    private String read() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("is not a file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        String read = new String(bytes, StandardCharsets.UTF_8).strip();
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("is longer than 64 KiB");
        }
        if (read.isEmpty()) {
            throw new IllegalArgumentException("is empty");
        }
        return read;
    }

    private static String describe(Exception failure) {
        if (failure instanceof NoSuchFileException) {
            return "does not exist";
        }
        if (failure instanceof AccessDeniedException) {
            return "cannot be read by this user";
        }
        return failure.getClass() == IllegalArgumentException.class ? failure.getMessage() : "cannot be read";
    }
}
