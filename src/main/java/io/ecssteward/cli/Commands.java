package io.ecssteward.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** All commands, in the groups and the order in which the usage lists them. A new command is one entry here. */
final class Commands {
    private Commands() {}

    private enum Group {
        RUN("Run", Run.class, Health.class),
        TRY("Try", Samples.class, Replay.class, Explain.class, Simulate.class),
        CHANGE("Change", Routes.class, Check.class, TestRoutes.class, Diff.class),
        OPERATE("Operate", IncidentCommand.class, SilenceCommand.class, CapacityCommand.class, Dlq.class),
        HELP("Help", Completion.class, CommandLine.HelpCommand.class);

        private final String heading;
        private final List<Class<?>> commands;

        Group(String heading, Class<?>... commands) {
            this.heading = heading;
            this.commands = List.of(commands);
        }
    }

    /**
     * The commands of the command line.
     *
     * @param typed the words that were typed. To save time, only a command that they name is built completely; the
     *     others only have what the usage shows. Without words, all are built completely
     */
    static void addTo(CommandLine main, String... typed) {
        Set<String> words = Set.copyOf(List.of(typed));
        boolean all = words.isEmpty() || words.stream().anyMatch(word -> word.startsWith("@"));
        for (Group group : Group.values()) {
            for (Class<?> command : group.commands) {
                CommandLine.Command described = described(command);
                main.addSubcommand(
                        described.name(),
                        all || words.contains(described.name()) ? new CommandLine(command) : outline(described));
            }
        }
        CommandLine.Model.UsageMessageSpec help =
                main.getSubcommands().get("help").getCommandSpec().usageMessage();
        help.description("Shows the help of a command.");
        help.exitCodeList(new TreeMap<>(Map.of("0", "success", "2", "there is no such command")));
        help.footer("", "Example:", "  java -jar ecs-steward.jar help replay");
        headings(main.getCommandSpec());
        main.getHelpSectionMap().put(CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST, Commands::list);
    }

    private static CommandLine.Command described(Class<?> command) {
        return command.getAnnotation(CommandLine.Command.class);
    }

    private static CommandLine outline(CommandLine.Command described) {
        CommandLine.Model.CommandSpec outline = CommandLine.Model.CommandSpec.create();
        outline.usageMessage().description(described.description());
        return new CommandLine(outline);
    }

    /** The commands of a command. */
    static List<CommandLine> visible(CommandLine command) {
        return command.getSubcommands().values().stream().distinct().toList();
    }

    private static void headings(CommandLine.Model.CommandSpec command) {
        command.usageMessage().exitCodeListHeading("%nExit codes:%n");
        // Examples are not wrapped, so that they can be copied.
        command.usageMessage()
                .sectionMap()
                .put(
                        CommandLine.Model.UsageMessageSpec.SECTION_KEY_FOOTER,
                        help -> Stream.of(help.commandSpec().usageMessage().footer())
                                .map("%s%n"::formatted)
                                .collect(Collectors.joining()));
        command.subcommands().values().forEach(c -> headings(c.getCommandSpec()));
    }

    /** The list of commands for the usage, group by group; commands without a group come last. */
    private static String list(CommandLine.Help help) {
        Map<String, CommandLine.Help> commands = help.subcommands();
        List<String> ungrouped = new ArrayList<>(commands.keySet());
        StringBuilder list = new StringBuilder();
        for (Group group : Group.values()) {
            List<String> names = group.commands.stream()
                    .map(c -> described(c).name())
                    .filter(commands::containsKey)
                    .toList();
            ungrouped.removeAll(names);
            list.append(table(help, group.heading, names));
        }
        return list.append(table(help, "More", ungrouped)).toString();
    }

    private static String table(CommandLine.Help help, String heading, List<String> names) {
        if (names.isEmpty()) {
            return "";
        }
        int width = help.subcommands().keySet().stream()
                        .mapToInt(String::length)
                        .max()
                        .orElse(0)
                + 4;
        CommandLine.Help.TextTable table = CommandLine.Help.TextTable.forColumns(
                help.colorScheme(),
                new CommandLine.Help.Column(width, 2, CommandLine.Help.Column.Overflow.SPAN),
                new CommandLine.Help.Column(
                        help.commandSpec().usageMessage().width() - width, 2, CommandLine.Help.Column.Overflow.WRAP));
        for (String name : names) {
            String[] description =
                    help.subcommands().get(name).commandSpec().usageMessage().description();
            table.addRowValues(
                    help.colorScheme().commandText(name),
                    help.colorScheme().ansi()
                    .new Text(description.length == 0 ? "" : description[0], help.colorScheme()));
        }
        return " " + heading + System.lineSeparator() + table;
    }
}
