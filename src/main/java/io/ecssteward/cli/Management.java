package io.ecssteward.cli;

import io.ecssteward.queue.QueueHealth;
import io.ecssteward.queue.SteadySqs;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.main.Main;

/** Health and metrics, on a port of their own, by Camel's management server. */
final class Management {
    private Management() {}

    /** Has Camel open the port when it starts, if the settings name one. */
    static void open(Main main, Settings settings, SteadySqs sqs) {
        if (settings.number(Settings.PORT) == 0) {
            return;
        }
        main.addInitialProperty("camel.management.enabled", "true");
        main.addInitialProperty("camel.management.port", settings.get(Settings.PORT));
        main.addInitialProperty("camel.management.healthCheckEnabled", "true");
        // Camel's own checks of consumers wait for the first poll, which takes 20 seconds in an empty queue.
        main.addInitialProperty("camel.health.consumersEnabled", "false");
        main.bind("queue-health", new QueueHealth(sqs, queues(settings)));
    }

    /** The queues that are read, by the environment variable that names each. */
    private static Map<String, String> queues(Settings settings) {
        Map<String, String> queues = new LinkedHashMap<>();
        Map.of(Settings.QUEUE, Settings.FROM, Settings.URGENT, "steward.urgent.from", Settings.ALERTS, "steward.alerts.from")
                .forEach((queue, from) -> {
                    if (settings.has(queue) && settings.get(from).startsWith("aws2-sqs:")) {
                        queues.put(Settings.variable(queue), settings.get(queue));
                    }
                });
        return queues;
    }
}
