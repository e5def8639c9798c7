package io.ecssteward.cli;

import io.ecssteward.dlq.DeadLetter;
import io.ecssteward.dlq.DeadLetterQueue;
import io.ecssteward.dlq.Inspection;
import io.ecssteward.dlq.ReplayTargets;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import software.amazon.awssdk.core.exception.SdkException;

/** {@code dlq replay}: sends dead letters back to their source queues. */
@CommandLine.Command(
        name = "replay",
        description = {
            "Sends dead letters back to their source queues, oldest first, and deletes each one once SQS has "
                    + "accepted it.",
            "Fix the cause first. If a replay is interrupted between sending and deleting, the next one sends a "
                    + "duplicate, which "
                    + "Steward drops within STEWARD_EVENTS_DEDUP_WINDOW."
        },
        exitCodeList = {
            "0:all selected messages were sent",
            "1:a message was not sent or not found, or SQS refused",
            "2:the command line or a setting is wrong"
        },
        footer = {
            "",
            "Examples:",
            "  java -jar ecs-steward.jar dlq replay --reason AccessDenied --dry-run",
            "  java -jar ecs-steward.jar dlq replay --reason AccessDenied",
            "  java -jar ecs-steward.jar dlq replay 4f2c9a1e 77aa0d12",
            "  java -jar ecs-steward.jar dlq replay --all --to https://sqs.eu-west-1.amazonaws.com/111122223333/ecs-events"
        })
final class DlqReplay extends BaseCommand implements Callable<Integer> {

    @CommandLine.ParentCommand
    private Dlq dlq;

    @CommandLine.Mixin
    private Dlq.Options options;

    @CommandLine.Mixin
    private DlqChoice chosen;

    @CommandLine.Option(names = "--all", description = "All dead letters in the queue now.")
    private boolean all;

    @CommandLine.Option(
            names = "--to",
            paramLabel = "URL",
            description = "Send them to this queue instead of their source queues.")
    private String to;

    @CommandLine.Option(names = "--dry-run", description = "Only show what would be sent where.")
    private boolean dryRun;

    private final List<String> problems = new ArrayList<>();
    private final Map<String, Integer> failures = new LinkedHashMap<>();
    private int sent;
    private int undeleted;
    private int failed;

    @Override
    public Integer call() {
        if (Stream.of(!chosen.ids.isEmpty(), chosen.reason != null, all)
                        .filter(given -> given)
                        .count()
                != 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "name what to send back: ids, --reason WORDS, or --all");
        }
        return dlq.open(this, options, this::replay);
    }

    private int replay(DeadLetterQueue queue, String url) {
        PrintWriter out = out();
        ReplayTargets targets = dlq.targets(url, to);
        int left = 0;
        int wanted = 0;
        int seen = 0;
        String trouble = null;
        try {
            // SQS returns more of a FIFO message group once the first ten are deleted. Messages that failed again must
            // not be sent twice.
            boolean again = url.endsWith(".fifo") && !dryRun && chosen.ids.isEmpty();
            int atFirst = again ? size(queue) : 0;
            int before;
            do {
                before = sent;
                List<DeadLetter> letters = queue.look(options.limit() - seen, chosen.seen());
                List<DeadLetter> picked = all ? letters : chosen.of(letters, problems);
                seen += letters.size();
                wanted += picked.size();
                left += letters.size() - picked.size();
                send(picked, queue, targets, out);
            } while (again && sent > before && seen < Math.min(options.limit(), atFirst));
        } catch (SdkException e) {
            trouble = DeadLetterQueue.describe(e, "sqs:ReceiveMessage", url);
        }
        problems.forEach(err()::println);
        failures.forEach((why, count) -> err().println((count == 1 ? "" : count + " times: ") + why));
        if (trouble != null) {
            err().println(trouble);
        }
        if (wanted == 0) {
            Inspection.reportUnseen(queue, url, err());
        }
        int notTried = wanted - sent - failed;
        String beyond = queue.hasMore() ? ", and those beyond --limit " + options.limit() : "";
        out.println(
                dryRun
                        ? "would send " + sent + ", could not send " + failed + ", would leave " + (left + failed)
                                + beyond + "; nothing was done"
                        : "sent " + sent + ", failed " + failed + ", left " + (left + failed + undeleted + notTried)
                                + beyond);
        if (wanted == 0 && problems.isEmpty() && trouble == null && chosen.reason != null) {
            err().println(chosen.none(seen));
            return Main.FAILED;
        }
        return problems.isEmpty() && trouble == null && failed + undeleted + notTried == 0
                ? CommandLine.ExitCode.OK
                : Main.FAILED;
    }

    private int size(DeadLetterQueue queue) {
        try {
            return queue.size();
        } catch (SdkException e) {
            // Without this permission messages can still be received.
            return options.limit();
        }
    }

    private void send(List<DeadLetter> picked, DeadLetterQueue queue, ReplayTargets targets, PrintWriter out) {
        List<DeadLetter> ready = new ArrayList<>();
        for (DeadLetter letter : picked) {
            String problem = targets.problem(letter);
            if (problem != null) {
                report(new DeadLetterQueue.Returned(letter, null, false, problem), out);
            } else {
                ready.add(letter);
            }
        }
        if (dryRun) {
            ready.forEach(letter -> report(new DeadLetterQueue.Returned(letter, targets.of(letter), true, null), out));
        } else {
            queue.sendBack(ready, targets::of, one -> report(one, out));
        }
    }

    private void report(DeadLetterQueue.Returned one, PrintWriter out) {
        String name = Dlq.brief(one.letter()) + " " + Dlq.line(one.letter().about());
        if (one.sent()) {
            sent++;
            out.println((dryRun ? "would send " : "sent ") + name + " to " + Dlq.line(one.queue()));
        } else {
            failed++;
            out.println((dryRun ? "could not send " : "not sent ") + name);
        }
        if (one.trouble() != null) {
            undeleted += one.sent() ? 1 : 0;
            failures.merge(Dlq.line(one.trouble()), 1, Integer::sum);
        }
    }
}
