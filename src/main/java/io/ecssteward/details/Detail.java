package io.ecssteward.details;

import io.ecssteward.event.Arn;
import io.ecssteward.event.Event;

/** Something to debug with that AWS knows about what an alert is about. */
interface Detail {

    /** The word in {@code ecs-detail:WORD}. */
    String name();

    /** What it needs from IAM, for whoever has to give it: {@code logs:GetLogEvents}. */
    String permissions();

    /** The setting that turns it on. */
    String setting();

    /**
     * What to ask about: what the alert is about, or what the event names besides.
     *
     * @param resource what the alert is about; null when it does not say
     * @return null when there is nothing to ask about
     */
    Arn subject(Arn resource, Event event);

    /** What makes it the same detail of an incident: one for each alert, unless all of them have the same. */
    default String identity(String alert) {
        return name() + "/" + alert;
    }

    /** What a person is told who asks for it where there is nothing to ask about. */
    String nothingToAskAbout();

    /**
     * Asks AWS; may take seconds.
     *
     * @param cluster the cluster's name, for ARNs that do not have it; null when nobody knows
     * @throws software.amazon.awssdk.core.exception.SdkException as AWS's clients throw it
     * @throws io.ecssteward.failure.PermanentFailureException when AWS refuses
     * @throws io.ecssteward.failure.TransientFailureException when it helps to ask later
     */
    Finding find(Arn resource, String cluster);
}
