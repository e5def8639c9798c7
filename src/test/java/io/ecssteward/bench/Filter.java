package io.ecssteward.bench;

import io.ecssteward.check.RouteFiles;
import io.ecssteward.event.Event;
import io.ecssteward.event.EventReader;
import io.ecssteward.event.Payload;
import io.ecssteward.pattern.EventPatterns;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * How many events a second one thread matches against the patterns of the built-in routes, as the dispatch does it, how
 * many it reads from their JSON and matches, and how many it takes through all of the routes.
 */
final class Filter {
    private Filter() {}

    private static final int EVENTS = 1_000;
    private static final EventReader READER = new EventReader();

    /** With the folder of the samples, the number of measurements and the milliseconds of each; prints the medians. */
    public static void main(String[] arguments) throws Exception {
        Mix mix = new Mix(Path.of(arguments[0]));
        int times = Integer.parseInt(arguments[1]);
        long nanos = Long.parseLong(arguments[2]) * 1_000_000;
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            Bytes body = new Bytes();
            mix.write(Mix.kind(i), i, i % 4, false, body);
            bodies.add(body.toString());
        }
        List<Event> events = bodies.stream().map(Filter::read).toList();
        EventPatterns patterns = new EventPatterns();
        List<String> written = patterns();
        written.forEach(patterns::add);
        Runnable filter =
                () -> events.forEach(e -> patterns.matching(e.payload().json()));
        Runnable both =
                () -> bodies.forEach(b -> patterns.matching(read(b).payload().json()));
        perSecond(filter, 2 * nanos);
        perSecond(both, 2 * nanos);
        String found = String.format(
                "filter %d %.0f %.0f", written.size(), median(filter, times, nanos), median(both, times, nanos));
        try (Intake intake = new Intake()) {
            int[] number = {0};
            Runnable routes = () -> {
                for (int i = 0; i < EVENTS; i++) {
                    Mix.Kind kind = Mix.kind(number[0]);
                    Bytes body = new Bytes();
                    // Only chatter: everything else goes on in other threads.
                    mix.write(kind.chatter ? kind : Mix.Kind.TASK, number[0]++, 0, false, body);
                    intake.accept(body.toString());
                }
            };
            perSecond(routes, 5 * nanos);
            System.out.printf("%s %.0f%n", found, median(routes, times, nanos));
        }
    }

    private static Event read(String body) {
        Payload payload = READER.open(body, null).get(0);
        return READER.read(payload);
    }

    private static double median(Runnable work, int times, long nanos) {
        double[] found = new double[times];
        for (int i = 0; i < times; i++) {
            found[i] = perSecond(work, nanos);
        }
        Arrays.sort(found);
        return found[times / 2];
    }

    /** By this thread's CPU time, which counts the same whatever else the machine does. */
    private static double perSecond(Runnable work, long nanos) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long began = threads.getCurrentThreadCpuTime();
        long rounds = 0;
        long now;
        do {
            work.run();
            rounds++;
            now = threads.getCurrentThreadCpuTime();
        } while (now - began < nanos);
        return rounds * (double) EVENTS / (now - began) * 1e9;
    }

    /** The patterns at which the built-in routes begin, as they are in their files. */
    private static List<String> patterns() throws Exception {
        List<String> patterns = new ArrayList<>();
        for (String file : RouteFiles.list("classpath:routes/*.camel.yaml")) {
            try (InputStream in = Filter.class.getResourceAsStream("/" + file.substring("classpath:".length()))) {
                Object routes = new Load(LoadSettings.builder().build())
                        .loadFromString(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                for (Object each : (List<?>) routes) {
                    if (((Map<?, ?>) each).get("route") instanceof Map<?, ?> route
                            && ((Map<?, ?>) route.get("from")).get("parameters") instanceof Map<?, ?> parameters) {
                        Stream.of("pattern", "except")
                                .map(parameters::get)
                                .filter(Objects::nonNull)
                                .forEach(pattern -> patterns.add(pattern.toString()));
                    }
                }
            }
        }
        if (patterns.isEmpty()) {
            throw new IllegalStateException("no route has an event pattern any more");
        }
        return patterns;
    }
}
