package io.ecssteward.cli;

import io.ecssteward.check.RouteFiles;
import java.nio.file.Path;
import picocli.CommandLine;

/** {@code samples}: exports the sample messages in the jar. */
@CommandLine.Command(
        name = "samples",
        description = "Exports the sample events, one or more per supported event type.",
        exitCodeList = {
            "0:success",
            "1:a file cannot be written",
            "2:the command line is wrong, or an edited file would be overwritten"
        },
        footer = {"", "Example:", "  java -jar ecs-steward.jar samples export samples"})
final class Samples extends ExportGroup {

    /** {@code samples export}: writes them to a folder. */
    @CommandLine.Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Writes the samples to a folder. Edited files are not overwritten without --force.",
            exitCodeList = {
                "0:success",
                "1:a file cannot be written",
                "2:the command line is wrong, or an edited file would be overwritten"
            },
            footer = {"", "Example:", "  java -jar ecs-steward.jar samples export samples"})
    int export(
            @CommandLine.Parameters(paramLabel = "DIR", description = "The folder; created if missing.") Path folder,
            @CommandLine.Option(names = "--force", description = "Overwrite edited files.") boolean force) {
        return write(RouteFiles.list("classpath:samples/*.json,classpath:samples/*.txt"), folder, force);
    }
}
