package io.ecssteward.details;

import io.ecssteward.event.Arn;
import io.ecssteward.event.Event;

/** Something that helps to debug an alert, and that AWS has: a log, a graph, a deployment. */
interface Detail {

    /** The word in {@code ecs-detail:WORD}. */
    String name();

    /** The IAM permissions that it needs: {@code logs:GetLogEvents}. */
    String permissions();

    /** The setting that turns it on. */
    String setting();

    /**
     * The resource to look up: that of the alert, or one that the event names.
     *
     * @param resource what the alert is about; null when it does not say
     * @return null when there is nothing to ask about
     */
    Arn subject(Arn resource, Event event);

    /** What makes it the same detail of an incident: one for each alert, unless all of them have the same. */
    default String identity(String alert) {
        return name() + "/" + alert;
    }

    /** The answer to a person who requests it where there is no such resource. */
    String noSubjectAnswer();

    /**
     * Calls AWS; may take seconds.
     *
     * @param cluster the cluster's name, for ARNs that do not have it; null if unknown
     * @throws software.amazon.awssdk.core.exception.SdkException as AWS's clients throw it
     * @throws io.ecssteward.failure.PermanentFailureException when AWS refuses
     * @throws io.ecssteward.failure.TransientFailureException when it helps to ask later
     */
    DetailResult find(Arn resource, String cluster);
}
