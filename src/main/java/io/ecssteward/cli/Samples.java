package io.ecssteward.cli;

import io.ecssteward.check.RouteFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine;

/** {@code samples}: writes out the sample messages that are in the jar. */
@CommandLine.Command(
        name = "samples",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Has a sample of every message that is understood, to replay, explain and change.",
        exitCodeList = {
            "0:it was done",
            "1:files cannot be written",
            "2:the command line is wrong, or an edited file is in the way"
        },
        footer = {"", "Example:", "  java -jar ecs-steward.jar samples export samples"})
final class Samples implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Writes them out. */
    @CommandLine.Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description =
                    "Writes the samples into a folder. Files that were edited are not overwritten unless --force is given.",
            exitCodeList = {
                "0:they are there",
                "1:they cannot be written",
                "2:the command line is wrong, or an edited file is in the way"
            },
            footer = {"", "Example:", "  java -jar ecs-steward.jar samples export samples"})
    int export(
            @CommandLine.Parameters(paramLabel = "DIR", description = "The folder; it is made if it is not there.")
                    Path folder,
            @CommandLine.Option(names = "--force", description = "Overwrite files that differ from those in the jar.")
                    boolean force) {
        PrintWriter out = spec.commandLine().getOut();
        int code = new BundledFiles(out, spec.commandLine().getErr())
                .write(RouteFiles.list("classpath:samples/*.json,classpath:samples/*.txt"), folder, force);
        out.flush();
        return code;
    }
}
