package io.ecssteward.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which files hold the routes. Camel can find them by itself, but reads the whole jar for a wildcard on the classpath,
 * which takes a second; the jar's own index tells at once.
 */
final class RouteFiles {
    private RouteFiles() {}

    /**
     * The files that fit.
     *
     * @param pattern {@code classpath:FOLDER/*.camel.yaml}, {@code file:FOLDER/*.camel.yaml}, or a file of either kind
     * @return locations for Camel, sorted; empty when there are none
     * @throws IllegalArgumentException when the pattern is of another kind
     */
    static List<String> list(String pattern) {
        int name = Math.max(pattern.lastIndexOf('/'), pattern.indexOf(':')) + 1;
        String glob = pattern.substring(name);
        if (pattern.startsWith("classpath:")) {
            String folder = pattern.substring("classpath:".length(), name);
            URL url = RouteFiles.class.getClassLoader().getResource(folder.replaceFirst("/$", ""));
            return url == null ? List.of() : inside(url, glob).map(n -> "classpath:" + folder + n).toList();
        }
        if (pattern.startsWith("file:")) {
            Path folder = Path.of(pattern.substring("file:".length(), name));
            return names(folder, glob).map(n -> "file:" + folder.resolve(n)).toList();
        }
        throw new IllegalArgumentException("write file:FOLDER/*.camel.yaml or classpath:FOLDER/*.camel.yaml");
    }

    private static Stream<String> inside(URL folder, String glob) {
        try {
            URI uri = folder.toURI();
            if (!uri.getScheme().equals("jar")) {
                return names(Path.of(uri), glob);
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                String inside = uri.toString().substring(uri.toString().indexOf('!') + 1);
                return names(jar.getPath(inside), glob).toList().stream();
            }
        } catch (URISyntaxException | IOException | FileSystemNotFoundException e) {
            throw new IllegalArgumentException("cannot be listed: " + e.getMessage(), e);
        }
    }

    private static Stream<String> names(Path folder, String glob) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        var matcher = folder.getFileSystem().getPathMatcher("glob:" + glob);
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).map(Path::getFileName).filter(matcher::matches).map(Path::toString).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
