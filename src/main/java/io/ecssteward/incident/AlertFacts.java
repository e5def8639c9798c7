package io.ecssteward.incident;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.EnumWord;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * An alert as JSON, against which the pattern of a silence is matched. Unknown values are left out.
 *
 * <pre>
 * {"alert": "deployment", "key": "service/111122223333/eu-west-1/prod/web/deployment", "severity": "error",
 *  "state": "firing", "title": "Deployment of web failed", "channel": "ops", "cluster": "prod", "service": "web",
 *  "account": "111122223333", "region": "eu-west-1", "fields": {"Reason": "..."}}
 * </pre>
 */
public final class AlertFacts {

    /** The names of the facts. */
    public static final List<String> NAMES = List.of(
            "alert",
            "key",
            "severity",
            "state",
            "title",
            "channel",
            "cluster",
            "service",
            "family",
            "account",
            "region",
            "fields");

    /** The first words of {@link Alert#about} that are followed by an account, a Region and more. */
    private static final Set<String> PLACED = Set.of("service", "task-family", "alarm");

    private AlertFacts() {}

    /** The facts of an alert. */
    public static ObjectNode of(Alert alert) {
        String about = alert.about() == null ? alert.key() : alert.about();
        ObjectNode facts = JsonNodeFactory.instance
                .objectNode()
                .put(
                        "alert",
                        alert.key().startsWith(about + "/") ? alert.key().substring(about.length() + 1) : alert.key())
                .put("key", alert.key())
                .put("severity", EnumWord.of(alert.severity()))
                .put("state", EnumWord.of(alert.state()))
                .put("title", alert.title());
        if (alert.channel() != null) {
            facts.put("channel", alert.channel().strip().replaceFirst("^#", ""));
        }
        place(facts, about);
        ObjectNode fields = facts.putObject("fields");
        alert.fields().forEach(field -> {
            fields.put(field.name(), field.value());
            String name = field.name().toLowerCase(Locale.ROOT);
            if ((name.equals("cluster") || name.equals("service")) && !facts.has(name)) {
                facts.put(name, field.value());
            }
        });
        return facts;
    }

    private static void place(ObjectNode facts, String about) {
        String[] parts = about.split("/", 5);
        if (about.startsWith("instance/arn:")) {
            String[] arn = about.split(":", 6);
            if (arn.length == 6) {
                facts.put("region", arn[3]).put("account", arn[4]);
                String[] resource = arn[5].split("/");
                if (resource.length == 3) {
                    facts.put("cluster", resource[1]);
                }
            }
        } else if (parts.length > 3 && PLACED.contains(parts[0])) {
            facts.put("account", parts[1]).put("region", parts[2]);
            if (parts.length == 5 && !parts[0].equals("alarm")) {
                facts.put("cluster", parts[3]);
                facts.put(parts[0].equals("service") ? "service" : "family", parts[4]);
            }
        }
    }
}
