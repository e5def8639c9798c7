package io.ecssteward.replay;

import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentListener;
import io.ecssteward.incident.StoryLine;
import java.util.ArrayList;
import java.util.List;

/** Collects the changes of incidents. */
public final class IncidentChanges implements IncidentListener {

    private final List<Change> changes = new ArrayList<>();

    /**
     * A change of an incident that people may see.
     *
     * @param before null if it is new
     */
    public record Change(Incident before, Incident after) {

        /** The story lines that the change added; none if an alert was only counted. */
        public List<StoryLine> lines() {
            int last = before == null ? 0 : before.lastLine();
            return after.story().stream().filter(line -> line.number() > last).toList();
        }
    }

    @Override
    public synchronized void changed(Incident before, Incident after) {
        if (before == null || before.state() != after.state()) {
            changes.add(new Change(before, after));
        }
    }

    synchronized List<Change> taken() {
        List<Change> taken = List.copyOf(changes);
        changes.clear();
        return taken;
    }
}
