package io.ecssteward.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;

/** {@code completion}: prints a script by which the shell completes commands and options. */
@CommandLine.Command(
        name = "completion",
        description = "Prints a completion script for bash or zsh, for the command 'ecs-steward'.",
        exitCodeList = {"0:success", "2:the command line is wrong"},
        footer = {
            "",
            "Examples:",
            "  java -jar ecs-steward.jar completion bash",
            "",
            "Add to ~/.bashrc, or to ~/.zshrc with zsh instead of bash:",
            "  alias ecs-steward='java -jar /opt/ecs-steward/ecs-steward.jar'",
            "  source <(ecs-steward completion bash)"
        })
final class Completion extends BaseCommand implements Callable<Integer> {

    /** The shells by the names that people type. */
    enum Shell {
        bash,
        zsh
    }

    @CommandLine.Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell;

    @Override
    public Integer call() {
        CommandLine all = Main.commandLine();
        String script = AutoComplete.bash(all.getCommandName(), all);
        spec.commandLine().getOut().print(script);
        spec.commandLine().getOut().flush();
        return CommandLine.ExitCode.OK;
    }
}
