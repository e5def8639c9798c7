package io.ecssteward.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Finds and reads the route files. Camel can find them, too, but scans the whole jar for a wildcard on the classpath,
 * which takes a second; reading the jar's index is instant.
 */
public final class RouteFiles {
    private RouteFiles() {}

    /** Cached, because the classpath does not change, and is listed six times during startup. */
    private static final Map<String, List<String>> ON_CLASSPATH = new ConcurrentHashMap<>();

    /**
     * The files that match. If several places have a file of the same name, the last one wins.
     *
     * @param patterns {@code classpath:FOLDER/*.camel.yaml}, {@code file:FOLDER/*.camel.yaml}, or a file of either
     *     kind; several are separated by commas
     * @return locations for Camel, sorted within each place; empty if there are none
     * @throws IllegalArgumentException if a pattern is of another kind
     */
    public static List<String> list(String patterns) {
        Map<String, String> files = new LinkedHashMap<>();
        for (String pattern : places(patterns)) {
            at(pattern).forEach(file -> files.put(name(file), file));
        }
        return List.copyOf(files.values());
    }

    /** The content of a file, by its location for Camel. */
    public static byte[] read(String location) throws IOException {
        if (location.startsWith("file:")) {
            return Files.readAllBytes(Path.of(location.substring("file:".length())));
        }
        try (InputStream in = RouteFiles.class.getResourceAsStream("/" + location.substring("classpath:".length()))) {
            return in.readAllBytes();
        }
    }

    /** The name of a file without its folder. */
    public static String name(String location) {
        return location.substring(beforeName(location));
    }

    private static int beforeName(String location) {
        return Math.max(location.lastIndexOf('/'), location.indexOf(':')) + 1;
    }

    /** The patterns of a setting, one by one. */
    public static List<String> places(String patterns) {
        return Stream.of(patterns.split(",", -1)).map(String::strip).toList();
    }

    /** Whether a pattern is for files in a folder that exists, even if it has no such files yet. */
    public static boolean isFolder(String pattern) {
        int slash = pattern.lastIndexOf('/');
        return pattern.startsWith("file:")
                && pattern.contains("*")
                && slash >= 0
                && Files.isDirectory(Path.of(pattern.substring("file:".length(), slash + 1)));
    }

    private static List<String> at(String pattern) {
        int name = beforeName(pattern);
        String glob = name(pattern);
        if (pattern.startsWith("classpath:")) {
            return ON_CLASSPATH.computeIfAbsent(pattern, p -> {
                String folder = p.substring("classpath:".length(), name);
                URL url = RouteFiles.class.getClassLoader().getResource(folder.replaceFirst("/$", ""));
                return url == null
                        ? List.of()
                        : inside(url, glob).map(n -> "classpath:" + folder + n).toList();
            });
        }
        if (pattern.startsWith("file:")) {
            Path folder = Path.of(pattern.substring("file:".length(), name));
            return names(folder, glob).map(n -> "file:" + folder.resolve(n)).toList();
        }
        throw new IllegalArgumentException("write file:FOLDER/*.camel.yaml or classpath:FOLDER/*.camel.yaml");
    }

    private static Stream<String> inside(URL folder, String glob) {
        try {
            if (!folder.getProtocol().equals("jar")) {
                return names(Path.of(folder.toURI()), glob);
            }
            JarURLConnection connection = (JarURLConnection) folder.openConnection();
            // Not by Java's file system for jars, which would read the index of 30,000 entries again.
            connection.setUseCaches(false);
            try (JarFile jar = connection.getJarFile()) {
                String inside = connection.getEntryName().replaceFirst("/?$", "/");
                PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
                return jar.stream()
                        .map(JarEntry::getName)
                        .filter(name -> name.startsWith(inside) && !name.endsWith("/"))
                        .map(name -> name.substring(inside.length()))
                        .filter(name -> matcher.matches(Path.of(name)))
                        .sorted()
                        .toList()
                        .stream();
            }
        } catch (URISyntaxException | IOException e) {
            throw new IllegalArgumentException("cannot be listed: " + e.getMessage(), e);
        }
    }

    private static Stream<String> names(Path folder, String glob) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        var matcher = folder.getFileSystem().getPathMatcher("glob:" + glob);
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .filter(Files::isRegularFile)
                    .map(Path::getFileName)
                    .filter(matcher::matches)
                    .map(Path::toString)
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
