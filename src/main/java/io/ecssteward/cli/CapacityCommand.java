package io.ecssteward.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.AlertJson;
import io.ecssteward.ecs.FailedOverService;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.runtime.AwsClients;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * {@code capacity}: shows which services run on demand because Fargate Spot was short. It runs with the permissions of
 * the person who calls it: {@code ecs:ListClusters}, {@code ListServices} and {@code DescribeServices}.
 */
@CommandLine.Command(
        name = "capacity",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Shows which services run on demand because Fargate Spot was short.",
        exitCodeList = {"0:success", "1:ECS refused or did not answer", "2:the command line or a setting is wrong"},
        footer = {"", "Example:", "  java -jar ecs-steward.jar capacity list"})
final class CapacityCommand implements Runnable {

    private Supplier<EcsClient> clients = CapacityCommand::client;
    private Clock clock = Clock.systemUTC();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** With these in place of the environment's; for tests. */
    void use(Supplier<EcsClient> ecs, Clock time) {
        clients = ecs;
        clock = time;
    }

    private static EcsClient client() {
        // The SDK would log among the results; failures are reported anyway.
        ReplaySession.quiet();
        AwsClients.regionProblem().ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        return AwsClients.ecs(2, DefaultRetryStrategy.standardStrategyBuilder().build());
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** What a command does at ECS; returns the exit code. */
    private interface Work {
        int at(EcsClient ecs, Instant now, PrintWriter out);
    }

    private int open(Work work) {
        PrintWriter err = TerminalWriter.err(spec);
        try (EcsClient ecs = clients.get()) {
            PrintWriter out = TerminalWriter.out(spec);
            int code = work.at(ecs, clock.instant(), out);
            out.flush();
            return code;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            return Main.WRONG;
        } catch (PermanentFailureException | TransientFailureException e) {
            err.println(e.getMessage());
            return Main.FAILED;
        }
    }

    /** Lists them, as ECS has them. */
    @CommandLine.Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the services that run on demand because Fargate Spot was short, and those that went "
                    + "back within the hour. Asks ECS, and nothing else.",
            exitCodeList = {
                "0:success, also if there is none",
                "1:ECS refused or did not answer; what it did say is listed",
                "2:the command line or a setting is wrong"
            },
            footer = {
                "",
                "Examples:",
                "  java -jar ecs-steward.jar capacity list",
                "  java -jar ecs-steward.jar capacity list --cluster prod --json"
            })
    int list(
            @CommandLine.Option(
                            names = "--cluster",
                            paramLabel = "NAME",
                            description = "Only this cluster, by name or ARN; more than once for several. Default: all "
                                    + "of the account and region, which needs ecs:ListClusters.")
                    List<String> clusters,
            @CommandLine.Option(names = "--json", description = "Print one JSON object per service and line.")
                    boolean json) {
        return open((ecs, now, out) -> {
            List<String> refused = new ArrayList<>();
            List<FailedOverService> found =
                    FailedOverService.all(ecs, clusters == null ? List.of() : List.copyOf(clusters), refused::add);
            if (json) {
                found.forEach(service -> out.print(json(service, now) + System.lineSeparator()));
            } else if (found.isEmpty() && refused.isEmpty()) {
                out.println("no service runs on demand because Fargate Spot was short");
            } else {
                found.forEach(service -> print(service, now, out));
            }
            refused.forEach(TerminalWriter.err(spec)::println);
            return refused.isEmpty() ? CommandLine.ExitCode.OK : Main.FAILED;
        });
    }

    private void print(FailedOverService service, Instant now, PrintWriter out) {
        Colours colours = Colours.of(spec);
        out.println(colours.strong(service.name()) + "  " + service.where());
        if (service.tag() != null) {
            out.println("  its own strategy: " + service.tag().kept().words());
        }
        service.problem(now).ifPresent(problem -> out.println("  " + colours.bad(problem)));
    }

    private static JsonNode json(FailedOverService service, Instant now) {
        ObjectNode json = AlertJson.MAPPER
                .createObjectNode()
                .put("cluster", service.cluster())
                .put("service", service.service())
                .put("running", service.running())
                .put("desired", service.desired())
                .put("deploying", service.deploying())
                .put(
                        "strategy",
                        service.actual() == null ? null : service.actual().toString());
        if (service.tag() == null) {
            json.put("tag", service.value());
        } else {
            json.put("phase", service.tag().phase().toString())
                    .put("since", service.tag().since().toString())
                    .put("until", service.tag().until().toString())
                    .put("calmMinutes", service.tag().calm().toMinutes())
                    .put("kept", service.tag().kept().toString());
        }
        service.problem(now).ifPresent(problem -> json.put("problem", problem));
        return json;
    }
}
