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
import java.util.function.Predicate;

/**
 * What a detail is wanted of, and for which incident.
 *
 * @param incident the incident's id
 * @param resource what it is about in AWS; null when nothing fits
 * @param cluster the cluster's name; null when nobody knows it
 * @param identity the same when the event comes again, and another one when a person asks again
 * @param person whether a person asked
 */
record Asked(String incident, Arn resource, String cluster, String identity, boolean person) {

    /**
     * Reads it from an event.
     *
     * @param incidents knows incidents by their ids; null for one that is not there
     * @throws PermanentFailureException when the event is about no incident
     */
    static Asked of(Event event, Detail detail, Function<String, Incident> incidents) {
        if (event instanceof SlackAction action && action.incident() != null) {
            return new Asked(
                    action.incident(),
                    latest(incidents.apply(action.incident()), detail::about),
                    action.cluster(),
                    action.identity(),
                    true);
        }
        String key = event instanceof IncidentEvent told ? told.field("detail.alert.key") : null;
        if (key == null) {
            throw new PermanentFailureException("ecs-detail:" + detail.name()
                    + ": the event is neither an Incident Alert nor a click in an incident's message");
        }
        Arn resource = arn(event.field("detail.alert.resource"));
        return new Asked(
                event.field("detail.id"),
                resource != null && detail.about(resource) ? resource : null,
                event.cluster(),
                detail.name() + "/" + key,
                false);
    }

    /** What fired last, and still fires, if anything does. */
    private static Arn latest(Incident incident, Predicate<Arn> fits) {
        return incident == null
                ? null
                : incident.alerts().stream()
                        .filter(alert -> arn(alert.latest().resource()) != null)
                        .filter(alert -> fits.test(arn(alert.latest().resource())))
                        .max(Comparator.comparing(IncidentAlert::firing).thenComparing(IncidentAlert::last))
                        .map(alert -> arn(alert.latest().resource()))
                        .orElse(null);
    }

    /** Null for what is none, or of no region: a client is made for the region, and signs what it sends there. */
    private static Arn arn(String text) {
        return Arn.parse(text).filter(arn -> Payload.isRegion(arn.region())).orElse(null);
    }

    /** What AWS refuses together. */
    String place() {
        return resource.account() + "/" + resource.region();
    }
}
