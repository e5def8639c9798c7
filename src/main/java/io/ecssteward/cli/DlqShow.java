package io.ecssteward.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** {@code dlq show}: all of a dead letter, and what can be done about it. */
@CommandLine.Command(
        name = "show",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Shows dead letters with their bodies, what is wrong with them, and what their replay would do.",
        exitCodeList = {
            "0:it was shown",
            "1:it was not found, or SQS refused",
            "2:the command line or a setting is wrong"
        },
        footer = {
            "",
            "Examples:",
            "  java -jar ecs-steward.jar dlq show 4f2c9a1e",
            "  java -jar ecs-steward.jar dlq show --reason ClusterNotFound --json"
        })
final class DlqShow implements Callable<Integer> {

    /** What helps, by what is in a reason; the first that matches. */
    private static final Map<Pattern, String> REMEDIES = new LinkedHashMap<>();

    static {
        remedy(
                "AccessDenied|not authorized|AuthorizationError|NO_PERMISSIONS",
                "a permission is missing: allow the steward's role, or whoever delivers, what the reason names; then replay");
        remedy(
                "ClusterNotFound",
                "ECS knows no such cluster: a replay helps only once it is there, or once the region or account is right");
        remedy(
                "invalid_auth|token_|account_inactive|no_service|no_team|webhook .*\\b(403|404|410)\\b",
                "Slack takes the webhook or token no more: set a new one, then replay");
        remedy(
                "channel_not_found|is_archived|not_in_channel|channel_is_archived",
                "Slack does not let it post to that channel: make the channel, invite the app or set another; then replay");
        remedy(
                "InvalidParameter|ClientException",
                "ECS or SNS refused the request itself: mend the service or the setting that the reason names, then replay");
        remedy(
                "an alert|invalid_payload|invalid_blocks|bytes, and a queue may take no more",
                "its text itself was refused, so a replay would bring it back unless a newer version writes it otherwise");
        remedy(
                "EventBridge could not deliver",
                "the rule could not put it into the queue: look at the queue's policy and key, then replay");
    }

    @CommandLine.ParentCommand
    private Dlq dlq;

    @CommandLine.Mixin
    private Dlq.Options options;

    @CommandLine.Parameters(
            arity = "0..*",
            paramLabel = "ID",
            description = "Ids, or how they begin, as dlq list shows them.")
    private List<String> ids = new ArrayList<>();

    @CommandLine.Option(names = "--reason", paramLabel = "WORDS", description = "All with these words in the reason.")
    private String reason;

    @CommandLine.Option(names = "--json", description = "Print one JSON object each, with the body as it is.")
    private boolean json;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private final ObjectWriter pretty = new ObjectMapper().writerWithDefaultPrettyPrinter();

    private static void remedy(String pattern, String words) {
        REMEDIES.put(Pattern.compile(pattern), words);
    }

    @Override
    public Integer call() {
        if (ids.isEmpty() == (reason == null)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "say which to show: ids, or --reason WORDS");
        }
        return dlq.open(spec, options, (queue, url) -> {
            List<DeadLetter> seen = queue.look(options.limit(), Dlq.seen(ids));
            List<String> problems = new ArrayList<>();
            List<DeadLetter> letters = reason == null
                    ? Dlq.withIds(seen, ids, problems)
                    : seen.stream().filter(l -> l.because(reason)).toList();
            if (reason != null && letters.isEmpty()) {
                problems.add("none of " + Dlq.count(seen.size()) + " has '" + Dlq.line(reason) + "' in its reason");
            }
            ReplayTargets targets = dlq.targets(url, null);
            PrintWriter out = spec.commandLine().getOut();
            for (DeadLetter letter : letters) {
                print(letter, targets, out);
            }
            out.flush();
            problems.forEach(spec.commandLine().getErr()::println);
            if (!problems.isEmpty()) {
                Dlq.tellOfUnseen(queue, url, spec.commandLine().getErr());
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
                letter.attributes().forEach((name, value) -> attributes.put(name, value.stringValue()));
                out.println(pretty.writeValueAsString(node.put("body", letter.body())));
                return;
            }
            out.println(Colour.bold(spec.commandLine().getColorScheme().ansi(), letter.id()) + "  "
                    + Dlq.line(letter.about()));
            row(
                    out,
                    "since",
                    letter.since() + ", received " + letter.received() + (letter.received() == 1 ? " time" : " times"));
            row(out, "reason", letter.reason());
            row(out, "remedy", remedy(letter));
            row(out, "from", letter.source() == null ? "nothing tells which queue" : letter.source());
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
                                .map(a -> a.getKey() + "=" + a.getValue().stringValue())
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
            Dlq.plain(body(letter)).lines().forEach(line -> out.println("  " + line));
            out.println();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is to be done about it before it is sent back. */
    private static String remedy(DeadLetter letter) {
        if (letter.unreadable() != null) {
            return "it cannot be read (" + letter.unreadable()
                    + "), so a replay would bring it back here; mend whoever sends it";
        }
        if (letter.reason().equals(DeadLetter.BY_SQS)) {
            return "the steward's log says what failed, under the event's id below; mend that, or if it is over, replay";
        }
        return REMEDIES.entrySet().stream()
                .filter(r -> r.getKey().matcher(letter.reason()).find())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("mend what the reason names, then replay");
    }

    private String body(DeadLetter letter) {
        try {
            JsonNode tree = new ObjectMapper().readTree(letter.body());
            return tree == null || !tree.isContainerNode() ? letter.body() : pretty.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            return letter.body();
        }
    }

    private static void row(PrintWriter out, String label, String text) {
        out.printf("  %-8s%s%n", label, Dlq.line(text));
    }
}
