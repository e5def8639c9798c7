package io.ecssteward.ecs;

import io.ecssteward.claim.ClaimRepository;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService;
import io.ecssteward.testing.ManualClock;
import io.ecssteward.testing.YamlRoutes;
import java.time.Duration;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** One service with two tasks, and routes that may redeploy it, anew for each history. */
abstract class RedeployHistories {

    static final Duration COOL_DOWN = Duration.ofMinutes(2);

    ManualClock clock;
    FakeEcs ecs;
    YamlRoutes routes;
    FakeService web;

    /** The routes, as YAML. */
    abstract String steps();

    @BeforeTry
    void begin() throws Exception {
        clock = ManualClock.at(EcsRoutes.NOW);
        ecs = new FakeEcs(clock).addCluster("prod", 0);
        routes = new YamlRoutes();
        MemoryClaimStore store = new MemoryClaimStore(clock);
        ClaimRepository claims = new ClaimRepository();
        claims.setCoolDown(COOL_DOWN);
        claims.setReason("cooldown");
        claims.setStore(store);
        claims.setCamelContext(routes.camel());
        routes.bind("ecsClient", ecs.client()).bind("store", store).bind("redeploy-claims", claims);
        routes.start(steps());
        web = ecs.addService("prod", "web").desiredCount(2);
    }

    @AfterTry
    void end() {
        routes.close();
        ecs.close();
    }
}
