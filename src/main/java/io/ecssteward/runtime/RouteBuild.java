package io.ecssteward.runtime;

import io.ecssteward.check.RouteCheck;
import io.ecssteward.check.YamlFile;
import io.ecssteward.problem.Problem;
import io.ecssteward.problem.StartFailure;
import io.ecssteward.problem.WrongRoutesException;
import io.ecssteward.settings.Setting;
import io.ecssteward.settings.Settings;
import io.ecssteward.stub.StubEcs;
import io.ecssteward.stub.StubSns;
import io.ecssteward.stub.StubSqs;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.util.ObjectHelper;
import org.snakeyaml.engine.v2.nodes.Node;

/** Builds the routes with Camel as a last check, without starting them, and finds the file and line of a failure. */
public final class RouteBuild {

    /** How Camel's YAML errors state a location. */
    private static final Pattern PLACE = Pattern.compile("in ((?:file|classpath):\\S+), line (\\d+), column (\\d+)");

    private RouteBuild() {}

    /** Checks the routes that the settings name, and builds them if there are no other problems. */
    public static RouteCheck check(Settings settings) {
        return RouteCheck.of(settings, RouteBuild::build);
    }

    /** The same on two threads, for a process that has nothing else to do. */
    public static RouteCheck checkInParallel(Settings settings) {
        return RouteCheck.inParallel(settings, RouteBuild::build);
    }

    /**
     * Explains a start that failed. The routes are checked only now, so that a successful start does not wait for the
     * check.
     *
     * @return a {@link WrongRoutesException} if the routes have problems, and otherwise the failure itself
     */
    public static Exception explain(Exception failure, Settings settings) {
        List<Problem> problems = check(settings).problems();
        return problems.isEmpty() ? failure : new WrongRoutesException(problems, failure);
    }

    /**
     * Builds the routes in a separate context, without reading a queue or calling AWS; one by one, to find all
     * problems.
     */
    private static List<Problem> build(Settings settings, List<YamlFile> files) {
        List<Problem> problems = new ArrayList<>();
        Settings built = settings.with(Settings.DRY_RUN, "true");
        for (Setting<?> setting : Settings.declared()) {
            // The check of the settings reports it.
            if (built.problem(setting).isPresent()) {
                built = built.with(setting, setting.defaultValue());
            }
        }
        if (!built.has(Settings.QUEUE)) {
            built = built.with(Settings.QUEUE, "https://sqs.invalid/check");
        }
        List<RouteDefinition> routes = new ArrayList<>();
        try (Application steward = new Application(
                built, new StubEcs(), new StubSqs(built.get(Settings.QUEUE)), new StubSns(), null, main -> {
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
            throw new IllegalStateException("removing routes that did not start", e);
        }
    }

    private static Problem describe(Throwable failure, String known, String routes, List<YamlFile> files) {
        StartFailure start = StartFailure.of(failure);
        String route = start.route() == null ? known : start.route();
        String message = start.message();
        Matcher place = PLACE.matcher(message);
        if (place.find()) {
            return Problem.at(
                    place.group(1),
                    Integer.parseInt(place.group(2)),
                    Integer.parseInt(place.group(3)),
                    message.substring(0, place.start()).strip());
        }
        PropertyBindingException property = ObjectHelper.getException(PropertyBindingException.class, failure);
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

    /** Finds the bean with the refused value, which Camel does not name; null if several beans have this value. */
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
