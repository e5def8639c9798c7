package io.ecssteward.check;

import java.util.List;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reports a class that does not exist; Camel's message would only be "null". */
record UnknownClassRule(RouteContext context) implements RouteRule {

    private static final Set<String> CLASSES = Set.of("exception", "type", "resultType", "beanType");

    @Override
    public void entry(Position place, Node owner, String name, Node value) {
        if (CLASSES.contains(name)) {
            List<Node> nodes = name.equals("exception") ? YamlFile.items(value) : List.of(value);
            for (Node node : nodes) {
                String type = YamlFile.text(node);
                if (type != null && type.matches("[\\w$]+(\\.[\\w$]+)+") && RouteContext.type(type) == null) {
                    context.problem(place, node, "there is no class " + type + "; write its full class name");
                }
            }
        }
    }
}
