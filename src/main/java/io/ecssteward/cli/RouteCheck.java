package io.ecssteward.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;

/** Finds what is wrong with the routes, without reading a queue or asking anybody. */
final class RouteCheck {
    private RouteCheck() {}

    /** Camel's locations: {@code file:routes/mine.camel.yaml:12}. */
    private static final Pattern LOCATION = Pattern.compile("(.+?)(?::(\\d+))?");

    /**
     * What is wrong with the routes that the settings name; empty when they can run.
     *
     * @param settings as they are: what is missing in them counts as not set, and is no problem of the routes
     */
    static List<Problem> problems(Settings settings) {
        List<String> files;
        try {
            files = RouteFiles.list(settings.get(Settings.ROUTES));
        } catch (IllegalArgumentException e) {
            return List.of(new Problem(settings.get(Settings.ROUTES), 0, 0, e.getMessage()));
        }
        List<Problem> problems = new ArrayList<>(RouteLinks.problems(files));
        if (problems.isEmpty()) {
            load(settings, problems);
        }
        return problems;
    }

    /** Builds the routes in a Camel of their own, where nothing is started. */
    private static void load(Settings settings, List<Problem> problems) {
        Settings alone = settings.with(Settings.DRY_RUN, "true");
        if (!alone.has(Settings.QUEUE)) {
            alone = alone.with(Settings.QUEUE, "https://sqs.invalid/check");
        }
        try (Steward steward = new Steward(
                alone, new AssumedAws.Ecs(), new AssumedAws.Sqs(alone.get(Settings.QUEUE)), new AssumedAws.Sns(), null, main -> {
                    main.addOverrideProperty("camel.main.name", "check");
                    main.addOverrideProperty("camel.main.autoStartup", "false");
                    main.addOverrideProperty("camel.main.sourceLocationEnabled", "true");
                    main.addOverrideProperty("camel.main.startupSummaryLevel", "off");
                    main.addOverrideProperty("camel.management.enabled", "false");
                })) {
            steward.start();
        } catch (Exception e) {
            problems.add(inPlainWords(e, settings.get(Settings.ROUTES)));
        }
    }

    /** What failed: the file of the route, where Camel says so, and the innermost cause, which is the one that can be mended. */
    private static Problem inPlainWords(Throwable failure, String routes) {
        String location = null;
        String where = "";
        Throwable innermost = failure;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            if (innermost instanceof FailedToCreateRouteException route) {
                location = route.getLocation();
                where = "route " + route.getRouteId() + ": ";
            } else if (innermost instanceof FailedToStartRouteException route) {
                location = route.getLocation();
                where = "route " + route.getRouteId() + ": ";
            }
            innermost = innermost.getCause();
        }
        String what = where + (innermost.getMessage() == null ? innermost.toString() : innermost.getMessage()).strip();
        Matcher at = LOCATION.matcher(location == null ? routes : location);
        if (!at.matches() || location == null) {
            return Problem.at(routes, 0, 0, what);
        }
        return Problem.at(at.group(1), at.group(2) == null ? 0 : Integer.parseInt(at.group(2)), 0, what);
    }
}
