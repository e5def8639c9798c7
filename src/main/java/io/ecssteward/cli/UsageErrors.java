package io.ecssteward.cli;

import io.ecssteward.problem.Suggestion;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * Reports an invalid command line in two lines: the error with a suggestion, and where to find help; never the full
 * usage.
 */
final class UsageErrors {
    private UsageErrors() {}

    /** A word with more differences is not a typing error. */
    private static final int MAX_EDITS = 2;

    /** The message of picocli's own help command. */
    private static final Pattern UNKNOWN_COMMAND = Pattern.compile("Unknown subcommand '(.*)'\\.?");

    /** Prints the error, and returns the exit code. */
    static int report(CommandLine.ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        List<String> unmatched =
                mistake instanceof CommandLine.UnmatchedArgumentException u ? u.getUnmatched() : List.of();
        String message = mistake.getMessage();
        if (!unmatched.isEmpty()) {
            String word = unmatched.get(0);
            boolean option = word.startsWith("-");
            List<String> likely = likely(word, option ? options(command) : commands(command));
            message = (option
                            ? "there is no option '"
                            : takesCommand(command) ? "there is no command '" : "unexpected argument '")
                    + Dlq.line(word) + "'" + describe(likely);
        } else {
            Matcher unknown = UNKNOWN_COMMAND.matcher(String.valueOf(message));
            message = unknown.matches()
                    ? "there is no command '" + Dlq.line(unknown.group(1)) + "'"
                            + describe(likely(unknown.group(1), commands(command)))
                    : Dlq.line(String.valueOf(message));
        }
        CommandLine.Help.ColorScheme colors = command.getColorScheme();
        command.getErr()
                .println(colors.ansi().enabled() ? colors.errorText(message).toString() : message);
        command.getErr().println("See " + command.getCommandSpec().qualifiedName() + " --help");
        command.getErr().flush();
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static String describe(List<String> likely) {
        return likely.isEmpty()
                ? ""
                : "; did you mean " + likely.stream().map(l -> "'" + l + "'").collect(Collectors.joining(" or ")) + "?";
    }

    private static boolean takesCommand(CommandLine command) {
        return !command.getSubcommands().isEmpty();
    }

    private static List<String> options(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(o -> !o.hidden())
                .flatMap(o -> Stream.of(o.names()))
                .toList();
    }

    private static List<String> commands(CommandLine command) {
        return Commands.visible(command).stream()
                .map(c -> c.getCommandSpec().name())
                .toList();
    }

    /** The names nearest to the typed word, and those that begin with it. */
    private static List<String> likely(String typed, List<String> names) {
        String word = typed.replaceFirst("=.*", "");
        int nearest =
                names.stream().mapToInt(n -> Suggestion.distance(word, n)).min().orElse(Integer.MAX_VALUE);
        return names.stream()
                .filter(n -> Suggestion.distance(word, n) == nearest && nearest <= Math.min(MAX_EDITS, n.length() / 2)
                        || word.length() > 2 && n.startsWith(word))
                .sorted()
                .limit(2)
                .toList();
    }
}
