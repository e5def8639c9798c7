package io.ecssteward.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.event.EventReader;
import io.ecssteward.event.Payload;
import io.ecssteward.failure.PermanentFailureException;
import java.time.Instant;

/** Finds the time of the event in a message. */
public final class MessageTime {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final EventReader READER = new EventReader();

    private MessageTime() {}

    /** The time of a message; null if unknown. */
    public static Instant of(String body) {
        try {
            return of(JSON.readTree(body), body);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /**
     * The same for a message that is already parsed.
     *
     * @param json the parsed {@code body}
     */
    public static Instant of(JsonNode json, String body) {
        Instant own = Payload.of(json, null).instant("time");
        if (own != null) {
            return own;
        }
        for (Payload payload : READER.open(body, null)) {
            try {
                Instant time = READER.read(payload).time();
                if (time != null) {
                    return time;
                }
            } catch (PermanentFailureException e) {
                // A malformed message is reported when it is processed.
            }
        }
        return Payload.of(json, null).instant("Timestamp");
    }
}
