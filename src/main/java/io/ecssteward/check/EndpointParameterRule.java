package io.ecssteward.check;

import io.ecssteward.details.DetailEndpoint;
import io.ecssteward.dispatch.EventEndpoint;
import io.ecssteward.ecs.EcsServiceEndpoint;
import io.ecssteward.ecs.Operation;
import io.ecssteward.host.HostEndpoint;
import io.ecssteward.host.HostOperation;
import io.ecssteward.interactivity.AnswerKind;
import io.ecssteward.interactivity.SlackActionEndpoint;
import io.ecssteward.problem.Suggestion;
import io.ecssteward.slack.PacedSlackEndpoint;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.spi.UriParam;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/** Reports an endpoint of an unknown component, and a parameter that the component does not have. */
record EndpointParameterRule(RouteContext context) implements RouteRule {

    private static final Pattern IN_QUERY = Pattern.compile("[?&]([^=&{}]+)=");

    /** Our components that have parameters which are missing in Camel's generated lists. */
    private static final Map<String, Class<?>> OURS = Map.of(
            "ecs-detail", DetailEndpoint.class,
            "ecs-service", EcsServiceEndpoint.class,
            "ecs-host", HostEndpoint.class,
            "event", EventEndpoint.class,
            "slack", PacedSlackEndpoint.class);

    /** The schemes to suggest for a mistyped one, if available. */
    private static final List<String> SCHEMES =
            List.of(("alert aws2-ecs aws2-sns aws2-sqs bean direct ecs-detail ecs-host ecs-service event "
                            + "http https language log slack slack-action slack-answer file seda timer")
                    .split(" "));

    @Override
    public void entry(Position place, Node owner, String name, Node value) {
        EndpointUri uri = name.equals("from") ? EndpointUri.of(value) : EndpointUri.called(name, value);
        if (uri == null || uri.uri().startsWith("{{")) {
            return;
        }
        if (!RouteContext.camelProvides("component", uri.scheme())) {
            unknownComponent(place, uri);
            return;
        }
        try {
            if (uri.scheme().equals("ecs-service")) {
                Operation.of(uri.path());
            } else if (uri.scheme().equals("ecs-host")) {
                HostOperation.of(uri.path());
            } else if (uri.scheme().equals("slack-answer")) {
                AnswerKind.of(uri.path());
            }
        } catch (IllegalArgumentException e) {
            context.problem(place, uri.node(), e.getMessage());
        }
        if (uri.scheme().equals("slack-action")) {
            uri.parametersByName().forEach((parameter, node) -> word(place, parameter, node));
        }
        Set<String> known = parameters(uri.scheme());
        if (uri.parameters() instanceof MappingNode parameters) {
            for (NodeTuple parameter : parameters.getValue()) {
                Node key = parameter.getKeyNode();
                check(place, key, -1, YamlFile.text(key), uri.scheme(), known);
            }
        }
        int query = uri.uri().indexOf('?');
        if (query >= 0 && !uri.uri().substring(0, query).contains("{{")) {
            Matcher parameter = IN_QUERY.matcher(uri.uri().substring(query));
            while (parameter.find()) {
                check(place, uri.node(), query + parameter.start(1), parameter.group(1), uri.scheme(), known);
            }
        }
    }

    /** Checks that the value is one of the words that an action's parameter accepts. */
    private void word(Position place, String name, Node node) {
        String text = YamlFile.text(node);
        List<String> words = Arrays.stream(SlackActionEndpoint.class.getDeclaredFields())
                .filter(field -> field.getName().equals(name) && field.isAnnotationPresent(UriParam.class))
                .flatMap(field -> Arrays.stream(
                        field.getAnnotation(UriParam.class).enums().split(",")))
                .filter(word -> !word.isEmpty())
                .toList();
        if (text != null && !words.isEmpty() && !words.contains(context.resolved(text))) {
            context.problem(place, node, name + " is '" + text + "'" + Suggestion.remedy(text, words));
        }
    }

    private void unknownComponent(Position place, EndpointUri uri) {
        List<String> there = SCHEMES.stream()
                .filter(scheme -> RouteContext.camelProvides("component", scheme))
                .toList();
        boolean hasScheme = uri.uri().contains(":");
        String otherwise =
                hasScheme ? "; there are " + String.join(", ", there) : "; to call a route write direct:" + uri.uri();
        context.problem(
                place,
                uri.node(),
                "'" + uri.uri() + "' is not an endpoint"
                        + (hasScheme ? ": there is no component '" + uri.scheme() + "'" : "")
                        + Suggestion.to(uri.scheme(), there)
                                .map(near -> "; did you mean " + near + ":?")
                                .orElse(otherwise));
    }

    private void check(Position place, Node node, int offset, String name, String scheme, Set<String> known) {
        // A name that ends in a dot is a prefix.
        if (name != null
                && !known.isEmpty()
                && !known.contains(name)
                && known.stream().noneMatch(k -> k.endsWith(".") && name.startsWith(k))) {
            context.problem(
                    place, node, offset, scheme + ": has no parameter '" + name + "'" + Suggestion.remedy(name, known));
        }
    }

    /** The parameters of a component; empty if it accepts any. */
    private Set<String> parameters(String scheme) {
        EndpointUriFactory factory = context.camel().getCamelContextExtension().getEndpointUriFactory(scheme);
        Set<String> known = new TreeSet<>();
        if (factory != null) {
            if (factory.isLenientProperties()) {
                return Set.of();
            }
            known.addAll(factory.propertyNames());
            known.addAll(factory.multiValuePrefixes().values());
        }
        if (OURS.containsKey(scheme)) {
            known.addAll(BeanDefinitionRule.setters(OURS.get(scheme)));
            known.removeAll(Set.of("camelContext", "component", "endpointUriIfNotSpecified", "properties"));
        }
        return known;
    }
}
