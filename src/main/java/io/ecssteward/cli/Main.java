package io.ecssteward.cli;

import io.ecssteward.problem.Problem;
import io.ecssteward.problem.StartFailure;
import io.ecssteward.problem.WrongRoutesException;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;

/**
 * The command line: {@link Commands} has the list. Exit codes: 0 success, 1 failure, 2 an invalid command line or
 * setting; each command's {@code --help} lists its own. Java ends with 143 after SIGTERM and with 130 after Ctrl-C.
 */
@CommandLine.Command(
        name = "ecs-steward",
        description =
                "Reads Amazon ECS events from SQS, updates services, and alerts Slack once. The default command is "
                        + "run.",
        exitCodeList = {"0:success", "1:failure", "2:the command line or a setting is wrong"},
        footer = {
            "",
            "Try it without AWS or Slack:",
            "  java -jar ecs-steward.jar replay samples",
            "",
            "Help for a command:",
            "  java -jar ecs-steward.jar help replay"
        })
public final class Main extends CommandGroup {

    public static final int FAILED = 1;
    public static final int WRONG = 2;

    /** Runs the command that the arguments name, or {@code run} without any, and exits. */
    public static void main(String[] arguments) {
        if (List.of(arguments).equals(List.of("--version"))) {
            // Without picocli: loading it takes three times as long as everything else here.
            System.out.println(new Version().getVersion()[0]);
            return;
        }
        String[] typed = arguments.length == 0 ? new String[] {"run"} : arguments;
        System.exit(commandLine(typed).execute(typed));
    }

    /** The command line with the commands that these arguments need; with all of them if there are none. */
    static CommandLine commandLine(String... typed) {
        CommandLine line = new CommandLine(new Main());
        Commands.addTo(line, typed);
        return line.setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(describe(failure));
                    return FAILED;
                })
                .setParameterExceptionHandler(UsageErrors::report);
    }

    /** Prints all problems at once, and returns the exit code. */
    static int cannotStart(List<String> problems) {
        System.err.println(list(problems));
        return WRONG;
    }

    private static String list(List<String> problems) {
        return "ECS Steward cannot start:"
                + problems.stream().map("\n  - "::concat).collect(Collectors.joining());
    }

    /** Describes why the start failed. */
    public static String describe(Throwable failure) {
        if (failure instanceof WrongRoutesException wrong) {
            return list(wrong.problems().stream().map(Problem::toString).toList());
        }
        return list(List.of(StartFailure.of(failure).toString()));
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
