package io.ecssteward.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Redactor;
import io.ecssteward.dlq.DeadLetter;
import io.ecssteward.dlq.Inspection;
import io.ecssteward.dlq.Remedy;
import io.ecssteward.dlq.ReplayTargets;
import io.ecssteward.event.Event;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** {@code dlq show}: shows a dead letter with its reason and the fix. */
@CommandLine.Command(
        name = "show",
        description = {
            "Shows dead letters with their bodies, what is wrong with them, and what a replay would do.",
            "Secrets are masked here, but not in the queue: a replay sends the messages unchanged."
        },
        exitCodeList = {"0:success", "1:not found, or SQS refused", "2:the command line or a setting is wrong"},
        footer = {
            "",
            "Examples:",
            "  java -jar ecs-steward.jar dlq show 4f2c9a1e",
            "  java -jar ecs-steward.jar dlq show --reason ClusterNotFound --json"
        })
final class DlqShow extends BaseCommand implements Callable<Integer> {

    @CommandLine.ParentCommand
    private Dlq dlq;

    @CommandLine.Mixin
    private Dlq.Options options;

    @CommandLine.Mixin
    private DlqChoice chosen;

    @CommandLine.Option(names = "--json", description = "Print one JSON object per dead letter, with its body as text.")
    private boolean json;

    @Override
    public Integer call() {
        if (chosen.ids.isEmpty() == (chosen.reason == null)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "name what to show: ids, or --reason WORDS");
        }
        return dlq.open(this, options, (queue, url) -> {
            List<DeadLetter> seen = queue.look(options.limit(), chosen.seen());
            List<String> problems = new ArrayList<>();
            List<DeadLetter> letters = chosen.of(seen, problems);
            if (chosen.reason != null && letters.isEmpty()) {
                problems.add(chosen.none(seen.size()));
            }
            ReplayTargets targets = dlq.targets(url, null);
            letters.forEach(letter -> print(letter, targets, out()));
            problems.forEach(err()::println);
            if (!problems.isEmpty()) {
                Inspection.reportUnseen(queue, url, err());
            }
            return problems.isEmpty() ? CommandLine.ExitCode.OK : Main.FAILED;
        });
    }

    private void print(DeadLetter letter, ReplayTargets targets, PrintWriter out) {
        if (json) {
            ObjectNode node = DlqList.describe(letter, JsonNodeFactory.instance.objectNode());
            node.put("remedy", Remedy.of(letter)).put("to", targets.of(letter)).put("problem", targets.problem(letter));
            ObjectNode attributes = node.putObject("attributes");
            letter.attributes()
                    .forEach((name, value) -> attributes.put(name, Redactor.value(name, value.stringValue())));
            print(node.put("body", Redactor.text(letter.body())));
            return;
        }
        out.println(colors().strong(letter.id()) + "  " + Dlq.line(letter.about()));
        row(
                out,
                "since",
                letter.since() + ", received " + letter.received() + (letter.received() == 1 ? " time" : " times"));
        row(out, "reason", letter.reason());
        row(out, "remedy", Remedy.of(letter));
        row(out, "from", letter.source() == null ? "unknown queue" : letter.source());
        row(out, "group", letter.group());
        for (Event event : letter.events()) {
            row(out, "event", event.identity() + (event.time() == null ? "" : ", of " + event.time()));
        }
        if (!letter.attributes().isEmpty()) {
            row(
                    out,
                    "with",
                    letter.attributes().entrySet().stream()
                            .map(a -> a.getKey() + "="
                                    + Redactor.value(a.getKey(), a.getValue().stringValue()))
                            .collect(Collectors.joining(", ")));
        }
        String problem = targets.problem(letter);
        row(
                out,
                "replay",
                problem == null
                        ? "sends it to " + targets.of(letter) + " and deletes it here:"
                        : "cannot send it: " + problem);
        if (problem == null) {
            row(out, "", "java -jar ecs-steward.jar dlq replay " + Dlq.brief(letter));
        }
        out.println();
        Redactor.text(body(letter)).lines().forEach(line -> out.println("  " + line));
        out.println();
    }

    private String body(DeadLetter letter) {
        try {
            JsonNode tree = new ObjectMapper().readTree(letter.body());
            return tree == null || !tree.isContainerNode()
                    ? letter.body()
                    : Redactor.json(tree).toPrettyString();
        } catch (JsonProcessingException e) {
            return letter.body();
        }
    }

    private static void row(PrintWriter out, String label, String text) {
        if (text != null) {
            out.printf("  %-8s%s%n", label, Dlq.line(text));
        }
    }
}
