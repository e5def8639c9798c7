package io.ecssteward.testing;

import com.sun.net.httpserver.Headers;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * Amazon SNS over HTTP, for the real {@link SnsClient}: Publish, to any topic. Tests order faults ({@link #fail},
 * {@link #hangUp}, {@link #loseAnswer}, {@link #hold}) and then look at what was {@link #published}.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_Publish.html">Publish</a>
 */
public final class FakeSns extends HttpFake {
    public static final String PUBLISH = "Publish";

    public static final AwsError THROTTLED = new AwsError("Throttled", 429, "Rate exceeded");
    public static final AwsError SERVER_ERROR = new AwsError("InternalError", 500, "Internal error");
    public static final AwsError AUTHORIZATION_ERROR = new AwsError(
            "AuthorizationError",
            403,
            "User: arn:aws:sts::" + Aws.ACCOUNT
                    + ":assumed-role/steward/task is not authorized to perform: SNS:Publish");
    public static final AwsError NOT_FOUND = new AwsError("NotFound", 404, "Topic does not exist");

    private static final int MAX_SUBJECT = 100;
    private static final String NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/";

    private final List<Publication> published = new ArrayList<>();
    private final AtomicInteger attempts = new AtomicInteger();

    /**
     * A message that SNS took.
     *
     * @param topicArn where to
     * @param subject null when there is none
     * @param message the body
     * @param attributes the values by name, in order
     */
    public record Publication(String topicArn, String subject, String message, Map<String, String> attributes) {}

    /** Starts it. */
    public FakeSns() {
        listen();
    }

    /** A new client of this fake, without retries; it is closed with the fake. */
    public SnsClient client() {
        return closeLater(Aws.client(SnsClient.builder(), endpoint(), PATIENCE));
    }

    /** A topic's ARN, to publish to. */
    public String topicArn(String name) {
        return "arn:aws:sns:" + Aws.REGION + ":" + Aws.ACCOUNT + ":" + name;
    }

    /** What SNS took, in order. */
    public List<Publication> published() {
        synchronized (published) {
            return List.copyOf(published);
        }
    }

    /** How many calls came, with those that failed. */
    public int attempts() {
        return attempts.get();
    }

    /** Forgets what was published and the attempts; faults stay. */
    public void clear() {
        synchronized (published) {
            published.clear();
        }
        attempts.set(0);
    }

    @Override
    String operation(Headers headers, String body) {
        return form(body).getOrDefault("Action", "");
    }

    @Override
    void record(String operation, String body) {
        attempts.incrementAndGet();
    }

    @Override
    String answer(String operation, String body) {
        if (!operation.equals(PUBLISH)) {
            throw AwsError.refusal("InvalidAction", "Not faked: " + operation);
        }
        Map<String, String> form = form(body);
        Publication publication = new Publication(
                form.get("TopicArn"), form.get("Subject"), form.getOrDefault("Message", ""), attributes(form));
        check(publication);
        synchronized (published) {
            published.add(publication);
        }
        return """
                <PublishResponse xmlns="%s">
                  <PublishResult><MessageId>%s</MessageId></PublishResult>
                  <ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata>
                </PublishResponse>
                """.formatted(NAMESPACE, UUID.randomUUID(), UUID.randomUUID());
    }

    @Override
    String body(AwsError error) {
        return error.xml(NAMESPACE);
    }

    @Override
    String contentType() {
        return "text/xml";
    }

    private static void check(Publication publication) {
        if (publication.message().isEmpty()) {
            throw AwsError.refusal("InvalidParameter", "Invalid parameter: Empty message");
        }
        String subject = publication.subject();
        if (subject != null
                && (subject.isEmpty()
                        || subject.length() > MAX_SUBJECT
                        || subject.chars().anyMatch(Character::isISOControl))) {
            throw AwsError.refusal("InvalidParameter", "Invalid parameter: Subject");
        }
    }

    private static Map<String, String> attributes(Map<String, String> form) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int n = 1; form.containsKey("MessageAttributes.entry." + n + ".Name"); n++) {
            String entry = "MessageAttributes.entry." + n;
            String value = form.get(entry + ".Value.StringValue");
            attributes.put(form.get(entry + ".Name"), value == null ? form.get(entry + ".Value.BinaryValue") : value);
        }
        return attributes;
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : body.split("&")) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) {
                form.put(decode(parts[0]), decode(parts[1]));
            }
        }
        return form;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
