package io.ecssteward.ecs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * The capacity provider strategy of a service: {@code FARGATE:1:1/FARGATE_SPOT:0:4}, each provider with its base and
 * its weight. Two strategies are equal when they place tasks in the same way: the order, and providers that get no
 * tasks, do not count.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html">CapacityProviderStrategyItem:
 *     a base for one provider, a weight above 0 for one at least, and no tasks for a weight of 0</a>
 */
public final class CapacityStrategy {

    static final String ON_DEMAND = "FARGATE";
    static final String SPOT = "FARGATE_SPOT";

    private static final Pattern ITEM = Pattern.compile("([\\w.-]{1,255}):(\\d{1,6}):(\\d{1,4})");

    private final List<Item> items;

    /** A provider, the tasks that it gets first, and its share of the others. */
    private record Item(String provider, int base, int weight) {
        @Override
        public String toString() {
            return provider + ":" + base + ":" + weight;
        }
    }

    private CapacityStrategy(List<Item> items) {
        this.items = List.copyOf(items);
    }

    /**
     * The strategy of a service: that of its PRIMARY deployment, which after a rollback by ECS can differ from the
     * service's own. Empty for a service with a launch type or without a capacity provider strategy.
     */
    static Optional<CapacityStrategy> of(Service service) {
        List<CapacityProviderStrategyItem> named = service.deployments().stream()
                .filter(d -> "PRIMARY".equals(d.status()))
                .map(Deployment::capacityProviderStrategy)
                .filter(strategy -> !strategy.isEmpty())
                .findFirst()
                .orElse(service.capacityProviderStrategy());
        return service.launchType() != null || named.isEmpty() ? Optional.empty() : Optional.of(of(named));
    }

    static CapacityStrategy of(List<CapacityProviderStrategyItem> named) {
        return new CapacityStrategy(named.stream()
                .map(i -> new Item(i.capacityProvider(), or(i.base(), 0), or(i.weight(), 0)))
                .toList());
    }

    private static int or(Integer number, int otherwise) {
        return number == null ? otherwise : number;
    }

    /** Parses the format of {@link #toString}; empty if the text is not a strategy. */
    static Optional<CapacityStrategy> parse(String text) {
        List<Item> items = new ArrayList<>();
        for (String written : text.split("/", -1)) {
            Matcher item = ITEM.matcher(written);
            if (!item.matches()) {
                return Optional.empty();
            }
            items.add(new Item(item.group(1), Integer.parseInt(item.group(2)), Integer.parseInt(item.group(3))));
        }
        return Optional.of(new CapacityStrategy(items));
    }

    /** Whether Fargate Spot gets tasks, and all providers are Fargate or Fargate Spot. */
    boolean spot() {
        return items.stream()
                        .allMatch(i -> i.provider().equals(SPOT) || i.provider().equals(ON_DEMAND))
                && items.stream().anyMatch(i -> i.provider().equals(SPOT) && (i.base() > 0 || i.weight() > 0));
    }

    /** Whether {@link #onDemand} made it: it lists FARGATE_SPOT, which gets no tasks. */
    boolean leftOnDemand() {
        return !spot() && items.stream().anyMatch(i -> i.provider().equals(SPOT));
    }

    /** Whether {@link #onDemand} made it from that strategy. */
    boolean leftOnDemand(CapacityStrategy kept) {
        return leftOnDemand() && equals(kept.onDemand());
    }

    /**
     * The same with all tasks on FARGATE. FARGATE_SPOT stays in the list without tasks, so that people can see that the
     * service will move back.
     */
    CapacityStrategy onDemand() {
        Item own = items.stream()
                .filter(i -> i.provider().equals(ON_DEMAND))
                .findFirst()
                .orElse(new Item(ON_DEMAND, 0, 1));
        return new CapacityStrategy(
                List.of(new Item(ON_DEMAND, own.base(), Math.max(1, own.weight())), new Item(SPOT, 0, 0)));
    }

    /** For UpdateService. */
    List<CapacityProviderStrategyItem> items() {
        return items.stream()
                .map(i -> CapacityProviderStrategyItem.builder()
                        .capacityProvider(i.provider())
                        .base(i.base())
                        .weight(i.weight())
                        .build())
                .toList();
    }

    /**
     * Describes how it places tasks: {@code the first task on FARGATE, then 4 of 5 on FARGATE_SPOT and 1 of 5 on
     * FARGATE}.
     */
    public String words() {
        List<Item> placing = placing();
        if (placing.size() == 1) {
            return "all tasks on " + placing.get(0).provider();
        }
        int all = items.stream().mapToInt(Item::weight).sum();
        String first = items.stream()
                .filter(i -> i.base() > 0)
                .map(i ->
                        (i.base() == 1 ? "the first task" : "the first " + i.base() + " tasks") + " on " + i.provider())
                .collect(Collectors.joining(" and "));
        String shares = items.stream()
                .filter(i -> i.weight() > 0)
                .sorted(Comparator.comparing(Item::weight).reversed())
                .map(i -> (i.weight() == all ? "all" : i.weight() + " of " + all) + " on " + i.provider())
                .collect(Collectors.joining(" and "));
        return first.isEmpty() ? shares : shares.isEmpty() ? first : first + ", then " + shares;
    }

    private List<Item> placing() {
        return items.stream()
                .filter(i -> i.base() > 0 || i.weight() > 0)
                .sorted(Comparator.comparing(Item::provider))
                .toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CapacityStrategy strategy && placing().equals(strategy.placing());
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(placing());
    }

    @Override
    public String toString() {
        return items.stream().map(Item::toString).collect(Collectors.joining("/"));
    }
}
