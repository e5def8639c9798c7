package io.ecssteward.simulation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.incident.StoryLine;
import io.ecssteward.replay.Channels;
import io.ecssteward.replay.IncidentChanges;
import io.ecssteward.replay.SentAlert;
import io.ecssteward.settings.Settings;
import io.ecssteward.stub.StubEcs;
import java.io.PrintWriter;
import java.util.List;

/**
 * Runs a configuration on a recording and prints the results. Alerts are printed as they are sent, so that they need no
 * memory; in JSON they are the object's first member.
 */
public final class SimulationRun {

    private final PrintWriter out;
    private final Progress progress;
    private final boolean json;
    private final boolean alerts;
    private final boolean messages;
    private long listed;

    /**
     * Prints the report, and more if requested.
     *
     * @param progress the progress line, cleared before anything is printed
     * @param json whether to print one JSON object
     * @param alerts whether to list each alert, and the changes of incidents
     * @param messages whether to print the channels in their final state
     */
    public SimulationRun(PrintWriter out, Progress progress, boolean json, boolean alerts, boolean messages) {
        this.out = out;
        this.progress = progress;
        this.json = json;
        this.alerts = alerts;
        this.messages = messages;
    }

    /** Runs the configuration on the recording. */
    public void print(Settings settings, EventRecording recording) throws Exception {
        SimulationReport report = new SimulationReport();
        Channels channels = new Channels();
        RecordedClock clock = new RecordedClock();
        if (!json) {
            out.print(StubEcs.describeObserved() + System.lineSeparator());
            out.println("Slack is assumed to accept every message; only malformed events fail.");
            out.println();
        }
        try (Simulation simulation = Simulation.start(settings, clock)) {
            new Playback(clock, List.of(simulation), (side, taken) -> {
                        report.add(taken);
                        if (alerts) {
                            list(taken);
                        }
                        if (messages) {
                            taken.slack()
                                    .filter(action -> !Channels.isForOne(action))
                                    .forEach(channels::add);
                        }
                    })
                    .play(recording, progress);
            progress.close();
            if (json) {
                ObjectNode summary = report.json(recording.reading(), simulation.dropped(), simulation.evictedEarly());
                channels.messages().forEach(message -> put(message, summary.withArray("messages")));
                end(summary);
            } else {
                if (listed > 0) {
                    out.println();
                }
                channels.messages().forEach(this::print);
                new SimulationText(report, out)
                        .print(recording.reading(), simulation.dropped(), simulation.evictedEarly());
            }
        }
        out.flush();
    }

    private void print(Channels.Message message) {
        String edits =
                message.edits() == 0 ? "" : ", edited " + message.edits() + (message.edits() == 1 ? " time" : " times");
        out.println(message.channel() + ": " + message.state() + edits);
        message.lines().forEach(line -> out.println("  | " + line));
        out.println();
    }

    private static void put(Channels.Message message, ArrayNode all) {
        ObjectNode node = all.addObject()
                .put("channel", message.channel())
                .put("state", message.state())
                .put("edits", message.edits());
        message.lines().forEach(node.putArray("lines")::add);
    }

    private void list(Simulation.Taken taken) {
        taken.results().forEach(result -> result.sent().forEach(alert -> list(alert, taken)));
        if (!json) {
            taken.changes().forEach(change -> list(change, taken));
        }
    }

    private void list(SentAlert alert, Simulation.Taken taken) {
        progress.close();
        if (json) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            node.put("at", taken.at().toString()).put("channel", alert.channel());
            node.put("severity", alert.severity())
                    .put("state", alert.state())
                    .put("title", alert.title())
                    .put("key", alert.key());
            node.put("place", taken.origin().place().toString());
            out.print((listed == 0 ? "{\n  \"list\" : [" : ",") + "\n    " + node);
        } else {
            out.println(taken.at() + "  " + alert);
        }
        out.flush();
        listed++;
    }

    /** Prints the story lines of a change; in JSON, they are only in the report. */
    private void list(IncidentChanges.Change change, Simulation.Taken taken) {
        for (StoryLine line : change.lines()) {
            progress.close();
            out.println(taken.at() + "    " + change.after().id() + "  "
                    + EnumWord.of(line.kind()).replace('_', ' ') + ": " + line.text());
            listed++;
        }
    }

    private void end(ObjectNode report) {
        if (alerts && listed == 0) {
            report.putArray("list");
        }
        String written = report.toPrettyString();
        out.print((listed == 0 ? written : "\n  ]," + written.substring(1)) + System.lineSeparator());
    }
}
