package io.ecssteward.bench;

import io.ecssteward.event.Event;
import io.ecssteward.event.EventReader;
import io.ecssteward.event.Payload;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * How many events a second one thread takes through the patterns of the shipped route {@code branch}, in their order
 * and with the language that the route uses, how many it reads from their JSON and takes through the patterns, and how
 * many it takes through all of the routes.
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
        String found;
        List<Event> events = bodies.stream().map(Filter::read).toList();
        try (CamelContext camel = new DefaultCamelContext()) {
            camel.start();
            List<Predicate> patterns = new ArrayList<>();
            for (String pattern : patterns()) {
                Predicate predicate = camel.resolveLanguage("event-pattern").createPredicate(pattern);
                predicate.init(camel);
                patterns.add(predicate);
            }
            Runnable filter = () -> events.forEach(e -> choose(camel, patterns, e));
            Runnable both = () -> bodies.forEach(b -> choose(camel, patterns, read(b)));
            perSecond(filter, 2 * nanos);
            perSecond(both, 2 * nanos);
            found = String.format(
                    "filter %d %.0f %.0f", patterns.size(), median(filter, times, nanos), median(both, times, nanos));
        }
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

    /** As the route's choice does it: the first that matches wins, on an exchange that no other event had. */
    private static int choose(CamelContext camel, List<Predicate> patterns, Event event) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(event);
        for (int i = 0; i < patterns.size(); i++) {
            if (patterns.get(i).matches(exchange)) {
                return i;
            }
        }
        return -1;
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

    /** The patterns in the shipped route, as they stand there. */
    private static List<String> patterns() throws Exception {
        List<String> patterns = new ArrayList<>();
        try (InputStream in = Filter.class.getResourceAsStream("/routes/intake.camel.yaml")) {
            Object routes = new Load(LoadSettings.builder().build())
                    .loadFromString(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            for (Object each : (List<?>) routes) {
                if (((Map<?, ?>) each).get("route") instanceof Map<?, ?> route && "branch".equals(route.get("id"))) {
                    collect(route, patterns);
                }
            }
        }
        if (patterns.isEmpty()) {
            throw new IllegalStateException("the route branch has no event pattern any more");
        }
        return patterns;
    }

    private static void collect(Object yaml, List<String> into) {
        if (yaml instanceof Map<?, ?> map) {
            if ("event-pattern".equals(map.get("language"))) {
                into.add(map.get("expression").toString());
            }
            map.values().forEach(v -> collect(v, into));
        } else if (yaml instanceof List<?> list) {
            list.forEach(v -> collect(v, into));
        }
    }
}
