package io.ecssteward.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Redactor;
import io.ecssteward.check.SettingsCheck;
import io.ecssteward.replay.MessageReplay;
import io.ecssteward.replay.OutcomeText;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.replay.StandingClock;
import io.ecssteward.runtime.AwsClients;
import io.ecssteward.settings.SecretStore;
import io.ecssteward.settings.Settings;
import io.ecssteward.stub.StubEcs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;

/** {@code replay}: runs the routes on files and shows the outcomes. */
@CommandLine.Command(
        name = "replay",
        description = "Runs the routes on event files and shows the outcome of each. Nothing is sent without --send.",
        exitCodeList = {
            "0:success, whatever the outcomes",
            "1:the routes could not start",
            "2:the command line or a setting is wrong"
        },
        footer = {
            "",
            "Examples:",
            "  java -jar ecs-steward.jar replay samples",
            "  java -jar ecs-steward.jar replay --json samples/service-start-impaired.json",
            "  STEWARD_ONE_PER_INSTANCE_SERVICES=prod/logging-agent java -jar ecs-steward.jar replay "
                    + "samples/container-instance-*.json"
        })
final class Replay extends BaseCommand implements Callable<Integer> {

    @CommandLine.Parameters(
            arity = "1..*",
            paramLabel = "FILE|FOLDER",
            description = "Message bodies, in any envelope.")
    private List<Path> paths;

    @CommandLine.Option(names = "--json", description = "Print one JSON object per event, with the exact payloads.")
    private boolean json;

    @CommandLine.Option(
            names = "--send",
            description = "Query and update ECS, post to Slack and publish to SNS for real.")
    private boolean send;

    @CommandLine.Option(
            names = "--in-order",
            description = "Process the files as one stream, so that an event can be a duplicate of an earlier one. "
                    + "By default, each file is independent.")
    private boolean inOrder;

    private final StandingClock clock = new StandingClock();

    @Override
    public Integer call() throws Exception {
        ReplaySession.quiet();
        Settings settings = ReplaySession.settings(Settings.load(send ? SecretStore.aws() : SecretStore.NONE), send);
        warn(settings.warnings());
        List<String> problems = SettingsCheck.problems(settings, send);
        if (send) {
            AwsClients.regionProblem().ifPresent(problems::add);
        }
        List<Path> files = files(problems);
        if (!problems.isEmpty()) {
            return Main.cannotStart(problems);
        }
        PrintWriter out = out();
        if (!json && !send) {
            out.println(StubEcs.describe());
        }
        int failed = 0;
        try (ReplaySession session = send ? ReplaySession.live(settings) : ReplaySession.start(settings, clock)) {
            for (Path file : files) {
                if (!inOrder) {
                    session.forget();
                }
                failed += replay(file, session, out) ? 0 : 1;
            }
        }
        if (!json) {
            out.println();
            out.println(files.size() + (files.size() == 1 ? " file" : " files") + " replayed, " + failed + " failed");
        }
        return CommandLine.ExitCode.OK;
    }

    private List<Path> files(List<String> problems) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                try (Stream<Path> inside = Files.list(path)) {
                    inside.filter(f -> f.toString().endsWith(".json")
                                    || f.toString().endsWith(".txt"))
                            .sorted()
                            .forEach(files::add);
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

    /** Returns whether every event in the file succeeded. */
    private boolean replay(Path file, ReplaySession session, PrintWriter out) throws IOException {
        if (!json) {
            out.println();
            out.println(file);
        }
        // A file in another encoding is processed as well, as SQS would deliver it.
        String body = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        boolean[] well = {true};
        new MessageReplay(session, clock).replay(body, (round, each) -> {
            well[0] &= each.failure() == null;
            print(file, round, each, out);
        });
        return well[0];
    }

    private void print(Path file, int round, ReplaySession.Outcome each, PrintWriter out) {
        List<String> path = each.routes();
        if (json) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            node.put("file", file.toString());
            node.put("event", each.event() == null ? null : each.event().type());
            node.put(
                    "identity",
                    each.event() == null ? null : Redactor.text(each.event().identity()));
            path.forEach(node.putArray("routes")::add);
            OutcomeText.put(each, node);
            print(node);
            return;
        }
        String is = each.event() == null ? "unreadable" : OutcomeText.name(each.event());
        new OutcomeText.Row(round == 0 ? "is" : "then", is).print(out);
        if (!path.isEmpty()) {
            new OutcomeText.Row("route", String.join(" > ", path)).print(out);
        }
        OutcomeText.rows(each).forEach(row -> row.print(out));
    }
}
