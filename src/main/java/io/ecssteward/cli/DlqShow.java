package io.ecssteward.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Redactor;
import io.ecssteward.dlq.DeadLetter;
import io.ecssteward.dlq.ReplayTargets;
import io.ecssteward.event.Event;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
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

    /** The fix, by a pattern in the reason; the first match counts. */
    private static final Map<Pattern, String> REMEDIES = new LinkedHashMap<>();

    static {
        remedy(
                "AccessDenied|not authorized|AuthorizationError|NO_PERMISSIONS",
                "a permission is missing: grant it to Steward's role, or to the sender in the reason; then "
                        + "replay");
        remedy(
                "ClusterNotFound",
                "ECS does not know the cluster: a replay helps only once it exists, or the region or account is "
                        + "right");
        remedy(
                "invalid_auth|token_|account_inactive|no_service|no_team|webhook .*\\b(403|404|410)\\b",
                "Slack no longer accepts the webhook or token: set a new one, then replay");
        remedy(
                "channel_not_found|is_archived|not_in_channel|channel_is_archived",
                "the app cannot post to that channel: create it, invite the app, or set another channel; then replay");
        remedy(
                "InvalidParameter|ClientException",
                "ECS or SNS rejected the request: fix the service or the setting in the reason, then replay");
        remedy(
                "an alert|invalid_payload|invalid_blocks|bytes, and a queue may take no more",
                "the message itself was rejected, so a replay fails again unless a newer version renders it "
                        + "differently");
        remedy(
                "EventBridge could not deliver",
                "the rule could not send it to the queue: check the queue's policy and KMS key, then replay");
    }

    /** The ids on the command line. */
    static final class Chosen {
        @CommandLine.Parameters(
                arity = "0..*",
                paramLabel = "ID",
                description = "Ids or their prefixes, as dlq list shows them.")
        final List<String> ids = new ArrayList<>();

        @CommandLine.Option(
                names = "--reason",
                paramLabel = "WORDS",
                description = "All dead letters with these words in the reason.")
        String reason;
    }

    @CommandLine.ParentCommand
    private Dlq dlq;

    @CommandLine.Mixin
    private Dlq.Options options;

    @CommandLine.Mixin
    private Chosen chosen;

    @CommandLine.Option(names = "--json", description = "Print one JSON object per dead letter, with its body as text.")
    private boolean json;

    private final ObjectWriter pretty = new ObjectMapper().writerWithDefaultPrettyPrinter();

    private static void remedy(String pattern, String words) {
        REMEDIES.put(Pattern.compile(pattern), words);
    }

    @Override
    public Integer call() {
        if (chosen.ids.isEmpty() == (chosen.reason == null)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "name what to show: ids, or --reason WORDS");
        }
        return dlq.open(this, options, (queue, url) -> {
            List<DeadLetter> seen = queue.look(options.limit(), Dlq.seen(chosen.ids));
            List<String> problems = new ArrayList<>();
            List<DeadLetter> letters = chosen.reason == null
                    ? Dlq.withIds(seen, chosen.ids, problems)
                    : seen.stream().filter(l -> l.because(chosen.reason)).toList();
            if (chosen.reason != null && letters.isEmpty()) {
                problems.add(
                        "none of " + Dlq.count(seen.size()) + " has '" + Dlq.line(chosen.reason) + "' in its reason");
            }
            ReplayTargets targets = dlq.targets(url, null);
            PrintWriter out = out();
            for (DeadLetter letter : letters) {
                print(letter, targets, out);
            }
            out.flush();
            problems.forEach(err()::println);
            if (!problems.isEmpty()) {
                Dlq.reportUnseen(queue, url, err());
            }
            return problems.isEmpty() ? CommandLine.ExitCode.OK : Main.FAILED;
        });
    }

    private void print(DeadLetter letter, ReplayTargets targets, PrintWriter out) {
        try {
            if (json) {
                ObjectNode node = DlqList.describe(letter, new ObjectMapper().createObjectNode());
                node.put("remedy", remedy(letter))
                        .put("to", targets.of(letter))
                        .put("problem", targets.problem(letter));
                ObjectNode attributes = node.putObject("attributes");
                letter.attributes()
                        .forEach((name, value) -> attributes.put(name, Redactor.value(name, value.stringValue())));
                out.print(pretty.writeValueAsString(node.put("body", Redactor.text(letter.body())))
                        + System.lineSeparator());
                return;
            }
            out.println(colours().strong(letter.id()) + "  " + Dlq.line(letter.about()));
            row(
                    out,
                    "since",
                    letter.since() + ", received " + letter.received() + (letter.received() == 1 ? " time" : " times"));
            row(out, "reason", letter.reason());
            row(out, "remedy", remedy(letter));
            row(out, "from", letter.source() == null ? "unknown queue" : letter.source());
            if (letter.group() != null) {
                row(out, "group", letter.group());
            }
            for (Event event : letter.events()) {
                row(out, "event", event.identity() + (event.time() == null ? "" : ", of " + event.time()));
            }
            if (!letter.attributes().isEmpty()) {
                row(
                        out,
                        "with",
                        letter.attributes().entrySet().stream()
                                .map(a -> a.getKey() + "="
                                        + Redactor.value(
                                                a.getKey(), a.getValue().stringValue()))
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
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fix before it can be sent back. */
    private static String remedy(DeadLetter letter) {
        if (letter.unreadable() != null) {
            return "it cannot be read (" + letter.unreadable() + "), so a replay fails again; fix the sender";
        }
        if (letter.reason().equals(DeadLetter.BY_SQS)) {
            return "the log says what failed, under the event's id below; fix it, or replay if it has passed";
        }
        return REMEDIES.entrySet().stream()
                .filter(r -> r.getKey().matcher(letter.reason()).find())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("fix the cause in the reason, then replay");
    }

    private String body(DeadLetter letter) {
        try {
            JsonNode tree = new ObjectMapper().readTree(letter.body());
            return tree == null || !tree.isContainerNode()
                    ? letter.body()
                    : pretty.writeValueAsString(Redactor.json(tree));
        } catch (JsonProcessingException e) {
            return letter.body();
        }
    }

    private static void row(PrintWriter out, String label, String text) {
        out.printf("  %-8s%s%n", label, Dlq.line(text));
    }
}
