package io.ecssteward.cli;

import io.ecssteward.check.EditorSchema;
import io.ecssteward.check.RouteFiles;
import io.ecssteward.problem.Suggestion;
import io.ecssteward.settings.SecretStore;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** {@code routes}: lists the routes, exports the built-in ones for editing, and prints their schema. */
@CommandLine.Command(
        name = "routes",
        description = "Lists the routes, exports the built-in ones for editing, and prints a JSON Schema for editor "
                + "completion.",
        exitCodeList = {"0:success", "1:a file cannot be written", "2:the command line or a setting is wrong"},
        footer = {
            "",
            "Examples:",
            "  java -jar ecs-steward.jar routes list",
            "  java -jar ecs-steward.jar routes export my-routes alarms"
        })
final class Routes extends ExportGroup {

    private static final String BUILT_IN = Settings.BUILT_IN_ROUTES;
    private static final String ENDING = ".camel.yaml";

    private static final Pattern ROUTE =
            Pattern.compile("^- route:\\R +id: (\\S+)(?:\\R +description: (.*))?", Pattern.MULTILINE);

    /** {@code routes list}: lists files and routes. */
    @CommandLine.Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the routes that STEWARD_ROUTES names, file by file; the built-in routes by default.",
            exitCodeList = {"0:success", "2:the command line or STEWARD_ROUTES is wrong"},
            footer = {"", "Example:", "  java -jar ecs-steward.jar routes list"})
    int list() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        String routes = Settings.load(SecretStore.NONE).get(Settings.ROUTES);
        List<String> files;
        try {
            files = RouteFiles.list(routes);
        } catch (IllegalArgumentException e) {
            return Main.cannotStart(List.of(Settings.ROUTES + " is '" + routes + "': " + e.getMessage()));
        }
        if (files.isEmpty()) {
            return Main.cannotStart(List.of(Settings.ROUTES + " is '" + routes
                    + "', which matches no file; set a folder with routes in it: " + "file:/etc/steward/*.camel.yaml"));
        }
        for (String file : files) {
            out.println(RouteFiles.name(file));
            Matcher route = ROUTE.matcher(new String(RouteFiles.read(file), StandardCharsets.UTF_8));
            while (route.find()) {
                out.printf("  %-33s%s%n", route.group(1), route.group(2) == null ? "" : route.group(2));
            }
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    /** {@code routes export}: exports the built-in files. */
    @CommandLine.Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description =
                    "Writes the built-in routes to a folder for editing. Edited files are not overwritten without "
                            + "--force.",
            exitCodeList = {
                "0:success",
                "1:a file cannot be written",
                "2:an edited file would be overwritten, or a built-in file does not exist"
            },
            footer = {
                "",
                "Examples:",
                "  java -jar ecs-steward.jar routes export my-routes",
                "  java -jar ecs-steward.jar routes export my-routes alarms slack"
            })
    int export(
            @CommandLine.Parameters(index = "0", paramLabel = "DIR", description = "The folder; created if missing.")
                    Path folder,
            @CommandLine.Parameters(
                            index = "1..*",
                            arity = "0..*",
                            paramLabel = "FILE",
                            description = "The files to export: alarms, or alarms.camel.yaml. Default: all.")
                    List<String> names,
            @CommandLine.Option(names = "--force", description = "Overwrite edited files.") boolean force) {
        List<String> builtIn = RouteFiles.list(BUILT_IN);
        List<String> chosen = new ArrayList<>();
        for (String name : names == null ? List.<String>of() : names) {
            String wanted = "/" + name.replaceFirst("\\.camel\\.yaml$", "") + ENDING;
            List<String> found =
                    builtIn.stream().filter(file -> file.endsWith(wanted)).toList();
            if (found.isEmpty()) {
                List<String> all = builtIn.stream()
                        .map(file -> RouteFiles.name(file).replace(ENDING, ""))
                        .toList();
                spec.commandLine()
                        .getErr()
                        .println("there is no built-in file '" + name + "'" + Suggestion.remedy(name, all));
                return Main.WRONG;
            }
            chosen.addAll(found);
        }
        int code = write(chosen.isEmpty() ? builtIn : chosen, folder, force);
        if (code == CommandLine.ExitCode.OK) {
            PrintWriter out = spec.commandLine().getOut();
            out.println();
            out.println("Edit the files, then run them with");
            out.println("  STEWARD_ROUTES='" + BUILT_IN + ",file:" + folder + "/*" + ENDING + "'");
            out.println(
                    "Each file replaces the built-in file of the same name, so keep only the files that you change.");
        }
        return code;
    }

    /** {@code routes schema}: prints the JSON Schema. */
    @CommandLine.Command(
            name = "schema",
            mixinStandardHelpOptions = true,
            description = "Prints the JSON Schema of route files, for completion and checks in an editor.",
            exitCodeList = {"0:success", "2:the command line is wrong"},
            footer = {
                "",
                "Example:",
                "  java -jar ecs-steward.jar routes schema",
                "",
                "Save it beside your routes as routes.schema.json, and begin each route file with",
                "  # yaml-language-server: $schema=routes.schema.json"
            })
    int schema() throws IOException {
        print(EditorSchema.write());
        return CommandLine.ExitCode.OK;
    }
}
