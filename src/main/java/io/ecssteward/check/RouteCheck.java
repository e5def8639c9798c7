package io.ecssteward.check;

import io.ecssteward.pattern.SimpleWithFields;
import io.ecssteward.problem.Problem;
import io.ecssteward.runtime.Application;
import io.ecssteward.settings.Settings;
import io.ecssteward.stub.StubAws;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Finds what is wrong with the routes, without reading a queue or asking anybody: first the form of each file, then
 * what the files mean together, and when nothing was found so far whether Camel can build them.
 *
 * @param problems with which the routes cannot run, or would not do what they say
 * @param warnings about what runs all the same
 */
public record RouteCheck(List<Problem> problems, List<Problem> warnings) {

    /** How Camel's YAML says where something is. */
    private static final Pattern PLACE = Pattern.compile("in ((?:file|classpath):\\S+), line (\\d+), column (\\d+)");

    private static final Comparator<Problem> IN_ORDER =
            Comparator.comparing(Problem::file).thenComparing(Problem::line).thenComparing(Problem::column);

    /**
     * What is wrong with the routes that the settings name; empty when they can run.
     *
     * @param settings as they are: what is missing in them counts as not set, and is no problem of the routes
     */
    public static List<Problem> problems(Settings settings) {
        return of(settings).problems();
    }

    /** The same with what runs all the same, but was hardly meant. */
    public static RouteCheck of(Settings settings) {
        return of(settings, false);
    }

    /**
     * The same.
     *
     * @param hurry builds the routes while it looks at them, on a thread more, and in vain when they are broken: for a
     *     process that does nothing else, and whose log nobody reads
     */
    public static RouteCheck of(Settings settings, boolean hurry) {
        return of(settings, hurry ? Build.BESIDE : Build.AFTERWARDS);
    }

    /** The same without building them, for whoever does that next. */
    public static RouteCheck beforeBuilding(Settings settings) {
        return of(settings, Build.NOT);
    }

    /** When to have Camel build the routes. */
    private enum Build {
        NOT,
        AFTERWARDS,
        BESIDE
    }

    private static RouteCheck of(Settings settings, Build build) {
        List<Problem> problems = new ArrayList<>();
        List<Problem> warnings = new ArrayList<>();
        try {
            look(settings, build, problems, warnings);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(settings.get(Settings.ROUTES), 0, 0, e.getMessage()));
        }
        return new RouteCheck(
                problems.stream().distinct().sorted(IN_ORDER).toList(),
                warnings.stream().distinct().sorted(IN_ORDER).toList());
    }

    private static void look(Settings settings, Build build, List<Problem> problems, List<Problem> warnings) {
        List<YamlFile> files = new ArrayList<>();
        boolean all = true;
        for (String location : RouteFiles.list(settings.get(Settings.ROUTES))) {
            YamlFile file = YamlFile.read(location, problems);
            if (file == null) {
                // What it would have been called from, and calls, is not known.
                all = false;
            } else {
                files.add(file);
            }
        }
        CompletableFuture<List<Problem>> built =
                build == Build.BESIDE && all ? CompletableFuture.supplyAsync(() -> build(settings, files)) : null;
        SchemaRule schema = new SchemaRule();
        files.forEach(file -> schema.problems(file, problems));
        // It is never started: it only knows languages and components.
        CamelContext camel = new DefaultCamelContext();
        camel.setStartupSummaryLevel(StartupSummaryLevel.Off);
        try {
            camel.getRegistry().bind(SimpleWithFields.NAME, new SimpleWithFields());
            camel.build();
            new RouteMeaning(settings, camel, problems, warnings).look(files, all);
        } finally {
            camel.stop();
        }
        // Waited for even in vain, so that nothing goes on behind the back of who called.
        List<Problem> byCamel = built != null
                ? built.join()
                : problems.isEmpty() && build != Build.NOT ? build(settings, files) : List.of();
        if (problems.isEmpty()) {
            problems.addAll(byCamel);
        }
    }

    /**
     * Builds the routes in a Camel of their own, where nothing is read and nobody asked; each by itself, to hear of
     * them all.
     */
    private static List<Problem> build(Settings settings, List<YamlFile> files) {
        List<Problem> problems = new ArrayList<>();
        Settings unownedClaims = settings.with(Settings.DRY_RUN, "true");
        if (!unownedClaims.has(Settings.QUEUE)) {
            unownedClaims = unownedClaims.with(Settings.QUEUE, "https://sqs.invalid/check");
        }
        List<RouteDefinition> routes = new ArrayList<>();
        try (Application steward = new Application(
                unownedClaims,
                new StubAws.Ecs(),
                new StubAws.Sqs(unownedClaims.get(Settings.QUEUE)),
                new StubAws.Sns(),
                null,
                main -> {
                    main.addOverrideProperty("camel.main.name", "check");
                    main.addOverrideProperty("camel.main.autoStartup", "false");
                    main.addOverrideProperty("camel.main.startupSummaryLevel", "off");
                    main.addOverrideProperty("camel.management.enabled", "false");
                    main.addMainListener(new MainListenerSupport() {
                        @Override
                        public void afterConfigure(BaseMainSupport support) {
                            takeRoutes(support.getCamelContext(), routes);
                        }
                    });
                })) {
            steward.start();
            Model model = steward.camel().getCamelContextExtension().getContextPlugin(Model.class);
            for (RouteDefinition route : routes) {
                try {
                    model.addRouteDefinitions(List.of(route));
                } catch (Exception e) {
                    problems.add(describe(e, route.getRouteId(), settings.get(Settings.ROUTES), files));
                }
            }
        } catch (Exception e) {
            if (e instanceof NumberFormatException
                    && !settings.settingsProblems(false).isEmpty()) {
                // A setting is no number, which is said of the setting.
                return problems;
            }
            problems.add(describe(e, null, settings.get(Settings.ROUTES), files));
        }
        return problems;
    }

    private static void takeRoutes(CamelContext camel, List<RouteDefinition> routes) {
        Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        routes.addAll(model.getRouteDefinitions());
        try {
            model.removeRouteDefinitions(routes);
        } catch (Exception e) {
            throw new IllegalStateException("taking routes away that were not started", e);
        }
    }

    /** What failed: the route, where it is known, and the innermost cause, which is the one that can be mended. */
    private static Problem describe(Throwable failure, String known, String routes, List<YamlFile> files) {
        String route = known;
        PropertyBindingException property = null;
        Throwable innermost = failure;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            if (innermost instanceof FailedToCreateRouteException failed) {
                route = failed.getRouteId();
            } else if (innermost instanceof FailedToStartRouteException failed) {
                route = failed.getRouteId();
            } else if (innermost instanceof PropertyBindingException binding) {
                property = binding;
            }
            innermost = innermost.getCause();
        }
        String message = (innermost.getMessage() == null ? innermost.toString() : innermost.getMessage()).strip();
        Matcher place = PLACE.matcher(message);
        if (place.find()) {
            return Problem.at(
                    place.group(1),
                    Integer.parseInt(place.group(2)),
                    Integer.parseInt(place.group(3)),
                    message.substring(0, place.start()).strip());
        }
        if (route == null && property != null) {
            Problem found = inBean(property, message, files);
            if (found != null) {
                return found;
            }
        }
        if (route == null) {
            return Problem.at(routes, 0, 0, message);
        }
        String what = "the route '" + route + "' cannot be built: " + message;
        for (YamlFile file : files) {
            for (Node item : YamlFile.items(file.root())) {
                Node id = YamlFile.get(YamlFile.get(item, "route"), "id");
                if (route.equals(YamlFile.text(id))) {
                    return file.problem(id, what);
                }
            }
        }
        return Problem.at(routes, 0, 0, what);
    }

    /** Camel does not say in which bean a value was refused; null when more than one has this value. */
    private static Problem inBean(PropertyBindingException refused, String message, List<YamlFile> files) {
        List<Problem> found = new ArrayList<>();
        for (YamlFile file : files) {
            for (Node item : YamlFile.items(file.root())) {
                for (Node bean : YamlFile.items(YamlFile.get(item, "beans"))) {
                    YamlFile.entries(YamlFile.get(bean, "properties")).forEach((name, value) -> {
                        if (name.equalsIgnoreCase(refused.getPropertyName())
                                && String.valueOf(refused.getValue()).equals(YamlFile.text(value))) {
                            found.add(file.problem(value, message));
                        }
                    });
                }
            }
        }
        return found.size() == 1 ? found.get(0) : null;
    }
}
