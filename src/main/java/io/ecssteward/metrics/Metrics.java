package io.ecssteward.metrics;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.claim.ClaimHeldException;
import io.ecssteward.claim.ClaimListener;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.ecs.EcsServiceEndpoint;
import io.ecssteward.ecs.Operation;
import io.ecssteward.event.Event;
import io.ecssteward.event.FollowUp;
import io.ecssteward.failure.FailureException;
import io.ecssteward.failure.Failures;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.interactivity.ActionListener;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.OutcomeListener;
import io.ecssteward.outcome.SkipReason;
import io.ecssteward.slack.SlackListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Counts events by their {@link EventOutcome}, calls to ECS, Slack, SNS and SQS by Camel's notifications, and the
 * results of claims. The names here are Micrometer's; in Prometheus, {@code steward.events} is
 * {@code steward_events_total}.
 */
public final class Metrics extends SimpleEventNotifierSupport
        implements OutcomeListener, ClaimListener, SlackListener, ActionListener {

    /** The prefix of every metric's name. */
    public static final String PREFIX = "steward.";

    static final String EVENTS = PREFIX + "events";
    static final String ALERTS = PREFIX + "alerts";
    static final String FAILURES = PREFIX + "failures";
    static final String DEAD_LETTERS = PREFIX + "dead.letters";
    static final String CLAIMS = PREFIX + "claims";
    static final String SLACK_REQUESTS = PREFIX + "slack.requests";
    static final String SLACK_ACTIONS = PREFIX + "slack.actions";
    static final String RELOADS = PREFIX + "config.reloads";
    static final String REACTION = PREFIX + "reaction";

    /** An action was performed because of the event. */
    private static final String PERFORMED = "performed";
    /** It failed and will not be retried. */
    static final String FAILED = "failed";
    /** It failed, and the queue delivers it again. */
    private static final String RETRIED = "retried";
    /** The receiver accepted the alert. */
    private static final String SENT = "sent";

    private static final List<String> SINKS = List.of("ecs", "autoscaling", "slack", "sns", "sqs", "dynamodb", "http");

    /** From delays that a person does not notice to more than the two minutes that a Spot task has left. */
    private static final Duration[] BUCKETS = Stream.of(
                    250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 900_000, 3_600_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private static final int MAX_CHANNELS = 100;

    private final MeterRegistry registry;
    private final ActionMetrics actions;
    private final BoundedLabel channels = new BoundedLabel(MAX_CHANNELS);

    /**
     * Registers the metrics. Counters of failures start at zero: otherwise, the first failure would not show as an
     * increase.
     */
    public Metrics(MeterRegistry registry) {
        this.registry = registry;
        actions = new ActionMetrics(registry);
        setIgnoreExchangeEvents(false);
        // Camel reports the end of a call only if its beginning is reported, too.
        setIgnoreExchangeSendingEvents(false);
        setIgnoreExchangeSentEvents(false);
        SINKS.forEach(sink -> Stream.of(Failures.Kind.values()).forEach(kind -> failures(sink, kind)));
        for (String method : List.of("chat.postMessage", "chat.update", "webhook")) {
            List.of("posted", "refused", "failed").forEach(answer -> slack(method, answer));
        }
        registry.counter(DEAD_LETTERS);
        List.of("success", "failure").forEach(outcome -> registry.counter(RELOADS, "outcome", outcome));
        Stream.of(ClaimStore.Answer.values()).forEach(this::claims);
    }

    /**
     * The labels are the words of the code: {@code claimed}, {@code held} by another exchange in flight,
     * {@code recorded} as done.
     */
    private Counter claims(ClaimStore.Answer answer) {
        return registry.counter(CLAIMS, "answer", EnumWord.of(answer));
    }

    @Override
    public void answered(ClaimStore.Answer answer) {
        claims(answer).increment();
    }

    @Override
    public void failed(SdkException failure) {
        failed("dynamodb", failure);
    }

    /** Counts a failed poll or deletion, which Camel does not report as calls. */
    public void queueFailed(RuntimeException failure) {
        failed("sqs", failure);
    }

    /**
     * Adds a gauge.
     *
     * @param name the name in Micrometer's style, with the unit and without the prefix
     * @param labels names and values in turn
     */
    public void gauge(String name, DoubleSupplier figure, String... labels) {
        Gauge.builder(PREFIX + name, figure, DoubleSupplier::getAsDouble)
                .tags(labels)
                .strongReference(true)
                .register(registry);
    }

    /** Counts a reload of the routes, by its outcome. */
    public void reloaded(String outcome) {
        registry.counter(RELOADS, "outcome", outcome).increment();
    }

    @Override
    public void over(Event event, EventOutcome eventOutcome, Exception failure) {
        registry.counter(EVENTS, "type", event.type(), "outcome", outcome(eventOutcome, failure))
                .increment();
        eventOutcome.performed().stream().filter(e -> e.sink().equals("ecs")).forEach(actions::performed);
        eventOutcome.skipped().forEach(this::skipped);
    }

    private static String outcome(EventOutcome eventOutcome, Exception failure) {
        if (failure != null) {
            return failure instanceof PermanentFailureException ? FAILED : RETRIED;
        }
        if (!eventOutcome.performed().isEmpty()) {
            return PERFORMED;
        }
        return eventOutcome.skipped().isEmpty()
                ? SkipReason.IGNORED.word()
                : eventOutcome.skipped().get(0).reason().word();
    }

    /**
     * Counts a skipped action; its name is like {@code redeploy/prod/web}, {@code match/prod},
     * {@code slack/#ops/firing/...}.
     */
    private void skipped(EventOutcome.Skipped not) {
        String[] about = not.about().split("/", 2);
        String rest = about.length < 2 ? "" : about[1];
        switch (about[0]) {
            case "redeploy" -> actions.skipped(Operation.REDEPLOY, rest, not.reason());
            case "match" -> actions.skipped(Operation.MATCH_INSTANCES, rest, not.reason());
            case "slack" -> {
                String[] parts = rest.split("/", 3);
                String state = parts.length < 2 ? "" : parts[1];
                alert("slack", parts[0], state, not.reason().word());
            }
            case "sns" -> alert("sns", "", rest.split("/", 2)[0], not.reason().word());
            default -> {}
        }
    }

    /** The SNS topic has no channels, and with a single webhook an alert need not name its channel. */
    private void alert(String sink, String named, String state, String outcome) {
        String channel =
                named == null || named.isEmpty() ? (sink.equals("slack") ? "default" : "none") : channels.of(named);
        registry.counter(ALERTS, "sink", sink, "channel", channel, "state", state, "outcome", outcome)
                .increment();
    }

    @Override
    public void notify(CamelEvent event) {
        if (event instanceof CamelEvent.ExchangeSentEvent sent) {
            String uri = sent.getEndpoint().getEndpointUri();
            switch (uri.substring(0, Math.max(0, uri.indexOf(':')))) {
                case "ecs-service" -> ecs(sent.getExchange(), (EcsServiceEndpoint) sent.getEndpoint());
                case "aws2-ecs", "ecs-host" -> failure("ecs", sent.getExchange());
                case "http", "https" -> failure("http", sent.getExchange());
                case "slack" -> failure("slack", sent.getExchange());
                case "aws2-sns" -> sns(sent.getExchange());
                case "aws2-sqs" -> sqs(sent.getExchange(), uri);
                default -> {}
            }
        }
    }

    private void ecs(Exchange exchange, EcsServiceEndpoint endpoint) {
        boolean failed = failure("ecs", exchange);
        if (!(exchange.getMessage().getBody() instanceof Event event)) {
            return;
        }
        boolean changes =
                endpoint.getOperation() == Operation.REDEPLOY || endpoint.getOperation() == Operation.MATCH_INSTANCES;
        if (failed && changes) {
            actions.failed(endpoint.getOperation(), event);
        } else if (EcsServiceEndpoint.UPDATED.equals(exchange.getMessage().getHeader(EcsServiceEndpoint.OUTCOME))
                && !(event instanceof FollowUp)) {
            reaction("ecs", event.time());
        }
    }

    private void sns(Exchange exchange) {
        if (!failure("sns", exchange) && exchange.getMessage().getBody() instanceof Alert alert) {
            alert("sns", "", EnumWord.of(alert.state()), SENT);
            reaction("sns", alert.time());
        }
    }

    @Override
    public void answered(String method, String answer) {
        slack(method, answer).increment();
    }

    private Counter slack(String method, String answer) {
        return registry.counter(SLACK_REQUESTS, "method", method, "answer", answer);
    }

    @Override
    public void over(String action, String outcome) {
        registry.counter(SLACK_ACTIONS, "action", action, "outcome", outcome).increment();
    }

    @Override
    public void posted(Alert alert, Alert.State state, boolean news) {
        alert("slack", alert.channel(), EnumWord.of(state), SENT);
        if (news) {
            reaction("slack", alert.time());
        }
    }

    private void sqs(Exchange exchange, String uri) {
        if (!failure("sqs", exchange) && uri.startsWith("aws2-sqs://dead-letter")) {
            registry.counter(DEAD_LETTERS).increment();
        }
    }

    private void reaction(String sink, Instant since) {
        if (since != null) {
            Duration took = Duration.between(since, Instant.now());
            Timer.builder(REACTION)
                    .tag("sink", sink)
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry)
                    // AWS's clocks differ from ours.
                    .record(took.isNegative() ? Duration.ZERO : took);
        }
    }

    /** Counts the call's failure, if it failed: under the service that the failure names, or else the endpoint's. */
    private boolean failure(String sink, Exchange exchange) {
        Exception failure = exchange.getException();
        if (failure != null) {
            String service = failure instanceof FailureException named ? named.service() : null;
            failed(service == null ? sink : service.replace(" ", "").toLowerCase(Locale.ROOT), failure);
        }
        return failure != null;
    }

    private void failed(String sink, Exception failure) {
        // Another copy is in flight.
        Failures.Kind kind = failure instanceof ClaimHeldException ? Failures.Kind.THROTTLED : Failures.kind(failure);
        failures(sink, kind).increment();
    }

    private Counter failures(String sink, Failures.Kind kind) {
        return registry.counter(FAILURES, "sink", sink, "reason", EnumWord.of(kind));
    }
}
