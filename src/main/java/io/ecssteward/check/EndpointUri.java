package io.ecssteward.check;

import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * The endpoint that a step sends to, or that a route begins at.
 *
 * @param node the node with the URI
 * @param parameters the mapping with the parameters that are not in the URI; may be null
 */
record EndpointUri(Node node, String uri, Node parameters) {

    private static final Set<String> CALLS = Set.of("to", "toD", "wireTap", "poll");

    /** Reads the value of {@code from}, {@code to} and the like; null if it has no URI. */
    static EndpointUri of(Node step) {
        Node node = step instanceof ScalarNode ? step : YamlFile.get(step, "uri");
        String uri = YamlFile.text(node);
        return uri == null ? null : new EndpointUri(node, uri, YamlFile.get(step, "parameters"));
    }

    /** Whether a step of this name sends to an endpoint. */
    static boolean isCall(String stepName) {
        return CALLS.contains(stepName);
    }

    /** As {@link #of}; also null if the URI is an expression that is evaluated at run time. */
    static EndpointUri called(String stepName, Node step) {
        EndpointUri uri = isCall(stepName) ? of(step) : null;
        return uri == null || uri.uri().contains("${") ? null : uri;
    }

    String scheme() {
        return uri.replaceFirst("[:?].*", "");
    }

    /** The part between the scheme and the parameters. */
    String path() {
        return uri.replaceFirst("^[^:?]*(:(//)?)?", "").replaceFirst("\\?.*", "");
    }

    /** Whether this is {@code direct:} with a literal name. */
    boolean isDirect() {
        return scheme().equals("direct") && !path().matches(".*[{$].*");
    }

    Node parameter(String name) {
        return YamlFile.get(parameters, name);
    }

    Map<String, Node> parametersByName() {
        return YamlFile.entries(parameters);
    }
}
