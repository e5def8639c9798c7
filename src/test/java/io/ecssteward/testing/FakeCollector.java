package io.ecssteward.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * An OpenTelemetry collector over HTTP: it takes spans by {@code POST /v1/traces}, in Protocol Buffers, of which it
 * reads the few fields that tests look at.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#otlphttp">OTLP/HTTP</a>
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto">Spans</a>
 */
public final class FakeCollector extends HttpFake {
    public static final String EXPORT = "POST /v1/traces";

    public static final AwsError REFUSED = new AwsError("Refused", 400, "not here");

    private final List<String> requests = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();

    /**
     * A span that came.
     *
     * @param parent empty when there is none
     * @param attributes those whose value is a string
     * @param failed whether its status is an error
     */
    public record Span(
            String traceId,
            String spanId,
            String parent,
            String name,
            Map<String, String> attributes,
            boolean failed) {}

    /** Starts it. */
    public FakeCollector() {
        listen();
    }

    /** The method and path of each request, in order. */
    public List<String> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** What came, in order. */
    public List<Span> spans() {
        synchronized (spans) {
            return List.copyOf(spans);
        }
    }

    @Override
    String operation(Headers headers, String body) {
        throw new UnsupportedOperationException("its paths matter");
    }

    @Override
    String operation(HttpExchange exchange, String body) {
        return exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    }

    /** A character a byte, so that none is lost. */
    @Override
    Charset charset() {
        return StandardCharsets.ISO_8859_1;
    }

    @Override
    void record(String operation, String body) {
        synchronized (requests) {
            requests.add(operation);
        }
    }

    @Override
    String answer(String operation, String body) {
        if (operation.equals(EXPORT)) {
            List<Span> came = new ArrayList<>();
            ByteBuffer request = ByteBuffer.wrap(body.getBytes(charset()));
            fields(
                    request,
                    (resourceSpans, of) -> fields(of, (scopeSpans, in) -> {
                        if (scopeSpans == 2) {
                            fields(in, (field, span) -> {
                                if (field == 2) {
                                    came.add(span(span));
                                }
                            });
                        }
                    }));
            synchronized (spans) {
                spans.addAll(came);
            }
        }
        return "";
    }

    @Override
    String body(AwsError error) {
        return error.message();
    }

    @Override
    String contentType() {
        return "application/x-protobuf";
    }

    private static Span span(ByteBuffer message) {
        Map<Integer, String> ids = new LinkedHashMap<>();
        Map<String, String> attributes = new LinkedHashMap<>();
        String[] name = {""};
        boolean[] failed = {false};
        fields(message, (field, value) -> {
            switch (field) {
                case 1, 2, 4 -> ids.put(field, HexFormat.of().formatHex(bytes(value)));
                case 5 -> name[0] = text(value);
                case 9 -> attribute(value, attributes);
                case 15 -> failed[0] = value.hasRemaining();
                default -> {}
            }
        });
        return new Span(ids.get(1), ids.get(2), ids.getOrDefault(4, ""), name[0], attributes, failed[0]);
    }

    private static void attribute(ByteBuffer message, Map<String, String> attributes) {
        String[] key = {""};
        fields(message, (field, value) -> {
            if (field == 1) {
                key[0] = text(value);
            } else {
                fields(value, (kind, string) -> attributes.put(key[0], text(string)));
            }
        });
    }

    private static byte[] bytes(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        return bytes;
    }

    private static String text(ByteBuffer value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    /**
     * Hands on each field that has a length: messages, strings and bytes; numbers are passed over.
     *
     * @see <a href="https://protobuf.dev/programming-guides/encoding/">Encoding of Protocol Buffers</a>
     */
    private static void fields(ByteBuffer message, BiConsumer<Integer, ByteBuffer> each) {
        message.order(ByteOrder.LITTLE_ENDIAN);
        while (message.hasRemaining()) {
            long key = varint(message);
            switch ((int) (key & 7)) {
                case 0 -> varint(message);
                case 1 -> message.getLong();
                case 2 -> {
                    int length = (int) varint(message);
                    each.accept((int) (key >> 3), message.slice(message.position(), length));
                    message.position(message.position() + length);
                }
                case 5 -> message.getInt();
                default -> throw new IllegalArgumentException("no Protocol Buffers: a field of type " + (key & 7));
            }
        }
    }

    private static long varint(ByteBuffer message) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = message.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("no Protocol Buffers: an endless number");
    }
}
