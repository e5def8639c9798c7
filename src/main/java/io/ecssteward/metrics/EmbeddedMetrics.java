package io.ecssteward.metrics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the metrics to stdout each minute, in CloudWatch's embedded metric format. A line has one value per name, and
 * CloudWatch charges for each name. Here, events are therefore not counted by type, actions not by service, alerts not
 * by channel, and incidents not by severity. The remaining labels are part of the name:
 * {@code steward_events.duplicate}. One line is usually enough; more are written if it would be too long.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">The
 *     embedded metric format</a>
 */
public final class EmbeddedMetrics extends ServiceSupport implements CamelContextAware {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedMetrics.class);

    static final String NAMESPACE = "ECSSteward";

    /** The same dimension for all metrics; a metric without one is hard to find in the console. */
    private static final String DIMENSION = "Application";

    /** Labels with many values, which are left out. */
    private static final Set<String> LEFT_OUT = Set.of("type", "service", "channel", "severity");

    /**
     * A directive may have 100 metrics, by the specification above; AWS's own libraries write one directive per line.
     */
    static final int MAX_IN_A_LINE = 100;

    /**
     * Our own limit in characters: some log drivers cut lines at 16 KiB, and CloudWatch ignores half a JSON object. The
     * specification allows 1 MB, formerly 256 KB. It allows 30 dimensions in a set; ours has one.
     */
    static final int LONGEST_LINE = 16 * 1024;

    /** In characters; more than a line without metrics has. */
    private static final int FRAME = 256;

    private final MeterRegistry registry;
    private final Consumer<String> out;
    private final Map<Meter.Id, Double> before = new HashMap<>();
    private CamelContext camelContext;
    private ScheduledExecutorService minutes;

    private record Figure(String unit, double value) {
        Figure and(Figure other) {
            return new Figure(unit, value + other.value());
        }
    }

    /** Creates it; it writes nothing until it is started. */
    public EmbeddedMetrics(MeterRegistry registry, Consumer<String> out) {
        this.registry = registry;
        this.out = out;
    }

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    @Override
    protected void doStart() {
        minutes = camelContext.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "metrics");
        minutes.scheduleAtFixedRate(this::report, 1, 1, TimeUnit.MINUTES);
    }

    void report() {
        try {
            lines(Instant.now()).forEach(out);
        } catch (RuntimeException e) {
            // If the exception escaped, the executor would stop calling. The counts are written a minute later.
            LOG.warn("writing the metrics of the last minute: {}", e.toString());
        }
    }

    /** Writes the counts since the last line. */
    @Override
    protected void doStop() {
        camelContext.getExecutorServiceManager().shutdownNow(minutes);
        report();
    }

    /** The counts since the last call, and the current gauges. */
    synchronized List<String> lines(Instant now) {
        Map<String, Figure> figures = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            // A timestamp is left out: CloudWatch cannot compute how long ago it was, so no alarm can use it.
            if (!meter.getId().getName().startsWith(Metrics.PREFIX)
                    || meter.getId().getName().endsWith(".timestamp.seconds")) {
                continue;
            }
            String name = name(meter.getId());
            if (meter instanceof Counter counter) {
                figures.merge(name, new Figure("Count", since(counter.getId(), counter.count())), Figure::and);
            } else if (meter instanceof Timer timer) {
                long count = timer.count();
                double seconds = timer.totalTime(TimeUnit.SECONDS);
                double times = since(timer.getId(), count);
                double took = since(timer.getId().withName(timer.getId().getName() + ".sum"), seconds);
                if (times > 0) {
                    figures.put(name + ".mean", new Figure("Seconds", took / times));
                    figures.put(name + ".max", new Figure("Seconds", timer.max(TimeUnit.SECONDS)));
                }
            } else if (meter instanceof Gauge gauge && Double.isFinite(gauge.value())) {
                figures.merge(
                        name,
                        new Figure(gauge.getId().getName().endsWith(".seconds") ? "Seconds" : "Count", gauge.value()),
                        Figure::and);
            }
        }
        return lines(now, figures);
    }

    private double since(Meter.Id id, double total) {
        Double last = before.put(id, total);
        return total - (last == null ? 0 : last);
    }

    private static String name(Meter.Id id) {
        String labels = id.getTags().stream()
                .filter(tag -> !LEFT_OUT.contains(tag.getKey()))
                .map(Tag::getValue)
                .map(value -> "." + value)
                .collect(Collectors.joining());
        return id.getName().replace('.', '_') + labels;
    }

    private static List<String> lines(Instant now, Map<String, Figure> figures) {
        List<String> lines = new ArrayList<>();
        Map<String, Figure> next = new LinkedHashMap<>();
        int length = 0;
        for (Map.Entry<String, Figure> figure : figures.entrySet()) {
            int more = length(figure.getKey(), figure.getValue());
            if (next.size() == MAX_IN_A_LINE || length + more > LONGEST_LINE - FRAME) {
                lines.add(line(now, next));
                next.clear();
                length = 0;
            }
            next.put(figure.getKey(), figure.getValue());
            length += more;
        }
        if (!next.isEmpty()) {
            lines.add(line(now, next));
        }
        return lines;
    }

    /** How many characters a figure adds to a line. Names consist of words and numbers, which need no escaping. */
    private static int length(String name, Figure figure) {
        return 2 * name.length()
                + figure.unit().length()
                + Double.toString(figure.value()).length()
                + "{\"Name\":\"\",\"Unit\":\"\"},,\"\":".length();
    }

    private static String line(Instant now, Map<String, Figure> figures) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        ObjectNode aws = line.putObject("_aws").put("Timestamp", now.toEpochMilli());
        ObjectNode directive = aws.putArray("CloudWatchMetrics").addObject().put("Namespace", NAMESPACE);
        directive.putArray("Dimensions").addArray().add(DIMENSION);
        ArrayNode metrics = directive.putArray("Metrics");
        figures.forEach((name, figure) -> metrics.addObject().put("Name", name).put("Unit", figure.unit()));
        line.put(DIMENSION, "ecs-steward");
        figures.forEach((name, figure) -> line.put(name, figure.value()));
        return line.toString();
    }
}
