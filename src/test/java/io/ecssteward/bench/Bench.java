package io.ecssteward.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.settings.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Measures, section by section, and writes the results down. {@code bench/run} calls it; {@code bench/README.md}
 * explains.
 */
public final class Bench implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SECTIONS = List.of("drain", "latency", "filter", "start", "urgent");

    private static final int ROUND_TRIP_MILLIS = 10;
    /** {@code bench/compare} names another. */
    private static final Path JAR = Path.of(System.getProperty("bench.jar", "target/ecs-steward.jar"));

    private static final Path CLASSES = Path.of("target/bench");
    static final Path SAMPLES = Path.of("samples");
    static final Path LOG = CLASSES.resolve("steward.log");
    static final Path JAVA = Path.of(System.getProperty("java.home"));
    private static final String URGENT = "steward.urgent.queue-url";

    /**
     * ECS lets 5 services a second be updated, after 50 at once, and RateLimitedEcsClient keeps to 4.5: this is below
     * it.
     */
    private static final double SPOTS_A_SECOND = 4;

    private final boolean quick;
    private final int runs;
    private final Child fake;
    private final String endpoint;
    private static final String BY_HAND = "\n## The container\n";

    private final StringBuilder results = new StringBuilder();
    private final List<String> backs = new ArrayList<>();

    Bench(boolean quick) throws IOException {
        this.quick = quick;
        runs = quick ? 1 : Integer.getInteger("bench.runs", 3);
        fake = Child.java(
                JAVA,
                Map.of(),
                null,
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-cp",
                classpath(),
                "io.ecssteward.bench.FakeAws",
                Integer.toString(ROUND_TRIP_MILLIS),
                SAMPLES.toString());
        BufferedReader output = fake.process.inputReader();
        endpoint = "http://127.0.0.1:" + output.readLine();
    }

    /** With {@code --quick} or not, and the sections; all without any. */
    public static void main(String[] arguments) throws Exception {
        List<String> named =
                Stream.of(arguments).filter(a -> !a.startsWith("--")).toList();
        List<String> unknown = Stream.of(arguments)
                .filter(a -> !SECTIONS.contains(a) && !a.equals("--quick"))
                .toList();
        if (!unknown.isEmpty()) {
            System.err.println("bench/run [--quick] [" + String.join("] [", SECTIONS) + "]; there is no "
                    + String.join(", ", unknown));
            System.exit(2);
        }
        boolean quick = List.of(arguments).contains("--quick");
        List<String> sections = named.isEmpty() ? SECTIONS : named;
        Path file = Path.of(System.getProperty("bench.results"));
        String byHand = byHand(file);
        boolean failed = false;
        try (Bench bench = new Bench(quick)) {
            bench.head(sections);
            for (String section : SECTIONS) {
                if (sections.contains(section)) {
                    long began = System.nanoTime();
                    try {
                        bench.section(section);
                    } catch (IOException | IllegalStateException e) {
                        failed = true;
                        bench.line("");
                        bench.line("FAILED: %s", e.getMessage());
                    }
                    Files.writeString(file, bench.results + byHand);
                    System.err.printf("%s took %.0f s%n", section, (System.nanoTime() - began) / 1e9);
                }
            }
            System.out.print(bench.results);
        }
        System.exit(failed ? 1 : 0);
    }

    /** The section that somebody wrote into the results: what {@code .ci/container} measured. */
    private static String byHand(Path results) throws IOException {
        String before = Files.exists(results) ? Files.readString(results) : "";
        int begin = before.indexOf(BY_HAND);
        return begin < 0 ? "" : before.substring(begin);
    }

    private void section(String name) throws Exception {
        switch (name) {
            case "drain" -> drain();
            case "latency" -> latency();
            case "filter" -> filter();
            case "start" -> start();
            default -> urgent();
        }
    }

    private static String classpath() {
        return CLASSES + ":" + JAR;
    }

    @Override
    public void close() {
        fake.close();
    }

    // What is written down

    private void line(String text, Object... values) {
        results.append(String.format(Locale.ROOT, text, values)).append('\n');
    }

    private void head(List<String> sections) throws IOException {
        line("# Results");
        line("");
        line(
                "Written by `bench/run%s%s`; `bench/README.md` says what is measured and how. Compare rows of one "
                        + "run, and quote ratios:",
                quick ? " --quick" : "", sections.equals(SECTIONS) ? "" : " " + String.join(" ", sections));
        line("absolute figures differ from machine to machine and from day to day.");
        line("");
        line("| | |");
        line("|---|---|");
        line("| date | %s |", Instant.now().truncatedTo(ChronoUnit.MINUTES));
        line("| commit | %s |", System.getProperty("bench.commit"));
        line(
                "| cores | %d, shared by the steward and the fakes |",
                Runtime.getRuntime().availableProcessors());
        line(
                "| memory | %s |",
                Files.readAllLines(Path.of("/proc/meminfo"))
                        .get(0)
                        .replaceAll("MemTotal:\\s*(\\d+)\\d{3} kB", "$1 MB"));
        line(
                "| JDK | %s, default heap and garbage collector |",
                System.getProperty("java.vendor.version", "") + " " + Runtime.version());
        line("| system | %s %s |", System.getProperty("os.name"), System.getProperty("os.version"));
        line("| load before | %s |", Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
        line("| runs | %d |", runs);
        line("| round trip | %d ms an API call, in the fakes |", ROUND_TRIP_MILLIS);
    }

    private void title(String title) {
        line("");
        line("## %s", title);
        line("");
    }

    static double median(List<? extends Number> of) {
        double[] sorted = of.stream().mapToDouble(Number::doubleValue).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    private static <T> double median(List<T> of, ToDoubleFunction<T> what) {
        return median(of.stream().map(what::applyAsDouble).toList());
    }

    private static double percentile(List<Double> of, double share) {
        double[] sorted = of.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
    }

    // The processes

    JsonNode fake(String command) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create(endpoint + "/control/" + command).toURL().openConnection();
        try (InputStream in = connection.getInputStream()) {
            return JSON.readTree(in);
        }
    }

    /** Asks the fake how things are until they are as wanted. */
    JsonNode await(String what, int seconds, Child steward, Predicate<JsonNode> wanted) throws Exception {
        long until = System.nanoTime() + seconds * 1_000_000_000L;
        while (true) {
            JsonNode state = fake("state");
            if (wanted.test(state)) {
                return state;
            }
            if (steward != null && !steward.process.isAlive()) {
                throw new IllegalStateException("the steward has ended:\n" + Files.readString(LOG));
            }
            if (System.nanoTime() > until) {
                throw new IllegalStateException("no " + what + " within " + seconds + " s: " + state);
            }
            Thread.sleep(50);
        }
    }

    private String queue(String name) {
        return endpoint + "/" + FakeAws.ACCOUNT + "/" + name;
    }

    Child steward(Path java, int consumers, Map<String, String> more, String... arguments) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "AWS_REGION",
                FakeAws.REGION,
                "AWS_ACCESS_KEY_ID",
                "bench",
                "AWS_SECRET_ACCESS_KEY",
                "bench",
                "AWS_EC2_METADATA_DISABLED",
                "true",
                "AWS_ENDPOINT_URL",
                endpoint,
                "STEWARD_EVENTS_QUEUE_URL",
                queue("events"),
                "STEWARD_EVENTS_CONSUMERS",
                Integer.toString(consumers),
                "STEWARD_SLACK_WEBHOOK_SECRET",
                endpoint + "/services/bench"));
        environment.putAll(more);
        Child steward = Child.java(java, environment, LOG, arguments);
        fake("watch/" + steward.process.pid());
        return steward;
    }

    private Child jar(int consumers) throws IOException {
        return steward(JAVA, consumers, Map.of(), "-jar", JAR.toString());
    }

    // 1 and 2: a backlog

    /** One pass: what it took until the last message of the chatter was deleted. */
    record Pass(
            double seconds,
            int messages,
            double requests,
            double cpuSeconds,
            double compilerSeconds,
            double fakeCpuSeconds,
            double machineSeconds,
            double roundTrip) {
        static Pass of(JsonNode drained) {
            int messages = drained.path("messages").asInt();
            double requests = 0;
            for (JsonNode count : drained.path("requests")) {
                requests += count.asInt();
            }
            return new Pass(
                    drained.path("nanos").asLong() / 1e9,
                    messages,
                    requests,
                    drained.path("cpuTicks").asLong() / 100.0,
                    drained.path("compilerTicks").asLong() / 100.0,
                    drained.path("fakeCpuNanos").asLong() / 1e9,
                    drained.path("machineTicks").asLong() / 100.0,
                    drained.path("roundTripNanos").asLong() / 1e6);
        }

        double perSecond() {
            return messages / seconds;
        }

        double requestsEach() {
            return requests / messages;
        }

        double cpuPerThousand() {
            return cpuSeconds / messages * 1000;
        }

        double otherSeconds() {
            return Math.max(0, machineSeconds - cpuSeconds - fakeCpuSeconds);
        }

        double idle() {
            return Math.max(
                    0, 1 - machineSeconds / seconds / Runtime.getRuntime().availableProcessors());
        }
    }

    /** A process: its first pass, as after a restart, and the one after it. */
    private record Run(Pass first, Pass second, long peakMegabytes) {}

    private Run drainOnce(boolean stock, int consumers, int messages) throws Exception {
        fake("reset");
        fake("fill/" + messages + "/first-poll");
        try (Child steward = stock
                ? steward(JAVA, consumers, Map.of(), "-cp", classpath(), "io.ecssteward.bench.StockConsumer")
                : jar(consumers)) {
            List<Pass> passes = passes(steward, 2, messages);
            return new Run(passes.get(0), passes.get(1), steward.peakMegabytes());
        }
    }

    /** Works off as many messages as are waiting for the first poll, and then as often the same number once more. */
    List<Pass> passes(Child steward, int count, int messages) throws Exception {
        List<Pass> passes = new ArrayList<>();
        while (passes.size() < count) {
            if (!passes.isEmpty()) {
                fake("fill/" + messages + "/now");
            }
            passes.add(Pass.of(
                    await("empty queue", 120, steward, s -> s.path("drained").isObject())
                            .path("drained")));
        }
        return passes;
    }

    private void drain() throws Exception {
        title("A backlog");
        line("Of the mix, until the last message of its chatter is deleted; `first` is the first pass of a fresh "
                + "process, whose code is not");
        line("compiled yet, `then` the same once more. Runs of which these are the medians: %d.", runs);
        line("");
        line("| consumers | messages | first, a second | then, a second | requests a message | CPU s of 1,000, "
                + "first / then | peak RSS MB |");
        line("|---|---|---|---|---|---|---|");
        Map<Integer, Integer> ours = new LinkedHashMap<>(Map.of());
        Map<Integer, Integer> stocks = new LinkedHashMap<>(Map.of());
        for (int consumers : new int[] {1, 4, 16, 32}) {
            ours.put(consumers, quick ? 1_000 : consumers == 1 ? 3_000 : 15_000);
            // As many as take some seconds: it works off about 90 a second a consumer.
            stocks.put(consumers, quick ? Math.min(1_000, 200 * consumers) : Math.min(15_000, 300 * consumers));
        }
        if (quick) {
            ours.keySet().removeAll(List.of(1, 16, 32));
            stocks.keySet().removeAll(List.of(1, 16, 32));
        }
        List<String> ratios = new ArrayList<>();
        List<Double> roundTrips = new ArrayList<>();
        for (int consumers : ours.keySet()) {
            List<Run> our = new ArrayList<>();
            List<Run> stock = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                our.add(drainOnce(false, consumers, ours.get(consumers)));
                stock.add(drainOnce(true, consumers, stocks.get(consumers)));
            }
            row(Integer.toString(consumers), ours.get(consumers), our);
            row(consumers + " stock", stocks.get(consumers), stock);
            our.forEach(r -> roundTrips.add(r.second().roundTrip()));
            ratios.add(String.format(
                    Locale.ROOT,
                    "| %d | %.1f | %.1f | %.2f | %.2f |",
                    consumers,
                    median(our, r -> r.first().perSecond())
                            / median(stock, r -> r.first().perSecond()),
                    median(our, r -> r.second().perSecond())
                            / median(stock, r -> r.second().perSecond()),
                    median(our, r -> r.second().requestsEach())
                            / median(stock, r -> r.second().requestsEach()),
                    median(our, r -> r.second().cpuPerThousand())
                            / median(stock, r -> r.second().cpuPerThousand())));
        }
        line("");
        line("Set against Camel's consumer as it comes (`stock`: the same routes, one DeleteMessage a message), "
                + "in the same runs. Where that had far fewer");
        line("messages its code was colder, which makes its CPU a message more:");
        line("");
        line("| consumers | speed, first | speed, then | requests a message | CPU of a message |");
        line("|---|---|---|---|---|");
        ratios.forEach(r -> line("%s", r));
        line("");
        line("What holds it back: on how many cores the steward worked, how much of that was Java compiling its "
                + "code, and who had the others.");
        line("");
        line("| consumers | steward, cores | of that compiling | fakes, cores | other processes, cores | idle | "
                + "held back by |");
        line("|---|---|---|---|---|---|---|");
        backs.forEach(b -> line("%s", b));
        line("");
        line(
                "A request took the fakes %.1f ms from its last byte to their answer's first (the median of the "
                        + "runs' means).",
                median(roundTrips));
    }

    private void row(String name, int messages, List<Run> all) {
        line(
                "| %s | %d | %.0f | %.0f | %.2f | %.2f / %.2f | %.0f |",
                name,
                messages,
                median(all, r -> r.first().perSecond()),
                median(all, r -> r.second().perSecond()),
                median(all, r -> r.second().requestsEach()),
                median(all, r -> r.first().cpuPerThousand()),
                median(all, r -> r.second().cpuPerThousand()),
                median(all, Run::peakMegabytes));
        for (boolean first : new boolean[] {true, false}) {
            List<Pass> passes =
                    all.stream().map(r -> first ? r.first() : r.second()).toList();
            double idle = median(passes, Pass::idle);
            double cpu = median(passes, p -> p.cpuSeconds() / p.seconds());
            double fakes = median(passes, p -> p.fakeCpuSeconds() / p.seconds());
            double others = median(passes, p -> p.otherSeconds() / p.seconds());
            String back = idle > 0.25
                    ? "waiting for answers"
                    : others > (cpu + fakes) / 2 ? "the cores, and other work on them" : "the cores";
            backs.add(String.format(
                    Locale.ROOT,
                    "| %s, %s | %.2f | %.0f %% | %.2f | %.2f | %.0f %% | %s |",
                    name,
                    first ? "first" : "then",
                    cpu,
                    100 * median(passes, p -> p.compilerSeconds() / Math.max(p.cpuSeconds(), 0.01)),
                    fakes,
                    others,
                    100 * idle,
                    back));
        }
    }

    // 3: from the event to UpdateService

    private void latency() throws Exception {
        title("From the event to UpdateService");
        int seconds = quick ? 3 : 15;
        line(
                "From when an interruption is in the queue to when UpdateService is at ECS, while the mix comes in; "
                        + "%.0f interruptions a second,",
                SPOTS_A_SECOND);
        line(
                "each of a service of its own, which is less than ECS and the steward's own limiter allow. 4 "
                        + "consumers; %d s, after %d s to get warm;",
                seconds, seconds / 3);
        line(
                "runs together: %d. Three calls are in each: the answer to the poll, DescribeServices, and half of "
                        + "UpdateService: %d ms.",
                runs, ROUND_TRIP_MILLIS / 2 + ROUND_TRIP_MILLIS + ROUND_TRIP_MILLIS / 2);
        line("");
        line("| events a second | interruptions | p50 ms | p99 ms | most ms | steward's CPU, share of a core |");
        line("|---|---|---|---|---|---|");
        for (int rate : quick ? new int[] {100} : new int[] {100, 1_000}) {
            List<Double> all = new ArrayList<>();
            List<Double> cpu = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                fake("reset");
                try (Child steward = jar(4)) {
                    await("poll", 60, steward, s -> s.path("firstReceive").asLong() > 0);
                    fake("load/" + rate + "/" + SPOTS_A_SECOND + "/" + seconds / 3);
                    await(
                            "end of the load",
                            60,
                            steward,
                            s -> !s.path("loading").asBoolean());
                    long ticks = Child.cpuTicks(steward.process.pid());
                    fake("load/" + rate + "/" + SPOTS_A_SECOND + "/" + seconds);
                    JsonNode state = await(
                            "update of each service",
                            seconds + 60,
                            steward,
                            s -> !s.path("loading").asBoolean()
                                    && s.path("spotsOpen").asInt() == 0);
                    cpu.add((Child.cpuTicks(steward.process.pid()) - ticks) / 100.0 / seconds);
                    state.path("latencies").forEach(l -> all.add(l.asDouble()));
                }
            }
            line(
                    "| %d | %d | %.0f | %.0f | %.0f | %.2f |",
                    rate, all.size(), percentile(all, 0.5), percentile(all, 0.99), percentile(all, 1), median(cpu));
        }
    }

    // 4: patterns

    private void filter() throws Exception {
        title("Filtering");
        try (Child filter = Child.java(
                JAVA,
                Map.of(),
                null,
                "-cp",
                classpath(),
                "io.ecssteward.bench.Filter",
                SAMPLES.toString(),
                quick ? "1" : "5",
                quick ? "300" : "1000")) {
            // Before it Camel logs that it starts.
            String[] found = filter.process
                    .inputReader()
                    .lines()
                    .filter(l -> l.startsWith("filter "))
                    .findFirst()
                    .orElseThrow()
                    .split(" ");
            line(
                    "One thread, 1,000 events of the mix; by the thread's CPU time, so without garbage collection. "
                            + "The patterns are the %s at which the built-in routes begin,",
                    found[1]);
            line("all matched at once. Median of %d.", quick ? 1 : 5);
            line("");
            line("| | events a second a core |");
            line("|---|---|");
            line("| patterns alone | %s |", found[2]);
            line("| reading the JSON, and the patterns | %s |", found[3]);
            line("| all of the routes, without a queue (chatter only) | %s |", found[4]);
        }
    }

    // 5: starting

    private void start() throws Exception {
        title("Starting");
        int starts = quick ? 2 : 5;
        line("From the start of the process to the first ReceiveMessage at SQS, median of %d.", starts);
        line("");
        line("| JDK | ms |");
        line("|---|---|");
        starts(JAVA, starts);
        if (Runtime.version().feature() != 25) {
            try (Stream<Path> found =
                    Files.isDirectory(Path.of("/usr/lib/jvm")) ? Files.list(Path.of("/usr/lib/jvm")) : Stream.empty()) {
                Path newer = found.filter(p ->
                                p.getFileName().toString().contains("25") && Files.isExecutable(p.resolve("bin/java")))
                        .findFirst()
                        .orElse(null);
                if (newer == null) {
                    line("| 25 | SKIPPED: none is installed in /usr/lib/jvm |");
                } else {
                    starts(newer, starts);
                }
            }
        }
    }

    private void starts(Path java, int times) throws Exception {
        List<Long> took = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            fake("reset");
            try (Child steward = steward(java, 4, Map.of(), "-jar", JAR.toString())) {
                JsonNode state =
                        await("poll", 60, steward, s -> s.path("firstReceive").asLong() > 0);
                took.add(state.path("firstReceive").asLong() - steward.started);
            }
        }
        String version = Files.readAllLines(java.resolve("release")).stream()
                .filter(l -> l.startsWith("JAVA_VERSION="))
                .findFirst()
                .orElse("JAVA_VERSION=\"" + java.getFileName() + "\"")
                .replaceAll(".*\"(.*)\".*", "$1");
        line("| %s | %.0f |", version, median(took));
    }

    // 6: an interruption behind a backlog

    private void urgent() throws Exception {
        int notices = quick ? 5_000 : 100_000;
        title("A Spot interruption while " + notices + " notices wait");
        if (!hasSetting(URGENT)) {
            line("SKIPPED: this version has no setting `%s`.", URGENT);
            return;
        }
        int spots = quick ? 3 : 10;
        line("Each of a service of its own, one in 500 ms, sent to the urgent queue; `behind` is sent to the "
                + "queue of the events instead, and");
        line("given 20 s. Runs together: %d.", runs);
        line("");
        line("| | interruptions | p50 ms | most ms | notices that still waited at the end |");
        line("|---|---|---|---|---|");
        for (boolean lane : new boolean[] {true, false}) {
            List<Double> all = new ArrayList<>();
            List<Integer> waited = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                fake("reset");
                fake("notices/events/" + notices);
                Map<String, String> setting = Map.of("STEWARD_URGENT_QUEUE_URL", queue("urgent"));
                try (Child steward = steward(JAVA, 4, setting, "-jar", JAR.toString())) {
                    await(
                            "start of the work",
                            60,
                            steward,
                            s -> s.path("waiting").asInt() <= notices - Math.min(notices / 2, 1_000));
                    for (int spot = 0; spot < (lane ? spots : 1); spot++) {
                        fake("spot/" + (lane ? "urgent" : "events"));
                        Thread.sleep(500);
                    }
                    long until = System.nanoTime() + 20_000_000_000L;
                    JsonNode state = await(
                            "end", 60, steward, s -> s.path("spotsOpen").asInt() == 0 || System.nanoTime() > until);
                    state.path("latencies").forEach(l -> all.add(l.asDouble()));
                    waited.add(state.path("waiting").asInt());
                }
            }
            int sent = (lane ? spots : 1) * runs;
            line(
                    "| %s | %d of %d | %s | %s | %.0f |",
                    lane ? "urgent queue" : "behind",
                    all.size(),
                    sent,
                    all.isEmpty() ? "more than 20,000" : String.format(Locale.ROOT, "%.0f", percentile(all, 0.5)),
                    all.size() < sent ? "more than 20,000" : String.format(Locale.ROOT, "%.0f", percentile(all, 1)),
                    median(waited));
        }
    }

    private static boolean hasSetting(String name) {
        return Settings.of(Map.of(), Map.of()).all().containsKey(name);
    }
}
