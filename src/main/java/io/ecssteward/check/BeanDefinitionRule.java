package io.ecssteward.check;

import io.ecssteward.problem.Suggestion;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/** Reports a bean whose class does not exist, or does not have a property that is set. */
record BeanDefinitionRule(RouteContext context) implements RouteRule {

    @Override
    public void bean(Position place, Node bean) {
        if (className(bean) == null) {
            return;
        }
        Class<?> type = type(bean);
        if (type == null) {
            context.problem(
                    place,
                    YamlFile.get(bean, "type"),
                    "there is no class " + YamlFile.text(YamlFile.get(bean, "type"))
                            + "; write its name with its package, as in the built-in beans.camel.yaml");
        } else if (YamlFile.get(bean, "properties") instanceof MappingNode properties) {
            Set<String> known = setters(type);
            for (NodeTuple property : properties.getValue()) {
                String name = YamlFile.text(property.getKeyNode());
                if (name != null && !name.matches(".*[.\\[].*") && !known.contains(name)) {
                    context.problem(
                            place,
                            property.getKeyNode(),
                            "the bean has no property '" + name + "'" + Suggestion.remedy(name, known));
                }
            }
        }
    }

    /** The class of a bean; null if unknown. */
    static Class<?> type(Node bean) {
        String name = className(bean);
        return name == null ? null : RouteContext.type(name);
    }

    /** Null if a script or a factory creates the bean. */
    private static String className(Node bean) {
        String type = YamlFile.text(YamlFile.get(bean, "type"));
        boolean made = Set.of("script", "factoryBean", "factoryMethod").stream()
                .anyMatch(name -> YamlFile.get(bean, name) != null);
        return type == null || made ? null : type.replaceFirst("^#class:", "").replaceFirst("\\(.*", "");
    }

    /** The names of the properties with a setter. */
    static Set<String> setters(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(m -> m.getName().matches("set[A-Z]\\w*") && m.getParameterCount() == 1)
                .map(m -> Character.toLowerCase(m.getName().charAt(3))
                        + m.getName().substring(4))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
