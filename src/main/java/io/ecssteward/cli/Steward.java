package io.ecssteward.cli;

import io.ecssteward.alert.Channels;
import io.ecssteward.claim.ClaimListener;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.claim.DynamoClaimStore;
import io.ecssteward.claim.LatestVersions;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.event.SimpleWithFields;
import io.ecssteward.fate.RoutesEntered;
import io.ecssteward.queue.AlertQueue;
import io.ecssteward.queue.SteadySqs;
import io.ecssteward.slack.SlackPacer;
import io.ecssteward.slack.SteadySlackComponent;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.Service;
import org.apache.camel.component.aws2.sqs.Sqs2Component;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Puts the steward together: Camel Main with the settings, the clients and the components that the routes refer to. */
final class Steward implements AutoCloseable {

    private final Settings settings;
    private final Main main = new Main();
    private final SlackPacer pacer;

    /**
     * A steward that is not started yet.
     *
     * @param settings already found to have no problems
     * @param dynamo null when claims are kept in memory, whatever the settings say
     * @param bindings binds more, or other, beans than usual: replay and tests do
     */
    Steward(Settings settings, EcsClient ecs, SqsClient sqs, SnsClient sns, DynamoDbClient dynamo, Consumer<Main> bindings) {
        this(settings, ecs, sqs, sns, dynamo, new SlackPacer(), bindings);
    }

    /** A steward that posts at the pace of this pacer. */
    Steward(
            Settings settings,
            EcsClient ecs,
            SqsClient sqs,
            SnsClient sns,
            DynamoDbClient dynamo,
            SlackPacer pacer,
            Consumer<Main> bindings) {
        this.settings = settings;
        this.pacer = pacer;
        settings.all().forEach(main::addOverrideProperty);
        main.configure().withBasePackageScanEnabled(false);
        main.configure().setRoutesIncludePattern(String.join(",", RouteFiles.list(settings.get(Settings.ROUTES))));
        main.bind("ecsClient", ecs);
        main.bind("sqsClient", sqs);
        main.bind("snsClient", sns);
        ClaimStore claims = claims(settings, dynamo);
        main.bind("claimStore", claims);
        main.bind("versions", new LatestVersions());
        main.bind("channels", settings.channels());
        main.bind(SimpleWithFields.NAME, new SimpleWithFields());
        bindings.accept(main);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport support) {
                components(support.getCamelContext());
                support.getCamelContext().addRoutePolicyFactory(new RoutesEntered());
                start(claims, support.getCamelContext());
                support.getCamelContext().getManagementStrategy().addEventNotifier(new SimpleEventNotifierSupport() {
                    @Override
                    public void notify(CamelEvent event) {
                        if (event instanceof CamelEvent.CamelContextStoppingEvent && sqs instanceof SteadySqs steady) {
                            steady.endPolls();
                        } else if (event instanceof CamelEvent.CamelContextStoppedEvent && sqs instanceof SteadySqs steady) {
                            steady.flush();
                        }
                    }
                });
            }
        });
    }

    private static ClaimStore claims(Settings settings, DynamoDbClient dynamo) {
        return dynamo == null
                ? new MemoryClaimStore()
                : new DynamoClaimStore(dynamo, settings.claimsTable(), settings.lease(), Clock.systemUTC());
    }

    /** Starts a store that has to be started, and has Camel stop it after the last event. */
    private static void start(ClaimStore claims, CamelContext camel) {
        if (claims instanceof DynamoClaimStore table) {
            table.tell(camel.getRegistry().findByType(ClaimListener.class));
        }
        if (claims instanceof Service service) {
            try {
                camel.addService(service, true, true);
            } catch (Exception e) {
                throw RuntimeCamelException.wrapRuntimeException(e);
            }
        }
    }

    private void components(CamelContext camel) {
        SteadySlackComponent slack = new SteadySlackComponent();
        slack.setSecrets(settings.slackSecrets());
        slack.setChannel(settings.orNull(Settings.CHANNEL));
        slack.setServerUrl(settings.get(Settings.API));
        slack.setDryRun(settings.is(Settings.DRY_RUN));
        pacer.setInterval(Duration.ofMillis(settings.number(Settings.INTERVAL)));
        slack.setPacer(pacer);
        camel.addComponent("slack", slack);
        camel.getComponent("aws2-sqs", Sqs2Component.class)
                .getConfiguration()
                .setMessageDeduplicationIdStrategy(AlertQueue::deduplicationId);
    }

    /** Starts, and returns when the routes are started. */
    void start() throws Exception {
        main.start();
    }

    /** Starts, and returns when the process is told to end and everything has ended. */
    void run() throws Exception {
        main.run();
    }

    CamelContext camel() {
        return main.getCamelContext();
    }

    @Override
    public void close() {
        main.stop();
    }
}
