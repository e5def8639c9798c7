package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.event.FollowUp;
import io.ecssteward.runtime.DryRunEcs;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService;
import io.ecssteward.testing.RunningSteward;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

/** A dry run goes on as if what it would have changed were changed. */
class CapacityDryRunTest extends EcsRoutes {

    private static final String CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/prod";

    private FakeService web;

    private Exchange look(int minutes) {
        clock.advance(Duration.ofMinutes(minutes));
        return send(Events.read(FollowUp.message("capacity", web.arn(), CLUSTER, clock.instant())));
    }

    @Test
    void itMovesAndGoesBackAndChangesNothing() throws Exception {
        web = ecs.addService("prod", "web")
                .desiredCount(4)
                .capacity("FARGATE_SPOT", 0, 1)
                .tasks(3, 0);
        web.deployment(Duration.ofDays(1), "COMPLETED");
        web.tasks(3, 0);
        routes.bind("ecsClient", DryRunEcs.of(ecs.client()))
                .bind("clock", clock)
                .bind("store", new MemoryClaimStore(clock));
        start("ecs-service:ensure-capacity", "spotPolicy: failover");
        String unplaced = RunningSteward.sample("service-placement-failure-no-spot-capacity")
                .replaceFirst("(\"time\": *\")[^\"]+", "$1" + clock.instant());

        assertThat(outcome(send(Events.read(unplaced)))).isEqualTo("moved");
        assertThat(skipped(look(6))).isEmpty();
        assertThat(outcome(look(9))).isEqualTo("on-demand");
        web.tasks(4, 0);
        assertThat(outcome(look(16))).isEqualTo("returned");
        assertThat(outcome(look(3))).isEqualTo("back");
        assertThat(outcome(look(60))).isEqualTo("settled");
        assertThat(updates()).isEmpty();
        assertThat(ecs.calls(FakeEcs.TAG_RESOURCE)).isEmpty();
        assertThat(web.tags()).isEmpty();
    }
}
