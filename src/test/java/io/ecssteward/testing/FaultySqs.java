package io.ecssteward.testing;

import com.sun.net.httpserver.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * What goes wrong between a client and an {@link Sqs} ({@link #fail}, {@link #hangUp}, {@link #hold}); everything else
 * is passed on.
 */
public final class FaultySqs extends HttpFake {
    public static final String RECEIVE = "ReceiveMessage";
    public static final String ATTRIBUTES = "GetQueueAttributes";

    public static final AwsError DENIED = new AwsError(
            "AccessDeniedException",
            403,
            "User: arn:aws:sts::" + Aws.ACCOUNT
                    + ":assumed-role/steward/task is not authorized to perform: sqs:receivemessage");

    private static final String NAMESPACE = "AmazonSQS.";
    private static final String JSON = "application/x-amz-json-1.0";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI sqs;
    private final List<String> calls = new ArrayList<>();

    /** Stands before this one, which stays the caller's to close. */
    public FaultySqs(Sqs sqs) {
        this.sqs = sqs.endpoint();
        listen();
    }

    /** A new client without retries; it is closed with this. */
    public SqsClient client() {
        return closeLater(Aws.client(SqsClient.builder(), endpoint(), PATIENCE));
    }

    /** How often an operation was called, whatever came of it. */
    public int calls(String operation) {
        synchronized (calls) {
            return (int) calls.stream().filter(operation::equals).count();
        }
    }

    @Override
    String operation(Headers headers, String body) {
        return headers.getFirst("X-Amz-Target").substring(NAMESPACE.length());
    }

    @Override
    void record(String operation, String body) {
        synchronized (calls) {
            calls.add(operation);
        }
    }

    @Override
    Answer respond(String operation, String body) {
        HttpRequest request = HttpRequest.newBuilder(sqs)
                .header("X-Amz-Target", NAMESPACE + operation)
                .header("Content-Type", JSON)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    String answer(String operation, String body) {
        throw new UnsupportedOperationException("ElasticMQ answers");
    }

    @Override
    String body(AwsError error) {
        return "{\"__type\":\"com.amazon.coral.service#" + error.code() + "\",\"message\":\"" + error.message() + "\"}";
    }

    @Override
    String contentType() {
        return JSON;
    }
}
