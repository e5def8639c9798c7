package io.ecssteward.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.ecssteward.alert.Redactor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.event.KeyValuePair;

/**
 * Writes each log entry as one line: for a person, or as one JSON object whose first members are {@code timestamp},
 * {@code level}, {@code logger}, {@code thread} and {@code message}. Key-value pairs (see {@link LogFields}) and the
 * thread's context (MDC) are members, too, with their own names, and a stack trace is {@code exception}.
 *
 * <p>Secrets are masked, see {@link Redactor}.
 *
 * <p>All characters except printable ASCII are escaped: names in events come from outside, and must neither end a line
 * (U+0085 and U+2028 do for some programs) nor be invalid UTF-8 (half a surrogate pair is).
 */
public class LineEncoder extends EncoderBase<ILoggingEvent> {

    /** Our own limit in characters: names in events are shorter. */
    static final int LONGEST_VALUE = 1_000;

    /**
     * Our own limit in characters: some log drivers cut lines at 16 KiB, and a program cannot read half a JSON object.
     */
    static final int LONGEST_TRACE = 8_000;

    private static final Set<String> OWN = Set.of("timestamp", "level", "logger", "thread", "message", "exception");

    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final byte[] LINE_END = {'\n'};

    /** Our own choice: how many frames of each exception are useful, before those of Camel and the JDK. */
    private static final String FRAMES = "15";

    /** Fewer frames in the text for people. */
    private static final String FRAMES_IN_TEXT = "5";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.systemDefault());

    private LogFormat format;
    private ThrowableProxyConverter thrown;

    @Override
    public void start() {
        format = LogFormat.configured();
        thrown = format == LogFormat.JSON ? new ThrowableProxyConverter() : new ThrownConverter();
        thrown.setOptionList(List.of(format == LogFormat.JSON ? FRAMES : FRAMES_IN_TEXT));
        thrown.start();
        super.start();
    }

    @Override
    public byte[] encode(ILoggingEvent entry) {
        return format == LogFormat.JSON ? json(entry) : text(entry).getBytes(StandardCharsets.UTF_8);
    }

    private String text(ILoggingEvent entry) {
        String logger = entry.getLoggerName();
        return String.format(
                "%s %-5s %s %s%n%s",
                TIME.format(entry.getInstant()),
                entry.getLevel(),
                logger.substring(logger.lastIndexOf('.') + 1),
                ThrownConverter.oneLine(Redactor.text(entry.getFormattedMessage())),
                Redactor.text(thrown.convert(entry)));
    }

    private byte[] json(ILoggingEvent entry) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("timestamp", entry.getInstant().toString());
            json.writeStringField("level", entry.getLevel().toString());
            json.writeStringField("logger", entry.getLoggerName());
            json.writeStringField("thread", entry.getThreadName());
            json.writeStringField("message", Redactor.text(entry.getFormattedMessage()));
            if (entry.getKeyValuePairs() != null) {
                for (KeyValuePair pair : entry.getKeyValuePairs()) {
                    write(json, pair.key, pair.value);
                }
            }
            for (Map.Entry<String, String> context : entry.getMDCPropertyMap().entrySet()) {
                write(json, context.getKey(), context.getValue());
            }
            if (entry.getThrowableProxy() != null) {
                json.writeStringField("exception", cut(Redactor.text(thrown.convert(entry)), LONGEST_TRACE));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        line.writeBytes(LINE_END);
        return line.toByteArray();
    }

    private static void write(JsonGenerator json, String name, Object value) throws IOException {
        if (value == null || OWN.contains(name)) {
            return;
        }
        if (value instanceof Number number) {
            json.writeFieldName(name);
            json.writeNumber(number.toString());
        } else {
            json.writeStringField(name, cut(Redactor.value(name, value.toString()), LONGEST_VALUE));
        }
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "\u2026";
    }

    @Override
    public byte[] headerBytes() {
        return null;
    }

    @Override
    public byte[] footerBytes() {
        return null;
    }
}
