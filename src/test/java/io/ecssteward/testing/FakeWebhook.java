package io.ecssteward.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server that takes whatever is posted to it. */
public final class FakeWebhook extends HttpFake {

    /** The name of its only operation, for the faults in store. */
    public static final String POST = "POST";

    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /**
     * What came, whatever was answered.
     *
     * @param uri path and query, as they came
     */
    public record Request(String method, String uri, Headers headers, String body) {}

    public FakeWebhook() {
        listen();
    }

    /** All that came, in order. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    @Override
    String operation(HttpExchange exchange, String body) {
        requests.add(new Request(
                exchange.getRequestMethod(), exchange.getRequestURI().toString(), exchange.getRequestHeaders(), body));
        return exchange.getRequestMethod();
    }

    @Override
    String operation(Headers headers, String body) {
        return POST;
    }

    @Override
    void record(String operation, String body) {}

    @Override
    String answer(String operation, String body) {
        return "{\"status\": \"success\"}";
    }

    @Override
    String body(AwsError error) {
        return error.message();
    }

    @Override
    String contentType() {
        return "application/json";
    }
}
