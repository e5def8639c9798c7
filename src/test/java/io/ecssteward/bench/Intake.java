package io.ecssteward.bench;

import io.ecssteward.check.SettingsCheck;
import io.ecssteward.runtime.Application;
import io.ecssteward.settings.Settings;
import io.ecssteward.stub.StubEcs;
import io.ecssteward.stub.StubSns;
import io.ecssteward.stub.StubSqs;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.engine.DefaultProducerTemplate;

/** The built-in routes without a queue: what is put in goes through all of them in the caller's thread. */
public final class Intake implements AutoCloseable, Consumer<String> {

    private final Application steward;
    private final ProducerTemplate template;

    /** Starts the routes, in a dry run. */
    public Intake() throws Exception {
        Settings settings = Settings.of(
                Map.of(
                        "STEWARD_EVENTS_QUEUE_URL", "http://127.0.0.1/events",
                        "STEWARD_EVENTS_FROM", "direct:events",
                        "STEWARD_DRY_RUN", "true"),
                Map.of());
        List<String> problems = SettingsCheck.problems(settings, true);
        if (!problems.isEmpty()) {
            throw new IllegalStateException(problems.toString());
        }
        steward = new Application(
                settings, new StubEcs(), new StubSqs("http://127.0.0.1/events"), new StubSns(), null, main -> {});
        steward.start();
        template = new DefaultProducerTemplate(steward.camel());
        template.start();
    }

    /** Works off one message. */
    @Override
    public void accept(String body) {
        template.sendBody("direct:events", body);
    }

    @Override
    public void close() {
        template.stop();
        steward.close();
    }
}
