package io.ecssteward.alert;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/**
 * Writes and reads alerts as JSON, for the alerts queue and for the store. Times and durations have the JDK's format:
 * {@code "PT10M"}, {@code "2026-11-20T10:00:00Z"}.
 */
public final class AlertJson {

    /**
     * Writes ASCII, because SQS rejects some characters that events may contain. It ignores unknown fields, because
     * replicas of two versions share the queue and the store during a deployment.
     */
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .addModule(new SimpleModule()
                    .addSerializer(Duration.class, ToStringSerializer.instance)
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(Duration.class, new Written<>(Duration.class, Duration::parse))
                    .addDeserializer(Instant.class, new Written<>(Instant.class, Instant::parse)))
            .build();

    private static final int MAX_FIELDS = 200;

    /** The longest title or field name, in characters: more than a message has room for. */
    private static final int MAX_LINE = 500;

    private AlertJson() {}

    /** Reads the output of {@code toString} of a JDK class. */
    private static final class Written<T> extends FromStringDeserializer<T> {
        private static final long serialVersionUID = 1;
        private final transient Function<String, T> parse;

        Written(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        protected T _deserialize(String value, DeserializationContext context) {
            return parse.apply(value);
        }
    }

    /**
     * The alert without text beyond what receivers show. An alert with a Slack payload is not changed.
     *
     * @param maxCharacters the limit for its text and the values of its fields together
     */
    public static Alert cut(Alert alert, int maxCharacters) {
        if (alert.slackPayload() != null) {
            return alert;
        }
        int[] remaining = {maxCharacters};
        Alert.Builder cut = alert.change()
                .title(start(alert.title(), MAX_LINE))
                .text(start(alert.text(), remaining))
                .noFields();
        alert.fields().stream()
                .limit(MAX_FIELDS)
                .forEach(f -> cut.field(start(f.name(), MAX_LINE), start(f.value(), remaining)));
        return cut.build();
    }

    private static String start(String text, int[] remaining) {
        String start = start(text, remaining[0]);
        remaining[0] -= start.length();
        return start;
    }

    private static String start(String text, int maxLength) {
        return text.length() > maxLength ? text.substring(0, maxLength) : text;
    }
}
