package io.ecssteward.details;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ecssteward.outcome.Action;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.RunningSteward;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a replay shows of details, which asks AWS nothing. */
class DetailReplayTest {

    @Test
    void aReplaySaysWhichDetailWouldBeAskedForAndOfWhat() throws Exception {
        Settings settings = ReplaySession.settings(
                Settings.of(Map.of(), Map.of("steward.details.logs", "true", "steward.details.deployments", "true")),
                false);
        try (ReplaySession session = ReplaySession.start(settings, Clock.systemUTC())) {
            List<ReplaySession.Outcome> outcomes = session.process(RunningSteward.sample("incident-alert"));

            assertThat(outcomes).singleElement().satisfies(outcome -> {
                assertThat(outcome.failure()).isNull();
                assertThat(outcome.routes()).containsExactlyInAnyOrder("log-tail", "last-deployment");
                assertThat(outcome.eventOutcome().performed())
                        .extracting(Action::sink, Action::operation, Action::about)
                        .containsExactlyInAnyOrder(
                                tuple("detail", "log-tail", "web-7f3a"),
                                tuple("detail", "last-deployment", "web-7f3a"));
                assertThat(outcome.eventOutcome().performed())
                        .extracting(action -> action.request().path("resource").asText())
                        .containsExactlyInAnyOrder(
                                "arn:aws:ecs:eu-west-1:111122223333:task/prod/b99d40b3-5176-4f71-9a52-9dbd6f1cebef",
                                "arn:aws:ecs:eu-west-1:111122223333:service/prod/web");
            });
        }
    }
}
