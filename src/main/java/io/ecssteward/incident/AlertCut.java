package io.ecssteward.incident;

import io.ecssteward.alert.Alert;
import java.util.List;

/** Cuts what an incident keeps of its alerts, so that it stays an item that DynamoDB takes. */
final class AlertCut {
    /** The longest line of a story, in characters. */
    static final int LINE = 300;

    private static final int TITLE = 300;
    private static final int TEXT = 3_000;
    private static final int FIELDS = 20;

    private AlertCut() {}

    /** An alert as an incident keeps it. */
    static Alert cut(Alert alert) {
        if (alert.title().length() <= TITLE
                && alert.text().length() <= TEXT
                && alert.fields().size() <= FIELDS) {
            return alert;
        }
        Alert.Builder builder = alert.change().title(cut(alert.title(), TITLE)).text(cut(alert.text(), TEXT));
        builder.noFields();
        alert.fields().stream().limit(FIELDS).forEach(field -> builder.field(field.name(), field.value()));
        return builder.build();
    }

    static List<IncidentAlert> fit(List<IncidentAlert> alerts) {
        return List.copyOf(alerts);
    }

    static String cut(String text, int most) {
        return text == null || text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
