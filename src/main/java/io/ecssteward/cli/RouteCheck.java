package io.ecssteward.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Finds what is wrong with the routes, without reading a queue or asking anybody: first the form of each file, then what
 * the files mean together, and when nothing was found so far whether Camel can build them.
 *
 * @param problems with which the routes cannot run, or would not do what they say
 * @param warnings about what runs all the same
 */
record RouteCheck(List<Problem> problems, List<Problem> warnings) {

    private static final Comparator<Problem> IN_ORDER =
            Comparator.comparing(Problem::file).thenComparing(Problem::line).thenComparing(Problem::column);

    /**
     * What is wrong with the routes that the settings name; empty when they can run.
     *
     * @param settings as they are: what is missing in them counts as not set, and is no problem of the routes
     */
    static List<Problem> problems(Settings settings) {
        return of(settings).problems();
    }

    /** The same with what runs all the same, but was hardly meant. */
    static RouteCheck of(Settings settings) {
        return of(settings, true);
    }

    /** The same without building them, for whoever does that next. */
    static RouteCheck beforeBuilding(Settings settings) {
        return of(settings, false);
    }

    private static RouteCheck of(Settings settings, boolean build) {
        List<Problem> problems = new ArrayList<>();
        List<Problem> warnings = new ArrayList<>();
        try {
            look(settings, build, problems, warnings);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(settings.get(Settings.ROUTES), 0, 0, e.getMessage()));
        }
        return new RouteCheck(
                problems.stream().distinct().sorted(IN_ORDER).toList(), warnings.stream().distinct().sorted(IN_ORDER).toList());
    }

    private static void look(Settings settings, boolean build, List<Problem> problems, List<Problem> warnings) {
        RouteSchema schema = new RouteSchema();
        List<YamlFile> files = new ArrayList<>();
        boolean all = true;
        for (String location : RouteFiles.list(settings.get(Settings.ROUTES))) {
            YamlFile file = YamlFile.read(location, problems);
            if (file == null) {
                // What it would have been called from, and calls, is not known.
                all = false;
            } else {
                schema.problems(file, problems);
                files.add(file);
            }
        }
        // It is never started: it only knows languages and components.
        CamelContext camel = new DefaultCamelContext();
        try {
            camel.build();
            new RouteMeaning(settings, camel, problems, warnings).look(files, all);
        } finally {
            camel.stop();
        }
        if (build && problems.isEmpty()) {
            build(settings, files, problems);
        }
    }

    /** Builds the routes in a Camel of their own, where nothing is read and nobody asked; each by itself, to hear of them all. */
    private static void build(Settings settings, List<YamlFile> files, List<Problem> problems) {
        Settings alone = settings.with(Settings.DRY_RUN, "true");
        if (!alone.has(Settings.QUEUE)) {
            alone = alone.with(Settings.QUEUE, "https://sqs.invalid/check");
        }
        List<RouteDefinition> routes = new ArrayList<>();
        try (Steward steward = new Steward(
                alone, new AssumedAws.Ecs(), new AssumedAws.Sqs(alone.get(Settings.QUEUE)), new AssumedAws.Sns(), null, main -> {
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
                    problems.add(inPlainWords(e, route.getRouteId(), settings.get(Settings.ROUTES), files));
                }
            }
        } catch (Exception e) {
            problems.add(inPlainWords(e, null, settings.get(Settings.ROUTES), files));
        }
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
    private static Problem inPlainWords(Throwable failure, String known, String routes, List<YamlFile> files) {
        String route = known;
        Throwable innermost = failure;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            if (innermost instanceof FailedToCreateRouteException failed) {
                route = failed.getRouteId();
            } else if (innermost instanceof FailedToStartRouteException failed) {
                route = failed.getRouteId();
            }
            innermost = innermost.getCause();
        }
        String message = (innermost.getMessage() == null ? innermost.toString() : innermost.getMessage()).strip();
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
}
