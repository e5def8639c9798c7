package io.ecssteward.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.testing.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ManualClock clock = ManualClock.at("2026-11-17T10:00:00Z");

    private String message(String type, String payload) throws JsonProcessingException {
        return Envelope.message(
                JSON.createObjectNode().put("type", type).set("payload", JSON.readTree(payload)), clock);
    }

    @Test
    void aPressOfAButtonHasTheSameIdentityInEachEnvelope() throws Exception {
        String payload = """
                {"type": "block_actions", "user": {"id": "U1", "username": "alex"},
                 "container": {"message_ts": "1763373500.000100", "channel_id": "C1"}, "response_url": "https://r",
                 "actions": [{"action_id": "roll-back", "action_ts": "1763373600.123456",
                 "value": "{\\"incident\\":\\"web-7f3a\\",\\"about\\":\\"service/1/r/prod/web\\"}"}]}
                """;
        JsonNode event = JSON.readTree(message("interactive", payload));

        assertThat(event.path("id").asText()).isEqualTo("slack-action/U1/roll-back/1763373600.123456");
        assertThat(event.path("time").asText()).isEqualTo("2025-11-17T10:00:00.123Z");
        assertThat(event.path("detail")).isEqualTo(JSON.readTree("""
                                {"action": "roll-back", "text": "", "confirmed": false, "user": "U1",
                                 "userName": "alex", "channel": "C1", "responseUrl": "https://r",
                                 "incident": "web-7f3a", "about": "service/1/r/prod/web",
                                 "message": "1763373500.000100"}
                                """));
        assertThat(message("interactive", payload)).isEqualTo(event.toString());
    }

    @Test
    void aCommandHasItsFirstWordAsAction() throws Exception {
        String typed = "{\"user_id\": \"U1\", \"trigger_id\": \"1.2.f\", \"text\": \"%s\"}";

        assertThat(message("slash_commands", typed.formatted("  Redeploy  prod/web now ")))
                .contains("slack-action/U1/redeploy/1.2.f", "\"text\":\"prod/web now\"");
        assertThat(message("slash_commands", typed.formatted(" "))).contains("slack-action/U1/help/1.2.f");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "{\"type\": \"view_submission\"}",
                "{\"type\": \"block_actions\"}",
                "{\"type\": \"block_actions\", \"actions\": {}, \"user\": 7}",
                "{\"type\": \"block_actions\", \"user\": {\"id\": \"U1\"}, \"actions\": [{\"action_id\": \"x\"}]}"
            })
    void whatIsForNobodyHereIsNoMessage(String payload) throws Exception {
        assertThat(message("interactive", payload)).isNull();
        assertThat(message("slash_commands", payload)).isNull();
        assertThat(message("events_api", payload)).isNull();
    }
}
