package io.ecssteward.cli;

import java.util.List;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import picocli.CommandLine;

/**
 * The command line. Exit codes: 0 all is well, 1 the start failed, 2 the command line or a setting is wrong; 143 after
 * SIGTERM, which is how Java ends then. A replay ends with 0 however the events fared; {@code health} with 1 when the
 * steward is not ready, {@code check} with 1 when something is wrong.
 */
@CommandLine.Command(
        name = "ecs-steward",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Looks after Amazon ECS: reads events from SQS, updates services, tells Slack once.",
        subcommands = {Run.class, Replay.class, Check.class, Routes.class, Health.class, Train.class},
        footer = {
            "",
            "Try it out, without AWS and without Slack:",
            "  java -jar ecs-steward.jar replay samples"
        })
public final class Main implements Runnable {

    static final int FAILED = 1;
    static final int WRONG = 2;

    /** Runs the command that the arguments name, or {@code run} without any, and exits. */
    public static void main(String[] arguments) {
        int code = new CommandLine(new Main())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(inPlainWords(failure));
                    return FAILED;
                })
                .execute(arguments.length == 0 ? new String[] {"run"} : arguments);
        System.exit(code);
    }

    @Override
    public void run() {
        new CommandLine(this).usage(System.out);
    }

    /** Says everything that is wrong at once. */
    static int cannotStart(List<String> problems) {
        System.err.println("ECS Steward cannot start:");
        problems.forEach(p -> System.err.println("  - " + p));
        return WRONG;
    }

    /**
     * Says everything that is wrong with the routes, when that is why the start failed. It is looked for only now: a start
     * that succeeds must not wait for it.
     *
     * @throws Exception the failure, when the routes are not to blame
     */
    static int cannotStart(Exception failure, Settings settings) throws Exception {
        List<Problem> problems = RouteCheck.problems(settings);
        if (problems.isEmpty()) {
            throw failure;
        }
        cannotStart(problems.stream().map(Problem::toString).toList());
        return FAILED;
    }

    /** Why the start failed. */
    static String inPlainWords(Throwable failure) {
        return "ECS Steward cannot start:\n  - " + problem(failure);
    }

    /** What failed: the route, where there is one, and the innermost cause, which is the one that can be mended. */
    static String problem(Throwable failure) {
        String where = "";
        Throwable innermost = failure;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            if (innermost instanceof FailedToCreateRouteException route) {
                where = where(route.getRouteId(), route.getLocation());
            } else if (innermost instanceof FailedToStartRouteException route) {
                where = where(route.getRouteId(), route.getLocation());
            }
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage() == null ? innermost.toString() : innermost.getMessage();
        return where + message.strip();
    }

    private static String where(String route, String location) {
        return "route " + route + (location == null ? "" : " (" + location + ")") + ": ";
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"ecs-steward " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
