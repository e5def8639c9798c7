package io.ecssteward.cli;

import io.ecssteward.alert.Channels;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.claim.LatestVersions;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.queue.SteadySqs;
import io.ecssteward.slack.SlackPacer;
import io.ecssteward.slack.SteadySlackComponent;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
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
     * @param bindings binds more, or other, beans than usual: replay and tests do
     */
    Steward(Settings settings, EcsClient ecs, SqsClient sqs, SnsClient sns, Consumer<Main> bindings) {
        this(settings, ecs, sqs, sns, new SlackPacer(), bindings);
    }

    /** A steward that posts at the pace of this pacer. */
    Steward(Settings settings, EcsClient ecs, SqsClient sqs, SnsClient sns, SlackPacer pacer, Consumer<Main> bindings) {
        this.settings = settings;
        this.pacer = pacer;
        settings.all().forEach(main::addOverrideProperty);
        main.configure().withBasePackageScanEnabled(false);
        main.configure().setRoutesIncludePattern(String.join(",", RouteFiles.list(settings.get(Settings.ROUTES))));
        main.bind("ecsClient", ecs);
        main.bind("sqsClient", sqs);
        main.bind("snsClient", sns);
        main.bind("claimStore", new MemoryClaimStore());
        main.bind("versions", new LatestVersions());
        main.bind("channels", settings.channels());
        bindings.accept(main);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport support) {
                components(support.getCamelContext());
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

    private void components(CamelContext camel) {
        SteadySlackComponent slack = new SteadySlackComponent();
        slack.setWebhookUrl(orNull(Settings.WEBHOOK));
        slack.setToken(orNull(Settings.TOKEN));
        slack.setChannel(orNull(Settings.CHANNEL));
        slack.setWebhooks(settings.webhooks());
        slack.setServerUrl(settings.get(Settings.API));
        slack.setDryRun(settings.is(Settings.DRY_RUN));
        slack.setPacer(pacer);
        camel.addComponent("slack", slack);
    }

    private String orNull(String name) {
        return settings.has(name) ? settings.get(name) : null;
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
