package io.ecssteward.details;

import io.ecssteward.event.Arn;
import io.ecssteward.event.Event;

/** Information from AWS that helps to debug an alert: a log, a graph, a deployment. */
interface Detail {

    /** The word in {@code ecs-detail:WORD}. */
    String name();

    /** The IAM permissions that it needs: {@code logs:GetLogEvents}. */
    String permissions();

    /** The setting that enables it. */
    String setting();

    /**
     * The resource to look up: that of the alert, or one that the event names.
     *
     * @param resource the alert's resource; null if it has none
     * @return null if no resource fits
     */
    Arn subject(Arn resource, Event event);

    /** The identity of the detail within an incident, which gets it once: by default, one for each alert. */
    default String identity(String alert) {
        return name() + "/" + alert;
    }

    /** The answer to a person who requests it if no resource fits. */
    String noSubjectAnswer();

    /**
     * Calls AWS; may take seconds.
     *
     * @param cluster the cluster's name, for ARNs that do not have it; null if unknown
     * @throws software.amazon.awssdk.core.exception.SdkException if a call to AWS fails
     * @throws io.ecssteward.failure.PermanentFailureException if AWS refuses
     * @throws io.ecssteward.failure.TransientFailureException if a later retry may help
     */
    DetailResult find(Arn resource, String cluster);
}
