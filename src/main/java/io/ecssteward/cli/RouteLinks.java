package io.ecssteward.cli;

import io.ecssteward.fate.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Camel does not see when it loads routes, and only fails over in the night: a route that is called and is not there,
 * and a word for what is not done that does not exist. Read from the files, because a route whose precondition does not
 * hold is in the file and not in Camel.
 */
final class RouteLinks {
    private RouteLinks() {}

    private static final Pattern URI = Pattern.compile("(from:\\s+)?(?:uri|shipped): [\"']?(direct|alert):([\\w.-]+)");
    private static final Pattern OWN = Pattern.compile("from:\\s+uri: [\"']?event:([^\\s\"'?]+)");
    private static final Pattern HANDS_OUT = Pattern.compile("uri: [\"']?event:[^\\s?]+(?:\\s+parameters:\\s+|\\?)shipped[:=]");
    private static final Pattern REASON = Pattern.compile("notDone\\([^,]+, *'([^']*)'\\)");

    /**
     * What is wrong with the routes in these files.
     *
     * @param locations as {@link RouteFiles#list} gives them
     */
    static List<String> problems(List<String> locations) {
        List<String> problems = new ArrayList<>();
        Set<String> there = new HashSet<>();
        List<String[]> calls = new ArrayList<>();
        String own = null;
        boolean handedOut = false;
        for (String location : locations) {
            String text = read(location);
            Matcher begins = OWN.matcher(text);
            own = own == null && begins.find() ? location + ":" + line(text, begins.start(1)) + " begins at event:" + begins.group(1) : own;
            handedOut |= HANDS_OUT.matcher(text).find();
            Matcher uri = URI.matcher(text);
            while (uri.find()) {
                String at = location + ":" + line(text, uri.start(3));
                if (uri.group(1) != null) {
                    there.add(uri.group(3));
                } else {
                    calls.add(new String[] {uri.group(2).equals("alert") ? "alerts" : uri.group(3), at});
                }
            }
            Matcher reason = REASON.matcher(text);
            while (reason.find()) {
                try {
                    Reason.of(reason.group(1));
                } catch (IllegalArgumentException e) {
                    problems.add(location + ":" + line(text, reason.start(1)) + ": " + e.getMessage());
                }
            }
        }
        if (own != null && !handedOut) {
            problems.add(own + ", and no route hands events to routes of your own; take the shipped intake.camel.yaml, or its step event:all");
        }
        calls.stream()
                .filter(call -> !there.contains(call[0]))
                .map(call -> call[1] + " calls direct:" + call[0] + ", and no route begins there; "
                        + "write it right, or add the file with that route to the folder")
                .distinct()
                .forEach(problems::add);
        return problems;
    }

    private static long line(String text, int position) {
        return text.substring(0, position).lines().count();
    }

    private static String read(String location) {
        try {
            if (location.startsWith("file:")) {
                return Files.readString(Path.of(location.substring("file:".length())));
            }
            try (InputStream in = RouteLinks.class.getResourceAsStream("/" + location.substring("classpath:".length()))) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(location + " cannot be read: " + e.getMessage(), e);
        }
    }
}
