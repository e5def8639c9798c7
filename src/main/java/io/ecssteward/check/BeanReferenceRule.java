package io.ecssteward.check;

import io.ecssteward.problem.Suggestion;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reports the use of a bean that does not exist, or of a method that it does not have. */
record BeanReferenceRule(RouteContext context) implements RouteRule {

    @Override
    public void entry(Position place, Node owner, String name, Node value) {
        if (place.isBeanCall(name)) {
            call(place, value);
            return;
        }
        switch (name) {
            case "parameters", "properties" -> {
                // An alert's parameters may begin with #, like a channel's name.
                if (!String.valueOf(YamlFile.text(YamlFile.get(owner, "uri"))).matches("(alert|slack):.*")) {
                    YamlFile.entries(value).values().forEach(option -> reference(place, option));
                }
            }
            case "idempotentRepository", "executorService", "errorHandlerRef", "onPrepare", "routePolicy" ->
                reference(place, value);
            case "aggregationStrategy" -> {
                if (YamlFile.text(value) != null) {
                    bean(place, value, YamlFile.text(value).replaceFirst("^#(?=[\\w.-]+$)", ""));
                }
            }
            default -> {
                // Other values do not refer to beans.
            }
        }
    }

    private void reference(Position place, Node node) {
        String text = YamlFile.text(node);
        if (text != null && text.matches("#[\\w.-]+")) {
            bean(place, node, text.substring(1));
        }
    }

    private void bean(Position place, Node node, String name) {
        boolean readLater = name.isBlank()
                || name.contains("{{")
                || name.contains("${")
                || name.matches("(class|type|property|bean|valueAs):.*");
        if (!readLater
                && context.complete()
                && !context.beans().containsKey(name)
                && !(name.contains(".") && RouteContext.type(name) != null)
                && System.getenv().keySet().stream().noneMatch(v -> v.startsWith("CAMEL_BEANS"))) {
            context.problem(
                    place,
                    node,
                    "there is no bean '" + name + "'"
                            + Suggestion.to(name, context.beans().keySet())
                                    .map(near -> "; did you mean '" + near + "'?")
                                    .orElse("; add it to beans.camel.yaml"));
        }
    }

    private void call(Position place, Node call) {
        Node refNode = call instanceof ScalarNode ? call : YamlFile.get(call, "ref");
        String ref = YamlFile.text(refNode);
        if (ref == null) {
            return;
        }
        bean(place, refNode, ref);
        Node methodNode = YamlFile.get(call, "method");
        String method = YamlFile.text(methodNode);
        Class<?> type = context.beans().getOrDefault(ref, Object.class);
        if (method == null || type == Object.class || method.contains("{{")) {
            return;
        }
        String name = method.replaceFirst("\\s*\\(.*", "").strip();
        Set<String> methods = Arrays.stream(type.getMethods())
                .filter(m -> m.getDeclaringClass() != Object.class)
                .map(Method::getName)
                .filter(m -> !m.contains("$"))
                .collect(Collectors.toCollection(TreeSet::new));
        if (!methods.contains(name)) {
            context.problem(
                    place,
                    methodNode,
                    "the bean '" + ref + "' has no method '" + name + "'" + Suggestion.remedy(name, methods));
        }
    }
}
