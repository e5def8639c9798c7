package io.ecssteward.alerting;

import io.ecssteward.claim.ClaimStore;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * The bean {@code open-alerts}: remembers what Slack was told began, so that it can be told that it ended. Kept beside
 * the claims, for a week.
 */
public class OpenAlerts implements CamelContextAware {

    private static final Duration A_WEEK = Duration.ofDays(7);

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

    private static String key(String about) {
        return "open/" + about;
    }

    private ClaimStore store() {
        return camelContext.getRegistry().findSingleByType(ClaimStore.class);
    }
}
