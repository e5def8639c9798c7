package io.ecssteward.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.problem.Problem;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.runtime.ConfigurationCheck;
import io.ecssteward.settings.SecretStore;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
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
        ConfigurationCheck found = ConfigurationCheck.of(settings, online);
        if (json) {
            out.println(json(found).toPrettyString());
        } else {
            text(found, out);
        }
        return found.problems() == 0 ? CommandLine.ExitCode.OK : Main.FAILED;
    }

    private static void text(ConfigurationCheck found, PrintWriter out) {
        List<Problem> warnings = found.files().warnings();
        found.settings().forEach(out::println);
        found.files().problems().forEach(out::println);
        warnings.forEach(warning -> out.println("warning: " + warning));
        found.online().forEach(out::println);
        long problems = found.problems();
        out.println((problems == 0 ? "no problem" : problems == 1 ? "1 problem" : problems + " problems")
                + (warnings.isEmpty()
                        ? ""
                        : ", " + warnings.size() + (warnings.size() == 1 ? " warning" : " warnings")));
    }

    private static JsonNode json(ConfigurationCheck found) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        found.settings().forEach(all.putArray("settings")::add);
        problems(all.putArray("routes"), found.files().problems());
        problems(all.putArray("warnings"), found.files().warnings());
        ArrayNode asked = all.putArray("online");
        found.online()
                .forEach(answer -> asked.addObject()
                        .put("asked", answer.asked())
                        .put("ok", answer.well())
                        .put("said", answer.said()));
        return all;
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
