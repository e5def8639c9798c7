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
 * Preserves the parameters of {@code alert:} and Steward's other endpoints as written, where Camel would change or
 * split them. Camel removes line breaks, and the indentation after them, from every endpoint URI, because the URI may
 * be a Java text block. And it ends a {@code RAW()} value at the first {@code )&}. Both are hidden from Camel when a
 * route is added.
 */
public final class RawParameterText extends ModelLifecycleStrategySupport {

    /** From Unicode's private use area, so that it does not occur in routes, and allowed in a URI. */
    private static final String LINE_BREAK = "\uE000";

    /** Put between a bracket and an ampersand that do not end a value. */
    private static final String SEPARATOR = "\uE001";

    private final String scheme;

    /** An apparent end of a value that is not followed by a known parameter. */
    private final Pattern noEnd;

    /**
     * Matches an unknown parameter, which Camel does not wrap, before a known one or at the end. Then nothing is
     * joined, and the component rejects the parameter by its name.
     */
    private final Pattern mistyped;

    private RawParameterText(String scheme, Collection<String> names) {
        String ours = "(?:" + String.join("|", names) + ")=";
        this.scheme = scheme + ":";
        this.noEnd = Pattern.compile("\\)&(?!" + ours + ")");
        this.mistyped = Pattern.compile("(?<!\\))&" + ours + "RAW\\(|=RAW\\(.*[^)]\\z", Pattern.DOTALL);
    }

    /**
     * Installs this for all routes that are added to the context from now on.
     *
     * @param names the names of the scheme's parameters
     */
    public static void install(CamelContext camel, String scheme, Collection<String> names) {
        Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        if (model.getModelLifecycleStrategies().stream()
                .noneMatch(s -> s instanceof RawParameterText written && written.scheme.equals(scheme + ":"))) {
            model.addModelLifecycleStrategy(new RawParameterText(scheme, names));
        }
    }

    /** The text as written in the route. */
    public static String decode(String hidden) {
        return hidden.replace(LINE_BREAK, "\n").replace(SEPARATOR, "");
    }

    /** The parameters of an endpoint class, from the annotations of its own fields. */
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
     * Checks that an endpoint has only these parameters. For a mistyped one, Camel's error would not list the valid
     * names.
     *
     * @param uri the endpoint without its parameters
     * @throws IllegalArgumentException if there is another parameter; the message lists the valid ones
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
