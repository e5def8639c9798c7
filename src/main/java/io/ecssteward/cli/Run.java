package io.ecssteward.cli;

import io.ecssteward.check.QueueCheck;
import io.ecssteward.check.RouteFiles;
import io.ecssteward.check.SettingsCheck;
import io.ecssteward.runtime.Application;
import io.ecssteward.runtime.AwsClients;
import io.ecssteward.runtime.DryRunEcs;
import io.ecssteward.runtime.ManagementServer;
import io.ecssteward.runtime.RouteBuild;
import io.ecssteward.runtime.Traces;
import io.ecssteward.settings.SecretStore;
import io.ecssteward.settings.Settings;
import io.ecssteward.stub.StubSns;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** {@code run}: reads the queue until it is told to end. What the jar does when no command is given. */
@CommandLine.Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Reads the queue and acts, until SIGTERM. This is what happens without a command, too.",
        exitCodeList = {
            "0:it ended by itself, which only a set duration makes it do",
            "1:the start failed",
            "2:the command line or a setting is wrong",
            "143:SIGTERM ended it, as it should"
        },
        footer = {
            "",
            "Example:",
            "  java -jar ecs-steward.jar run",
            "",
            "Settings are environment variables; docs/settings.md has them all. The least:",
            "  AWS_REGION=eu-west-1",
            "  STEWARD_EVENTS_QUEUE_URL=https://sqs.eu-west-1.amazonaws.com/111122223333/ecs-events",
            "  STEWARD_SLACK_WEBHOOK_SECRET=https://hooks.slack.com/services/..."
        })
final class Run implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    private final Duration most;

    /** Until it is told to end. */
    Run() {
        this(Duration.ofSeconds(Long.MAX_VALUE));
    }

    /** For so long at most. */
    Run(Duration most) {
        this.most = most;
    }

    @Override
    public Integer call() throws Exception {
        Settings set = Settings.load(SecretStore.aws());
        set.warnings().forEach(LOG::warn);
        List<String> problems = SettingsCheck.problems(set, true);
        Map<String, String> traces = Traces.settings(System.getenv(), System.getProperties());
        AwsClients.regionProblem().ifPresent(problems::add);
        problems.addAll(Traces.problems(traces));
        if (problems.isEmpty()) {
            ManagementServer.portProblem(set).ifPresent(problems::add);
        }
        if (!problems.isEmpty()) {
            return Main.cannotStart(problems);
        }
        boolean dry = set.get(Settings.DRY_RUN);
        // What a dry run put into the queue of the alerts would be posted by whoever reads it.
        Settings settings = dry ? set.with(Settings.ALERTS, "") : set;
        LOG.info(
                "{} reads {}, runs {}, and {}",
                new Main.Version().getVersion()[0],
                settings.get(Settings.FROM).startsWith("aws2-sqs:") ? settings.get(Settings.QUEUE) : "elsewhere",
                settings.get(Settings.ROUTES),
                dry
                        ? "changes nothing: this is a DRY RUN"
                        : "posts to " + settings.slack().describe());
        RouteFiles.places(settings.get(Settings.ROUTES)).stream()
                .filter(place -> RouteFiles.list(place).isEmpty())
                .forEach(place -> LOG.warn("there are no routes in {} yet", place));
        if (!dry && !settings.has(Settings.ALERTS)) {
            LOG.info(
                    "alerts wait for Slack in memory: a second replica would keep a pace of its own, and while Slack is down "
                            + "events go back to their queue; set {} to change that",
                    Settings.ALERTS.variable());
        }
        if (settings.has(Settings.ALERTS) && settings.claimsTable() == null) {
            LOG.warn(
                    "alerts wait in a queue, but what was posted is remembered in memory: what is not deleted yet when the process dies "
                            + "is posted again; set {} to a DynamoDB table",
                    Settings.CLAIMS.variable());
        }
        // A dry run does nothing, so it must not note in the table that others read that something was done.
        boolean dynamo = !dry && settings.claimsTable() != null;
        try (AwsClients clients = AwsClients.create(settings.consumers(), dynamo);
                Application steward = new Application(
                        settings,
                        dry ? new DryRunEcs(clients.ecs()) : clients.ecs(),
                        clients.sqs(),
                        dry ? new StubSns() : clients.sns(),
                        clients.dynamo(),
                        main -> Traces.open(main, traces))) {
            List<String> missing = QueueCheck.problems(clients.sqs(), settings);
            if (!missing.isEmpty()) {
                return Main.cannotStart(missing);
            }
            try {
                steward.run(most);
            } catch (Exception e) {
                throw RouteBuild.explain(e, settings);
            }
        }
        return CommandLine.ExitCode.OK;
    }
}
