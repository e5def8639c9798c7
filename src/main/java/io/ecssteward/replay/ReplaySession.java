package io.ecssteward.replay;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.ecssteward.alert.Alert;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.dispatch.EventComponent;
import io.ecssteward.event.Event;
import io.ecssteward.event.EventReader;
import io.ecssteward.event.LatestVersions;
import io.ecssteward.event.Payload;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.incident.Incidents;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.OutcomeListener;
import io.ecssteward.runtime.Application;
import io.ecssteward.runtime.AwsClients;
import io.ecssteward.runtime.RouteBuild;
import io.ecssteward.settings.Settings;
import io.ecssteward.stub.StubEcs;
import io.ecssteward.stub.StubSns;
import io.ecssteward.stub.StubSqs;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * Runs the routes on one message at a time, without a queue or Slack, with claims in memory and {@link StubEcs}.
 * Actions are recorded and not performed.
 *
 * <p>Not thread-safe. The time comes from a clock, so that a recording of a week can be replayed in seconds.
 */
public final class ReplaySession implements AutoCloseable {

    /** The endpoint to which messages are delivered. */
    private static final String ENTRY = "direct:events";

    private final List<Outcome> over = new ArrayList<>();
    private final IncidentChanges changes = new IncidentChanges();
    private final RouteTrace routeTrace = new RouteTrace();
    private final MemoryClaimStore claims;
    private final LatestVersions versions = new LatestVersions();
    private final StubEcs stubEcs = new StubEcs();
    private final EventReader reader = new EventReader();
    private final AtomicInteger pretended = new AtomicInteger();
    private final StubSqs sqs;
    private final AwsClients clients;
    private final Settings settings;
    private final Supplier<Application> stewards;
    private boolean observesInstances;
    private Application steward;
    private ProducerTemplate entry;

    /**
     * The outcome of one event.
     *
     * @param event the event; null if the message could not be read
     * @param routes the ids of the routes that it passed, in order, without those that every event passes
     * @param failure null if it did not fail
     */
    public record Outcome(Event event, EventOutcome eventOutcome, List<String> routes, Exception failure) {}

    private ReplaySession(Settings given, boolean send, Clock clock, DecisionRecorder recorder) throws Exception {
        // Nothing is sent, so without any Slack setting, the session behaves as with a bot token.
        settings = send || given.has(Settings.WEBHOOK) || given.has(Settings.WEBHOOKS) || given.has(Settings.TOKEN)
                ? given
                : given.with(Settings.TOKEN, "xoxb-replay");
        claims = new MemoryClaimStore(clock);
        sqs = new StubSqs(settings.get(Settings.QUEUE));
        clients = send ? AwsClients.create(1, false) : null;
        EcsClient ecs = send ? clients.ecs() : stubEcs;
        SnsClient sns = send ? clients.sns() : new StubSns();
        stewards = () -> new Application(settings, ecs, sqs, sns, null, main -> {
            main.bind("claimStore", claims);
            main.bind("versions", versions);
            main.bind("clock", clock);
            // After a restart, message numbers must continue, so that no message from before is edited by mistake.
            main.bind("pretendedMessages", pretended);
            main.bind("incidentChanges", changes);
            main.bind("replay-outcomes", (OutcomeListener)
                    (event, eventOutcome, failure) -> over.add(new Outcome(event, eventOutcome, List.of(), failure)));
            main.addMainListener(new MainListenerSupport() {
                @Override
                public void beforeConfigure(BaseMainSupport support) {
                    support.getCamelContext().getManagementStrategy().addEventNotifier(routeTrace);
                    // One route after the other, so that each replay has the same result.
                    support.getCamelContext()
                            .getComponent("event", EventComponent.class)
                            .setParallelProcessing(false);
                    if (recorder != null) {
                        recorder.watch(support.getCamelContext(), "claimStore", claims);
                    }
                }
            });
        });
        start();
    }

    private void start() throws Exception {
        steward = stewards.get();
        try {
            steward.start();
            entry = steward.camel().createProducerTemplate();
        } catch (Exception e) {
            close();
            throw RouteBuild.explain(e, settings);
        }
    }

    /**
     * The settings for a replay session: without a queue, and as a dry run unless sending is requested.
     *
     * @param send whether to call the real ECS, Slack and SNS
     */
    public static Settings settings(Settings settings, boolean send) {
        Settings replayed = settings.with(Settings.URGENT, "")
                .with(Settings.ALERTS, "")
                .with(Settings.FROM, ENTRY)
                .with(Settings.INCIDENT_SWEEP, "0")
                .with(Settings.DRY_RUN, Boolean.toString(!send));
        return replayed.has(Settings.QUEUE) ? replayed : replayed.with(Settings.QUEUE, "https://sqs.invalid/replay");
    }

    /**
     * Starts a session.
     *
     * @param settings from {@link #settings}, already validated
     * @throws Exception if the routes do not start
     */
    public static ReplaySession start(Settings settings, Clock clock) throws Exception {
        return new ReplaySession(settings, false, clock, null);
    }

    /** Starts a session whose decisions are recorded. */
    public static ReplaySession start(Settings settings, Clock clock, DecisionRecorder recorder) throws Exception {
        return new ReplaySession(settings, false, clock, recorder);
    }

    /** Starts a session that calls ECS, SNS and Slack. */
    public static ReplaySession live(Settings settings) throws Exception {
        return new ReplaySession(settings, true, Clock.systemUTC(), null);
    }

    /** Turns the log off, because a command prints the failures itself. */
    public static void quiet() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers) {
            loggers.getLoggerList().forEach(logger -> logger.setLevel(Level.OFF));
        }
    }

    /**
     * Processes a message.
     *
     * @param body in any envelope; it may hold several events
     * @return one outcome for each event; for a message that could not be read, one without an event
     */
    public List<Outcome> process(String body) {
        observe(body);
        over.clear();
        routeTrace.clear();
        Exchange done = entry.send(ENTRY, e -> e.getMessage().setBody(body));
        Exception failure = done.getException() != null
                ? done.getException()
                : done.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        List<Outcome> outcomes = new ArrayList<>(over.stream()
                .map(o -> new Outcome(
                        o.event(),
                        o.eventOutcome(),
                        o.event() == null ? List.of() : routeTrace.of(o.eventOutcome()),
                        o.failure()))
                .toList());
        if (failure != null && outcomes.stream().noneMatch(o -> o.failure() != null)) {
            outcomes.add(new Outcome(null, new EventOutcome(), List.of(), failure));
        }
        return outcomes;
    }

    /** When the next incident is due for a sweep; null if none is. */
    public Instant due() {
        return incidents().due();
    }

    /** Runs a sweep of the incidents that are due. Its outcome belongs to no event. */
    public Outcome pass() {
        routeTrace.clear();
        incidents().sweep().toCompletableFuture().join();
        EventOutcome all = new EventOutcome();
        routeTrace.outcomes().forEach(each -> each.performed().forEach(all::performed));
        return new Outcome(null, all, List.of(), null);
    }

    private Incidents incidents() {
        return steward.camel().getRegistry().findSingleByType(Incidents.class);
    }

    /** The changes of incidents since the last call, in order. */
    public List<IncidentChanges.Change> changes() {
        return changes.taken();
    }

    /** The follow-ups sent since the last call, in order. */
    public List<StubSqs.Message> followUps() {
        return sqs.taken();
    }

    /** The alerts that the event of an outcome of the last message raised, sent or not, in order. */
    public List<Alert> raised(Outcome outcome) {
        return routeTrace.raised(outcome.eventOutcome());
    }

    /**
     * Makes the stub ECS answer about container instances according to their events. For a recording, which has all
     * these events: otherwise, since a single event says too little, every agent counts as disconnected.
     */
    public void observeInstances() {
        observesInstances = true;
    }

    /** Updates the stub ECS from a message, before the routes call ECS. */
    private void observe(String body) {
        boolean instances = observesInstances && body.contains("ECS Container Instance State Change");
        if (!instances && !body.contains("FARGATE_SPOT")) {
            return;
        }
        for (Payload payload : reader.open(body, null)) {
            try {
                Event event = reader.read(payload);
                if (instances || event.spotPlacementFailure()) {
                    stubEcs.observe(event);
                }
            } catch (PermanentFailureException e) {
                // The routes report it.
            }
        }
    }

    /** How many claims were evicted before they expired. */
    public long evictedEarly() {
        return claims.evictedEarly();
    }

    /**
     * Restarts the application, which loses what it had in memory. Claims and incidents are kept, as in a table, and so
     * are ECS, Slack and the queue.
     *
     * @throws Exception when the routes do not start
     */
    public void restart() throws Exception {
        steward.close();
        versions.clear();
        start();
    }

    /** Deletes all claims, so that the next message is processed independently. */
    public void forget() {
        claims.clear();
        versions.clear();
        stubEcs.forget();
    }

    @Override
    public void close() {
        steward.close();
        if (clients != null) {
            clients.close();
        }
    }
}
