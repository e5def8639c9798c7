package io.ecssteward.sqs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Readiness: reports whether the queues can be read, mostly by the result of the last polls. If there was no recent
 * poll, it requests the queue's attributes from SQS. Camel's own check does not help here: in an empty queue, the first
 * poll takes up to 20 seconds.
 */
public final class QueueHealth extends AbstractHealthCheck {

    /** Longer than a long poll, 20 seconds, since the next begins at once. */
    private static final long GOOD_FOR = Duration.ofSeconds(30).toNanos();

    /** Longer than the five seconds after which a consumer polls again: an older failure says nothing about now. */
    private static final long BAD_FOR = Duration.ofSeconds(10).toNanos();

    /** An answer is reused for this long, so that frequent health checks do not call SQS each time. */
    private static final long ANSWER_FOR = Duration.ofSeconds(5).toNanos();

    /** Less than the usual timeouts of health checks. */
    private static final Duration MAX_FOR_AN_ANSWER = Duration.ofSeconds(3);

    private final BatchingSqsClient sqs;
    private final Map<String, String> queues;
    private final LongSupplier nanoTime;
    private final Map<String, Answer> answers = new HashMap<>();

    /**
     * What SQS said about a queue.
     *
     * @param problem null when there is none
     */
    private record Answer(long at, String problem) {}

    /**
     * A check that has not called SQS yet.
     *
     * @param queues the URLs of the queues that are read, by the name that a problem shows
     */
    public QueueHealth(BatchingSqsClient sqs, Map<String, String> queues) {
        this(sqs, queues, System::nanoTime);
    }

    QueueHealth(BatchingSqsClient sqs, Map<String, String> queues, LongSupplier nanoTime) {
        super("steward", "queues");
        this.sqs = sqs;
        this.queues = queues;
        this.nanoTime = nanoTime;
    }

    /** Not for liveness: a restart does not help a process that cannot read its queue. */
    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        List<String> problems = new ArrayList<>();
        queues.forEach((name, url) -> {
            String problem = problem(url);
            if (problem != null) {
                problems.add(name + " cannot be read: " + problem);
            }
        });
        if (problems.isEmpty()) {
            builder.up();
        } else {
            builder.message(String.join("; ", problems)).down();
        }
    }

    private String problem(String url) {
        long now = nanoTime.getAsLong();
        LastPoll last = sqs.lastPoll(url);
        if (last != null && last.failure() == null && now - last.at() < GOOD_FOR) {
            return null;
        }
        if (last != null && last.failure() != null && now - last.at() < BAD_FOR) {
            return describe(last.failure());
        }
        Answer answer = answers.get(url);
        if (answer == null || now - answer.at() >= ANSWER_FOR) {
            answer = new Answer(now, ask(url));
            answers.put(url, answer);
        }
        return answer.problem();
    }

    private String ask(String url) {
        try {
            sqs.getQueueAttributes(r -> r.queueUrl(url)
                    .attributeNames(QueueAttributeName.QUEUE_ARN)
                    .overrideConfiguration(c -> c.apiCallTimeout(MAX_FOR_AN_ANSWER)));
            return null;
        } catch (SdkException e) {
            return describe(e);
        }
    }

    private static String describe(RuntimeException failure) {
        AwsErrorDetails details = failure instanceof AwsServiceException e ? e.awsErrorDetails() : null;
        return details == null || details.errorCode() == null
                ? "no answer from SQS: " + failure.getMessage()
                : "SQS answered " + details.errorCode() + ": " + details.errorMessage();
    }
}
