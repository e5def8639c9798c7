package io.ecssteward.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An item of a capacity provider strategy.
 *
 * @param provider {@code FARGATE}, {@code FARGATE_SPOT} or the name of another
 * @param base how many tasks it gets before the weights count
 * @param weight its part of the others, relative to the sum of all; with 0 it gets none
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html">
 *     CapacityProviderStrategyItem: one base, and one weight above zero where there are several</a>
 */
public record Capacity(String provider, int base, int weight) {
    private static final int MAX_ITEMS = 20;

    /** The strategy of a request, in its order. */
    static List<Capacity> strategy(JsonNode items) {
        List<Capacity> strategy = new ArrayList<>();
        items.forEach(item -> strategy.add(new Capacity(
                item.path("capacityProvider").asText(),
                item.path("base").asInt(0),
                item.path("weight").asInt(0))));
        return List.copyOf(strategy);
    }

    static ArrayNode json(List<Capacity> strategy) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        strategy.forEach(item -> json.addObject()
                .put("capacityProvider", item.provider())
                .put("weight", item.weight())
                .put("base", item.base()));
        return json;
    }

    /** Refuses what ECS refuses in a cluster that has these capacity providers. */
    static void check(List<Capacity> strategy, Set<String> known) {
        Set<String> providers = strategy.stream().map(Capacity::provider).collect(Collectors.toSet());
        refuseIf(strategy.size() > MAX_ITEMS, "A capacity provider strategy can have at most 20 items.");
        refuseIf(
                providers.size() < strategy.size(),
                "The specified capacity provider strategy contains a capacity provider more than once.");
        refuseIf(
                providers.stream().map(Capacity::isFargate).distinct().count() > 1,
                "A capacity provider strategy cannot contain a mix of capacity providers using Auto Scaling groups and"
                        + " Fargate providers. Specify one or the other and try again.");
        refuseIf(
                !known.containsAll(providers),
                "The specified capacity provider strategy cannot contain a capacity provider that is not associated"
                        + " with the cluster. Associate the capacity provider with the cluster and try again.");
        refuseIf(
                strategy.stream().filter(item -> item.base() > 0).count() > 1,
                "Only one capacity provider in a strategy can have a base defined.");
        refuseIf(
                strategy.stream()
                        .anyMatch(i -> i.base() < 0 || i.base() > 100_000 || i.weight() < 0 || i.weight() > 1000),
                "Invalid base or weight in the capacity provider strategy.");
        refuseIf(
                strategy.size() > 1 && strategy.stream().allMatch(item -> item.weight() == 0),
                "At least one capacity provider in a strategy must have a weight greater than zero.");
    }

    private static boolean isFargate(String provider) {
        return provider.equals("FARGATE") || provider.equals("FARGATE_SPOT");
    }

    private static void refuseIf(boolean wrong, String message) {
        if (wrong) {
            throw AwsError.refusal("InvalidParameterException", message);
        }
    }
}
