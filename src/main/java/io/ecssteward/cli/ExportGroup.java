package io.ecssteward.cli;

import io.ecssteward.check.RouteFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** A command with subcommands, one of which exports files from the jar for editing. */
abstract class ExportGroup extends CommandGroup {

    /**
     * Writes all of these files, or none if an edited one would be overwritten, and prints which.
     *
     * @param locations as returned by {@link RouteFiles#list}
     * @param force whether files that differ are overwritten
     * @return the exit code
     */
    final int write(List<String> locations, Path folder, boolean force) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            Map<Path, byte[]> changed = new LinkedHashMap<>();
            List<Path> edited = new ArrayList<>();
            for (String file : locations) {
                Path target = folder.resolve(RouteFiles.name(file));
                byte[] bundled = RouteFiles.read(file);
                if (!Files.exists(target) || !Arrays.equals(bundled, Files.readAllBytes(target))) {
                    changed.put(target, bundled);
                    if (Files.exists(target)) {
                        edited.add(target);
                    }
                }
            }
            if (!edited.isEmpty() && !force) {
                err.println("Nothing was written, because these files were edited; --force overwrites them:");
                edited.forEach(file -> err.println("  " + file));
                return Main.WRONG;
            }
            Files.createDirectories(folder);
            for (Map.Entry<Path, byte[]> file : changed.entrySet()) {
                // By a move, which is atomic: a running instance may be watching the folder.
                Path whole = Files.write(folder.resolve("." + file.getKey().getFileName() + ".new"), file.getValue());
                Files.move(whole, file.getKey(), StandardCopyOption.REPLACE_EXISTING);
                out.println((edited.contains(file.getKey()) ? "overwrote " : "wrote ") + file.getKey());
            }
            if (changed.isEmpty()) {
                out.println((locations.size() == 1
                                ? "The file is already in "
                                : "All " + locations.size() + " files are already in ")
                        + folder + ".");
            }
            return CommandLine.ExitCode.OK;
        } catch (FileAlreadyExistsException e) {
            err.println(e.getFile() + " exists and is not a folder; name another");
        } catch (IOException e) {
            err.println("cannot write to " + folder + ": " + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        return Main.FAILED;
    }
}
