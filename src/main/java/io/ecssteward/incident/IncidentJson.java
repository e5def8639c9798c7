package io.ecssteward.incident;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.AlertJson;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes and reads the document of an incident. From a document of another version of Steward, it reads the parts that
 * this version knows.
 */
final class IncidentJson {

    private static final Logger LOG = LoggerFactory.getLogger(IncidentStore.class);

    /**
     * The largest document, in bytes. DynamoDB accepts items of up to 400 KB, including the key and the other
     * attributes.
     *
     * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html">Quotas in
     *     DynamoDB</a>
     */
    static final int MAX_BYTES = 350_000;

    /** How many characters of an alert are stored: as many as a message shows, then fewer until the document fits. */
    private static final int[] MAX_CHARACTERS = {20_000, 2_000, 200, 0};

    static final JsonMapper MAPPER = mapper();

    private IncidentJson() {}

    private static JsonMapper mapper() {
        JsonMapper mapper = AlertJson.MAPPER.copy();
        mapper.configOverride(List.class).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
        mapper.addHandler(new DeserializationProblemHandler() {
            @Override
            public Object handleWeirdStringValue(
                    DeserializationContext context, Class<?> type, String value, String message) {
                // A kind that a later version added: the line's text is enough.
                return type == StoryLine.Kind.class ? StoryLine.Kind.ACTED : NOT_HANDLED;
            }
        });
        return mapper;
    }

    /**
     * ASCII-only JSON of at most {@link #MAX_BYTES}: texts of alerts are truncated, then the alerts that ended first
     * are left out.
     */
    static String write(Incident incident) {
        for (int max : MAX_CHARACTERS) {
            String written = string(incident, cut(incident.alerts(), max));
            if (written.length() <= MAX_BYTES) {
                return written;
            }
        }
        List<IncidentAlert> alerts = cut(incident.alerts(), 0);
        while (true) {
            int leftOut = Math.max(1, alerts.size() / 10);
            for (int i = 0; i < leftOut && !alerts.isEmpty(); i++) {
                alerts.remove(
                        alerts.stream().filter(a -> !a.firing()).findFirst().orElse(alerts.get(0)));
            }
            String written = string(incident, alerts);
            if (written.length() <= MAX_BYTES || alerts.isEmpty()) {
                return written;
            }
        }
    }

    static Incident read(JsonNode json) throws JsonProcessingException {
        return MAPPER.treeToValue(json, Incident.class);
    }

    /** The JSON of a document; null if the document is missing, or (with a warning) if it cannot be read. */
    static JsonNode tree(String key, String text) {
        try {
            return text == null ? null : MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return unreadable(key, e);
        }
    }

    static <T> T unreadable(String key, JsonProcessingException e) {
        LOG.warn("reading {}: {}; treating it as missing", key, e.getOriginalMessage());
        return null;
    }

    private static String string(Incident incident, List<IncidentAlert> alerts) {
        ObjectNode json = MAPPER.valueToTree(incident);
        return string(json.set("alerts", MAPPER.valueToTree(alerts)));
    }

    static String string(JsonNode json) {
        try {
            return MAPPER.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<IncidentAlert> cut(List<IncidentAlert> alerts, int maxCharacters) {
        List<IncidentAlert> cut = new ArrayList<>();
        alerts.forEach(a -> cut.add(new IncidentAlert(
                AlertJson.cut(a.latest(), maxCharacters), a.count(), a.first(), a.last(), a.ended(), a.posted())));
        return cut;
    }
}
