package io.ecssteward.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A process of ours, which ends when we do. */
final class Child implements AutoCloseable {

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    final Process process;

    /** When it was started, in milliseconds since 1970. */
    final long started;

    private Child(Process process, long started) {
        this.process = process;
        this.started = started;
        RUNNING.add(process);
    }

    /**
     * Starts Java.
     *
     * @param log where its output goes; null when it is to be read here
     */
    static Child java(Path home, Map<String, String> environment, Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .keySet()
                .removeIf(n -> n.startsWith("STEWARD_") || n.startsWith("AWS_") || n.startsWith("JAVA_TOOL"));
        // What is measured is the engine, without the port of health and metrics.
        builder.environment().put("STEWARD_MANAGEMENT_PORT", "0");
        builder.environment().putAll(environment);
        if (log == null) {
            builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        } else {
            builder.redirectErrorStream(true).redirectOutput(log.toFile());
        }
        long now = System.currentTimeMillis();
        return new Child(builder.start(), now);
    }

    /** The CPU time that a process has used, in ticks of 10 ms; 0 when it has ended. */
    static long cpuTicks(long pid) {
        return ticks(Path.of("/proc/" + pid + "/stat"), 11);
    }

    /** What the children of this process that have ended used, in the same ticks. */
    static long endedTicks() {
        return ticks(Path.of("/proc/self/stat"), 13);
    }

    /** The user and the system time, which stand next to each other. */
    private static long ticks(Path file, int field) {
        try {
            // The name, in parentheses, may have blanks in it; utime and stime are fields 14 and 15, the children's the
            // next.
            String stat = Files.readString(file);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[field]) + Long.parseLong(fields[field + 1]);
        } catch (IOException e) {
            return 0;
        }
    }

    /** The same of those of its threads that compile. */
    static long compilerTicks(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return threads.filter(t -> name(t).matches("C[12] Compiler.*"))
                    .mapToLong(t -> ticks(t.resolve("stat"), 11))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** For how long the cores were busy, with whatever, in ticks. */
    static long machineTicks() {
        try {
            // user nice system idle iowait irq softirq steal
            String[] fields = Files.readAllLines(Path.of("/proc/stat")).get(0).split("\\s+");
            long busy = 0;
            for (int i = 1; i <= 8; i++) {
                busy += i == 4 || i == 5 ? 0 : Long.parseLong(fields[i]);
            }
            return busy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The most memory it ever had, in megabytes. */
    long peakMegabytes() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(l -> l.startsWith("VmHWM:"))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        RUNNING.remove(process);
    }
}
