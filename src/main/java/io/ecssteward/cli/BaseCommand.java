package io.ecssteward.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;

/**
 * The base of all commands: {@code --help}, {@code --version}, and the specification, from which they know where to
 * print and whether in color. Picocli inherits the values of this annotation, except for commands that are methods.
 */
@CommandLine.Command(mixinStandardHelpOptions = true, versionProvider = Main.Version.class)
abstract class BaseCommand {

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    /** The standard output, for texts from outside. */
    final PrintWriter out() {
        return TerminalWriter.out(spec);
    }

    /** The standard error, for texts from outside. */
    final PrintWriter err() {
        return TerminalWriter.err(spec);
    }

    final Colors colors() {
        return Colors.of(spec);
    }

    /** Prints JSON, over several lines. */
    final void print(JsonNode json) {
        PrintWriter out = out();
        out.print(json.toPrettyString() + System.lineSeparator());
        out.flush();
    }

    /** Prints warnings. */
    final void warn(List<String> warnings) {
        warnings.forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
    }
}
