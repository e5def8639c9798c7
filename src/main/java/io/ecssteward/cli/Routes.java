package io.ecssteward.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** {@code routes}: lists the routes, or writes those in the jar out to edit. */
@CommandLine.Command(
        name = "routes",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Lists the routes, or writes those that are shipped out to edit.",
        footer = {
            "",
            "Examples:",
            "  java -jar ecs-steward.jar routes list",
            "  java -jar ecs-steward.jar routes export my-routes",
            "  STEWARD_ROUTES='file:my-routes/*.camel.yaml' java -jar ecs-steward.jar replay samples"
        })
final class Routes implements Runnable {

    private static final String SHIPPED = "classpath:routes/*.camel.yaml";

    private static final Pattern ROUTE = Pattern.compile("^- route:\\R +id: (\\S+)(?:\\R +description: (.*))?", Pattern.MULTILINE);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Shows what there is to edit. */
    @CommandLine.Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the routes that STEWARD_ROUTES names, or else those that are shipped, file by file.")
    int list() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        String routes = Settings.load(SecretStore.NONE).get(Settings.ROUTES);
        List<String> files;
        try {
            files = RouteFiles.list(routes);
        } catch (IllegalArgumentException e) {
            return Main.cannotStart(List.of(Settings.ROUTES + " is '" + routes + "': " + e.getMessage()));
        }
        for (String file : files) {
            out.println(name(file));
            Matcher route = ROUTE.matcher(new String(read(file), StandardCharsets.UTF_8));
            while (route.find()) {
                out.printf("  %-22s%s%n", route.group(1), route.group(2) == null ? "" : route.group(2));
            }
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    /** Writes all files, or none when one would be lost. */
    @CommandLine.Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Writes the shipped routes into a folder, to be edited there. Files that were edited are not overwritten unless --force is given.",
            footer = {"", "Exit codes: 0 they are there, 1 they cannot be written, 2 an edited file is in the way."})
    int export(
            @CommandLine.Parameters(paramLabel = "DIR", description = "The folder; it is made if it is not there.") Path folder,
            @CommandLine.Option(names = "--force", description = "Overwrite files that differ from the shipped ones.") boolean force) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            Map<Path, byte[]> changed = new LinkedHashMap<>();
            List<Path> edited = new ArrayList<>();
            List<String> files = RouteFiles.list(SHIPPED);
            for (String file : files) {
                Path target = folder.resolve(name(file));
                byte[] shipped = read(file);
                if (!Files.exists(target) || !Arrays.equals(shipped, Files.readAllBytes(target))) {
                    changed.put(target, shipped);
                    if (Files.exists(target)) {
                        edited.add(target);
                    }
                }
            }
            if (!edited.isEmpty() && !force) {
                err.println("Nothing is written: these files are there and differ from the shipped ones; --force overwrites them:");
                edited.forEach(file -> err.println("  " + file));
                return Main.WRONG;
            }
            Files.createDirectories(folder);
            for (Map.Entry<Path, byte[]> file : changed.entrySet()) {
                // In one go, because a steward may be watching the folder.
                Path whole = Files.write(folder.resolve("." + file.getKey().getFileName() + ".new"), file.getValue());
                Files.move(whole, file.getKey(), StandardCopyOption.REPLACE_EXISTING);
                out.println((edited.contains(file.getKey()) ? "overwrote " : "wrote ") + file.getKey());
            }
            if (changed.isEmpty()) {
                out.println("All " + files.size() + " files are in " + folder + " already, as they are shipped.");
            }
            out.println();
            out.println("Edit them, and run them with");
            out.println("  STEWARD_ROUTES='file:" + folder + "/*.camel.yaml'");
            out.println("They take the place of the shipped ones, so keep those that you do not change.");
            return CommandLine.ExitCode.OK;
        } catch (FileAlreadyExistsException e) {
            err.println(e.getFile() + " is there, and is no folder; name another");
        } catch (IOException e) {
            err.println("cannot write to " + folder + ": " + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        return Main.FAILED;
    }

    private static String name(String location) {
        return location.substring(Math.max(location.lastIndexOf('/'), location.indexOf(':')) + 1);
    }

    private static byte[] read(String location) throws IOException {
        if (location.startsWith("file:")) {
            return Files.readAllBytes(Path.of(location.substring("file:".length())));
        }
        try (InputStream in = Routes.class.getResourceAsStream("/" + location.substring("classpath:".length()))) {
            return in.readAllBytes();
        }
    }
}
