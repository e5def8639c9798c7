package io.ecssteward.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.AlertJson;
import io.ecssteward.claim.ClaimRepository;
import io.ecssteward.claim.DynamoClaimStore;
import io.ecssteward.ecs.EcsServiceComponent;
import io.ecssteward.ecs.EcsServiceEndpoint;
import io.ecssteward.ecs.FailedOverService;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.runtime.AwsClients;
import io.ecssteward.settings.SecretStore;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import picocli.CommandLine;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * {@code capacity}: shows which services run on-demand because Fargate Spot had no capacity, and moves services. It
 * runs with the caller's permissions: {@code ecs:ListClusters}, {@code ListServices} and {@code DescribeServices}.
 */
@CommandLine.Command(
        name = "capacity",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Shows which services run on-demand because Fargate Spot was short, and moves them.",
        exitCodeList = {"0:success", "1:ECS refused or did not answer", "2:the command line or a setting is wrong"},
        footer = {"", "Example:", "  java -jar ecs-steward.jar capacity list"})
final class CapacityCommand implements Runnable {

    /** Longer than a change takes. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    private static final String NO_SWEEP =
            "With these settings Steward does not sweep, so it goes back only when an event makes the running"
                    + " Steward check the service. Set STEWARD_SPOT_SWEEP=1h there, or move it back with capacity"
                    + " back-to-spot.";

    private Supplier<EcsClient> clients = CapacityCommand::client;
    private Function<String, DynamoDbClient> tables = StoreAccess::client;
    private Supplier<Settings> settings = () -> Settings.load(SecretStore.NONE);
    private Clock clock = Clock.systemUTC();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Uses these clients and settings instead of the environment's; for tests. */
    void use(Supplier<EcsClient> ecs, Settings read, Function<String, DynamoDbClient> dynamo, Clock time) {
        clients = ecs;
        settings = () -> read;
        tables = dynamo;
        clock = time;
    }

    private static EcsClient client() {
        // Otherwise the SDK's log lines would be mixed with the results; failures are reported anyway.
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

    /** A command's calls to ECS; returns the exit code. */
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

    /** {@code capacity list}: lists the services that run on-demand, according to ECS. */
    @CommandLine.Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the services that run on-demand because Fargate Spot was short, and those that went "
                    + "back within the hour. Asks only ECS.",
            exitCodeList = {
                "0:success, also if there is none",
                "1:ECS refused or did not answer; the list may be incomplete",
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
            @CommandLine.Option(names = "--json", description = "Print one line of JSON per service.") boolean json) {
        return open((ecs, now, out) -> {
            List<String> refused = new ArrayList<>();
            List<FailedOverService> found =
                    FailedOverService.all(ecs, clusters == null ? List.of() : List.copyOf(clusters), refused::add);
            if (json) {
                found.forEach(service -> out.print(json(service, now) + System.lineSeparator()));
            } else if (found.isEmpty() && refused.isEmpty()) {
                out.println("no service runs on-demand because Fargate Spot was short");
            } else {
                found.forEach(service -> print(service, now, out));
            }
            refused.forEach(TerminalWriter.err(spec)::println);
            return refused.isEmpty() ? CommandLine.ExitCode.OK : Main.FAILED;
        });
    }

    private void print(FailedOverService service, Instant now, PrintWriter out) {
        Colors colors = Colors.of(spec);
        out.println(colors.strong(service.name()) + "  " + service.where());
        if (service.tag() != null) {
            out.println("  its own strategy: " + service.tag().kept().words());
        }
        service.problem(now).ifPresent(problem -> out.println("  " + colors.bad(problem)));
    }

    /** {@code capacity back-to-spot}: moves a service back to Fargate Spot. */
    @CommandLine.Command(
            name = "back-to-spot",
            mixinStandardHelpOptions = true,
            description = "Moves a service from on-demand back to Fargate Spot now. Needs "
                    + "ecs:UpdateService and TagResource.",
            exitCodeList = {
                "0:success: ECS started the deployment",
                "1:it was refused, or ECS did not answer",
                "2:the command line or a setting is wrong"
            },
            footer = {"", "Example:", "  java -jar ecs-steward.jar capacity back-to-spot prod/web --dry-run"})
    int backToSpot(
            @CommandLine.Parameters(paramLabel = "CLUSTER/SERVICE", description = "Which: prod/web.") String which,
            @CommandLine.Option(names = "--dry-run", description = "Show what would happen, and change nothing.")
                    boolean dryRun) {
        return move(which, "back-to-spot", "spot", dryRun);
    }

    /** {@code capacity to-on-demand}: moves a service to on-demand. */
    @CommandLine.Command(
            name = "to-on-demand",
            mixinStandardHelpOptions = true,
            description = "Moves a service from Fargate Spot to on-demand now. It goes back when its calm time is over "
                    + "and a sweep of the running Steward finds it. Needs ecs:UpdateService and TagResource.",
            exitCodeList = {
                "0:success: ECS started the deployment",
                "1:it was refused, or ECS did not answer",
                "2:the command line or a setting is wrong"
            },
            footer = {"", "Example:", "  java -jar ecs-steward.jar capacity to-on-demand prod/web --dry-run"})
    int toOnDemand(
            @CommandLine.Parameters(paramLabel = "CLUSTER/SERVICE", description = "Which: prod/web.") String which,
            @CommandLine.Option(names = "--dry-run", description = "Show what would happen, and change nothing.")
                    boolean dryRun) {
        return move(which, "to-on-demand", "on-demand", dryRun);
    }

    /** Runs the same step as the routes, with its checks, its tag and, if claims are in a table, its lock. */
    private int move(String which, String change, String to, boolean dryRun) {
        return open((ecs, now, out) -> {
            if (!which.matches("[\\w-]+/[\\w-]+")) {
                throw new IllegalArgumentException("'" + which + "' is not a service; write CLUSTER/SERVICE: prod/web");
            }
            Settings all = settings.get();
            String table = all.claimsTable();
            try (DynamoDbClient dynamo = table == null ? null : tables.apply(table);
                    DefaultCamelContext camel = new DefaultCamelContext()) {
                camel.getRegistry().bind("ecs", EcsClient.class, ecs);
                camel.getRegistry().bind("clock", Clock.class, clock);
                if (dynamo != null) {
                    ClaimRepository claims = new ClaimRepository();
                    claims.setReason("cooldown");
                    claims.setStore(new DynamoClaimStore(dynamo, table, LEASE, clock));
                    claims.setCamelContext(camel);
                    claims.start();
                    camel.getComponent("ecs-service", EcsServiceComponent.class).setClaims(claims);
                }
                camel.start();
                String uri = "ecs-service:" + (dryRun ? "plan?change=" + change : "ensure-capacity?to=" + to)
                        + "&cluster=" + which.replace("/", "&service=")
                        + "&calmTime=" + all.get(Settings.CALM_TIME).toSeconds() + "s"
                        + "&failoverAfter=" + all.get(Settings.FAILOVER_AFTER).toSeconds() + "s";
                try (ProducerTemplate template = camel.createProducerTemplate()) {
                    int code = said(template.send(uri, exchange -> {}), out);
                    if (code == CommandLine.ExitCode.OK
                            && to.equals("on-demand")
                            && all.spotSweep().isZero()) {
                        out.println(NO_SWEEP);
                    }
                    return code;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private int said(Exchange exchange, PrintWriter out) {
        PrintWriter err = TerminalWriter.err(spec);
        if (exchange.getException() != null) {
            err.println(exchange.getException().getMessage());
            return Main.FAILED;
        }
        String plan = exchange.getMessage().getHeader(EcsServiceEndpoint.PLAN, String.class);
        String detail = exchange.getMessage().getHeader(EcsServiceEndpoint.DETAIL, String.class);
        boolean done = EcsServiceEndpoint.UPDATED.equals(
                exchange.getMessage().getHeader(EcsServiceEndpoint.OUTCOME, String.class));
        (plan != null || done ? out : err).println(plan != null ? plan : detail);
        return plan != null || done ? CommandLine.ExitCode.OK : Main.FAILED;
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
                    .put("until", service.until().toString())
                    .put("calmMinutes", service.tag().calm().toMinutes())
                    .put("kept", service.tag().kept().toString());
        }
        service.problem(now).ifPresent(problem -> json.put("problem", problem));
        return json;
    }
}
