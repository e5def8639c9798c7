package io.ecssteward.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.ecssteward.details.DetailClients;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.thirdparty.jackson.core.JsonGenerator;
import software.amazon.awssdk.thirdparty.jackson.core.JsonParser;
import software.amazon.awssdk.thirdparty.jackson.core.JsonToken;
import software.amazon.awssdk.thirdparty.jackson.dataformat.cbor.CBORFactory;

/**
 * Alarms and graphs of CloudWatch over HTTP, in the protocol that this version of its client speaks: Smithy RPC v2 with
 * CBOR. Bodies are bytes, one a character.
 *
 * @see <a href="https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html">Smithy RPC v2 CBOR</a>
 */
public final class FakeCloudWatch extends HttpFake {
    public static final String ALARMS = "DescribeAlarms";
    public static final String IMAGE = "GetMetricWidgetImage";

    /** The picture. */
    public static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private static final CBORFactory CBOR = new CBORFactory();

    private final Map<String, String> alarms = new ConcurrentHashMap<>();
    private final List<String> calls = new ArrayList<>();
    private final List<String> widgets = new ArrayList<>();

    public FakeCloudWatch() {
        listen();
    }

    /** Clients that ask this fake, once each. */
    public DetailClients clients() {
        return closeLater(Aws.detailClients(endpoint()));
    }

    /** An alarm, by its ARN: {@code metric}, {@code composite} or {@code logs}. */
    public void alarm(String arn, String kind) {
        alarms.put(arn, kind);
    }

    /** The alarm is deleted. */
    public void forget(String arn) {
        alarms.remove(arn);
    }

    /** What was to be drawn, as JSON. */
    public List<String> widgets() {
        synchronized (calls) {
            return List.copyOf(widgets);
        }
    }

    /** The operations that were asked for, in order. */
    public List<String> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    @Override
    String operation(Headers headers, String body) {
        throw new UnsupportedOperationException();
    }

    @Override
    String operation(HttpExchange exchange, String body) {
        String path = exchange.getRequestURI().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    Charset charset() {
        return StandardCharsets.ISO_8859_1;
    }

    @Override
    void record(String operation, String body) {
        synchronized (calls) {
            calls.add(operation);
            if (operation.equals(IMAGE)) {
                widgets.add(text(body, "MetricWidget"));
            }
        }
    }

    @Override
    String answer(String operation, String body) {
        return switch (operation) {
            case ALARMS -> written(json -> alarms(json, text(body, "AlarmNames")));
            case IMAGE ->
                written(json -> {
                    json.writeFieldName("MetricWidgetImage");
                    json.writeBinary(PNG);
                });
            default -> throw AwsError.refusal("UnknownOperationException", "Not faked: " + operation);
        };
    }

    private void alarms(JsonGenerator json, String name) throws IOException {
        for (String list : List.of("MetricAlarms", "CompositeAlarms")) {
            json.writeArrayFieldStart(list);
            for (Map.Entry<String, String> alarm : alarms.entrySet()) {
                boolean composite = alarm.getValue().equals("composite");
                if (!alarm.getKey().endsWith(":" + name) || composite != list.startsWith("Composite")) {
                    continue;
                }
                json.writeStartObject();
                json.writeStringField("AlarmName", name);
                json.writeStringField("AlarmArn", alarm.getKey());
                if (alarm.getValue().equals("metric")) {
                    json.writeStringField("Namespace", "AWS/ECS");
                    json.writeStringField("MetricName", "CPUUtilization");
                    json.writeStringField("Statistic", "Average");
                    json.writeNumberField("Period", 60);
                    json.writeNumberField("Threshold", 80.5);
                    json.writeArrayFieldStart("Dimensions");
                    json.writeStartObject();
                    json.writeStringField("Name", "ServiceName");
                    json.writeStringField("Value", "web");
                    json.writeEndObject();
                    json.writeEndArray();
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    /** Writes the fields of an object. */
    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private static String written(Fields fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = CBOR.createGenerator(out)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /** The text of a field, or the first in its list. */
    private static String text(String body, String field) {
        try (JsonParser json = CBOR.createParser(body.getBytes(StandardCharsets.ISO_8859_1))) {
            boolean within = false;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                within |= token == JsonToken.FIELD_NAME && json.currentName().equals(field);
                if (within && token == JsonToken.VALUE_STRING) {
                    return json.getText();
                }
            }
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    String body(AwsError error) {
        return written(json -> {
            json.writeStringField("__type", "com.amazonaws.cloudwatch#" + error.code());
            json.writeStringField("message", error.message());
        });
    }

    @Override
    String contentType() {
        return "application/cbor";
    }
}
