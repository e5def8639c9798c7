package io.ecssteward.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * A way to the SQS of {@link Sqs} on which things go wrong: tests order faults ({@link #fail}, {@link #hangUp},
 * {@link #loseAnswer}, {@link #hold}) and batches of which a part is refused.
 */
public final class SqsProxy extends HttpFake {
    public static final String RECEIVE = "ReceiveMessage";
    public static final String SEND = "SendMessageBatch";
    public static final String DELETE = "DeleteMessageBatch";
    public static final String GIVE_BACK = "ChangeMessageVisibilityBatch";
    public static final String LOOK = "GetQueueAttributes";

    public static final AwsError ACCESS_DENIED = new AwsError(
            "AccessDeniedException",
            403,
            "User: arn:aws:iam::" + Aws.ACCOUNT + ":user/somebody is not authorized to perform it");
    public static final AwsError SERVER_ERROR = new AwsError("InternalFailure", 500, "Internal error");

    private static final String PREFIX = "AmazonSQS.";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Sqs sqs;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Deque<Refusal> refusals = new ArrayDeque<>();

    /** An entry of the next batch of this operation that is not passed on. */
    private record Refusal(String operation, int place, boolean senderFault) {}

    /** One on the way to this SQS. */
    public SqsProxy(Sqs sqs) {
        this.sqs = sqs;
        listen();
    }

    /** A new client that goes this way, without retries; it is closed with this. */
    public SqsClient client() {
        return closeLater(Aws.client(SqsClient.builder(), endpoint(), PATIENCE));
    }

    /** A client of the caller's own that goes this way. */
    public SqsClient newClient() {
        return Aws.client(SqsClient.builder(), endpoint(), PATIENCE);
    }

    /** Refuses one entry of the next batch of an operation, and passes the others on; one a batch. */
    public void refuse(String operation, int place, boolean senderFault) {
        synchronized (refusals) {
            refusals.add(new Refusal(operation, place, senderFault));
        }
    }

    /** The operations that were called, in order. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    String operation(Headers headers, String body) {
        String target = String.valueOf(headers.getFirst("X-Amz-Target"));
        return target.substring(target.lastIndexOf('.') + 1);
    }

    @Override
    void record(String operation, String body) {
        calls.add(operation);
    }

    @Override
    Answer respond(String operation, String body) {
        try {
            ObjectNode request = (ObjectNode) JSON.readTree(body);
            ArrayNode refused = JSON.createArrayNode();
            Refusal refusal = taken(operation);
            if (refusal != null && request.path("Entries") instanceof ArrayNode entries) {
                refused.addObject()
                        .put("Id", entries.remove(refusal.place()).path("Id").asText())
                        .put("SenderFault", refusal.senderFault())
                        .put("Code", refusal.senderFault() ? "InvalidMessageContents" : "InternalError")
                        .put("Message", "refused by the test");
                if (entries.isEmpty()) {
                    return new Answer(
                            200, JSON.createObjectNode().set("Failed", refused).toString());
                }
            }
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(sqs.endpoint())
                            .timeout(PATIENCE)
                            .header("Content-Type", contentType())
                            .header("X-Amz-Target", PREFIX + operation)
                            .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (refused.isEmpty()) {
                return new Answer(answer.statusCode(), answer.body());
            }
            ObjectNode mixed = (ObjectNode) JSON.readTree(answer.body());
            ((ArrayNode) mixed.withArray("Failed")).addAll(refused);
            return new Answer(answer.statusCode(), mixed.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Refusal taken(String operation) {
        synchronized (refusals) {
            return !refusals.isEmpty() && refusals.peek().operation().equals(operation) ? refusals.poll() : null;
        }
    }

    @Override
    String answer(String operation, String body) {
        throw new UnsupportedOperationException("SQS answers");
    }

    @Override
    String body(AwsError error) {
        return "{\"__type\":\"com.amazonaws.sqs#" + error.code() + "\",\"message\":\"" + error.message() + "\"}";
    }

    @Override
    String contentType() {
        return "application/x-amz-json-1.0";
    }
}
