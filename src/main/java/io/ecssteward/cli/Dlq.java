package io.ecssteward.cli;

import io.ecssteward.alert.Redactor;
import io.ecssteward.dlq.DeadLetter;
import io.ecssteward.dlq.DeadLetterQueue;
import io.ecssteward.dlq.Inspection;
import io.ecssteward.dlq.ReplayTargets;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.runtime.AwsClients;
import io.ecssteward.settings.SecretStore;
import io.ecssteward.settings.Setting;
import io.ecssteward.settings.Settings;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;

/**
 * {@code dlq}: inspects the dead-letter queue and sends messages back. It runs with the caller's permissions:
 * {@code sqs:ReceiveMessage}, {@code ChangeMessageVisibility}, {@code DeleteMessage} and {@code GetQueueAttributes}
 * there, and {@code sqs:SendMessage} on the queues that messages are sent back to.
 */
@CommandLine.Command(
        name = "dlq",
        description = "Shows the dead letters and their reasons, and sends them back once the cause is fixed.",
        subcommands = {DlqList.class, DlqShow.class, DlqReplay.class},
        exitCodeList = {
            "0:success",
            "1:SQS refused, or a message could not be sent",
            "2:the command line or a setting is wrong"
        },
        footer = {
            "",
            "Examples:",
            "  java -jar ecs-steward.jar dlq list",
            "  java -jar ecs-steward.jar dlq show 4f2c9a1e",
            "  java -jar ecs-steward.jar dlq replay --reason AccessDenied --dry-run"
        })
final class Dlq extends BaseCommand {

    /** Covers one request with all its retries. */
    private static final Duration MAX_CALL = Duration.ofSeconds(20);

    private static final Pattern AWS_URL =
            Pattern.compile("https://sqs(?:-fips)?\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/.*");

    private Settings settings;
    private Function<String, SqsClient> clients = Dlq::client;
    private int waitSeconds = DeadLetterQueue.WAIT_SECONDS;

    /** The options of all its commands. */
    static final class Options {
        @CommandLine.Option(
                names = "--queue",
                paramLabel = "URL",
                description = "The dead-letter queue. Default: STEWARD_DEAD_LETTER_QUEUE_URL.")
        private String queue;

        @CommandLine.Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "1000",
                description = "Read at most N messages. Default: ${DEFAULT-VALUE}.")
        private int limit;

        int limit() {
            return limit;
        }
    }

    /** A command's work on the open queue; returns the exit code. */
    interface Work {
        int on(DeadLetterQueue queue, String url);
    }

    /** Uses these settings and clients instead of the environment's, and does not wait for messages; for tests. */
    void use(Settings settings, Function<String, SqsClient> clients) {
        this.settings = settings;
        this.clients = clients;
        waitSeconds = 0;
    }

    private Settings settings() {
        return settings == null ? Settings.load(SecretStore.NONE) : settings;
    }

    /**
     * A client in the region of the queue's URL, or else in that of the SDK's default chain.
     *
     * @throws IllegalArgumentException if neither has a region
     */
    private static SqsClient client(String url) {
        // Otherwise the SDK's log lines would be mixed with the results; failures are reported anyway.
        ReplaySession.quiet();
        SqsClientBuilder builder = SqsClient.builder()
                .httpClientBuilder(ApacheHttpClient.builder())
                .overrideConfiguration(c -> c.retryStrategy(RetryMode.STANDARD).apiCallTimeout(MAX_CALL));
        Matcher aws = AWS_URL.matcher(url);
        if (aws.matches()) {
            builder.region(Region.of(aws.group(1)));
        } else {
            AwsClients.regionProblem().ifPresent(problem -> {
                throw new IllegalArgumentException(problem);
            });
        }
        return builder.build();
    }

    /** Opens the queue, does the work, and makes the remaining inspected messages visible again, also after Ctrl-C. */
    int open(BaseCommand command, Options options, Work work) {
        PrintWriter err = command.spec.commandLine().getErr();
        String url = options.queue == null ? settings().get(Settings.DEAD_LETTERS) : options.queue.strip();
        SqsClient sqs;
        try {
            sqs = clients.apply(usable(url, options));
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            return Main.WRONG;
        }
        try (sqs) {
            DeadLetterQueue queue = new DeadLetterQueue(sqs, url, waitSeconds);
            return Inspection.of(queue, url, err, () -> work.on(queue, url));
        } catch (SdkException e) {
            err.println(DeadLetterQueue.describe(e, "sqs:ReceiveMessage", url));
            return Main.FAILED;
        }
    }

    private static String usable(String url, Options options) {
        if (url.isEmpty()) {
            throw new IllegalArgumentException("no dead-letter queue is set; set " + Settings.DEAD_LETTERS.variable()
                    + ", or name one: --queue URL");
        }
        if (!url.matches("https?://[^/]+/.+/.+")) {
            throw new IllegalArgumentException("'" + line(url)
                    + "' is not a queue URL; set one: https://sqs.eu-west-1.amazonaws.com/111122223333/events-dead");
        }
        if (options.limit < 1) {
            throw new IllegalArgumentException("--limit is " + options.limit + "; set a number of 1 or more");
        }
        return url;
    }

    /** The queues to which dead letters of this queue are sent back, or why they cannot be. */
    ReplayTargets targets(String url, String to) {
        Settings all = settings();
        List<String> known = new ArrayList<>();
        for (Setting<String> setting : List.of(Settings.QUEUE, Settings.URGENT, Settings.ALERTS)) {
            if (all.has(setting)) {
                known.add(all.get(setting));
            }
        }
        return new ReplayTargets(url, to, all.orNull(Settings.QUEUE), known);
    }

    /** An id short enough to be typed. */
    static String brief(DeadLetter letter) {
        return letter.id().length() > 8 ? letter.id().substring(0, 8) : letter.id();
    }

    /** The text in one line, without secrets. */
    static String line(String text) {
        return TerminalWriter.line(Redactor.text(text.replaceAll("\\s+", " ").strip()));
    }

    static String count(int number) {
        return number == 1 ? "1 dead letter" : number + " dead letters";
    }
}
