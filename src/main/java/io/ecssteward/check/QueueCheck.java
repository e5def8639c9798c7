package io.ecssteward.check;

import io.ecssteward.settings.Setting;
import io.ecssteward.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/**
 * Checks before startup that the queues exist: otherwise Camel would start, and log every few seconds that a queue is
 * missing. If the check is not possible (no permission, no network yet), it only warns.
 */
public final class QueueCheck {
    private QueueCheck() {}

    private static final Logger LOG = LoggerFactory.getLogger(QueueCheck.class);

    /** The problems of the queues that the settings name, each with what to set. */
    public static List<String> problems(SqsClient sqs, Settings settings) {
        List<String> problems = new ArrayList<>();
        for (Setting<String> setting : Settings.QUEUES) {
            if (settings.has(setting)) {
                look(sqs, setting, settings.get(setting), problems);
            }
        }
        return problems;
    }

    private static void look(SqsClient sqs, Setting<String> setting, String url, List<String> problems) {
        try {
            Map<QueueAttributeName, String> attributes = sqs.getQueueAttributes(r -> r.queueUrl(url)
                            .attributeNames(QueueAttributeName.QUEUE_ARN, QueueAttributeName.REDRIVE_POLICY))
                    .attributes();
            if (!setting.equals(Settings.DEAD_LETTERS) && !attributes.containsKey(QueueAttributeName.REDRIVE_POLICY)) {
                LOG.warn(
                        "the queue {} has no redrive policy, so a message that keeps failing comes back until it "
                                + "is too old; "
                                + "give it one with a maxReceiveCount of 5 or more",
                        url);
            }
        } catch (QueueDoesNotExistException e) {
            problems.add(setting.variable() + " (" + setting + ") is " + url
                    + ", and SQS has no such queue in this region; "
                    + "set the URL of a queue that exists, and AWS_REGION to its region");
        } catch (SdkException e) {
            LOG.warn("checking the queue {}: {}; starting anyway", url, e.getMessage());
        }
    }
}
