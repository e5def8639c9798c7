package io.ecssteward.host;

import io.ecssteward.event.LifecycleAction;
import io.ecssteward.failure.FailureException;
import io.ecssteward.failure.Failures;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.AutoScalingClientBuilder;
import software.amazon.awssdk.services.autoscaling.model.LifecycleHook;

/**
 * Reads lifecycle hooks from EC2 Auto Scaling, records heartbeats, and completes lifecycle actions. The client is
 * created at its first use, so without a hook in the settings it is never created. The creator of this object closes
 * it.
 *
 * @see <a href="https://docs.aws.amazon.com/autoscaling/ec2/userguide/completing-lifecycle-hooks.html">Completing a
 *     lifecycle action</a>
 */
public class LifecycleHooks implements AutoCloseable {

    private static final Duration CALL = Duration.ofSeconds(10);

    private static final int CONNECTIONS = 5;

    /** The longest time that a hook can wait, regardless of heartbeats. */
    static final Duration LONGEST = Duration.ofHours(48);

    private final Consumer<AutoScalingClientBuilder> more;
    private final boolean dryRun;
    private AutoScalingClient client;

    /**
     * How long a hook waits.
     *
     * @param heartbeat the timeout since it began or since the last heartbeat
     * @param atMost the timeout since it began, regardless of heartbeats: at most 48 hours, and 100 times the heartbeat
     *     timeout
     * @see <a href="https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LifecycleHook.html">LifecycleHook:
     *     HeartbeatTimeout, GlobalTimeout</a>
     */
    record Times(Duration heartbeat, Duration atMost) {

        /** Auto Scaling's default. */
        static final Times DEFAULT = of(3_600);

        static Times of(int heartbeatSeconds) {
            Duration heartbeat = Duration.ofSeconds(heartbeatSeconds);
            Duration hundred = heartbeat.multipliedBy(100);
            return new Times(heartbeat, hundred.compareTo(LONGEST) < 0 ? hundred : LONGEST);
        }
    }

    /** Uses credentials, Region and endpoint from the SDK's default chains. A dry run reads, but changes nothing. */
    public LifecycleHooks(boolean dryRun) {
        this(dryRun, builder -> {});
    }

    /** The same with more settings of the client: an endpoint, credentials. */
    public LifecycleHooks(boolean dryRun, Consumer<AutoScalingClientBuilder> more) {
        this.dryRun = dryRun;
        this.more = more;
    }

    boolean dryRun() {
        return dryRun;
    }

    /** How long the hook waits; empty if the hook no longer exists. */
    Optional<Times> times(LifecycleAction action) {
        return call(
                        "describing the lifecycle hook " + action.hook(),
                        () -> client().describeLifecycleHooks(r ->
                                        r.autoScalingGroupName(action.group()).lifecycleHookNames(action.hook()))
                                .lifecycleHooks())
                .flatMap(hooks -> hooks.stream().findFirst())
                .map(LifecycleHooks::times);
    }

    private static Times times(LifecycleHook hook) {
        Times usual = hook.heartbeatTimeout() == null ? Times.DEFAULT : Times.of(hook.heartbeatTimeout());
        return hook.globalTimeout() == null
                ? usual
                : new Times(usual.heartbeat(), Duration.ofSeconds(hook.globalTimeout()));
    }

    /** Records a heartbeat, which restarts the hook's heartbeat timeout; false if the action is over. */
    boolean heartbeat(LifecycleAction action) {
        return dryRun
                || call(
                                "recording a heartbeat of " + action.instanceId(),
                                () -> client().recordLifecycleActionHeartbeat(
                                                r -> r.autoScalingGroupName(action.group())
                                                        .lifecycleHookName(action.hook())
                                                        .lifecycleActionToken(action.token())
                                                        .instanceId(action.instanceId())))
                        .isPresent();
    }

    /** Completes the action, so that the instance is terminated; false if the action is already over. */
    boolean complete(LifecycleAction action) {
        return dryRun
                || call(
                                "completing the lifecycle action of " + action.instanceId(),
                                () -> client().completeLifecycleAction(r -> r.autoScalingGroupName(action.group())
                                        .lifecycleHookName(action.hook())
                                        .lifecycleActionToken(action.token())
                                        .instanceId(action.instanceId())
                                        .lifecycleActionResult("CONTINUE")))
                        .isPresent();
    }

    /** Calls Auto Scaling; empty if the group, the hook or the action no longer exists, which is a ValidationError. */
    private static <T> Optional<T> call(String doing, Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (SdkException e) {
            FailureException failure = Failures.during(doing, "Auto Scaling", e);
            if ("ValidationError".equals(failure.code())) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private synchronized AutoScalingClient client() {
        if (client == null) {
            AutoScalingClientBuilder builder = AutoScalingClient.builder()
                    .httpClientBuilder(ApacheHttpClient.builder().maxConnections(CONNECTIONS))
                    .overrideConfiguration(c ->
                            c.retryStrategy(DefaultRetryStrategy.doNotRetry()).apiCallTimeout(CALL));
            more.accept(builder);
            client = builder.build();
        }
        return client;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
