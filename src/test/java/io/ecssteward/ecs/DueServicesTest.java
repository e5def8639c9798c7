package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.AwsError;
import io.ecssteward.testing.FakeEcs;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is asked with one call, when much is due before a thread is free. */
class DueServicesTest {

    private final FakeEcs ecs = new FakeEcs().addCluster("prod", 1).addCluster("test", 1);
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final DueServices services = new DueServices(ecs::client, tasks::add);
    private final List<String> decided = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    @AfterEach
    void close() {
        ecs.close();
    }

    private void due(String cluster, String service) {
        due(DueServices.ALL_RUNNING, cluster, service);
    }

    private void due(double rank, String cluster, String service) {
        services.add(
                rank,
                cluster,
                service,
                found -> decided.add(service + (found == null ? " unknown" : "")),
                failure -> failed.add(service + ": " + failure.getMessage()));
    }

    private void run() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private List<String> asked() {
        return ecs.calls(FakeEcs.DESCRIBE_SERVICES).stream()
                .map(c -> c.request().path("cluster").asText() + " "
                        + String.join(
                                ",",
                                StreamSupport.stream(
                                                c.request().path("services").spliterator(), false)
                                        .map(s -> s.asText())
                                        .toList()))
                .toList();
    }

    @Test
    void tenOfAClusterAtATimeAndTheLongestWaitingFirst() {
        IntStream.rangeClosed(1, 12).forEach(i -> due("prod", "s" + i));
        due("test", "t1");
        due("prod", "s13");
        run();

        assertThat(asked()).containsExactly("prod s1,s2,s3,s4,s5,s6,s7,s8,s9,s10", "prod s11,s12,s13", "test t1");
        assertThat(decided).hasSize(14).contains("s1 unknown", "t1 unknown");
    }

    @Test
    void theSameServiceOnceMoreIsCheckedOnceMore() {
        ecs.addService("prod", "web");
        due("prod", "web");
        due("prod", "api");
        due("prod", "web");
        run();

        assertThat(asked()).containsExactly("prod web,api", "prod web");
        assertThat(decided).containsExactly("web", "api unknown", "web");
    }

    @Test
    void whoeverHasTheFewestTasksComesFirstAndALookBeforeAnyChange() {
        services.add(0.5, () -> decided.add("half"));
        services.add(DueServices.NOT_URGENT, () -> decided.add("saves money"));
        due("prod", "redeployed");
        services.add(0, () -> decided.add("none"));
        due(DueServices.CHECK, "prod", "checked");
        services.add(0.5, () -> decided.add("half, later"));
        run();

        assertThat(decided)
                .containsExactly("checked unknown", "none", "half", "half, later", "redeployed unknown", "saves money");
    }

    @Test
    void aRefusalIsFoundOutOneByOne() {
        ecs.fail(FakeEcs.DESCRIBE_SERVICES, 2, new AwsError("InvalidParameterException", 400, "Invalid identifier."));
        due("prod", "b@d");
        due("prod", "web");
        run();

        assertThat(asked()).containsExactly("prod b@d,web", "prod b@d", "prod web");
        assertThat(failed)
                .containsExactly(
                        "b@d: describing prod/b@d: ECS answered InvalidParameterException: Invalid identifier.");
        assertThat(decided).containsExactly("web unknown");
    }

    @Test
    void whatMayPassFailsForAllAndIsAskedOnce() {
        ecs.fail(FakeEcs.DESCRIBE_SERVICES, 1, FakeEcs.SERVER_ERROR);
        due("prod", "web");
        due("prod", "api");
        run();

        assertThat(failed).hasSize(2);
        assertThat(asked()).hasSize(1);
    }
}
