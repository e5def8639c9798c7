package io.ecssteward.check;

import io.ecssteward.pattern.SimpleWithFields;
import io.ecssteward.problem.Problem;
import io.ecssteward.settings.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Finds problems in the routes, without reading a queue or calling AWS: first in the syntax of each file, then in all
 * files together, and if there are none, whether Camel can build the routes.
 *
 * @param problems problems that prevent the routes from running, or from doing what they say
 * @param warnings problems that do not prevent it
 */
public record RouteCheck(List<Problem> problems, List<Problem> warnings) {

    private static final Comparator<Problem> IN_ORDER =
            Comparator.comparing(Problem::file).thenComparing(Problem::line).thenComparing(Problem::column);

    /** Builds the routes with Camel, without starting them. */
    @FunctionalInterface
    public interface Build {
        /**
         * Builds the routes.
         *
         * @param files the files, all of which could be parsed
         * @return the problems that Camel reports; empty if it can build all routes
         */
        List<Problem> problems(Settings settings, List<YamlFile> files);
    }

    /**
     * Checks the routes that the settings name.
     *
     * @param settings the settings; a missing one is not reported as a problem of the routes
     * @param build lets Camel build the routes if there are no other problems; null if the caller builds them next
     */
    public static RouteCheck of(Settings settings, Build build) {
        return of(settings, build, false);
    }

    /**
     * The same, but builds the routes on another thread while the files are checked, even if they turn out to have
     * problems. For a process that does nothing else, and whose log is not read.
     */
    public static RouteCheck inParallel(Settings settings, Build build) {
        return of(settings, build, true);
    }

    /**
     * Problems that Camel does not notice at startup, and that would fail only when an event arrives. It is faster than
     * the whole check, since every start waits for it.
     *
     * @return the problems; empty also if a file is not YAML, which Camel reports in more detail
     */
    public static List<Problem> beforeStart(Settings settings) {
        List<Problem> problems = new ArrayList<>();
        List<YamlFile> files = YamlFile.readAll(settings.get(Settings.ROUTES), problems);
        if (!problems.isEmpty()) {
            return List.of();
        }
        RouteContext context = new RouteContext(settings, null, true, Map.of(), problems, new ArrayList<>());
        RouteRules.beforeStart(context).check(files);
        return problems.stream().distinct().sorted(IN_ORDER).toList();
    }

    private static RouteCheck of(Settings settings, Build build, boolean parallel) {
        List<Problem> problems = new ArrayList<>();
        List<Problem> warnings = new ArrayList<>();
        try {
            check(settings, build, parallel, problems, warnings);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(settings.get(Settings.ROUTES), 0, 0, e.getMessage()));
        }
        return new RouteCheck(
                problems.stream().distinct().sorted(IN_ORDER).toList(),
                warnings.stream().distinct().sorted(IN_ORDER).toList());
    }

    private static void check(
            Settings settings, Build build, boolean parallel, List<Problem> problems, List<Problem> warnings) {
        List<YamlFile> files = YamlFile.readAll(settings.get(Settings.ROUTES), problems);
        // It is unknown what a file calls that is not valid YAML.
        boolean complete = problems.isEmpty();
        CompletableFuture<List<Problem>> built =
                parallel && complete ? CompletableFuture.supplyAsync(() -> build.problems(settings, files)) : null;
        SchemaRule schema = new SchemaRule();
        files.forEach(file -> schema.problems(file, problems));
        // Never started: it only looks up languages and components.
        CamelContext camel = new DefaultCamelContext();
        camel.setStartupSummaryLevel(StartupSummaryLevel.Off);
        try {
            camel.getRegistry().bind(SimpleWithFields.NAME, new SimpleWithFields());
            camel.build();
            RouteRules.all(new RouteContext(settings, camel, complete, RouteContext.beans(files), problems, warnings))
                    .check(files);
        } finally {
            camel.stop();
        }
        // Waits even if the result is not needed, so that no thread outlives the call.
        List<Problem> byCamel = built != null
                ? built.join()
                : problems.isEmpty() && build != null ? build.problems(settings, files) : List.of();
        if (problems.isEmpty()) {
            problems.addAll(byCamel);
        }
    }
}
