package io.ecssteward.check;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Runs all rules over well-formed routes: calls of endpoints that do not exist, expressions and patterns that do not
 * compile, unknown beans, parameters and fields, unreachable branches.
 */
final class RouteRules {

    /** Mappings without steps, whose names and texts are arbitrary. */
    private static final Set<String> ONLY_TEXTS = Set.of("parameters", "properties", "simple", "language");

    private final List<RouteRule> rules;

    private RouteRules(List<RouteRule> rules) {
        this.rules = rules;
    }

    /** All rules. */
    static RouteRules all(RouteContext context) {
        SimpleSyntax simple = new SimpleSyntax(context);
        return new RouteRules(List.of(
                new BeanDefinitionRule(context),
                new BeanReferenceRule(context),
                new BodyFieldsRule(context),
                new DirectCallRule(context),
                new DuplicateIdRule(context),
                new DuplicateInputRule(context),
                new EndpointParameterRule(context),
                new EventInputRule(context),
                new AlertParameterRule(context, simple),
                new ExpressionRule(context, simple),
                new RouteConfigurationRule(context),
                new SkipReasonRule(context),
                new UnknownClassRule(context),
                new UnknownSettingRule(context),
                new UnreachableBranchRule(context)));
    }

    /** The rules for problems that Camel does not notice when it starts the routes; they do not need Camel. */
    static RouteRules beforeStart(RouteContext context) {
        return new RouteRules(List.of(
                new BodyFieldsRule(context),
                new DirectCallRule(context),
                new EventInputRule(context),
                new SkipReasonRule(context)));
    }

    void check(List<YamlFile> files) {
        for (YamlFile file : files) {
            for (Node item : YamlFile.items(file.root())) {
                Position place = new Position(file, "", false, BodyFieldsRule.keepsTheBody(item));
                Node beans = YamlFile.get(item, "beans");
                if (beans != null) {
                    YamlFile.items(beans).forEach(bean -> each(rule -> rule.bean(place, bean)));
                    texts(place, beans);
                } else {
                    walk(place, item);
                }
            }
        }
        each(RouteRule::end);
    }

    private void each(Consumer<RouteRule> step) {
        rules.forEach(step);
    }

    private void walk(Position place, Node node) {
        if (node instanceof ScalarNode text) {
            each(rule -> rule.text(place, text));
        }
        YamlFile.items(node).forEach(item -> walk(place, item));
        YamlFile.entries(node).forEach((name, value) -> {
            each(rule -> rule.entry(place, node, name, value));
            if (ONLY_TEXTS.contains(name)) {
                texts(place, value);
            } else {
                walk(place.into(name), value);
            }
        });
    }

    private void texts(Position place, Node node) {
        if (node instanceof ScalarNode text) {
            each(rule -> rule.text(place, text));
        }
        YamlFile.items(node).forEach(item -> texts(place, item));
        YamlFile.entries(node).values().forEach(value -> texts(place, value));
    }
}
