package io.ecssteward.incident;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.alert.Field;
import io.ecssteward.event.Arn;
import io.ecssteward.event.IncidentEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes changes of incidents as events, for routes with a matching pattern. */
public final class IncidentEvents {
    private IncidentEvents() {}

    private static final Pattern ACCOUNT = Pattern.compile("\\b\\d{12}\\b");

    /** The place of a resource. Unknown parts are null. */
    private record Place(String account, String region, String cluster, String service) {}

    /** The message for the events queue: JSON that {@link IncidentEvent} reads. */
    public static String message(Incident incident, Incident.Announcement announcement) {
        Place place = place(incident);
        IncidentAlert worst = incident.worst();
        Instant end = incident.resolved() == null ? announcement.at() : incident.resolved();
        ObjectNode detail = JsonNodeFactory.instance
                .objectNode()
                .put("id", incident.id())
                .put("about", incident.about())
                .put("status", EnumWord.of(incident.status()))
                .put("severity", EnumWord.of(incident.severity()))
                .put("title", worst == null ? incident.about() : worst.latest().title())
                .put("channel", incident.channel())
                .put("cluster", place.cluster())
                .put("service", place.service())
                .put("opened", incident.opened().toString())
                .put(
                        "resolved",
                        incident.resolved() == null ? null : incident.resolved().toString())
                .put("acknowledgedBy", incident.acknowledgedBy())
                .put("minutes", Duration.between(incident.opened(), end).toMinutes());
        ArrayNode alerts = detail.putArray("alerts");
        incident.alerts().forEach(alert -> alerts.add(alert(alert)));
        incident.alerts().stream()
                .filter(alert -> alert.key().equals(announcement.alert()))
                .forEach(alert -> detail.set("alert", alert(alert)));
        return IncidentEvent.message(
                announcement.what(),
                incident.opened(),
                announcement.number(),
                announcement.at(),
                place.account(),
                place.region(),
                detail);
    }

    private static ObjectNode alert(IncidentAlert alert) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("key", alert.key())
                .put("title", alert.latest().title())
                .put("severity", EnumWord.of(alert.latest().severity()))
                .put("state", EnumWord.of(alert.firing() ? Alert.State.FIRING : Alert.State.RESOLVED))
                .put("count", alert.count())
                .put("resource", alert.latest().resource());
    }

    /** From its subject, or else from the facts of its worst alert. */
    private static Place place(Incident incident) {
        String[] about = incident.about().split("/", -1);
        if (about.length == 5 && about[0].equals("service")) {
            return new Place(about[1], about[2], about[3], about[4]);
        }
        if (about.length == 5 && about[0].equals("task-family")) {
            return new Place(about[1], about[2], about[3], null);
        }
        if (about.length > 3 && about[0].equals("alarm")) {
            return new Place(about[1], about[2], fact(incident, "Cluster"), fact(incident, "Service"));
        }
        return Arrays.stream(incident.about().split("/", 2))
                .flatMap(part -> Arn.parse(part).stream())
                .findFirst()
                .map(arn -> new Place(arn.account(), arn.region(), arn.cluster().orElse(null), null))
                .orElseGet(() -> new Place(
                        account(fact(incident, "Account")),
                        fact(incident, "Region"),
                        fact(incident, "Cluster"),
                        fact(incident, "Service")));
    }

    /** The account id alone: the text may contain the account's name, too. */
    private static String account(String shown) {
        Matcher digits = ACCOUNT.matcher(shown == null ? "" : shown);
        return digits.find() ? digits.group() : null;
    }

    private static String fact(Incident incident, String name) {
        IncidentAlert worst = incident.worst();
        return worst == null
                ? null
                : worst.latest().fields().stream()
                        .filter(field -> field.name().equals(name))
                        .map(Field::value)
                        .findFirst()
                        .orElse(null);
    }
}
