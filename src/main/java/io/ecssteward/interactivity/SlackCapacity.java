package io.ecssteward.interactivity;

import io.ecssteward.ecs.EcsServiceComponent;
import io.ecssteward.ecs.FailedOverService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;

/** The bean {@code slack-capacity}: lists services that run on-demand because Fargate Spot had no capacity. */
public class SlackCapacity {

    /** Our own limit: more than a screen shows. */
    private static final int LISTED = 20;

    /**
     * Lists them with their problems, one per line; calls ECS.
     *
     * @throws io.ecssteward.failure.TransientFailureException if ECS throttles, or does not answer
     * @throws io.ecssteward.failure.PermanentFailureException if ECS refuses to list the clusters
     */
    public String list(Exchange exchange) {
        EcsServiceComponent ecs = exchange.getContext().getComponent("ecs-service", EcsServiceComponent.class);
        List<String> refused = new ArrayList<>();
        List<FailedOverService> found = FailedOverService.all(ecs.getEcsClient(), List.of(), refused::add);
        Instant now = new Answers(exchange.getContext()).now();
        String lines = found.stream()
                .limit(LISTED)
                .map(service -> service.name() + "  " + service.where()
                        + service.problem(now)
                                .map(problem -> "\n      " + problem)
                                .orElse(""))
                .collect(Collectors.joining("\n"));
        String more = found.size() > LISTED ? "\nand " + (found.size() - LISTED) + " more" : "";
        String unseen = refused.isEmpty()
                ? ""
                : "\n" + (refused.size() == 1 ? "1 cluster" : refused.size() + " clusters") + " could not be listed: "
                        + refused.get(0);
        return (lines.isEmpty() ? "No service runs on-demand because Fargate Spot was short." : lines + more) + unseen;
    }
}
