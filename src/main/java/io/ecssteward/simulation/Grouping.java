package io.ecssteward.simulation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.incident.Incident;
import io.ecssteward.replay.Channels;
import io.ecssteward.replay.IncidentChanges;
import io.ecssteward.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts the incidents of a recording, how long they last, and how many messages they save. */
final class Grouping {

    private static final int MAX_REMEMBERED = 20_000;

    private final Set<String> open = new HashSet<>();
    private final List<Duration> lasted = new ArrayList<>();
    private long opened;
    private long reopened;
    private long resolved;
    private long messages;
    private long edits;
    private long replies;
    private long alone;

    /** By the key of an alert's claim: when its cool-down ends, if each alert were a message. */
    private final Map<String, Instant> cooling = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    void add(Simulation.Taken taken) {
        taken.changes().forEach(change -> changed(change, taken.at()));
        taken.slack().forEach(action -> {
            if (Channels.isEdit(action)) {
                edits++;
            } else if (Channels.isReply(action)) {
                replies++;
            }
            if (Channels.isNew(action)) {
                messages++;
            }
        });
        taken.results().forEach(result -> result.raised().forEach(alert -> alone(alert, taken.at())));
    }

    private void changed(IncidentChanges.Change change, Instant at) {
        Incident after = change.after();
        boolean wasOpen = change.before() != null && change.before().status() != Incident.Status.RESOLVED;
        boolean isOpen = after.status() != Incident.Status.RESOLVED;
        if (change.before() == null) {
            opened++;
        } else if (isOpen && !wasOpen) {
            reopened++;
        }
        if (isOpen) {
            open.add(after.id());
        } else if (wasOpen) {
            resolved++;
            open.remove(after.id());
            if (lasted.size() < MAX_REMEMBERED) {
                lasted.add(Duration.between(
                        after.openings().isEmpty()
                                ? after.opened()
                                : after.openings().get(after.openings().size() - 1),
                        at));
            }
        }
    }

    /**
     * Counts the messages that there would be without incidents: one per cool-down, which ends early if the alert is
     * resolved.
     */
    private void alone(Alert alert, Instant at) {
        Instant until = cooling.get(place(alert, alert.claim()));
        if (alert.quiet()) {
            String begun = "firing/" + alert.key().substring(0, alert.key().length() - 1);
            alone += cooling.remove(place(alert, begun)) == null ? 0 : 1;
        } else if (until == null || !at.isBefore(until)) {
            alone++;
            cooling.put(place(alert, alert.claim()), at.plus(alert.coolDown()));
            cooling.remove(place(alert, alert.oppositeClaim()));
        }
    }

    private static String place(Alert alert, String claim) {
        return alert.channel() + "/" + claim;
    }

    private Duration median() {
        List<Duration> sorted = lasted.stream().sorted().toList();
        return sorted.isEmpty() ? Duration.ZERO : sorted.get((sorted.size() - 1) / 2);
    }

    private Duration longest() {
        return lasted.isEmpty() ? Duration.ZERO : Collections.max(lasted);
    }

    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("opened", opened)
                .put("openedAgain", reopened)
                .put("resolved", resolved)
                .put("stillOpen", open.size())
                .put("medianSeconds", median().toSeconds())
                .put("longestSeconds", longest().toSeconds())
                .put("messages", messages)
                .put("edits", edits)
                .put("replies", replies)
                .put("messagesOnePerAlert", alone);
    }

    /** The statistics as lines of text. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("Incidents: " + opened + (reopened == 0 ? "" : ", opened again: " + reopened) + ", resolved: "
                + resolved + ", still open: " + open.size());
        if (!lasted.isEmpty()) {
            lines.add("  open for " + written(median()) + " in the median, for " + written(longest()) + " at most");
        }
        lines.add("Messages: " + messages + ", with " + edits + (edits == 1 ? " edit and " : " edits and ") + replies
                + (replies == 1 ? " reply" : " replies") + "; one for each alert, they would be " + alone);
        return lines;
    }

    private static String written(Duration duration) {
        return Durations.write(Duration.ofSeconds(duration.toSeconds()));
    }
}
