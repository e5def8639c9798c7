package io.ecssteward.alerting;

import io.ecssteward.claim.ClaimStore;
import io.ecssteward.event.Event;
import io.ecssteward.event.Ongoing;
import io.ecssteward.failure.TransientFailureException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bean {@code repeats}: remembers the last alert about a state that is reported repeatedly, such as a Security Hub
 * finding, which is sent every day. A claim cannot do this, because a state that changes and changes back must be
 * posted each time. An incident cannot either, because no event says that a finding is over.
 */
public class Repeats {

    private static final Logger LOG = LoggerFactory.getLogger(Repeats.class);

    private static final Duration A_MONTH = Duration.ofDays(30);

    /** Whether the same state was posted before. If the store fails, it is posted again. */
    public boolean unchanged(Event event, CamelContext camel) {
        try {
            return event.ongoing()
                    .filter(it -> it.state().equals(store(camel).noted(key(it))))
                    .isPresent();
        } catch (TransientFailureException e) {
            LOG.warn("{}; this may be sent twice", e.getMessage());
            return false;
        }
    }

    /** Records that this state was posted: it is posted again only if it changes, or after a month. */
    public void posted(Event event, CamelContext camel) {
        event.ongoing().ifPresent(it -> {
            try {
                store(camel).note(key(it), it.state(), A_MONTH);
            } catch (TransientFailureException e) {
                LOG.warn("{}; this may be sent twice", e.getMessage());
            }
        });
    }

    private static String key(Ongoing it) {
        return "told/" + UUID.nameUUIDFromBytes(it.about().getBytes(StandardCharsets.UTF_8));
    }

    private static ClaimStore store(CamelContext camel) {
        return camel.getRegistry().findSingleByType(ClaimStore.class);
    }
}
