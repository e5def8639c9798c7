package io.ecssteward.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Redactor;
import io.ecssteward.dlq.DeadLetter;
import io.ecssteward.dlq.DeadLetterQueue;
import io.ecssteward.dlq.Inspection;
import io.ecssteward.event.Event;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** {@code dlq list}: counts the dead letters by reason. */
@CommandLine.Command(
        name = "list",
        description = {
            "Counts the dead letters by reason, with their subjects and times.",
            "Nothing is removed. Messages are hidden from other consumers meanwhile, and returned at the end or "
                    + "after Ctrl-C."
        },
        exitCodeList = {
            "0:success, also if the queue is empty",
            "1:SQS refused or did not answer",
            "2:the command line or a setting is wrong"
        },
        footer = {
            "",
            "Examples:",
            "  java -jar ecs-steward.jar dlq list",
            "  java -jar ecs-steward.jar dlq list --reason AccessDenied",
            "  java -jar ecs-steward.jar dlq list --json --queue https://sqs.eu-west-1.amazonaws.com/111122223333/alerts-dead.fifo"
        })
final class DlqList extends BaseCommand implements Callable<Integer> {

    private static final int MAX_IDS = 8;

    @CommandLine.ParentCommand
    private Dlq dlq;

    @CommandLine.Mixin
    private Dlq.Options options;

    @CommandLine.Option(
            names = "--reason",
            paramLabel = "WORDS",
            description = "Only dead letters with these words in the reason, with all ids.")
    private String reason;

    @CommandLine.Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        return dlq.open(this, options, (queue, url) -> {
            List<DeadLetter> letters = queue.look(options.limit(), all -> false).stream()
                    .filter(l -> reason == null || l.because(reason))
                    .toList();
            if (json) {
                print(json(letters, url, queue.hasMore()));
            } else {
                text(letters, url, queue.hasMore(), out());
            }
            Inspection.reportUnseen(queue, url, err());
            return CommandLine.ExitCode.OK;
        });
    }

    private static Map<String, List<DeadLetter>> byGist(List<DeadLetter> letters) {
        Map<String, List<DeadLetter>> groups = letters.stream()
                .collect(Collectors.groupingBy(DeadLetter::gist, LinkedHashMap::new, Collectors.toList()));
        Map<String, List<DeadLetter>> sorted = new LinkedHashMap<>();
        groups.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, List<DeadLetter>> g) ->
                                -g.getValue().size())
                        .thenComparing(Map.Entry::getKey))
                .forEach(g -> sorted.put(
                        g.getValue().stream().map(DeadLetter::reason).distinct().count() == 1
                                ? g.getValue().get(0).reason()
                                : g.getKey(),
                        g.getValue()));
        return sorted;
    }

    private static Map<String, Long> byAbout(List<DeadLetter> letters) {
        Map<String, Long> counts =
                letters.stream().collect(Collectors.groupingBy(DeadLetter::about, Collectors.counting()));
        Map<String, Long> sorted = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .forEach(c -> sorted.put(c.getKey(), c.getValue()));
        return sorted;
    }

    private void text(List<DeadLetter> letters, String url, boolean more, PrintWriter out) {
        Colors colors = colors();
        out.println((more ? "The first " : "") + Dlq.count(letters.size()) + " in " + DeadLetterQueue.name(url)
                + (reason == null ? "" : " with '" + Dlq.line(reason) + "' in the reason"));
        byGist(letters).forEach((why, same) -> {
            out.println();
            out.println(colors.strong("%4d".formatted(same.size())) + "  " + Dlq.line(why));
            String oldest = same.get(0).since().toString();
            String newest = same.get(same.size() - 1).since().toString();
            out.println("      " + (oldest.equals(newest) ? "of " + oldest : "from " + oldest + " to " + newest));
            byAbout(same)
                    .forEach((about, count) -> out.println("      " + "%4d".formatted(count) + "  " + Dlq.line(about)));
            int shown = reason == null ? Math.min(MAX_IDS, same.size()) : same.size();
            out.println(
                    "      ids: " + same.stream().limit(shown).map(Dlq::brief).collect(Collectors.joining(" "))
                            + (shown < same.size() ? " and " + (same.size() - shown) + " more" : ""));
        });
        if (more) {
            out.println();
            out.println("There are more; use a --limit above " + options.limit());
        }
    }

    private static JsonNode json(List<DeadLetter> letters, String url, boolean more) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("queue", url).put("count", letters.size()).put("more", more);
        ArrayNode reasons = root.putArray("reasons");
        byGist(letters).forEach((why, same) -> {
            ObjectNode node = reasons.addObject();
            node.put("reason", Redactor.text(why)).put("count", same.size());
            node.put("oldest", same.get(0).since().toString())
                    .put("newest", same.get(same.size() - 1).since().toString());
            ObjectNode abouts = node.putObject("about");
            byAbout(same).forEach((about, count) -> abouts.put(Redactor.text(about), count));
        });
        ArrayNode messages = root.putArray("messages");
        letters.forEach(letter -> describe(letter, messages.addObject()));
        return root;
    }

    /** Describes a dead letter as JSON, without its body. */
    static ObjectNode describe(DeadLetter letter, ObjectNode node) {
        node.put("id", letter.id()).put("since", letter.since().toString()).put("received", letter.received());
        node.put("reason", Redactor.text(letter.reason()))
                .put("from", letter.source())
                .put("group", letter.group());
        node.put("about", Redactor.text(letter.about())).put("unreadable", letter.unreadable());
        ArrayNode events = node.putArray("events");
        for (Event event : letter.events()) {
            events.addObject()
                    .put("type", event.type())
                    .put("identity", Redactor.text(event.identity()))
                    .put("cluster", event.cluster())
                    .put("service", event.service())
                    .put("time", event.time() == null ? null : event.time().toString());
        }
        return node;
    }
}
