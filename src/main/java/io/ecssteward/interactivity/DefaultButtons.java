package io.ecssteward.interactivity;

import io.ecssteward.alert.Alert;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentAlert;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Decides which buttons an incident has: those that its alerts name, and for an alert that names none, the ones that
 * fit its resource.
 */
final class DefaultButtons {

    private static final Pattern SERVICE = Pattern.compile("service/[^/]*/[^/]*/[^/]+/[^/]+");

    /** How the keys of alerts continue after the service if a deployment may be the cause. */
    private static final List<String> BROKEN = List.of(
            "stopped/",
            "SERVICE_DEPLOYMENT_FAILED",
            "SERVICE_TASK_START_IMPAIRED",
            "SERVICE_TASK_CONFIGURATION_FAILURE",
            "SERVICE_DISCOVERY_INSTANCE_UNHEALTHY",
            "VPC_LATTICE_TARGET_UNHEALTHY");

    static final String ACKNOWLEDGE = "acknowledge";
    static final String SILENCE = "silence";
    static final String TO_ON_DEMAND = "to-on-demand";
    static final String BACK_TO_SPOT = "back-to-spot";

    /** The built-in buttons in order; custom ones follow. */
    private static final List<String> ORDER =
            List.of(ACKNOWLEDGE, SILENCE, "redeploy", "roll-back", TO_ON_DEMAND, BACK_TO_SPOT, "log-tail");

    private DefaultButtons() {}

    static List<String> names(Incident incident) {
        if (incident.status() == Incident.Status.RESOLVED) {
            return List.of();
        }
        Set<String> offered = new LinkedHashSet<>();
        incident.alerts().stream()
                .filter(IncidentAlert::firing)
                .map(IncidentAlert::latest)
                .flatMap(alert ->
                        alert.actions() == null || alert.actions().isEmpty() ? usual(alert) : alert.actions().stream())
                .forEach(offered::add);
        if (incident.flapping() != null) {
            // A flapping incident fires again within minutes, and must be easy to silence even while no alert fires.
            offered.addAll(List.of(ACKNOWLEDGE, SILENCE));
        }
        if (incident.status() == Incident.Status.ACKNOWLEDGED) {
            offered.remove(ACKNOWLEDGE);
        }
        List<String> names = new ArrayList<>(ORDER);
        names.retainAll(offered);
        offered.removeAll(ORDER);
        names.addAll(offered);
        return names;
    }

    /** Whether ECS found no capacity on Fargate Spot for a task of a service. */
    private static boolean unplacedOnSpot(Alert alert, String about) {
        return alert.key().startsWith(about + "/SERVICE_TASK_PLACEMENT_FAILURE")
                && alert.fields().stream().anyMatch(field -> field.value().contains("FARGATE_SPOT"));
    }

    /** If a deployment may be the cause, it can be rolled back; if a task stopped, its log may show why. */
    private static Stream<String> usual(Alert alert) {
        String about = alert.about() == null ? "" : alert.about();
        boolean service = SERVICE.matcher(about).matches();
        boolean broken = service && BROKEN.stream().anyMatch(what -> alert.key().startsWith(about + "/" + what));
        boolean task = alert.resource() != null && alert.resource().contains(":task/");
        return Stream.of(
                        ACKNOWLEDGE,
                        SILENCE,
                        service ? "redeploy" : "",
                        broken ? "roll-back" : "",
                        service && unplacedOnSpot(alert, about) ? TO_ON_DEMAND : "",
                        task ? "log-tail" : "")
                .filter(name -> !name.isEmpty());
    }
}
