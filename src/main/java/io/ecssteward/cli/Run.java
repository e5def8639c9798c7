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
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** {@code run}: reads the queue until shutdown. The default command. */
@CommandLine.Command(
        name = "run",
        description = "Reads the queue and acts on events until SIGTERM. This is the default command.",
        exitCodeList = {
            "1:the start failed",
            "2:the command line or a setting is wrong",
            "143:stopped by SIGTERM, the normal way to stop it"
        },
        footer = {
            "",
            "Example:",
            "  java -jar ecs-steward.jar run",
            "",
            "Settings are environment variables; docs/settings.md lists them. The minimum:",
            "  AWS_REGION=eu-west-1",
            "  STEWARD_EVENTS_QUEUE_URL=https://sqs.eu-west-1.amazonaws.com/111122223333/ecs-events",
            "  STEWARD_SLACK_WEBHOOK_SECRET=https://hooks.slack.com/services/..."
        })
final class Run extends BaseCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    @Override
    public Integer call() throws Exception {
        Settings set = Settings.load(SecretStore.aws());
        SettingsCheck.warnings(set).forEach(LOG::warn);
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
        // If a dry run put alerts into the alerts queue, another replica would post them.
        Settings settings = dry ? set.with(Settings.ALERTS, "") : set;
        LOG.info(
                "{} reads {}, runs {}, and {}",
                new Main.Version().getVersion()[0],
                settings.get(Settings.FROM).startsWith("aws2-sqs:") ? settings.get(Settings.QUEUE) : "another endpoint",
                settings.get(Settings.ROUTES),
                dry
                        ? "changes nothing: this is a DRY RUN"
                        : "posts to " + settings.slack().describe());
        RouteFiles.places(settings.get(Settings.ROUTES)).stream()
                .filter(place -> RouteFiles.list(place).isEmpty())
                .forEach(place -> LOG.warn("no routes in {} yet", place));
        if (!dry && !settings.has(Settings.ALERTS)) {
            LOG.info(
                    "alerts wait for Slack in memory: each replica paces its own messages, and while Slack is down "
                            + "events return to their queue; set {} to change that",
                    Settings.ALERTS.variable());
        }
        if (settings.has(Settings.ALERTS) && settings.claimsTable() == null) {
            LOG.warn(
                    "alerts wait in a queue, but claims are in memory: messages posted but not yet deleted when the "
                            + "process dies "
                            + "are posted again; set {} to a DynamoDB table",
                    Settings.CLAIMS.variable());
        }
        // A dry run performs nothing, so it must not record anything in the shared table.
        boolean dynamo = !dry && settings.claimsTable() != null;
        try (AwsClients clients = AwsClients.create(settings.consumers(), dynamo);
                Application steward = new Application(
                        settings,
                        dry ? DryRunEcs.of(clients.ecs()) : clients.ecs(),
                        clients.sqs(),
                        dry ? new StubSns() : clients.sns(),
                        clients.dynamo(),
                        main -> Traces.open(main, traces))) {
            List<String> missing = QueueCheck.problems(clients.sqs(), settings);
            if (!missing.isEmpty()) {
                return Main.cannotStart(missing);
            }
            try {
                steward.run();
            } catch (Exception e) {
                throw RouteBuild.explain(e, settings);
            }
        }
        return CommandLine.ExitCode.OK;
    }
}
