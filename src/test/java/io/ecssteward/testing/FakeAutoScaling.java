package io.ecssteward.testing;

import com.sun.net.httpserver.Headers;
import io.ecssteward.host.LifecycleHooks;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * Lifecycle hooks of EC2 Auto Scaling over HTTP. Tests set up hooks and let them begin to wait for instances, order
 * faults ({@link #fail}, {@link #loseAnswer}) and then look at the {@link #calls} and at what was completed.
 *
 * @see <a href="https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CompleteLifecycleAction.html">
 *     CompleteLifecycleAction</a>
 */
public final class FakeAutoScaling extends HttpFake {
    public static final String DESCRIBE = "DescribeLifecycleHooks";
    public static final String HEARTBEAT = "RecordLifecycleActionHeartbeat";
    public static final String COMPLETE = "CompleteLifecycleAction";

    public static final AwsError THROTTLED = new AwsError("Throttling", 400, "Rate exceeded");
    public static final AwsError SERVER_ERROR = new AwsError("InternalFailure", 500, "Internal error");
    public static final AwsError ACCESS_DENIED = new AwsError("AccessDenied", 403, "User is not authorized");

    private static final String NAMESPACE = "http://autoscaling.amazonaws.com/doc/2011-01-01/";

    private final Clock clock;
    private final Map<String, Hook> hooks = new LinkedHashMap<>();
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private final List<String> calls = new ArrayList<>();
    private final List<Instant> completed = new ArrayList<>();

    private record Hook(Duration heartbeat, Duration atMost) {}

    /** An action that a hook waits for: since when, and until when without another heartbeat. */
    private record Waiting(String hook, String instance, Instant began, Instant until) {}

    public FakeAutoScaling(Clock clock) {
        this.clock = clock;
        listen();
    }

    /** The steward's own, asking this fake. */
    public LifecycleHooks hooks() {
        return closeLater(new LifecycleHooks(
                false,
                builder -> builder.endpointOverride(endpoint())
                        .region(Aws.REGION)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("dummy", "dummy")))));
    }

    /** Adds a hook of the group {@code hosts}. */
    public synchronized FakeAutoScaling hook(String name, Duration heartbeat, Duration atMost) {
        hooks.put(name, new Hook(heartbeat, atMost));
        return this;
    }

    /** A hook begins to wait for an instance. */
    public synchronized void terminate(String hook, String token, String instance) {
        Instant now = clock.instant();
        waiting.put(
                token, new Waiting(hook, instance, now, now.plus(hooks.get(hook).heartbeat())));
    }

    /** Whether the hook still waits. */
    public synchronized boolean waits(String token) {
        Waiting action = waiting.get(token);
        return action != null
                && clock.instant().isBefore(action.until())
                && clock.instant()
                        .isBefore(action.began().plus(hooks.get(action.hook()).atMost()));
    }

    /** When actions were completed, in order, whether or not the answer was lost. */
    public synchronized List<Instant> completed() {
        return List.copyOf(completed);
    }

    /** The operations that were called, in order. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    String operation(Headers headers, String body) {
        return form(body).getOrDefault("Action", "");
    }

    @Override
    synchronized void record(String operation, String body) {
        calls.add(operation);
    }

    @Override
    synchronized String answer(String operation, String body) {
        Map<String, String> form = form(body);
        String result = switch (operation) {
            case DESCRIBE -> describe(form);
            case HEARTBEAT -> heartbeat(form);
            case COMPLETE -> complete(form);
            default -> throw AwsError.refusal("InvalidAction", "Not faked: " + operation);
        };
        return "<%sResponse xmlns=\"%s\"><%sResult>%s</%sResult></%sResponse>"
                .formatted(operation, NAMESPACE, operation, result, operation, operation);
    }

    private String describe(Map<String, String> form) {
        String name = form.get("LifecycleHookNames.member.1");
        Hook hook = hooks.get(name);
        return hook == null || !form.get("AutoScalingGroupName").endsWith("hosts")
                ? "<LifecycleHooks/>"
                : ("<LifecycleHooks><member><LifecycleHookName>%s</LifecycleHookName><HeartbeatTimeout>%d"
                                + "</HeartbeatTimeout><GlobalTimeout>%d</GlobalTimeout></member></LifecycleHooks>")
                        .formatted(
                                name,
                                hook.heartbeat().toSeconds(),
                                hook.atMost().toSeconds());
    }

    private String heartbeat(Map<String, String> form) {
        String token = active(form);
        waiting.computeIfPresent(
                token,
                (key, action) -> new Waiting(
                        action.hook(),
                        action.instance(),
                        action.began(),
                        clock.instant().plus(hooks.get(action.hook()).heartbeat())));
        return "";
    }

    private String complete(Map<String, String> form) {
        String token = active(form);
        if (!"CONTINUE".equals(form.get("LifecycleActionResult"))) {
            throw AwsError.refusal("ValidationError", "Not expected of anybody here");
        }
        waiting.remove(token);
        completed.add(clock.instant());
        return "";
    }

    private String active(Map<String, String> form) {
        String token = form.get("LifecycleActionToken");
        Waiting action = waiting.get(token);
        if (action == null
                || !waits(token)
                || !action.hook().equals(form.get("LifecycleHookName"))
                || !form.getOrDefault("InstanceId", action.instance()).equals(action.instance())) {
            throw AwsError.refusal("ValidationError", "No active Lifecycle Action found with token " + token);
        }
        return token;
    }

    @Override
    String body(AwsError error) {
        return error.xml(NAMESPACE);
    }

    @Override
    String contentType() {
        return "text/xml";
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : body.split("&")) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) {
                form.put(
                        URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                        URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        return form;
    }
}
