package io.ecssteward.slack;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.fate.TransientFailureException;
import io.ecssteward.testing.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.UnitOfWorkHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlackPacerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final ManualScheduler time = new ManualScheduler();
    private final SlackPacer pacer = new SlackPacer(time, time::nanoTime);
    private final List<String> turns = new ArrayList<>();

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void givesTheFirstTurnAtOnce() {
        ask("a", "ops");
        assertThat(turns).containsExactly("a");
    }

    @Test
    void givesOneTurnASecondInTheOrderAsked() {
        List<Exchange> exchanges = List.of(ask("a", "ops"), ask("b", "ops"), ask("c", "ops"));
        pacer.done(exchanges.get(0));
        assertThat(turns).containsExactly("a");

        time.advance(Duration.ofMillis(999));
        assertThat(turns).containsExactly("a");
        time.advance(Duration.ofMillis(1));
        assertThat(turns).containsExactly("a", "b");

        pacer.done(exchanges.get(1));
        time.advance(SECOND);
        assertThat(turns).containsExactly("a", "b", "c");
    }

    @Test
    void waitsForTheAnswerToTheOneBefore() {
        Exchange slow = ask("slow", "ops");
        ask("next", "ops");
        time.advance(Duration.ofSeconds(8));
        assertThat(turns).containsExactly("slow");

        pacer.done(slow);
        assertThat(turns).containsExactly("slow", "next");
    }

    @Test
    void keepsLanesApart() {
        ask("a", "ops");
        ask("b", "dev");
        pacer.hold("ops", Duration.ofMinutes(10));
        ask("c", "web");
        assertThat(turns).containsExactly("a", "b", "c");
    }

    @Test
    void letsARetryGoBeforeThoseThatWait() {
        Exchange firing = ask("firing", "ops");
        Exchange resolved = ask("resolved", "ops");
        time.advance(Duration.ofSeconds(5));
        ask("firing again", "ops", firing);
        assertThat(turns).containsExactly("firing", "firing again");

        pacer.done(firing);
        time.advance(SECOND);
        assertThat(turns).containsExactly("firing", "firing again", "resolved");
        pacer.done(resolved);
    }

    @Test
    void pacesARetryToo() {
        Exchange firing = ask("firing", "ops");
        ask("firing again", "ops", firing);
        assertThat(turns).containsExactly("firing");
        time.advance(SECOND);
        assertThat(turns).containsExactly("firing", "firing again");
    }

    @Test
    void goesOnWhenTheOwnersExchangeEnds() {
        Exchange failed = ask("failed", "ops");
        Exchange gone = ask("gone", "ops");
        ask("next", "ops");
        end(gone);
        end(failed);
        time.advance(SECOND);
        assertThat(turns).containsExactly("failed", "next");
    }

    @Test
    void holdsALaneForAsLongAsSlackSays() {
        Exchange limited = ask("limited", "ops");
        ask("next", "ops");
        pacer.hold("ops", Duration.ofSeconds(30));
        ask("limited again", "ops", limited);
        time.advance(Duration.ofMillis(29_999));
        assertThat(turns).containsExactly("limited");
        time.advance(Duration.ofMillis(1));
        assertThat(turns).containsExactly("limited", "limited again");
    }

    @Test
    void prolongsAHoldButNeverShortensIt() {
        Exchange first = ask("first", "ops");
        pacer.done(first);
        ask("second", "ops");
        pacer.hold("ops", Duration.ofSeconds(30));
        pacer.hold("ops", Duration.ofSeconds(5));
        time.advance(Duration.ofSeconds(29));
        assertThat(turns).containsExactly("first");
        time.advance(SECOND);
        assertThat(turns).containsExactly("first", "second");
    }

    @Test
    void givesUpTheFirstLaneWhenAnExchangeAsksForAnother() {
        Exchange one = ask("one at ops", "ops");
        Exchange two = ask("two at dev", "dev");
        time.advance(SECOND);
        ask("one at dev", "dev", one);
        ask("two at ops", "ops", two);
        assertThat(turns).containsExactlyInAnyOrder("one at ops", "two at dev", "two at ops", "one at dev");
    }

    @Test
    void doesNotTakeACopyForTheOwner() {
        Exchange owner = ask("owner", "ops");
        time.advance(SECOND);
        ask("copy", "ops", owner.copy());
        assertThat(turns).containsExactly("owner");
    }

    @Test
    void refusesWhoeverFindsTooManyWaiting() {
        pacer.setMaxWaiting(2);
        ask("owner", "ops");
        ask("b", "ops");
        ask("c", "ops");
        ask("d", "ops");
        ask("elsewhere", "dev");
        assertThat(turns).containsExactly("owner", "d: 2 messages already wait for this channel", "elsewhere");
    }

    @Test
    void failsAllThatWaitWhenDrained() {
        Exchange posting = ask("posting", "ops");
        ask("b", "ops");
        ask("c", "ops");
        pacer.drain();
        ask("late", "ops");
        ask("posting again", "ops", posting);
        assertThat(turns).containsExactly(
                "posting", "b: it is stopping", "c: it is stopping", "late: it is stopping", "posting again: it is stopping");

        end(posting);
        pacer.stop();
        pacer.start();
        ask("anew", "ops");
        assertThat(turns).last().isEqualTo("anew");
    }

    @Test
    void failsWhoWaitsForAHoldToEndWhenDrained() {
        Exchange limited = ask("limited", "ops");
        pacer.hold("ops", Duration.ofMinutes(10));
        ask("limited again", "ops", limited);
        pacer.drain();
        assertThat(turns).containsExactly("limited", "limited again: it is stopping");
        time.advance(Duration.ofHours(1));
        assertThat(turns).hasSize(2);
    }

    @Test
    void runsNoOthersCodeUnderItsLock() {
        Exchange first = ask("first", "ops");
        Exchange second = exchange();
        List<Boolean> locked = new ArrayList<>();
        pacer.turn(second, "ops").thenRun(() -> locked.add(Thread.holdsLock(pacer)));
        pacer.done(first);
        time.advance(SECOND);
        assertThat(locked).containsExactly(false);
    }

    private Exchange ask(String name, String lane) {
        return ask(name, lane, exchange());
    }

    private Exchange ask(String name, String lane, Exchange exchange) {
        pacer.turn(exchange, lane).whenComplete((turn, refused) -> {
            Throwable cause = refused instanceof CompletionException ? refused.getCause() : refused;
            if (cause != null) {
                assertThat(cause).isInstanceOf(TransientFailureException.class);
            }
            turns.add(cause == null ? name : name + ": " + cause.getMessage());
        });
        return exchange;
    }

    private Exchange exchange() {
        return new DefaultExchange(camel);
    }

    /** What the unit of work does when it ends. */
    private static void end(Exchange exchange) {
        UnitOfWorkHelper.doneSynchronizations(exchange, exchange.getExchangeExtension().handoverCompletions());
    }
}
