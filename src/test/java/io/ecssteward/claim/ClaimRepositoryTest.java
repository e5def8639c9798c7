package io.ecssteward.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.testing.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;

class ClaimRepositoryTest extends CamelTestSupport {

    private final ManualClock clock = ManualClock.at("2026-11-20T10:00:00Z");
    private final ClaimStore store = new MemoryClaimStore(clock);
    private final ClaimRepository claims = new ClaimRepository();
    private final List<String> done = new CopyOnWriteArrayList<>();

    private Processor work = e -> done.add(e.getMessage().getBody(String.class));
    private Processor later = e -> {};

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        camel.getRegistry().bind("store", store);
        claims.setCoolDown(Duration.ofMinutes(10));
        claims.setReason("cooldown");
        return camel;
    }

    @Override
    protected RouteBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:work")
                        .idempotentConsumer(body(), claims)
                        .process(e -> work.process(e))
                        .end()
                        .process(e -> later.process(e));
                from("direct:eager")
                        .idempotentConsumer(body(), claims)
                        .completionEager(true)
                        .process(e -> work.process(e))
                        .end()
                        .process(e -> later.process(e));
                from("direct:handled")
                        .errorHandler(defaultErrorHandler().logExhausted(false))
                        .onException(IllegalStateException.class)
                        .handled(true)
                        .end()
                        .idempotentConsumer(body(), claims)
                        .process(e -> work.process(e));
            }
        };
    }

    private Exchange send(String route, String body) {
        return template.request("direct:" + route, e -> e.getMessage().setBody(body));
    }

    private Processor failing() {
        return e -> {
            throw new IllegalStateException("it broke");
        };
    }

    @Test
    void aCopyAfterwardsIsDroppedAndTheReasonIsNamed() {
        assertThat(EventOutcome.of(send("work", "a")).skipped()).isEmpty();
        Exchange copy = send("work", "a");

        assertThat(copy.getException()).isNull();
        assertThat(done).containsExactly("a");
        assertThat(EventOutcome.of(copy)).hasToString("cooldown (a)");
    }

    @Test
    void aCopyWhileTheFirstIsAtWorkFailsAndIsNotDropped() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        work = e -> {
            begun.countDown();
            assertThat(end.await(30, TimeUnit.SECONDS)).isTrue();
            done.add("first");
        };
        Future<Exchange> first =
                template.asyncSend("direct:work", e -> e.getMessage().setBody("a"));
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        for (int copies = 0; copies < 3; copies++) {
            Exchange copy = send("work", "a");
            assertThat(copy.getException())
                    .isInstanceOf(ClaimHeldException.class)
                    .isInstanceOf(TransientFailureException.class)
                    .hasMessage("a duplicate is in progress: a");
            assertThat(EventOutcome.of(copy).skipped()).isEmpty();
        }
        end.countDown();

        assertThat(first.get(30, TimeUnit.SECONDS).getException()).isNull();
        assertThat(done).containsExactly("first");
        assertThat(send("work", "a").getException()).isNull();
        assertThat(done).containsExactly("first");
    }

    @Test
    void aFailureLetsTheNextCopyTry() {
        work = failing();
        assertThat(send("work", "a").getException()).hasMessage("it broke");
        work = e -> done.add("again");
        send("work", "a");

        assertThat(done).containsExactly("again");
    }

    @Test
    void aFailureThatIsHandledLetsTheNextCopyTryToo() {
        work = failing();
        assertThat(send("handled", "a").getException()).isNull();
        work = e -> done.add("again");
        send("handled", "a");

        assertThat(done).containsExactly("again");
    }

    @Test
    void aFailureOfALaterStepReleasesTheWholeRoutesClaim() {
        later = failing();
        send("work", "a");
        later = e -> {};
        send("work", "a");

        assertThat(done).containsExactly("a", "a");
    }

    @Test
    void anEffectClaimedEagerlyIsNotRepeatedWhenALaterStepFails() {
        later = failing();
        assertThat(send("eager", "a").getException()).hasMessage("it broke");
        later = e -> {};

        Exchange again = send("eager", "a");

        assertThat(done).containsExactly("a");
        assertThat(EventOutcome.of(again)).hasToString("cooldown (a)");
    }

    @Test
    void anEffectClaimedEagerlyThatFailsIsTriedAgain() {
        work = failing();
        assertThat(send("eager", "a").getException()).hasMessage("it broke");
        work = e -> done.add("again");
        send("eager", "a");

        assertThat(done).containsExactly("again");
    }

    @Test
    void theCoolDownEnds() {
        send("work", "a");
        clock.advance(Duration.ofMinutes(10).minusMillis(1));
        send("work", "a");
        assertThat(done).hasSize(1);
        clock.advance(Duration.ofMillis(1));
        send("work", "a");

        assertThat(done).hasSize(2);
    }

    @Test
    void anExchangesOwnCoolDownOverridesTheClaims() {
        for (Object coolDown : List.of(Duration.ofMinutes(2), "2m")) {
            String key = "by " + coolDown;
            template.request("direct:work", e -> {
                e.getMessage().setBody(key);
                e.setVariable("coolDown", coolDown);
            });
            clock.advance(Duration.ofMinutes(2));
            send("work", key);

            assertThat(done).containsExactly(key, key);
            done.clear();
        }
    }

    @Test
    void aLeaseEndsForAWorkerThatIsSilentForTooLong() {
        claims.setLease(Duration.ofMinutes(1));
        assertThat(claims.add("a")).isTrue();
        assertThatThrownBy(() -> claims.add("a")).isInstanceOf(ClaimHeldException.class);
        clock.advance(Duration.ofMinutes(1));

        assertThat(claims.add("a")).isTrue();
    }

    @Test
    void whatIsForgottenMayBeDoneAtOnce() {
        send("work", "a");
        assertThat(claims.contains("a")).isTrue();
        claims.forget("a");
        assertThat(claims.contains("a")).isFalse();
        send("work", "a");

        assertThat(done).hasSize(2);
    }

    @Test
    void clearingOneLeavesTheStoreThatAllShare() {
        send("work", "a");
        claims.clear();

        assertThat(claims.contains("a")).isTrue();
    }

    /** A store that is away for as long as a test wants, and that may have heard what was asked of it. */
    private final class AwayStore implements ClaimStore {
        private boolean away = true;
        private boolean hears;

        private <T> T ask(Supplier<T> question) {
            T answer = !away || hears ? question.get() : null;
            if (away) {
                throw new TransientFailureException("the store is away");
            }
            return answer;
        }

        @Override
        public Duration usualLease() {
            return store.usualLease();
        }

        @Override
        public Answer claim(String key, String owner, Duration lease, Duration record) {
            return ask(() -> store.claim(key, owner, lease, record));
        }

        @Override
        public void confirm(String key, String owner, Duration record) {
            confirm(key, owner);
        }

        @Override
        public void confirm(String key, String owner) {
            store.confirm(key, owner);
        }

        @Override
        public void release(String key, String owner) {
            store.release(key, owner);
        }

        @Override
        public void forget(String key) {
            store.forget(key);
        }

        @Override
        public boolean recorded(String key) {
            return ask(() -> store.recorded(key));
        }

        @Override
        public void record(String key, Duration record) {
            note(key, null, record);
        }

        @Override
        public void note(String key, String text, Duration record) {
            ask(() -> {
                store.note(key, text, record);
                return true;
            });
        }

        @Override
        public String noted(String key) {
            return ask(() -> store.noted(key));
        }

        @Override
        public Document read(String key) {
            return store.read(key);
        }

        @Override
        public boolean write(String key, String text, long version, Duration kept) {
            return store.write(key, text, version, kept);
        }

        @Override
        public Map<String, Document> list(String prefix) {
            return store.list(prefix);
        }

        @Override
        public boolean durable() {
            return store.durable();
        }
    }

    @Test
    void withoutItsStoreAnActionWaits() {
        AwayStore away = new AwayStore();
        claims.setStore(away);
        assertThat(send("work", "a").getException())
                .isInstanceOf(TransientFailureException.class)
                .hasMessage("the store is away");
        assertThat(done).isEmpty();
        away.away = false;
        send("work", "a");
        assertThat(done).containsExactly("a");
    }

    @Test
    void withoutItsStoreAnAlertGoesOn() {
        AwayStore away = new AwayStore();
        claims.setStore(away);
        claims.setOnStoreFailure("proceed");
        assertThat(send("eager", "a").getException()).isNull();
        assertThat(send("eager", "a").getException()).isNull();
        assertThat(done).as("rather twice than not at all").containsExactly("a", "a");
    }

    @Test
    void whatWentOnWithoutAClaimIsRecordedAllTheSame() {
        AwayStore away = new AwayStore();
        claims.setStore(away);
        claims.setOnStoreFailure("proceed");
        work = e -> {
            done.add("a");
            away.away = false;
        };
        send("eager", "a");
        assertThat(EventOutcome.of(send("eager", "a"))).hasToString("cooldown (a)");
        assertThat(done).containsExactly("a");
    }

    @Test
    void theSameExchangeFindsTheLeaseWhoseAnswerWasLost() {
        AwayStore away = new AwayStore();
        away.hears = true;
        claims.setStore(away);
        Exchange exchange = new DefaultExchange(context);
        assertThatThrownBy(() -> claims.add(exchange, "a")).isInstanceOf(TransientFailureException.class);
        away.away = false;
        assertThatThrownBy(() -> claims.add(new DefaultExchange(context), "a")).isInstanceOf(ClaimHeldException.class);

        assertThat(claims.add(exchange, "a")).isTrue();
        assertThatThrownBy(() -> claims.add(exchange, "a"))
                .as("it is known now")
                .isInstanceOf(ClaimHeldException.class);
        claims.confirm(exchange, "a");
        assertThat(claims.contains("a")).isTrue();
    }

    @Test
    void whatToDoWithoutAStoreIsOneOfTwo() {
        assertThat(claims.getOnStoreFailure()).isEqualTo("fail");
        assertThatThrownBy(() -> claims.setOnStoreFailure("panic"))
                .hasMessage("onStoreFailure is 'panic'; set fail or proceed");
    }

    @Test
    void withoutAStoreTheStartSaysSo() throws Exception {
        try (CamelContext camel = new DefaultCamelContext()) {
            ClaimRepository alone = new ClaimRepository();
            alone.setCamelContext(camel);
            assertThatThrownBy(alone::start).hasMessageContaining("no ClaimStore is bound in the registry");
        }
    }

    @Test
    void aReasonThatIsNoneIsRefused() {
        assertThatThrownBy(() -> claims.setReason("because"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'because' is not a reason; there are duplicate, stale, cooldown, ");
        assertThat(claims.getReason()).isEqualTo("cooldown");
    }
}
