package io.ecssteward.dlq;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** A command's work on a dead-letter queue: the remaining messages are made visible again, also after Ctrl-C. */
public final class Inspection {

    private static final int MAX_SECONDS_AFTER_CTRL_C = 30;

    private Inspection() {}

    /**
     * Does the work on the queue, after printing how it affects other consumers.
     *
     * @param work returns the exit code
     */
    public static int of(DeadLetterQueue queue, String url, PrintWriter err, IntSupplier work) {
        CountDownLatch over = new CountDownLatch(1);
        Thread ending = new Thread(() -> {
            queue.stop();
            await(over);
        });
        Runtime.getRuntime().addShutdownHook(ending);
        try {
            warn(queue, url, err);
            return work.getAsInt();
        } finally {
            returnMessages(queue, url, err);
            if (queue.isStopped()) {
                err.println("Interrupted; messages not sent by then were returned to the queue.");
                err.flush();
            }
            over.countDown();
            forget(ending);
        }
    }

    private static void warn(DeadLetterQueue queue, String url, PrintWriter err) {
        try {
            if (queue.hasRedrivePolicy()) {
                err.println("Warning: " + DeadLetterQueue.name(url)
                        + " has a redrive policy of its own: each inspection counts as a receive, and too many move a "
                        + "message on. Remove that policy.");
            }
        } catch (AwsServiceException e) {
            // Without this permission the queue can still be inspected; a missing queue is reported.
            if (e.statusCode() != 403) {
                throw e;
            }
        }
        err.println("Inspecting the queue hides its messages from other consumers meanwhile, and counts as a receive.");
        err.flush();
    }

    /** Reports if SQS has more messages than it returns. */
    public static void reportUnseen(DeadLetterQueue queue, String url, PrintWriter err) {
        try {
            int unseen = queue.unseen();
            if (unseen > 0 && !queue.hasMore()) {
                err.println("SQS counts about " + unseen
                        + " more messages that it does not return: another consumer has them"
                        + (url.endsWith(".fifo") ? ", or they are behind ten others in their message groups" : "")
                        + ".");
            }
        } catch (SdkException e) {
            // It is only a hint, so a failure is ignored.
        }
    }

    private static void returnMessages(DeadLetterQueue queue, String url, PrintWriter err) {
        try {
            queue.close();
        } catch (SdkException e) {
            err.println("The inspected messages stay hidden for " + DeadLetterQueue.HIDDEN.toMinutes() + " minutes: "
                    + DeadLetterQueue.describe(e, "sqs:ChangeMessageVisibility", url));
        }
        err.flush();
    }

    private static void await(CountDownLatch over) {
        try {
            over.await(MAX_SECONDS_AFTER_CTRL_C, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread ending) {
        try {
            Runtime.getRuntime().removeShutdownHook(ending);
        } catch (IllegalStateException e) {
            // The process is already shutting down.
        }
    }
}
