package io.ecssteward.check;

import io.ecssteward.outcome.SkipReason;
import io.ecssteward.problem.Problem;
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
 * What Camel does not see when it loads routes, and only fails over in the night: a route that is called and is not
 * there, a field that no event has, and a word for what is not done that does not exist. Read from the files, because a
 * route whose precondition does not hold is in the file and not in Camel; and read as plain text, because every start
 * does it. {@link RouteCheck} finds more, and takes longer.
 */
public final class RouteLinks {
    private RouteLinks() {}

    private static final Pattern URI = Pattern.compile("(from:\\s+)?(?:uri|shipped): [\"']?(direct|alert):([\\w.-]+)");
    private static final Pattern OWN = Pattern.compile("from:\\s+uri: [\"']?event:([^\\s\"'?]+)");
    private static final Pattern HANDS_OUT =
            Pattern.compile("uri: [\"']?event:[^\\s?]+(?:\\s+parameters:\\s+|\\?)shipped[:=]");
    private static final Pattern REASON = Pattern.compile("skip\\([^,]+, *'([^']*)'\\)");

    private record Call(String name, String location, int line, int column) {}

    /**
     * What is wrong with the routes in these files.
     *
     * @param locations as {@link RouteFiles#list} gives them
     */
    public static List<Problem> problems(List<String> locations) {
        List<Problem> problems = new ArrayList<>();
        Set<String> there = new HashSet<>();
        List<Call> calls = new ArrayList<>();
        Problem own = null;
        boolean handedOut = false;
        for (String location : locations) {
            String text = read(location);
            Matcher begins = OWN.matcher(text);
            if (own == null && begins.find()) {
                own = Problem.at(
                        location,
                        line(text, begins.start(1)),
                        column(text, begins.start(1)),
                        "begins at event:" + begins.group(1)
                                + ", and no route hands events to custom routes; take the built-in intake.camel.yaml, or its step event:all");
            }
            handedOut |= HANDS_OUT.matcher(text).find();
            Matcher uri = URI.matcher(text);
            while (uri.find()) {
                if (uri.group(1) != null) {
                    there.add(uri.group(3));
                } else {
                    calls.add(new Call(
                            uri.group(2).equals("alert") ? "alerts" : uri.group(3),
                            location,
                            line(text, uri.start(2)),
                            column(text, uri.start(2))));
                }
            }
            if (!BodyFieldsRule.CHANGES_THE_BODY.matcher(text).find()) {
                BodyFieldsRule.mistakes(text)
                        .forEach(mistake -> problems.add(Problem.at(
                                location,
                                line(text, mistake.offset()),
                                column(text, mistake.offset()),
                                mistake.what())));
            }
            Matcher reason = REASON.matcher(text);
            while (reason.find()) {
                try {
                    SkipReason.of(reason.group(1));
                } catch (IllegalArgumentException e) {
                    problems.add(Problem.at(
                            location, line(text, reason.start(1)), column(text, reason.start(1)), e.getMessage()));
                }
            }
        }
        if (own != null && !handedOut) {
            problems.add(own);
        }
        calls.stream()
                .filter(call -> !there.contains(call.name()))
                .map(
                        call -> Problem.at(
                                call.location(),
                                call.line(),
                                call.column(),
                                "calls direct:" + call.name()
                                        + ", and no route begins there; write it right, or add the file with that route to the folder"))
                .distinct()
                .forEach(problems::add);
        return problems;
    }

    private static int line(String text, int position) {
        return (int) text.substring(0, position).chars().filter(c -> c == '\n').count() + 1;
    }

    private static int column(String text, int position) {
        return position - text.lastIndexOf('\n', position - 1);
    }

    static String read(String location) {
        try {
            if (location.startsWith("file:")) {
                return Files.readString(Path.of(location.substring("file:".length())));
            }
            try (InputStream in =
                    RouteLinks.class.getResourceAsStream("/" + location.substring("classpath:".length()))) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(location + " cannot be read: " + e.getMessage(), e);
        }
    }
}
