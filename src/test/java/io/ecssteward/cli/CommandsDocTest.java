package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * The table in docs/commands.md is what the commands say of themselves; {@code -Dcommands.update=true} writes it anew.
 */
class CommandsDocTest {

    private static final String BEGIN = "<!-- the commands, written by CommandsDocTest -->\n";
    private static final String END = "<!-- end of the commands -->\n";

    private static String table() {
        return "| command | what it does | exit codes |\n| --- | --- | --- |\n"
                + HelpTest.commands().stream()
                        .filter(name -> !name.isEmpty())
                        .map(CommandsDocTest::row)
                        .collect(Collectors.joining());
    }

    private static String row(String name) {
        CommandLine.Model.UsageMessageSpec usage =
                HelpTest.command(name).getCommandSpec().usageMessage();
        String codes = usage.exitCodeList().entrySet().stream()
                .map(code -> "`" + code.getKey() + "` " + code.getValue())
                .collect(Collectors.joining("<br>"));
        return "| `" + name + "` | " + cell(usage.description()[0]) + " | " + cell(codes) + " |\n";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").strip();
    }

    @Test
    void theTableOfCommandsIsTheCommands() throws IOException {
        Path file = Path.of("docs/commands.md");
        String text = Files.readString(file);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        assertThat(begin).isGreaterThanOrEqualTo(BEGIN.length());
        assertThat(end).isGreaterThanOrEqualTo(begin);
        if (Boolean.getBoolean("commands.update")) {
            text = text.substring(0, begin) + table() + text.substring(end);
            Files.writeString(file, text);
            end = text.indexOf(END);
        }
        assertThat(text.substring(begin, end))
                .as("run it with -Dcommands.update=true")
                .isEqualTo(table());
    }
}
