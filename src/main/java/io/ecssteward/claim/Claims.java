package io.ecssteward.claim;

import io.ecssteward.fate.Fate;
import io.ecssteward.fate.Reason;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Claims as an {@link IdempotentRepository}, for Camel's {@code idempotentConsumer}. Unlike Camel's own repositories it
 * tells a copy that comes while the first is still at work (which fails, so that it is delivered again) from a copy that
 * comes when the work is done (which is dropped). Otherwise the message would be gone for good when the first then failed.
 *
 * <p>One bean an effect, in {@code beans.camel.yaml}, with the cool-down and the reason that belong to it. All of them
 * share one {@link ClaimStore}: the one in the registry, or else memory.
 *
 * <p>Use it with the EIP's defaults, {@code eager: true} and {@code removeOnFailure: true}; around an effect inside a
 * longer route also with {@code completionEager: true}, so that the effect is recorded when it is done and not repeated
 * when a later step fails.
 */
public class Claims extends ServiceSupport implements IdempotentRepository, CamelContextAware {

    /**
     * SQS lets no message be worked on for longer, so no worker that lives can outlast this lease; in memory a lease ends
     * with the process anyway.
     *
     * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html">SQS
     *     visibility timeout: at most 12 hours</a>
     */
    private Duration lease = Duration.ofHours(12);

    private Duration coolDown = Duration.ofHours(1);
    private Reason reason = Reason.DUPLICATE;
    private ClaimStore store;
    private CamelContext camelContext;

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    public Duration getCoolDown() {
        return coolDown;
    }

    /**
     * How long something that was done counts as done, from when it was begun. A variable {@code coolDown} on the
     * exchange (a duration) overrides it for one claim.
     */
    public void setCoolDown(Duration coolDown) {
        this.coolDown = coolDown;
    }

    public Duration getLease() {
        return lease;
    }

    /** How long a worker may be silent before another may do its work. */
    public void setLease(Duration lease) {
        this.lease = lease;
    }

    public String getReason() {
        return reason.word();
    }

    /** What it is called when something is not done because it already was: {@code duplicate}, {@code cooling-down}. */
    public void setReason(String reason) {
        this.reason = Reason.of(reason);
    }

    public ClaimStore getStore() {
        return store;
    }

    /** Where the claims are kept, instead of the store in the registry. */
    public void setStore(ClaimStore store) {
        this.store = store;
    }

    /**
     * Tries to claim.
     *
     * @return true when the caller should go on; false when it was done already
     * @throws ClaimHeldException when another copy is at work on it now
     */
    @Override
    public boolean add(Exchange exchange, String key) {
        Duration record = exchange == null ? null : exchange.getVariable("coolDown", Duration.class);
        switch (store.claim(key, lease, record == null ? coolDown : record)) {
            case CLAIMED:
                return true;
            case HELD:
                throw new ClaimHeldException(key);
            default:
                if (exchange != null) {
                    Fate.of(exchange).didNot(reason, key);
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
    public boolean remove(String key) {
        store.release(key);
        return true;
    }

    @Override
    public boolean confirm(String key) {
        store.confirm(key);
        return true;
    }

    /** Forgets that something was done, so that it may be done again at once. For routes, as a {@code bean} step. */
    public void forget(String key) {
        store.release(key);
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
    }
}
