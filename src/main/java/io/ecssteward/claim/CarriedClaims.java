package io.ecssteward.claim;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;

/**
 * The claims of a {@link ClaimRepository} that are not yet confirmed or released. An exchange carries its own, and so
 * do copies of it, so that any of them can confirm; those that no exchange made are kept here.
 */
final class CarriedClaims {

    private static final String PROPERTY = "StewardClaim/";

    private final Map<String, Claim> unownedClaims = new ConcurrentHashMap<>();

    /**
     * An attempt at some work.
     *
     * @param owner unique to this attempt
     * @param state what is known of it
     * @param record how long the work counts as done
     */
    record Claim(String owner, State state, Duration record) {}

    enum State {
        /** The store failed, so it is unknown whether it granted the lease. */
        ASKED,
        HELD,
        /** The work goes on without a lease, because the store failed. */
        WITHOUT
    }

    Claim get(Exchange exchange, String key) {
        return exchange == null ? unownedClaims.get(key) : exchange.getProperty(PROPERTY + key, Claim.class);
    }

    void put(Exchange exchange, String key, Claim claim) {
        if (exchange == null) {
            unownedClaims.put(key, claim);
        } else {
            exchange.setProperty(PROPERTY + key, claim);
        }
    }

    void remove(Exchange exchange, String key) {
        if (exchange == null) {
            unownedClaims.remove(key);
        } else {
            exchange.removeProperty(PROPERTY + key);
        }
    }
}
