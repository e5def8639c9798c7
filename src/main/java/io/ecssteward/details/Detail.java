package io.ecssteward.details;

import io.ecssteward.event.Arn;

/** Something to debug with that AWS knows about what an alert is about. */
interface Detail {

    /** The word in {@code ecs-detail:WORD}. */
    String name();

    /** What it needs from IAM, for whoever has to give it: {@code logs:GetLogEvents}. */
    String permissions();

    /** The setting that turns it on. */
    String setting();

    /** Whether it can be asked about this. */
    boolean about(Arn resource);

    /** What a person is told who asks for it where {@link #about} knows nothing to ask about. */
    String nothingToAskAbout();

    /**
     * Asks AWS; may take seconds.
     *
     * @param cluster the cluster's name, for ARNs that do not have it; null when nobody knows
     * @throws software.amazon.awssdk.core.exception.SdkException as AWS's clients throw it
     */
    Finding find(Arn resource, String cluster);
}
