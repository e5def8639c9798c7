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
 * Notices that route files were edited, added, removed, renamed or replaced. It looks for itself: what the operating
 * system tells does not come at all from some network file systems, late on others, and in parts when Kubernetes
 * replaces a mounted ConfigMap by turning a symbolic link. A look at a folder of a dozen files costs some 50
 * microseconds.
 */
final class RouteWatcher {

    /**
     * A file that is as young as this may have been changed again without its time showing it: some file systems count
     * in seconds.
     */
    private static final Duration MIN_AGE = Duration.ofSeconds(3);

    private final String pattern;
    private final Clock clock;
    private String stamp;
    private String content;
    private String judged;

    /**
     * A watch over files that have been looked at once, now.
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
     * Checks the files, and reports an edit once: when the files are others than those of the last edit, and the same
     * as at the last look, so that what is being written, or consists of several files, is not taken by halves.
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

    /** Stands for what was found at the last look: the same files have the same. */
    String content() {
        return content;
    }

    /** Those that can change: not what is in the jar. */
    private List<String> locations() {
        return RouteFiles.places(pattern).stream()
                .filter(RouteWatcher::isWatched)
                .flatMap(place -> RouteFiles.list(place).stream())
                .toList();
    }

    private static boolean isWatched(String place) {
        return place.startsWith("file:");
    }

    /** Whether there is anything to watch. */
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
            // A file that went while it was looked at is seen, or missed, by the next look.
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
