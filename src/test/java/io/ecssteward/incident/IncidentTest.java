package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.alert.Alert;
import io.ecssteward.incident.Incident.Status;
import io.ecssteward.incident.StoryLine.Kind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What an incident keeps of what came. */
class IncidentTest {
    private static final IncidentRules RULES = IncidentRules.DEFAULT;
    private static final Instant START = Instant.parse("2026-05-04T03:00:00Z");
    private static final String WEB = "service/111122223333/eu-west-1/prod/web";

    private static Alert alert(String key, Alert.State state) {
        return Alert.about(WEB + "/" + key)
                .incident(WEB)
                .channel("C0DE")
                .state(state)
                .title(key)
                .build();
    }

    @Test
    void isShownOnceAndTurnsGreen() {
        Incident open = Incident.of(alert("stopped", Alert.State.FIRING), START, RULES);
        assertThat(open.id()).matches("web-[0-9a-f]{4}");
        Step message = open.next(true, START, RULES).orElseThrow();
        assertThat(message).isInstanceOf(Step.NewMessage.class);
        Incident shown = open.attempting(message, "me", START.plusSeconds(60))
                .applyResult(message, new Step.Posted("C1", "1.000001"), START);
        assertThat(shown.next(true, START, RULES)).isEmpty();

        Instant end = START.plus(Duration.ofMinutes(34));
        Incident over = shown.apply(alert("*", Alert.State.RESOLVED), end, RULES);
        assertThat(over.status()).isEqualTo(Status.RESOLVED);
        Step edit = over.next(true, end, RULES).orElseThrow();
        assertThat(edit).isEqualTo(new Step.Edit(over));
        Incident green = over.attempting(edit, "me", end.plusSeconds(60))
                .applyResult(edit, new Step.Posted("C1", "1.000001"), end);
        Step.Reply reply = (Step.Reply) green.next(true, end, RULES).orElseThrow();
        assertThat(reply.lines()).singleElement().satisfies(line -> {
            assertThat(line.kind()).isEqualTo(Kind.RESOLVED);
            assertThat(line.text()).isEqualTo("Resolved after 34 minutes; fired once.");
        });
        Incident told = green.applyResult(reply, new Step.Posted("C1", "1.000002"), end);
        assertThat(told.next(true, end, RULES)).isEmpty();
        assertThat(told.over(end.plus(RULES.reopen()), RULES)).isTrue();
    }

    @Test
    void anEndOfManySaysWhy() {
        Alert end =
                alert("*", Alert.State.RESOLVED).change().text("It is back.").build();
        Incident over = Incident.of(alert("stopped", Alert.State.FIRING), START, RULES)
                .apply(end, START.plusSeconds(60), RULES);
        assertThat(over.story().get(1).text()).isEqualTo("Resolved after 1 minute; fired once. It is back.");
        Incident open = Incident.of(alert("capacity/a", Alert.State.FIRING), START, RULES)
                .apply(alert("stopped", Alert.State.FIRING), START, RULES)
                .apply(end.change().key(WEB + "/capacity*").build(), START.plusSeconds(60), RULES);
        assertThat(open.story().get(2).text()).isEqualTo("Over: capacity/a. It is back.");
    }
}
