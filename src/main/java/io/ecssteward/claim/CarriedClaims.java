package io.ecssteward.claim;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;

/**
 * The claims of a {@link ClaimRepository} that are not yet confirmed or released. An exchange carries its claims, and
 * so do copies of it, so that any of them can confirm. Claims made without an exchange are kept here.
 */
final class CarriedClaims {

    private static final String PROPERTY = "StewardClaim/";

    private final Map<String, Claim> unownedClaims = new ConcurrentHashMap<>();

    /**
     * An attempt to do some work.
     *
     * @param owner unique to this attempt
     * @param state whether the lease was granted
     * @param record how long the work is remembered as done
     */
    record Claim(String owner, State state, Duration record) {}

    enum State {
        /** The store failed, so it is unknown whether the lease was granted. */
        ASKED,
        HELD,
        /** The work proceeds without a lease, because the store failed. */
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
