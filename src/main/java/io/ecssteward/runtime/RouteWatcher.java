package io.ecssteward.runtime;

import io.ecssteward.check.RouteFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * Notices that route files were edited, added, removed, renamed or replaced. It polls: the operating system's
 * notifications are missing on some network file systems, late on others, and incomplete when Kubernetes replaces a
 * mounted ConfigMap by switching a symbolic link. A poll of a folder of a dozen files takes about 50 microseconds.
 */
final class RouteWatcher {

    /**
     * A file younger than this may change again without a new modification time: some file systems have a resolution of
     * seconds.
     */
    private static final Duration MIN_AGE = Duration.ofSeconds(3);

    private final String pattern;
    private final Clock clock;
    private String stamp;
    private String content;
    private String judged;

    /**
     * Watches files; their state now is the starting point.
     *
     * @param pattern as {@link RouteFiles#list} takes it
     */
    RouteWatcher(String pattern, Clock clock) {
        this.pattern = pattern;
        this.clock = clock;
        look();
        judged = content;
    }

    /**
     * Checks the files, and reports an edit once: when they differ from the last edit, and are the same as at the last
     * check, so that an edit is complete, even if it takes a while or has several files.
     */
    boolean edited() {
        String before = content;
        look();
        if (!content.equals(before) || content.equals(judged)) {
            return false;
        }
        judged = content;
        return true;
    }

    /** A digest of the files at the last check: equal for equal files. */
    String content() {
        return content;
    }

    /** The locations that can change; those in the jar cannot. */
    private List<String> locations() {
        return RouteFiles.places(pattern).stream()
                .filter(RouteWatcher::isWatched)
                .flatMap(place -> RouteFiles.list(place).stream())
                .toList();
    }

    private static boolean isWatched(String place) {
        return place.startsWith("file:");
    }

    /** Whether any of the files can change. */
    static boolean canChange(String pattern) {
        return RouteFiles.places(pattern).stream().anyMatch(RouteWatcher::isWatched);
    }

    private void look() {
        try {
            StringBuilder now = new StringBuilder();
            Instant latest = Instant.MIN;
            for (String location : locations()) {
                Path file = path(location);
                BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
                latest = is.lastModifiedTime().toInstant().isAfter(latest)
                        ? is.lastModifiedTime().toInstant()
                        : latest;
                now.append(location)
                        .append(' ')
                        .append(file.toRealPath())
                        .append(' ')
                        .append(is.size())
                        .append(' ')
                        .append(is.lastModifiedTime())
                        .append(' ')
                        .append(is.fileKey())
                        .append('\n');
            }
            if (!now.toString().equals(stamp) || latest.isAfter(clock.instant().minus(MIN_AGE))) {
                content = hash();
                stamp = now.toString();
            }
        } catch (IOException | UncheckedIOException e) {
            // A file that was deleted during the check: the next check finds out.
            stamp = null;
            content = "unreadable: " + e.getMessage();
        }
    }

    private String hash() throws IOException {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            for (String location : locations()) {
                byte[] bytes = Files.readAllBytes(path(location));
                hash.update((location + ' ' + bytes.length + '\n').getBytes(StandardCharsets.UTF_8));
                hash.update(bytes);
            }
            return HexFormat.of().formatHex(hash.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static Path path(String location) {
        return Path.of(location.substring("file:".length()));
    }
}
