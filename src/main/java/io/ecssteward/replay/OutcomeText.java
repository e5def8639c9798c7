package io.ecssteward.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Redactor;
import io.ecssteward.event.Event;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.SkipReason;
import io.ecssteward.slack.SlackText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats the outcome of an event, as text and as JSON. */
public final class OutcomeText {
    private OutcomeText() {}

    /**
     * A line.
     *
     * @param label empty if it continues the previous line
     */
    public record Row(String label, String text) {
        /** Prints it. */
        public void print(PrintWriter out) {
            out.printf("  %-8s %s%n", label, Redactor.text(text));
        }
    }

    /** The performed actions, and the skipped ones with their reasons. */
    public static List<Row> rows(ReplaySession.Outcome each) {
        List<Row> rows = new ArrayList<>();
        for (Action effect : each.eventOutcome().performed()) {
            if (effect.sink().equals("slack")) {
                rows.add(new Row(
                        "slack",
                        Channels.isEdit(effect)
                                ? "edits its message in " + effect.about()
                                : Channels.isReply(effect)
                                        ? "replies in the thread in " + effect.about()
                                        : "to " + effect.about()));
                SlackText.lines(effect.request()).forEach(line -> rows.add(new Row("", "| " + line)));
            } else if (effect.sink().equals("incident")) {
                rows.add(new Row(
                        "incident",
                        effect.about() + " " + effect.operation().toLowerCase(Locale.ROOT) + ": "
                                + effect.request().path("about").asText()));
            } else {
                rows.add(new Row(effect.sink(), effect.operation() + " " + effect.request()));
            }
        }
        each.eventOutcome().skipped().forEach(n -> rows.add(new Row("skipped", n.toString())));
        if (each.failure() != null) {
            boolean forGood = each.failure() instanceof PermanentFailureException;
            rows.add(new Row(
                    "failed",
                    (forGood ? "to the dead-letter queue: " : "back to the queue, to be retried: ")
                            + each.failure().getMessage()));
        } else if (rows.isEmpty()) {
            rows.add(new Row("skipped", SkipReason.IGNORED.word()));
        }
        return rows;
    }

    /** Adds the performed actions, the skipped ones and the failure to an object. */
    public static void put(ReplaySession.Outcome each, ObjectNode node) {
        each.eventOutcome()
                .performed()
                .forEach(e -> node.withArray("performed")
                        .addObject()
                        .put("sink", e.sink())
                        .put("operation", e.operation())
                        .put("about", Redactor.text(e.about()))
                        .set("request", e.request()));
        each.eventOutcome()
                .skipped()
                .forEach(n -> node.withArray("skipped")
                        .addObject()
                        .put("reason", n.reason().word())
                        .put("about", Redactor.text(n.about())));
        node.put(
                "failure",
                each.failure() == null ? null : Redactor.text(each.failure().getMessage()));
    }

    /** The event's type and resource. */
    public static String name(Event event) {
        String service = event.service() == null ? "" : "/" + event.service();
        return event.type() + (event.cluster() == null ? "" : " " + event.cluster() + service);
    }
}
