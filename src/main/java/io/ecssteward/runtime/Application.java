package io.ecssteward.runtime;

import io.ecssteward.check.RouteFiles;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.claim.DynamoClaimStore;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.details.DetailClients;
import io.ecssteward.event.LatestVersions;
import io.ecssteward.failure.AwsFailureTranslator;
import io.ecssteward.host.LifecycleHooks;
import io.ecssteward.incident.IncidentRules;
import io.ecssteward.interactivity.SlackActionComponent;
import io.ecssteward.outcome.RoutesEntered;
import io.ecssteward.pattern.SimpleWithFields;
import io.ecssteward.settings.Settings;
import io.ecssteward.slack.IncidentButtons;
import io.ecssteward.slack.PacedSlackComponent;
import io.ecssteward.slack.SlackPacer;
import io.ecssteward.sqs.AlertQueue;
import io.ecssteward.sqs.BatchingSqsClient;
import io.ecssteward.sqs.InFlight;
import io.ecssteward.webhook.OutsideCalls;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.aws2.sqs.Sqs2Component;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Wires the application: Camel Main with the settings, the clients and the components that the routes refer to.
 *
 * <p>When the routes are files and are edited, a second {@link RouteSet} of them is started beside the first. It shares
 * everything that a process may have only once: clients, claims, versions, the pacing of Slack's channels, health and
 * metrics. Once it runs, it takes over the queues from the first, which stops when its exchanges in flight have ended.
 *
 * <p>Camel's own route reloading is not used: it stops routes that have exchanges in flight, and after an invalid edit
 * no route runs.
 */
public final class Application implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    /** Our own limit for shutting down, in addition to the time for exchanges in flight. */
    private static final int MAX_FOR_STOPPING_SECONDS = 15;

    private final Settings settings;
    private final EcsClient ecs;
    private final SqsClient sqs;
    private final SnsClient sns;
    private final ClaimStore claims;
    private final LatestVersions versions = new LatestVersions();
    private final SlackPacer pacer;
    private final DetailClients details;
    private final LifecycleHooks hooks;
    private final Consumer<Main> bindings;
    private final ManagementServer management;

    private final RouteReloader routes;

    /**
     * Wires the application without starting it.
     *
     * @param settings settings that were already validated
     * @param sqs if it is a {@link BatchingSqsClient}, health and metrics are served according to the settings, edited
     *     routes are applied, and details are requested from AWS
     * @param dynamo null to keep claims in memory, whatever the settings say
     * @param bindings binds additional or other beans; for replay and tests
     */
    public Application(
            Settings settings,
            EcsClient ecs,
            SqsClient sqs,
            SnsClient sns,
            DynamoDbClient dynamo,
            Consumer<Main> bindings) {
        this(settings, ecs, sqs, sns, dynamo, new SlackPacer(), bindings);
    }

    /** The same, with this pacer for posts to Slack. */
    public Application(
            Settings settings,
            EcsClient ecs,
            SqsClient sqs,
            SnsClient sns,
            DynamoDbClient dynamo,
            SlackPacer pacer,
            Consumer<Main> bindings) {
        this.settings = settings;
        this.ecs = ecs;
        this.sqs = sqs;
        this.sns = sns;
        this.pacer = pacer;
        this.bindings = bindings;
        claims = claims(settings, dynamo);
        details = sqs instanceof BatchingSqsClient ? new DetailClients(ecs) : null;
        hooks = details == null ? null : new LifecycleHooks(settings.get(Settings.DRY_RUN));
        routes = new RouteReloader(settings, this::routeSet, this::reloaded);
        management = sqs instanceof BatchingSqsClient batching
                ? new ManagementServer(settings, batching, routes, pacer::waiting)
                : null;
    }

    private static ClaimStore claims(Settings settings, DynamoDbClient dynamo) {
        return dynamo == null
                ? new MemoryClaimStore()
                : new DynamoClaimStore(dynamo, settings.claimsTable(), settings.lease(), Clock.systemUTC());
    }

    /** The routes as their files are now, not started yet. */
    private RouteSet routeSet(SqsClient reader) {
        Main main = new Main();
        settings.placeholders().forEach(main::addOverrideProperty);
        main.configure().setShutdownTimeout(settings.get(Settings.SHUTDOWN_TIMEOUT));
        main.configure().withBasePackageScanEnabled(false);
        main.configure().setRoutesIncludePattern(String.join(",", RouteFiles.list(settings.get(Settings.ROUTES))));
        main.bind("ecsClient", ecs);
        main.bind("sqsClient", reader);
        main.bind("snsClient", sns);
        main.bind("claimStore", claims);
        main.bind("incidentRules", incidentRules());
        main.bind("versions", versions);
        main.bind("slackSecrets", settings.slack());
        main.bind("channels", settings.slack().channels());
        main.bind(SimpleWithFields.NAME, new SimpleWithFields());
        main.bind("in-flight", (InFlight)
                () -> routes.routeSets().stream().mapToInt(RouteSet::exchanges).sum());
        if (management != null) {
            management.bind(main);
        }
        if (details != null) {
            main.bind("detailClients", details);
            main.bind("lifecycleHooks", hooks);
        }
        bindings.accept(main);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport support) {
                components(support.getCamelContext());
                support.getCamelContext().addRoutePolicyFactory(new RoutesEntered());
                support.getCamelContext().getCamelContextExtension().addInterceptStrategy(new AwsFailureTranslator());
                support.getCamelContext()
                        .getCamelContextExtension()
                        .addInterceptStrategy(new OutsideCalls(settings.get(Settings.DRY_RUN)));
            }
        });
        return new RouteSet(main, reader instanceof BatchingSqsClient batching ? batching : null);
    }

    private IncidentRules incidentRules() {
        return new IncidentRules(
                settings.get(Settings.INCIDENT_REOPEN),
                settings.get(Settings.INCIDENT_FLAPPING),
                settings.get(Settings.INCIDENT_CALM),
                settings.get(Settings.INCIDENT_REMINDER),
                IncidentRules.DEFAULT.edit(),
                settings.get(Settings.INCIDENT_UNACKNOWLEDGED));
    }

    private void components(CamelContext camel) {
        PacedSlackComponent slack = new PacedSlackComponent();
        slack.setSecrets(settings.slack());
        slack.setChannel(settings.orNull(Settings.CHANNEL));
        slack.setServerUrl(settings.get(Settings.API));
        slack.setDryRun(settings.get(Settings.DRY_RUN));
        slack.sharePacer(pacer);
        camel.addComponent("slack", slack);
        SlackActionComponent actions = new SlackActionComponent();
        actions.setOperators(settings.get(Settings.OPERATORS));
        camel.addComponent(IncidentButtons.COMPONENT, actions);
        camel.getComponent("aws2-sqs", Sqs2Component.class)
                .getConfiguration()
                .setMessageDeduplicationIdStrategy(AlertQueue::deduplicationId);
    }

    /** Starts, and returns when the routes are started. */
    public void start() throws Exception {
        pacer.setInterval(Duration.ofMillis(settings.get(Settings.INTERVAL)));
        pacer.start();
        if (claims instanceof DynamoClaimStore table && management != null) {
            table.report(management.claimListeners());
        }
        if (claims instanceof Service service) {
            service.start();
        }
        routes.start(sqs);
        if (management != null) {
            management.start();
        }
    }

    /** Starts, and returns when the process was asked to shut down and everything has stopped. */
    public void run() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Thread hook = new Thread(
                () -> {
                    stopped.countDown();
                    try {
                        // The JVM exits as soon as this returns.
                        over.await(
                                settings.get(Settings.SHUTDOWN_TIMEOUT) + MAX_FOR_STOPPING_SECONDS, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "sigterm");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            start();
            stopped.await();
            LOG.info(
                    "shutdown requested; waiting up to {} s for in-flight exchanges",
                    settings.get(Settings.SHUTDOWN_TIMEOUT));
        } finally {
            try {
                close();
            } finally {
                over.countDown();
            }
        }
    }

    private void reloaded(String outcome) {
        management.reloaded(outcome);
    }

    /** The Camel context whose routes read the queues. */
    public CamelContext camel() {
        return routes.current().camel();
    }

    /** How many versions of the routes run: one, or more while earlier ones drain. */
    public int routeSets() {
        return routes.routeSets().size();
    }

    /** Shuts down: stops receiving, and waits up to the shutdown timeout for exchanges in flight. */
    @Override
    public void close() {
        if (!routes.end()) {
            return;
        }
        if (sqs instanceof BatchingSqsClient batching) {
            batching.endPolls();
        }
        pacer.drain();
        routes.stop();
        if (sqs instanceof BatchingSqsClient batching) {
            batching.flush();
        }
        pacer.stop();
        if (claims instanceof Service service) {
            service.stop();
        }
        if (details != null) {
            details.close();
            hooks.close();
        }
        if (management != null) {
            management.close();
        }
    }
}
