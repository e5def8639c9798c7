package io.ecssteward.alerting;

import io.ecssteward.claim.ClaimStore;
import io.ecssteward.event.Event;
import io.ecssteward.event.Ongoing;
import io.ecssteward.failure.TransientFailureException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bean {@code open-alerts}: remembers what Slack was told began, so that it can be told that it ended. Kept beside
 * the claims, for a week.
 */
public class OpenAlerts implements CamelContextAware {

    private static final Logger LOG = LoggerFactory.getLogger(OpenAlerts.class);

    private static final Duration A_WEEK = Duration.ofDays(7);

    private static final Duration A_MONTH = Duration.ofDays(30);

    /** Ours: what says the same comes within a minute or two of each other, and the next change may come soon after. */
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private CamelContext camelContext;

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /** An alert about this began. */
    public void add(String about) {
        store().record(key(about), A_WEEK);
    }

    /** An alert about this was sent, and whatever says the same need not be, for ten minutes. */
    public void addBriefly(String about) {
        store().record(key(about), TEN_MINUTES);
    }

    /** Whether an alert about this began and has not ended. */
    public boolean has(String about) {
        return store().recorded(key(about));
    }

    /** The alert about this ended. */
    public void remove(String about) {
        store().forget(key(about));
    }

    /** Whether Slack was told just this of something that goes on. When the store does not say, it is told again. */
    public boolean unchanged(Event event) {
        try {
            return event.ongoing()
                    .filter(it -> it.state().equals(store().noted(told(it))))
                    .isPresent();
        } catch (TransientFailureException e) {
            LOG.warn("{}; this may be told twice", e.getMessage());
            return false;
        }
    }

    /** Slack was told this of something that goes on, and need not be again for a month, unless it changes. */
    public void told(Event event) {
        event.ongoing().ifPresent(it -> {
            try {
                store().note(told(it), it.state(), A_MONTH);
            } catch (TransientFailureException e) {
                LOG.warn("{}; this may be told twice", e.getMessage());
            }
        });
    }

    private static String told(Ongoing it) {
        return "told/" + UUID.nameUUIDFromBytes(it.about().getBytes(StandardCharsets.UTF_8));
    }

    private static String key(String about) {
        return "open/" + about;
    }

    private ClaimStore store() {
        return camelContext.getRegistry().findSingleByType(ClaimStore.class);
    }
}
