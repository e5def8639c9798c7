package io.ecssteward.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Measures two jars by turns, and prints the medians as a Markdown table. {@code bench/compare} calls it. */
final class Compare implements AutoCloseable {

    private static final int CONSUMERS = 16;
    private static final int PASSES = Integer.getInteger("bench.passes", 10);

    private final Bench bench;
    private final List<Path> jars;
    private final int messages;

    /** What was measured of each jar, by the name of its row: wall clock and CPU, in seconds. */
    private final Map<String, List<List<double[]>>> rows = new LinkedHashMap<>();

    private final List<List<Long>> megabytes = List.of(new ArrayList<>(), new ArrayList<>());

    private Compare(List<Path> jars, boolean quick) throws Exception {
        this.jars = jars;
        messages = quick ? 1_000 : 15_000;
        bench = new Bench(quick);
    }

    /** With the old jar and the new one; {@code bench.runs} says how often each is measured. */
    public static void main(String[] arguments) throws Exception {
        int runs = Integer.getInteger("bench.runs", 5);
        try (Compare compare = new Compare(List.of(Path.of(arguments[0]), Path.of(arguments[1])), runs == 1)) {
            for (int run = 0; run < runs; run++) {
                // Whoever comes first finds the files in the cache less often, so they take turns at it.
                for (int jar : run % 2 == 0 ? new int[] {0, 1} : new int[] {1, 0}) {
                    compare.measure(jar);
                }
                System.err.printf("run %d of %d%n", run + 1, runs);
            }
            compare.print(runs);
        }
    }

    private void measure(int jar) throws Exception {
        command(jar, "`--version`", "--version");
        command(jar, "`--help`", "--help");
        command(jar, "`replay` of one sample", "replay", Bench.SAMPLES + "/task-spot-interrupted.json");
        command(jar, "`check`", "check");
        bench.fake("reset");
        try (Child steward = start(jar, 4)) {
            JsonNode state =
                    bench.await("poll", 60, steward, s -> s.path("firstReceive").asLong() > 0);
            double cpu = Child.cpuTicks(steward.process.pid()) / 100.0;
            add(jar, "start to the first receive", (state.path("firstReceive").asLong() - steward.started) / 1e3, cpu);
        }
        megabytes.get(jar).add(drain(jar, "", java(jar)));
        drain(jar, ", the SDK alone", java(List.of("-cp", "target/bench:" + jars.get(jar), SdkOnly.class.getName())));
    }

    /** Returns the most memory that it ever had, in megabytes. */
    private long drain(int jar, String what, String... arguments) throws Exception {
        bench.fake("reset");
        bench.fake("fill/" + messages + "/first-poll");
        try (Child steward = bench.steward(Bench.JAVA, CONSUMERS, Map.of(), arguments)) {
            List<Bench.Pass> passes = bench.passes(steward, PASSES, messages);
            for (int pass : new int[] {1, PASSES}) {
                Bench.Pass each = passes.get(pass - 1);
                String name = "1,000 messages in pass " + pass + ", " + CONSUMERS + " consumers" + what;
                add(jar, name, each.seconds() / each.messages() * 1000, each.cpuPerThousand());
            }
            return steward.peakMegabytes();
        }
    }

    private Child start(int jar, int consumers) throws Exception {
        return bench.steward(Bench.JAVA, consumers, Map.of(), java(jar));
    }

    private String[] java(int jar, String... arguments) {
        return java(Stream.concat(Stream.of("-jar", jars.get(jar).toString()), Stream.of(arguments))
                .toList());
    }

    private static String[] java(List<String> program) {
        Stream<String> flags =
                Stream.of(System.getProperty("bench.flags", "").split(" ")).filter(f -> !f.isEmpty());
        return Stream.concat(flags, program.stream()).toArray(String[]::new);
    }

    private void command(int jar, String name, String... arguments) throws Exception {
        long cpu = Child.endedTicks();
        long began = System.nanoTime();
        try (Child command = Child.java(Bench.JAVA, Map.of(), Bench.LOG, java(jar, arguments))) {
            if (!command.process.waitFor(60, TimeUnit.SECONDS) || command.process.exitValue() != 0) {
                throw new IllegalStateException(name + " of " + jars.get(jar) + " failed; see " + Bench.LOG);
            }
            add(jar, name, (System.nanoTime() - began) / 1e9, (Child.endedTicks() - cpu) / 100.0);
        }
    }

    private void add(int jar, String row, double seconds, double cpu) {
        rows.computeIfAbsent(row, r -> List.of(new ArrayList<>(), new ArrayList<>()))
                .get(jar)
                .add(new double[] {seconds, cpu});
    }

    private void print(int runs) {
        System.out.printf(
                "JDK %s, medians of %d, by turns; old: %s, new: %s%n%n",
                Runtime.version(), runs, jars.get(0), jars.get(1));
        System.out.println("| | old, s | new, s | ratio | old, CPU s | new, CPU s | ratio |");
        System.out.println("|---|---|---|---|---|---|---|");
        rows.forEach((name, both) -> System.out.printf("| %s | %s | %s |%n", name, medians(both, 0), medians(both, 1)));
        System.out.printf(
                "%nMost memory after %d passes of %d messages: %.0f and %.0f MB resident.%n",
                PASSES, messages, Bench.median(megabytes.get(0)), Bench.median(megabytes.get(1)));
    }

    private static String medians(List<List<double[]>> both, int figure) {
        double[] of = both.stream()
                .mapToDouble(all ->
                        Bench.median(all.stream().map(each -> each[figure]).toList()))
                .toArray();
        return String.format(Locale.ROOT, "%.2f | %.2f | %.2f", of[0], of[1], of[1] / of[0]);
    }

    @Override
    public void close() {
        bench.close();
    }
}
