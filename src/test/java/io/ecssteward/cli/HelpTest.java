package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What every command says of itself, and what is said of a mistake. A new command is in here by being one. */
class HelpTest {

    private static final Pattern EXAMPLE = Pattern.compile("\\s*(?:[A-Z_]+=\\S+ )*java -jar ecs-steward\\.jar ?(.*)");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** All commands that people are told of, by what one types: empty for the whole. */
    static List<String> commands() {
        List<String> names = new ArrayList<>(List.of(""));
        add("", Main.commandLine(), names);
        return names;
    }

    private static void add(String before, CommandLine command, List<String> into) {
        for (CommandLine each : Commands.visible(command)) {
            String name = (before + " " + each.getCommandName()).strip();
            into.add(name);
            add(name, each, into);
        }
    }

    /** A command by what one types. */
    static CommandLine command(String name) {
        CommandLine command = Main.commandLine();
        for (String word : name.split(" ")) {
            command = word.isEmpty() ? command : command.getSubcommands().get(word);
        }
        return command;
    }

    private int execute(String... arguments) {
        return execute(CommandLine.Help.Ansi.OFF, arguments);
    }

    private int execute(CommandLine.Help.Ansi ansi, String... arguments) {
        return Main.commandLine(arguments)
                .setColorScheme(CommandLine.Help.defaultColorScheme(ansi))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private static String[] words(String line) {
        return line.isBlank() ? new String[0] : line.strip().split(" +");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandHasADescriptionExitCodesAndAnExampleThatParses(String name) {
        CommandLine.Model.CommandSpec spec = command(name).getCommandSpec();
        CommandLine.Model.UsageMessageSpec usage = spec.usageMessage();
        assertThat(usage.description()).as("description").isNotEmpty();
        assertThat(usage.description()[0]).as("a sentence").endsWith(".");
        // Only SIGTERM ends what run does.
        String success = name.equals("run") ? "143" : "0";
        assertThat(usage.exitCodeList()).as("exit codes").containsKeys(success, "2");
        assertThat(spec.options())
                .allSatisfy(o -> assertThat(o.description()).as(o.longestName()).isNotEmpty());

        List<String> examples = Stream.of(usage.footer())
                .map(EXAMPLE::matcher)
                .filter(Matcher::matches)
                .map(m -> m.group(1))
                .toList();
        assertThat(examples).as("examples").isNotEmpty().allSatisfy(example -> {
            CommandLine.ParseResult parsed = Main.commandLine(words(example)).parseArgs(words(example));
            assertThat(parsed.errors()).isEmpty();
        });
        assertThat(examples).as("of this command").anyMatch(e -> e.startsWith(name));
        String text = command(name).getUsageMessage(CommandLine.Help.Ansi.OFF);
        assertThat(text.lines())
                .as("whole lines")
                .contains(Stream.of(usage.footer())
                        .filter(l -> EXAMPLE.matcher(l).matches())
                        .toArray(String[]::new));
        assertThat(text).contains("Exit codes:").doesNotContain("\u001b");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpIsPrintedWhereResultsAre(String name) {
        if (!name.equals("help")) {
            assertThat(execute((name + " --help").strip().split(" "))).isZero();
            assertThat(out.toString()).startsWith(("Usage: ecs-steward " + name).strip());
            assertThat(err.toString()).isEmpty();
        }
        String[] words = words(name);
        if (words.length == 1) {
            assertThat(execute("help", name)).isZero();
        }
    }

    @Test
    void theUsageListsEveryCommandInAGroup() {
        execute("--help");
        assertThat(out.toString().lines().toList())
                .containsSubsequence(" Run", " Try", " Operate", " Help")
                .doesNotContain(" More");
        assertThat(commands()).contains("run", "dlq list");
    }

    @Test
    void theVersionIsALine() {
        assertThat(execute("--version")).isZero();
        assertThat(out.toString().lines()).singleElement().asString().startsWith("ecs-steward ");
        assertThat(execute("dlq", "list", "-V")).isZero();
    }

    @Test
    void colorsAreForATerminal() {
        execute(CommandLine.Help.Ansi.ON, "--help");
        assertThat(out.toString()).contains("\u001b[");
        execute(CommandLine.Help.Ansi.ON, "nonsense");
        assertThat(err.toString()).contains("\u001b[").contains("nonsense");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            rplay                 > there is no command 'rplay'; did you mean 'replay'?
            compl                 > there is no command 'compl'; did you mean 'completion'?
            dlq lits              > there is no command 'lits'; did you mean 'list'?
            dlq replay --dryrun   > there is no option '--dryrun'; did you mean '--dry-run'?
            dlq list --reson=x    > there is no option '--reson=x'; did you mean '--reason'?
            health --prot 3       > there is no option '--prot'; did you mean '--port'?
            --verison             > there is no option '--verison'; did you mean '--version'?
            help repaly           > there is no command 'repaly'; did you mean 'replay'?
            trian                 > there is no command 'trian'
            bananas               > there is no command 'bananas'
            completion bash more  > unexpected argument 'more'
            replay                > Missing required parameter: 'FILE|FOLDER'
            dlq                   > Missing required subcommand
            dlq replay            > name what to send back: ids, --reason WORDS, or --all
            dlq replay --all 4f   > name what to send back: ids, --reason WORDS, or --all
            dlq show              > name what to show: ids, or --reason WORDS
            health --port many    > Invalid value for option '--port': 'many' is not an int
            """)
    void aMistakeIsALineWithWhatMayHaveBeenMeant(String typed, String said) {
        assertThat(execute(typed.split(" "))).isEqualTo(Main.WRONG);
        assertThat(err.toString().lines().toList()).hasSize(2).first().isEqualTo(said);
        assertThat(err.toString().lines().toList().get(1)).matches("See ecs-steward.* --help");
        assertThat(out.toString()).isEmpty();
    }
}
