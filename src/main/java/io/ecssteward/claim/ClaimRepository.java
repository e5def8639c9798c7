package io.ecssteward.claim;

import io.ecssteward.claim.CarriedClaims.Claim;
import io.ecssteward.claim.CarriedClaims.State;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.SkipReason;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims as an {@link IdempotentRepository}, for Camel's {@code idempotentConsumer}. Unlike Camel's own repositories,
 * it distinguishes two kinds of duplicates. If the first message is still in flight, the duplicate fails, so that SQS
 * delivers it again. If the work is done, the duplicate is dropped. Without this, the message would be lost if the
 * first one failed later.
 *
 * <p>There is one bean for each kind of action, in {@code beans.camel.yaml}, with its cool-down and its skip reason.
 * All of them share the {@link ClaimStore} in the registry.
 *
 * <p>Use it with the EIP's defaults, {@code eager: true} and {@code removeOnFailure: true}. Around an action inside a
 * longer route, also set {@code completionEager: true}, so that the action is recorded as soon as it is done, and is
 * not repeated if a later step fails.
 */
public class ClaimRepository extends ServiceSupport implements IdempotentRepository, CamelContextAware {

    private static final Logger LOG = LoggerFactory.getLogger(ClaimRepository.class);

    private static final String START = "start";
    private static final String END = "end";
    private static final String FAIL = "fail";
    private static final String PROCEED = "proceed";

    /** The exchange variable that overrides the cool-down of the next claim, a {@link Duration}. */
    public static final String COOL_DOWN = "coolDown";

    private final CarriedClaims carried = new CarriedClaims();

    /**
     * How long a repository that proceeds without claims does not call a failed store again, in nanoseconds. A call to
     * an unavailable store takes seconds, which would add up over the alerts of a batch.
     */
    private static final long SILENCE = TimeUnit.SECONDS.toNanos(2);

    private Duration lease;
    private volatile long storeUnavailableUntil = System.nanoTime();
    private boolean proceed;
    private boolean expireFromStart;
    private Duration coolDown = Duration.ofHours(1);
    private SkipReason reason = SkipReason.DUPLICATE;
    private ClaimStore store;
    private Set<ClaimListener> listeners = Set.of();
    private CamelContext camelContext;

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /**
     * How long completed work is remembered; with {@code 0s} it may be repeated at once, and the claim only prevents
     * two workers from doing it at the same time. A variable {@code coolDown} on the exchange (a duration) overrides it
     * for one claim.
     */
    public void setCoolDown(Duration coolDown) {
        this.coolDown = coolDown;
    }

    /**
     * When the cool-down starts: at the {@code end} of the work (the default) or at its {@code start}. A follow-up that
     * is scheduled for the end of the cool-down needs {@code start}, so that no event is dropped in between. All other
     * claims need {@code end}: an alert that waited for Slack must not be posted again right afterwards.
     *
     * @throws IllegalArgumentException when the value is neither of them
     */
    public void setExpireFrom(String moment) {
        expireFromStart = oneOf("expireFrom", moment, END, START).equals(START);
    }

    /**
     * How long a lease lasts without renewal, after which another worker may claim the key; by default
     * {@link ClaimStore#usualLease}.
     */
    public void setLease(Duration lease) {
        this.lease = lease;
    }

    public String getReason() {
        return reason.word();
    }

    /** The skip reason to record when the work was already done: {@code duplicate}, {@code cooldown}. */
    public void setReason(String reason) {
        this.reason = SkipReason.of(reason);
    }

    /** The store; by default the one in the registry. */
    public void setStore(ClaimStore store) {
        this.store = store;
    }

    public String getOnStoreFailure() {
        return proceed ? PROCEED : FAIL;
    }

    /**
     * What to do when the store fails: {@code fail} (the default), so that the event is retried and then stays in the
     * queue, or {@code proceed} without a claim. An action can wait, because it uses the current state in ECS when it
     * is retried. An alert should not wait: sending one twice is better than not sending it. The intake waits, too,
     * which limits duplicates: a failing event is not processed again until the store answers.
     */
    public void setOnStoreFailure(String what) {
        proceed = oneOf("onStoreFailure", what, FAIL, PROCEED).equals(PROCEED);
    }

    private static String oneOf(String option, String value, String one, String other) {
        if (!value.equals(one) && !value.equals(other)) {
            throw new IllegalArgumentException(option + " is '" + value + "'; set " + one + " or " + other);
        }
        return value;
    }

    /**
     * Tries to claim the key.
     *
     * @return true if the caller should do the work; false if it was already done
     * @throws ClaimHeldException when a duplicate is in flight
     * @throws TransientFailureException when the store fails
     */
    @Override
    public boolean add(Exchange exchange, String key) {
        Duration ownCoolDown = exchange == null ? null : exchange.getVariable(COOL_DOWN, Duration.class);
        Duration record = ownCoolDown == null ? coolDown : ownCoolDown;
        Claim asked = carried.get(exchange, key);
        // An attempt with an unknown result may have the lease: only the same owner can find out.
        String owner = asked != null && asked.state() == State.ASKED
                ? asked.owner()
                : UUID.randomUUID().toString();
        if (proceed && System.nanoTime() - storeUnavailableUntil < 0) {
            carried.put(exchange, key, new Claim(owner, State.WITHOUT, record));
            return true;
        }
        ClaimStore.Answer answer;
        try {
            answer = store.claim(key, owner, lease == null ? store.usualLease() : lease, record);
        } catch (TransientFailureException e) {
            if (!proceed) {
                carried.put(exchange, key, new Claim(owner, State.ASKED, record));
                throw e;
            }
            storeUnavailableUntil = System.nanoTime() + SILENCE;
            LOG.warn("{}; proceeding without a claim, so this may be sent twice", e.getMessage());
            carried.put(exchange, key, new Claim(owner, State.WITHOUT, record));
            return true;
        }
        listeners.forEach(listener -> listener.answered(answer));
        switch (answer) {
            case CLAIMED:
                carried.put(exchange, key, new Claim(owner, State.HELD, record));
                return true;
            case HELD:
                throw new ClaimHeldException(key);
            default:
                if (exchange != null) {
                    EventOutcome.of(exchange).skipped(reason, key);
                }
                return false;
        }
    }

    @Override
    public boolean add(String key) {
        return add(null, key);
    }

    @Override
    public boolean contains(String key) {
        return store.recorded(key);
    }

    @Override
    public boolean remove(Exchange exchange, String key) {
        Claim claim = carried.get(exchange, key);
        if (claim != null) {
            carried.remove(exchange, key);
            store.release(key, claim.owner());
        }
        return claim != null;
    }

    /** Deletes the record of a key; Camel calls this outside an exchange. */
    @Override
    public boolean remove(String key) {
        if (!remove(null, key)) {
            store.forget(key);
        }
        return true;
    }

    /** Records that the work was done. Never throws: a failed record must not cause the work to be repeated. */
    @Override
    public boolean confirm(Exchange exchange, String key) {
        Claim claim = carried.get(exchange, key);
        if (claim == null) {
            return false;
        }
        carried.remove(exchange, key);
        if (claim.record().isZero()) {
            // A record that ends at once would still block a replica whose clock is slightly behind.
            store.release(key, claim.owner());
        } else if (claim.state() == State.HELD) {
            if (expireFromStart) {
                store.confirm(key, claim.owner());
            } else {
                store.confirm(key, claim.owner(), claim.record());
            }
        } else {
            try {
                store.record(key, claim.record());
                storeUnavailableUntil = System.nanoTime();
            } catch (TransientFailureException e) {
                LOG.warn("{}; it was done, but a duplicate may be processed again", e.getMessage());
            }
        }
        return true;
    }

    /** The same, but remembered for this time instead of the cool-down. */
    public boolean confirm(Exchange exchange, String key, Duration record) {
        Claim claim = carried.get(exchange, key);
        if (claim != null) {
            carried.put(exchange, key, new Claim(claim.owner(), claim.state(), record));
        }
        return confirm(exchange, key);
    }

    @Override
    public boolean confirm(String key) {
        return confirm(null, key);
    }

    /** Whether the exchange already carries this claim, made earlier in its route. */
    public boolean holds(Exchange exchange, String key) {
        Claim claim = carried.get(exchange, key);
        return claim != null && claim.state() != State.ASKED;
    }

    /** Records an action as done, without a claim. For routes, as a {@code bean} step. */
    public void record(String key) {
        store.record(key, coolDown);
    }

    /** Deletes the record of an action, so that it may be repeated at once. For routes, as a {@code bean} step. */
    public void forget(String key) {
        store.forget(key);
    }

    /** Does nothing: the store is shared with other claims. */
    @Override
    public void clear() {}

    @Override
    protected void doInit() {
        if (store == null) {
            store = camelContext.getRegistry().findSingleByType(ClaimStore.class);
        }
        if (store == null) {
            throw new IllegalStateException("no ClaimStore is bound in the registry");
        }
        listeners = camelContext.getRegistry().findByType(ClaimListener.class);
    }
}
