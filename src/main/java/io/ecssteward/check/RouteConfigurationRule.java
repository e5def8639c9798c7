package io.ecssteward.check;

import io.ecssteward.problem.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reports a route with an unknown {@code routeConfigurationId}. */
final class RouteConfigurationRule implements RouteRule {

    private record Use(Position place, Node node) {}

    private final RouteContext context;
    private final Set<String> configurations = new TreeSet<>();
    private final List<Use> uses = new ArrayList<>();

    RouteConfigurationRule(RouteContext context) {
        this.context = context;
    }

    @Override
    public void entry(Position place, Node owner, String name, Node value) {
        if (name.equals("routeConfiguration") && YamlFile.text(YamlFile.get(value, "id")) != null) {
            configurations.add(YamlFile.text(YamlFile.get(value, "id")));
        } else if (name.equals("routeConfigurationId") && YamlFile.text(value) != null) {
            uses.add(new Use(place, value));
        }
    }

    @Override
    public void end() {
        for (Use use : uses) {
            String ids = YamlFile.text(use.node());
            for (String id : ids.split(",")) {
                String name = id.strip();
                if (context.complete() && !ids.contains("{{") && !id.contains("*") && !configurations.contains(name)) {
                    context.problem(
                            use.place(),
                            use.node(),
                            ids.indexOf(id),
                            "there is no routeConfiguration '" + name + "'" + Suggestion.remedy(name, configurations));
                }
            }
        }
    }
}
