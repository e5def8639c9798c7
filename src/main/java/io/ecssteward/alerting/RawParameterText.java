package io.ecssteward.alerting;

import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.model.FromDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;

/**
 * Keeps the parameters of {@code alert:} and of our other endpoints as they were written, where Camel would decode or
 * split them. Camel takes line breaks, and the indentation after them, out of every endpoint URI, because one can be a
 * text block of Java; and it takes the first {@code )&} for the end of a {@code RAW()} value. Both are hidden from it
 * when a route is added.
 */
public final class RawParameterText extends ModelLifecycleStrategySupport {

    /** In Unicode's private use area, so that nobody writes it, and allowed in a URI. */
    private static final String LINE_BREAK = "\uE000";

    /** Put between a bracket and an ampersand that do not end a value. */
    private static final String SEPARATOR = "\uE001";

    private final String scheme;

    /** The end of a value that none of our parameters follows. */
    private final Pattern noEnd;

    /**
     * What shows that a parameter is none of ours, which Camel does not wrap: it stands before one that is, or at the
     * end. Then nothing is put together, and the component will refuse it by its name.
     */
    private final Pattern mistyped;

    private RawParameterText(String scheme, Collection<String> names) {
        String ours = "(?:" + String.join("|", names) + ")=";
        this.scheme = scheme + ":";
        this.noEnd = Pattern.compile("\\)&(?!" + ours + ")");
        this.mistyped = Pattern.compile("(?<!\\))&" + ours + "RAW\\(|=RAW\\(.*[^)]\\z", Pattern.DOTALL);
    }

    /**
     * Installs it for all routes that are added to this context from now on.
     *
     * @param names of the scheme's parameters
     */
    public static void install(CamelContext camel, String scheme, Collection<String> names) {
        Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        if (model.getModelLifecycleStrategies().stream()
                .noneMatch(s -> s instanceof RawParameterText written && written.scheme.equals(scheme + ":"))) {
            model.addModelLifecycleStrategy(new RawParameterText(scheme, names));
        }
    }

    /** What was written in the route. */
    public static String decode(String hidden) {
        return hidden.replace(LINE_BREAK, "\n").replace(SEPARATOR, "");
    }

    /** The parameters that an endpoint of this class takes, by the annotations of its own fields. */
    public static Set<String> names(Class<? extends Endpoint> endpoint) {
        Set<String> names = Stream.of(endpoint.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(UriParam.class))
                .map(Field::getName)
                .collect(Collectors.toSet());
        if (endpoint.getAnnotation(UriEndpoint.class).producerOnly()) {
            names.add("lazyStartProducer");
        }
        return names;
    }

    /**
     * Checks that an endpoint has only these parameters; of a mistyped one Camel would only say that it cannot be set.
     *
     * @param uri the endpoint without its parameters
     * @throws IllegalArgumentException naming the parameters that there are
     */
    public static void checkNames(String uri, Map<String, Object> parameters, Set<String> names) {
        Set<String> known = new TreeSet<>(names);
        known.remove("lazyStartProducer");
        parameters.keySet().stream()
                .filter(name -> !names.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            uri + " has no parameter '" + name + "'; there are " + String.join(", ", known));
                });
    }

    @Override
    public void onAddRouteDefinition(RouteDefinition route) {
        FromDefinition from = route.getInput();
        if (from != null && from.getUri() != null && from.getUri().startsWith(scheme)) {
            from.setUri(hidden(from.getUri()));
        }
        for (ToDefinition step :
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)) {
            if (step.getUri() != null && step.getUri().startsWith(scheme)) {
                step.setUri(hidden(step.getUri()));
            }
        }
    }

    private String hidden(String uri) {
        String inOneLine = uri.replace("\n", LINE_BREAK);
        return mistyped.matcher(uri).find()
                ? inOneLine
                : noEnd.matcher(inOneLine).replaceAll(")" + SEPARATOR + "&");
    }
}
