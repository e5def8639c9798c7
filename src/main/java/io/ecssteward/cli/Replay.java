package io.ecssteward.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.claim.LatestVersions;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.event.Event;
import io.ecssteward.fate.Effect;
import io.ecssteward.fate.Fate;
import io.ecssteward.fate.FateListener;
import io.ecssteward.fate.PermanentFailureException;
import io.ecssteward.fate.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sns.SnsClient;

/** {@code replay}: runs the routes on files and shows what they lead to. */
@CommandLine.Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Runs the routes on event files and shows what each leads to. Nothing is sent unless --send is given.",
        footer = {
            "",
            "Examples:",
            "  java -jar ecs-steward.jar replay samples",
            "  java -jar ecs-steward.jar replay --json samples/service-start-impaired.json",
            "  STEWARD_ONE_PER_INSTANCE_SERVICES=prod/logging-agent java -jar ecs-steward.jar replay samples/container-instance-*.json"
        })
final class Replay implements Callable<Integer> {

    @CommandLine.Parameters(arity = "1..*", paramLabel = "FILE|FOLDER", description = "Message bodies, in any envelope.")
    private List<Path> paths;

    @CommandLine.Option(names = "--json", description = "Print one JSON object an event, with the exact payloads.")
    private boolean json;

    @CommandLine.Option(names = "--send", description = "Really ask and update ECS, post to Slack and publish to SNS.")
    private boolean send;

    @CommandLine.Option(
            names = "--in-order",
            description = "Take the files as one stream, in which an event can be a copy of an earlier one. "
                    + "Without this each file is taken alone.")
    private boolean inOrder;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private final ObjectWriter pretty = new ObjectMapper().writerWithDefaultPrettyPrinter();
    private final List<Over> over = new ArrayList<>();
    private final Trail trail = new Trail();

    private record Over(Event event, Fate fate, Exception failure) {}

    @Override
    public Integer call() throws Exception {
        quiet();
        Settings settings = Settings.load(send ? SecretStore.aws() : SecretStore.NONE)
                .with(Settings.URGENT, "")
                .with(Settings.ALERTS, "")
                .with(Settings.FROM, "direct:events")
                .with(Settings.DRY_RUN, Boolean.toString(!send));
        if (!settings.has(Settings.QUEUE)) {
            settings = settings.with(Settings.QUEUE, "https://sqs.invalid/replay");
        }
        List<String> problems = settings.problems(send);
        if (send) {
            Clients.regionProblem().ifPresent(problems::add);
        }
        List<Path> files = files(problems);
        if (!problems.isEmpty()) {
            return Main.cannotStart(problems);
        }
        AssumedAws.Sqs sqs = new AssumedAws.Sqs(settings.get(Settings.QUEUE));
        PrintWriter out = spec.commandLine().getOut();
        if (!json && !send) {
            out.println(AssumedAws.inWords());
        }
        AssumedAws.Ecs assumed = new AssumedAws.Ecs();
        Clients clients = send ? Clients.create(1, false) : null;
        EcsClient ecs = send ? clients.ecs() : assumed;
        SnsClient sns = send ? clients.sns() : new AssumedAws.Sns();
        MemoryClaimStore claims = new MemoryClaimStore();
        LatestVersions versions = new LatestVersions();
        int failed = 0;
        try (clients;
                Steward steward = new Steward(settings, ecs, sqs, sns, null, main -> {
            main.bind("claimStore", claims);
            main.bind("versions", versions);
            main.bind("replay", (FateListener) (event, fate, failure) -> over.add(new Over(event, fate, failure)));
            main.addMainListener(new MainListenerSupport() {
                @Override
                public void beforeConfigure(BaseMainSupport support) {
                    support.getCamelContext().getManagementStrategy().addEventNotifier(trail);
                }
            });
        })) {
            try {
                steward.start();
            } catch (Exception e) {
                return Main.cannotStart(e, settings);
            }
            try (ProducerTemplate events = steward.camel().createProducerTemplate()) {
                for (Path file : files) {
                    if (!inOrder) {
                        claims.clear();
                        versions.clear();
                        assumed.forget();
                    }
                    failed += replay(file, events, sqs, out) ? 0 : 1;
                }
            }
        }
        if (!json) {
            out.println();
            out.println(files.size() + (files.size() == 1 ? " file" : " files") + " replayed, " + failed + " failed");
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    /** The routes' own log would drown what is printed here; failures are printed too. */
    private static void quiet() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers) {
            loggers.getLoggerList().forEach(logger -> logger.setLevel(Level.OFF));
        }
    }

    private List<Path> files(List<String> problems) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                try (Stream<Path> inside = Files.list(path)) {
                    inside.filter(f -> f.toString().endsWith(".json") || f.toString().endsWith(".txt")).sorted().forEach(files::add);
                }
            } else if (Files.isReadable(path)) {
                files.add(path);
            } else {
                problems.add("no file or folder " + path + "; name message bodies, or a folder of them");
            }
        }
        if (files.isEmpty() && problems.isEmpty()) {
            problems.add("no .json or .txt file in " + paths + "; name message bodies, or a folder of them");
        }
        return files;
    }

    /** Whether everything in the file could be done. */
    private boolean replay(Path file, ProducerTemplate events, AssumedAws.Sqs sqs, PrintWriter out) throws IOException {
        if (!json) {
            out.println();
            out.println(file);
        }
        // A file in another encoding is a message too.
        List<String> bodies = List.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        boolean well = true;
        // A look that leads to a second look, and that is the end of it; a loop would be our own mistake.
        for (int look = 0; look < 3 && !bodies.isEmpty(); look++) {
            for (String body : bodies) {
                over.clear();
                trail.clear();
                Exchange done = events.send("direct:events", e -> e.getMessage().setBody(body));
                Exception failure = done.getException() != null
                        ? done.getException()
                        : done.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
                well &= failure == null;
                for (Over each : over) {
                    print(file, look, each, out);
                }
                if (failure != null && over.stream().noneMatch(o -> o.failure() != null)) {
                    print(file, look, new Over(null, new Fate(), failure), out);
                }
            }
            bodies = sqs.taken();
        }
        return well;
    }

    private void print(Path file, int look, Over each, PrintWriter out) throws IOException {
        List<String> path = each.event() == null ? List.of() : trail.of(each.fate());
        if (json) {
            ObjectNode node = new ObjectMapper().createObjectNode();
            node.put("file", file.toString());
            node.put("event", each.event() == null ? null : each.event().type());
            node.put("identity", each.event() == null ? null : each.event().identity());
            path.forEach(node.putArray("routes")::add);
            each.fate().done().forEach(e -> node.withArray("effects")
                    .addObject()
                    .put("sink", e.sink())
                    .put("operation", e.operation())
                    .put("about", e.about())
                    .set("request", e.request()));
            each.fate().notDone().forEach(n ->
                    node.withArray("notDone").addObject().put("reason", n.reason().word()).put("about", n.about()));
            node.put("failure", each.failure() == null ? null : each.failure().getMessage());
            out.println(pretty.writeValueAsString(node));
            return;
        }
        row(out, look == 0 ? "is" : "then", each.event() == null ? "unreadable" : name(each.event()));
        if (!path.isEmpty()) {
            row(out, "route", String.join(" > ", path));
        }
        for (Effect effect : each.fate().done()) {
            if (effect.sink().equals("slack")) {
                row(out, "slack", "to " + effect.about());
                SlackText.lines(effect.request()).forEach(line -> row(out, "", "| " + line));
            } else {
                row(out, effect.sink(), effect.operation() + " " + effect.request());
            }
        }
        each.fate().notDone().forEach(n -> row(out, "not", n.toString()));
        if (each.failure() != null) {
            boolean forGood = each.failure() instanceof PermanentFailureException;
            row(out, "failed", (forGood ? "to the dead-letter queue: " : "to be delivered again: ") + each.failure().getMessage());
        } else if (each.fate().done().isEmpty() && each.fate().notDone().isEmpty()) {
            row(out, "not", Reason.NOT_INTERESTING.word());
        }
    }

    private static String name(Event event) {
        String service = event.service() == null ? "" : "/" + event.service();
        return event.type() + (event.cluster() == null ? "" : " " + event.cluster() + service);
    }

    private static void row(PrintWriter out, String label, String text) {
        out.printf("  %-7s%s%n", label, text);
    }
}
