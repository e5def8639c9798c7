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
 * Finds problems in the routes, without reading a queue or calling AWS: first in the form of each file, then in what
 * the files mean together, and if there are none, whether Camel can build the routes.
 *
 * @param problems with which the routes cannot run, or would not do what they say
 * @param warnings about what runs all the same
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
         * @param files where the problems are; each could be read
         * @return what Camel refuses; empty when it builds them all
         */
        List<Problem> problems(Settings settings, List<YamlFile> files);
    }

    /**
     * Checks the routes that the settings name.
     *
     * @param settings as they are: what is missing in them counts as not set, and is no problem of the routes
     * @param build has Camel build the routes too, when nothing else is wrong; null when the caller builds them next
     */
    public static RouteCheck of(Settings settings, Build build) {
        return of(settings, build, false);
    }

    /**
     * The same, building the routes on another thread while the files are checked, and in vain when they are broken:
     * for a process that does nothing else, and whose log nobody reads.
     */
    public static RouteCheck inParallel(Settings settings, Build build) {
        return of(settings, build, true);
    }

    /**
     * Problems that Camel does not notice at startup, and that would fail only when an event arrives. It takes a part
     * of the time of the whole check, since every start waits for it.
     *
     * @return empty as well when a file is no YAML, of which Camel says more
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
        // What a file calls that is no YAML is not known.
        boolean complete = problems.isEmpty();
        CompletableFuture<List<Problem>> built =
                parallel && complete ? CompletableFuture.supplyAsync(() -> build.problems(settings, files)) : null;
        SchemaRule schema = new SchemaRule();
        files.forEach(file -> schema.problems(file, problems));
        // It is never started: it only knows languages and components.
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
        // Also when it is not needed any more, so that no thread outlives the call.
        List<Problem> byCamel = built != null
                ? built.join()
                : problems.isEmpty() && build != null ? build.problems(settings, files) : List.of();
        if (problems.isEmpty()) {
            problems.addAll(byCamel);
        }
    }
}
