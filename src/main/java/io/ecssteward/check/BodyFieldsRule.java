package io.ecssteward.check;

import io.ecssteward.alert.Alert;
import io.ecssteward.event.Event;
import io.ecssteward.problem.Suggestion;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reports a {@code ${body.…}} with a field that no event, alert or message has. */
record BodyFieldsRule(RouteContext context) implements RouteRule {

    private static final Pattern USE = Pattern.compile("\\$\\{(?:in\\.)?body\\??\\.(\\w+)");

    /** Steps after which the body can be anything. */
    private static final Set<String> CHANGE_THE_BODY =
            Set.of("unmarshal", "convertBodyTo", "transform", "pollEnrich", "enrich", "poll");

    /** The fields of events and alerts, for suggestions. */
    private static final Set<String> SAID = names(true);

    private static final Set<String> ALL = names(false);

    @Override
    public void text(Position place, ScalarNode text) {
        Matcher use = USE.matcher(text.getValue());
        while (place.bodyKnown() && use.find()) {
            String name = use.group(1);
            if (!ALL.contains(name)) {
                String remedy = Suggestion.to(name, SAID)
                        .map(near -> "; did you mean ${body." + near + "}?")
                        .orElse("; a field of the event's JSON is ${body.field('detail." + name + "')}");
                context.problem(place, text, use.start(1), "neither events nor alerts have '" + name + "'" + remedy);
            }
        }
    }

    /** Whether the body is still the event or the alert in all nested steps. */
    static boolean keepsTheBody(Node node) {
        return YamlFile.items(node).stream().allMatch(BodyFieldsRule::keepsTheBody)
                && YamlFile.entries(node).entrySet().stream()
                        .allMatch(entry -> !CHANGE_THE_BODY.contains(entry.getKey()) && keepsTheBody(entry.getValue()));
    }

    private static Set<String> names(boolean ours) {
        List<Class<?>> bodies = new ArrayList<>(List.of(Event.class.getPermittedSubclasses()));
        bodies.add(Event.class);
        bodies.add(Alert.class);
        if (!ours) {
            bodies.addAll(List.of(String.class, List.class, Map.class));
        }
        Set<String> names = new TreeSet<>();
        for (Class<?> body : bodies) {
            for (Method method : body.getMethods()) {
                if (Modifier.isStatic(method.getModifiers())
                        || ours
                                && (method.getDeclaringClass() == Object.class
                                        || Set.of("equals", "hashCode", "toString")
                                                .contains(method.getName()))) {
                    continue;
                }
                String name = method.getName();
                names.add(name);
                // For the field "name" in a route, Camel calls getName() or isName().
                if (!ours && name.matches("get[A-Z]\\w*")) {
                    names.add(Character.toLowerCase(name.charAt(3)) + name.substring(4));
                } else if (!ours && name.matches("is[A-Z]\\w*")) {
                    names.add(Character.toLowerCase(name.charAt(2)) + name.substring(3));
                }
            }
        }
        return names;
    }
}
