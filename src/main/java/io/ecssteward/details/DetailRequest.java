package io.ecssteward.details;

import io.ecssteward.event.Arn;
import io.ecssteward.event.Event;
import io.ecssteward.event.IncidentEvent;
import io.ecssteward.event.Payload;
import io.ecssteward.event.SlackAction;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentAlert;
import java.util.Comparator;
import java.util.function.Function;

/**
 * A request for a detail about a resource, for an incident.
 *
 * @param incident the incident's id
 * @param resource the AWS resource; null if none fits
 * @param cluster the cluster's name; null if unknown
 * @param identity the same for a duplicate of the event, and a new one for each request of a person
 * @param person whether a person requested it
 */
record DetailRequest(String incident, Arn resource, String cluster, String identity, boolean person) {

    /**
     * Reads it from an event.
     *
     * @param incidents finds an incident by its id; returns null if it does not exist
     * @throws PermanentFailureException if the event is about no incident
     */
    static DetailRequest of(Event event, Detail detail, Function<String, Incident> incidents) {
        if (event instanceof SlackAction action && action.incident() != null) {
            return new DetailRequest(
                    action.incident(),
                    latest(incidents.apply(action.incident()), detail, event),
                    action.cluster(),
                    action.identity(),
                    true);
        }
        String key = event instanceof IncidentEvent incidentEvent ? incidentEvent.field("detail.alert.key") : null;
        if (key == null) {
            throw new PermanentFailureException("ecs-detail:" + detail.name()
                    + ": the event is neither an Incident Alert nor a click in an incident's message");
        }
        return new DetailRequest(
                event.field("detail.id"),
                subject(detail, event.field("detail.alert.resource"), event),
                event.cluster(),
                detail.identity(key),
                false);
    }

    /** The resource of the latest alert, preferably one that still fires. */
    private static Arn latest(Incident incident, Detail detail, Event event) {
        return incident == null
                ? null
                : incident.alerts().stream()
                        .filter(alert -> subject(detail, alert.latest().resource(), event) != null)
                        .max(Comparator.comparing(IncidentAlert::firing).thenComparing(IncidentAlert::last))
                        .map(alert -> subject(detail, alert.latest().resource(), event))
                        .orElse(null);
    }

    /**
     * The resource to look up; null also if its region is not valid: the client is created for that region, and sends
     * signed requests there.
     */
    private static Arn subject(Detail detail, String resource, Event event) {
        Arn subject = detail.subject(Arn.parse(resource).orElse(null), event);
        return subject != null && Payload.isRegion(subject.region()) ? subject : null;
    }

    /** The account and region to which a missing permission applies. */
    String place() {
        return resource.account() + "/" + resource.region();
    }
}
