package io.ecssteward.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.check.ConnectivityCheck;
import io.ecssteward.check.RouteCheck;
import io.ecssteward.check.SettingsCheck;
import io.ecssteward.incident.SilenceFile;
import io.ecssteward.problem.Problem;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.runtime.AwsClients;
import io.ecssteward.runtime.RouteBuild;
import io.ecssteward.settings.SecretStore;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code check}: reports all problems of the settings and routes, and with {@code --online} calls AWS and Slack. */
@CommandLine.Command(
        name = "check",
        description = "Checks settings, routes and silences. Reports each problem with its file, line, column and fix.",
        exitCodeList = {"0:no problems; there may be warnings", "1:problems", "2:the command line is wrong"},
        footer = {
            "",
            "Examples:",
            "  java -jar ecs-steward.jar check",
            "  STEWARD_ROUTES='file:my-routes/*.camel.yaml' java -jar ecs-steward.jar check",
            "  java -jar ecs-steward.jar check --online --json"
        })
final class Check extends BaseCommand implements Callable<Integer> {

    @CommandLine.Option(
            names = "--online",
            description =
                    "Also check access to the queues, the DynamoDB table, ECS and Slack. Changes and posts nothing.")
    private boolean online;

    @CommandLine.Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        ReplaySession.quiet();
        return check(
                Settings.load(online ? SecretStore.aws() : SecretStore.NONE),
                online,
                json,
                spec.commandLine().getOut());
    }

    /** Checks, prints the result, and returns the exit code. */
    static int check(Settings settings, boolean online, boolean json, PrintWriter out) throws IOException {
        // Without --online the routes can be looked at before there is a queue or a webhook.
        List<String> wrong = SettingsCheck.settingsProblems(settings, online, true);
        if (online) {
            AwsClients.regionProblem().ifPresent(wrong::add);
        }
        RouteCheck found = RouteBuild.checkInParallel(settings);
        List<Problem> warnings = new ArrayList<>(SettingsCheck.warnings(settings).stream()
                .map(warning -> new Problem("settings", 0, 0, warning))
                .toList());
        warnings.addAll(found.warnings());
        SilenceFile silences = SilenceFile.read(
                settings.problem(Settings.SILENCES).isEmpty() ? settings.get(Settings.SILENCES) : "", Instant.now());
        warnings.addAll(silences.warnings());
        List<Problem> problems = new ArrayList<>(found.problems());
        problems.addAll(silences.problems());
        RouteCheck routes = new RouteCheck(problems, warnings);
        List<ConnectivityCheck.Answer> answers = List.of();
        if (online && wrong.isEmpty()) {
            try (AwsClients clients = AwsClients.create(1, settings.claimsTable() != null)) {
                answers = ConnectivityCheck.ask(settings, clients.sqs(), clients.dynamo(), clients.ecs());
            }
        }
        if (online && !wrong.isEmpty()) {
            answers = List.of(
                    new ConnectivityCheck.Answer("AWS and Slack", false, "not checked; fix the settings first"));
        }
        if (json) {
            json(out, wrong, routes, answers);
        } else {
            text(out, wrong, routes, answers);
        }
        out.flush();
        boolean well = wrong.isEmpty()
                && routes.problems().isEmpty()
                && answers.stream().allMatch(ConnectivityCheck.Answer::well);
        return well ? CommandLine.ExitCode.OK : Main.FAILED;
    }

    private static void text(
            PrintWriter out, List<String> wrong, RouteCheck routes, List<ConnectivityCheck.Answer> answers) {
        List<String> lines = new ArrayList<>(wrong);
        routes.problems().forEach(problem -> lines.add(problem.toString()));
        routes.warnings().forEach(warning -> lines.add("warning: " + warning));
        answers.forEach(answer -> lines.add(answer.toString()));
        lines.forEach(out::println);
        long problems = wrong.size()
                + routes.problems().size()
                + answers.stream().filter(a -> !a.well()).count();
        out.println((problems == 0 ? "no problem" : problems == 1 ? "1 problem" : problems + " problems")
                + (routes.warnings().isEmpty()
                        ? ""
                        : ", " + routes.warnings().size()
                                + (routes.warnings().size() == 1 ? " warning" : " warnings")));
    }

    private static void json(
            PrintWriter out, List<String> wrong, RouteCheck routes, List<ConnectivityCheck.Answer> answers)
            throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode all = mapper.createObjectNode();
        wrong.forEach(all.putArray("settings")::add);
        problems(all.putArray("routes"), routes.problems());
        problems(all.putArray("warnings"), routes.warnings());
        ArrayNode asked = all.putArray("online");
        answers.forEach(answer -> asked.addObject()
                .put("asked", answer.asked())
                .put("ok", answer.well())
                .put("said", answer.said()));
        out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(all));
    }

    private static void problems(ArrayNode into, List<Problem> problems) {
        for (Problem problem : problems) {
            into.addObject()
                    .put("file", problem.file())
                    .put("line", problem.line())
                    .put("column", problem.column())
                    .put("what", problem.what());
        }
    }
}
