package io.ecssteward.incident;

import io.ecssteward.alert.EnumWord;
import io.ecssteward.log.LogFields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bean {@code incident-log}: logs each line of an incident's story. */
public class IncidentLog implements IncidentListener {

    private static final Logger LOG = LoggerFactory.getLogger("io.ecssteward.incidents");

    @Override
    public void changed(Incident before, Incident after) {
        int known = before == null ? 0 : before.lastLine();
        after.story().stream()
                .filter(line -> line.number() > known)
                .forEach(line -> LogFields.ofIncident(
                                LOG.atInfo(),
                                after.id(),
                                after.about(),
                                EnumWord.of(after.status()),
                                EnumWord.of(after.severity()),
                                (int) after.alerts().stream()
                                        .filter(IncidentAlert::firing)
                                        .count())
                        .log("incident {} is {}: {}", after.id(), EnumWord.of(after.status()), line.text()));
    }
}
