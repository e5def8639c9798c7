package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.ecs.RateLimitedEcsClient;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeService;
import io.ecssteward.testing.ManualClock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Who runs on-demand, from the command line and from ECS alone. */
class CapacityCommandTest {

    private static final String KEPT = "FARGATE:1:1/FARGATE_SPOT:0:4";
    private static final String ON_DEMAND =
            "on-demand " + KEPT + " since 2026-11-20T10:00:00Z until 2026-11-20T10:30:00Z calm 30";
    private static final String RETURNED =
            "returned " + KEPT + " since 2026-11-20T09:30:00Z until 2026-11-20T10:30:00Z calm 60";

    private final ManualClock clock = ManualClock.at("2026-11-20T10:10:00Z");
    private final FakeEcs ecs = new FakeEcs(clock).addCluster("prod", 0);

    private Map<String, String> settings = Map.of();
    private String out;
    private String err;

    @AfterEach
    void close() {
        ecs.close();
    }

    private int run(String... words) {
        StringWriter printed = new StringWriter();
        StringWriter complained = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(printed)).setErr(new PrintWriter(complained));
        CapacityCommand capacity = line.getSubcommands().get("capacity").getCommand();
        capacity.use(
                () -> new RateLimitedEcsClient(ecs.client()), Settings.of(settings, Map.of()), table -> null, clock);
        int code = line.execute(words);
        out = printed.toString();
        err = complained.toString();
        return code;
    }

    /** On its own strategy: the first task on FARGATE, then 4 of 5 on Spot. */
    private FakeService service(String cluster, String name) {
        return ecs.addService(cluster, name)
                .desiredCount(4)
                .capacity("FARGATE", 1, 1)
                .capacity("FARGATE_SPOT", 0, 4)
                .tasks(4, 0);
    }

    private FakeService onDemand(String cluster, String name) {
        return ecs.addService(cluster, name)
                .desiredCount(4)
                .capacity("FARGATE", 1, 1)
                .capacity("FARGATE_SPOT", 0, 0)
                .tasks(3, 1)
                .tag("ecs-steward:failover", ON_DEMAND);
    }

    @Test
    void thoseThatRunOnDemandAreListedWithWhatTheyGoBackTo() {
        onDemand("prod", "web");
        service("prod", "api").tag("ecs-steward:failover", RETURNED);
        service("prod", "quiet");

        assertThat(run("capacity", "list")).as(err).isZero();
        assertThat(out.lines())
                .containsExactly(
                        "prod/api  returned since 2026-11-20T09:30:00Z, watched until 2026-11-20T10:30:00Z (calm time "
                                + "1 hour); 4 of 4 tasks running",
                        "  its own strategy: the first task on FARGATE, then 4 of 5 on FARGATE_SPOT and 1 of 5 on "
                                + "FARGATE",
                        "prod/web  on-demand since 2026-11-20T10:00:00Z, until 2026-11-20T10:30:00Z at the earliest "
                                + "(calm time 30 minutes); 3 of 4 tasks running",
                        "  its own strategy: the first task on FARGATE, then 4 of 5 on FARGATE_SPOT and 1 of 5 on "
                                + "FARGATE");
        assertThat(ecs.calls())
                .extracting(FakeEcs.Call::operation)
                .containsOnly(FakeEcs.LIST_CLUSTERS, FakeEcs.LIST_SERVICES, FakeEcs.DESCRIBE_SERVICES);
    }

    /** The hour of the watch begins when all tasks run on Spot again. */
    @Test
    void aReturnThatTookLongIsWatchedForLonger() {
        clock.advance(Duration.ofMinutes(15));
        service("prod", "api").tag("ecs-steward:failover", RETURNED).event("(service api) has reached a steady state.");

        assertThat(run("capacity", "list")).as(err).isZero();
        assertThat(out).contains("watched until 2026-11-20T11:25:00Z (calm time 1 hour)");
        run("capacity", "list", "--json");
        assertThat(out).contains("\"until\":\"2026-11-20T11:25:00Z\"");
    }

    @Test
    void aMoveThatFailedIsListedAsAProblem() {
        onDemand("prod", "web").deployment(Duration.ofMinutes(8), "FAILED");

        assertThat(run("capacity", "list")).as(err).isZero();
        assertThat(out).contains("Its newest deployment failed; the service's events in the ECS console say why.");
    }

    @Test
    void aReturnThatDoesNotEndIsListedAsAProblem() {
        service("prod", "web")
                .deployment(Duration.ofMinutes(30), "IN_PROGRESS")
                .tasks(0, 0)
                .tag("ecs-steward:failover", RETURNED);

        assertThat(run("capacity", "list")).as(err).isZero();
        assertThat(out)
                .contains("Its return began 40 minutes ago, and 0 of 4 tasks of the newest deployment run. Look at its"
                        + " maximumPercent and its events.");
    }

    @Test
    void aProgramReadsTheSameFromJson() throws Exception {
        onDemand("prod", "web");

        assertThat(run("capacity", "list", "--json")).as(err).isZero();
        JsonNode json = new ObjectMapper().readTree(out);
        assertThat(json).isEqualTo(new ObjectMapper().readTree("""
                                {"cluster": "prod", "service": "web", "running": 3, "desired": 4, "deploying": false,
                                 "strategy": "FARGATE:1:1/FARGATE_SPOT:0:0", "phase": "on-demand",
                                 "since": "2026-11-20T10:00:00Z", "until": "2026-11-20T10:30:00Z", "calmMinutes": 30,
                                 "kept": "FARGATE:1:1/FARGATE_SPOT:0:4"}
                                """));
    }

    @Test
    void nothingIsSaidToRunOnDemandWhenNothingDoes() {
        service("prod", "web");
        assertThat(run("capacity", "list")).isZero();
        assertThat(out).isEqualToIgnoringNewLines("no service runs on-demand because Fargate Spot was short");
        assertThat(run("capacity", "list", "--json")).isZero();
        assertThat(out).isEmpty();
    }

    @Test
    void everyPageOfServicesIsReadAndTenAreDescribedInACall() {
        ecs.pageSize(3);
        for (int i = 0; i < 23; i++) {
            onDemand("prod", "web-%02d".formatted(i));
        }
        for (String cluster : List.of("staging", "test", "dev")) {
            ecs.addCluster(cluster, 0);
            onDemand(cluster, "web");
        }

        assertThat(run("capacity", "list", "--json")).as(err).isZero();
        assertThat(out.lines()).hasSize(26);
        assertThat(ecs.calls(FakeEcs.LIST_CLUSTERS)).hasSize(2);
        assertThat(ecs.calls(FakeEcs.LIST_SERVICES)).hasSize(8 + 3);
        assertThat(ecs.calls(FakeEcs.DESCRIBE_SERVICES)).hasSize(3 + 3);
    }

    @Test
    void onlyTheNamedClustersAreAsked() {
        onDemand("prod", "web");
        for (String cluster : List.of("staging", "test")) {
            ecs.addCluster(cluster, 0);
            onDemand(cluster, "web");
        }

        assertThat(run("capacity", "list", "--cluster", "prod", "--cluster", "test", "--json"))
                .as(err)
                .isZero();
        assertThat(out).contains("\"prod\"", "\"test\"").doesNotContain("staging");
        assertThat(ecs.calls(FakeEcs.LIST_CLUSTERS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"on-demand", "on-demand for ever", "on-demand A:1:1 since now until then calm 1"})
    void aTagThatCannotBeReadIsShownWithWhatToDo(String tag) {
        service("prod", "web").tag("ecs-steward:failover", tag);

        assertThat(run("capacity", "list")).isZero();
        assertThat(out)
                .contains("prod/web  its tag cannot be read; 4 of 4 tasks running", "'" + tag + "'", "remove the tag");
    }

    @Test
    void aStrategyThatSomebodyChangedIsShown() {
        ecs.addService("prod", "web")
                .desiredCount(4)
                .capacity("FARGATE_SPOT", 0, 1)
                .tasks(4, 0)
                .tag("ecs-steward:failover", ON_DEMAND);

        assertThat(run("capacity", "list")).isZero();
        assertThat(out)
                .contains("Its strategy was changed by hand; now it is: all tasks on FARGATE_SPOT. It is left alone");
    }

    @Test
    void oneThatIsBackBeforeItsTimeOrNotBackThoughItsTagSaysSoIsShown() {
        service("prod", "api").tag("ecs-steward:failover", ON_DEMAND);
        onDemand("prod", "web").tag("ecs-steward:failover", RETURNED);

        assertThat(run("capacity", "list")).isZero();
        assertThat(out).contains("It already has its own strategy", "It is still on-demand");
    }

    @Test
    void oneThatShouldHaveGoneBackLongAgoIsShown() {
        onDemand("prod", "web");
        clock.advance(Duration.ofMinutes(50));
        assertThat(run("capacity", "list")).isZero();
        assertThat(out).doesNotContain("should have");

        clock.advance(Duration.ofMinutes(20));
        assertThat(run("capacity", "list")).isZero();
        assertThat(out).contains("It should have gone back 50 minutes ago. Is Steward running?");
    }

    @ParameterizedTest
    @ValueSource(strings = {FakeEcs.LIST_CLUSTERS, FakeEcs.LIST_SERVICES, FakeEcs.DESCRIBE_SERVICES})
    void whatEcsRefusesIsSaid(String operation) {
        onDemand("prod", "web");
        ecs.fail(operation, 1, FakeEcs.ACCESS_DENIED);

        assertThat(run("capacity", "list")).isEqualTo(Main.FAILED);
        assertThat(err).contains("AccessDeniedException");
        assertThat(out).isEmpty();
    }

    @Test
    void aClusterThatMayNotBeLookedAtHidesNoOther() {
        ecs.addCluster("staging", 0);
        onDemand("staging", "web");
        ecs.fail(FakeEcs.LIST_SERVICES, 1, FakeEcs.ACCESS_DENIED);

        assertThat(run("capacity", "list")).isEqualTo(Main.FAILED);
        assertThat(err).contains("listing the services of prod", "AccessDeniedException");
        assertThat(out).contains("staging/web");
    }

    @Test
    void aClusterThatDoesNotExistIsSaid() {
        assertThat(run("capacity", "list", "--cluster", "nosuch")).isEqualTo(Main.FAILED);
        assertThat(err).contains("nosuch", "ClusterNotFoundException");
    }

    @Test
    void oneIsTakenBackNow() {
        FakeService web = onDemand("prod", "web").tasks(4, 0);

        assertThat(run("capacity", "back-to-spot", "prod/web", "--dry-run"))
                .as(err)
                .isZero();
        assertThat(out).contains("4 of 4 tasks are running, on-demand because Spot was short", "replaces 4 tasks");
        assertThat(ecs.calls(FakeEcs.UPDATE_SERVICE)).isEmpty();
        assertThat(ecs.calls(FakeEcs.TAG_RESOURCE)).isEmpty();

        assertThat(run("capacity", "back-to-spot", "prod/web")).as(err).isZero();
        assertThat(out).contains("ECS started a deployment that takes prod/web back");
        assertThat(web.tags().get("ecs-steward:failover")).startsWith("returned " + KEPT);
        assertThat(ecs.calls(FakeEcs.UPDATE_SERVICE)).hasSize(1);
    }

    @Test
    void oneIsMovedNow() {
        FakeService web = service("prod", "web");

        assertThat(run("capacity", "to-on-demand", "prod/web")).as(err).isZero();
        assertThat(out).contains("moves prod/web to on-demand; 4 tasks are replaced");
        assertThat(web.tags().get("ecs-steward:failover")).startsWith("on-demand " + KEPT);
    }

    /** Nothing but a sweep, or an event about it, finds what was moved from here. */
    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            -,                     -,                 true
            STEWARD_SPOT_SWEEP,    0s,                true
            STEWARD_SPOT_SWEEP,    1h,                false
            STEWARD_SPOT_POLICY,   failover,          false
            STEWARD_SPOT_POLICIES, prod/web=failover, false
            """)
    void whoMovesOneIsToldWhenNothingTakesItBack(String setting, String value, boolean told) {
        settings = setting == null ? Map.of() : Map.of(setting, value);
        service("prod", "web");
        String words = "STEWARD_SPOT_SWEEP=1h";

        run("capacity", "to-on-demand", "prod/web", "--dry-run");
        assertThat(out.contains(words)).isEqualTo(told);
        run("capacity", "to-on-demand", "prod/web");
        assertThat(out.contains(words)).isEqualTo(told);
        run("capacity", "to-on-demand", "prod/web");
        assertThat(out).as("refused, as it runs on-demand already").doesNotContain(words);
    }

    @Test
    void whatCannotBeMovedIsToldWhy() {
        service("prod", "web");

        assertThat(run("capacity", "back-to-spot", "prod/web")).isEqualTo(Main.FAILED);
        assertThat(err).contains("prod/web was not moved to on-demand");
        assertThat(run("capacity", "to-on-demand", "prod/nosuch")).isEqualTo(Main.FAILED);
        assertThat(err).contains("The service prod/nosuch was not found in ECS");
        assertThat(run("capacity", "to-on-demand", "web")).isEqualTo(Main.WRONG);
        assertThat(err).contains("CLUSTER/SERVICE");
        assertThat(ecs.calls(FakeEcs.UPDATE_SERVICE)).isEmpty();
    }
}
