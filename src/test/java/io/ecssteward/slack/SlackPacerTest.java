package io.ecssteward.slack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.failure.RetryAfterException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.testing.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
    private final ObjectNode message = JsonNodeFactory.instance.objectNode();
    private Duration gather = Duration.ZERO;

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
        assertThat(turns)
                .containsExactly(
                        "posting",
                        "b: it is stopping",
                        "c: it is stopping",
                        "late: it is stopping",
                        "posting again: it is stopping");

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
        pacer.turn(second, "ops", null, Duration.ZERO, false).thenRun(() -> locked.add(Thread.holdsLock(pacer)));
        pacer.done(first);
        time.advance(SECOND);
        assertThat(locked).containsExactly(false);
    }

    @Test
    void lets1PostSpeakForUpTo9BehindIt() {
        Exchange a = say("a");
        List<Exchange> others = sayAll("b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
        posted(a);
        time.advance(SECOND);
        assertThat(turns).containsExactly("a", "b for b c d e f g h i j k");

        posted(others.get(0));
        assertThat(turns).hasSize(11).contains("c was told", "k was told").doesNotContain("l was told");
        time.advance(SECOND);
        assertThat(turns).last().isEqualTo("l");
    }

    @Test
    void postsAHandfulOneByOne() {
        Exchange a = say("a");
        List<Exchange> others = sayAll("b", "c", "d", "e", "f");
        posted(a);
        time.advance(SECOND);
        assertThat(turns).containsExactly("a", "b");
        posted(others.get(0));
        time.advance(SECOND);
        assertThat(turns).containsExactly("a", "b", "c");
    }

    @Test
    void letsNobodySpeakForThoseBehindOneWhoMustSpeakForItself() {
        Exchange a = say("a");
        List<Exchange> first = sayAll("b", "c", "d", "e", "f", "g");
        Exchange ready = ask("ready-made", "ops");
        sayAll("h", "i", "j", "k", "l", "m");
        posted(a);
        time.advance(SECOND);
        posted(first.get(0));
        time.advance(SECOND);
        posted(ready);
        time.advance(SECOND);
        assertThat(turns.stream().filter(turn -> !turn.endsWith("told")))
                .containsExactly("a", "b for b c d e f g", "ready-made", "h for h i j k l m");
    }

    @Test
    void letsNobodySpeakForThoseWhoSpeakAsSomebodyElse() {
        Exchange a = say("a");
        sayAll("b", "c", "d");
        IntStream.range(0, 6).forEach(i -> say("x" + i, exchange(), "another"));
        posted(a);
        time.advance(SECOND);
        assertThat(turns).containsExactly("a", "b");
    }

    @Test
    void keepsThePlacesOfThoseForWhomAPostFailed() {
        Exchange a = say("a");
        List<Exchange> others = sayAll("b", "c", "d", "e", "f", "g");
        posted(a);
        time.advance(SECOND);
        say("h");
        pacer.failed(others.get(0));
        say("b again", others.get(0));
        time.advance(SECOND);
        assertThat(turns).containsExactly("a", "b for b c d e f g", "b again for b c d e f g h");

        pacer.failed(others.get(0));
        end(others.get(0));
        time.advance(SECOND);
        assertThat(turns).last().isEqualTo("c for c d e f g h");
    }

    @Test
    void speaksForNewOnesAfterAHold() {
        Exchange a = say("a");
        List<Exchange> others = sayAll("b", "c", "d", "e", "f", "g");
        posted(a);
        time.advance(SECOND);
        pacer.hold("ops", Duration.ofSeconds(30));
        say("b again", others.get(0));
        end(others.get(2));
        sayAll("h", "i", "j", "k", "l", "m");
        time.advance(Duration.ofSeconds(29));
        assertThat(turns).hasSize(2);
        time.advance(SECOND);
        assertThat(turns).last().isEqualTo("b again for b c e f g h i j k l");
    }

    @Test
    void letsEachSpeakForItselfWhenToldSo() {
        Exchange a = say("a");
        List<Exchange> others = sayAll("b", "c", "d", "e", "f", "g");
        posted(a);
        time.advance(SECOND);
        sayAll("h", "i", "j", "k", "l", "m");
        pacer.separate(others.get(0));
        say("b again", others.get(0));
        time.advance(SECOND);
        for (Exchange other : others) {
            pacer.done(other);
            time.advance(SECOND);
        }
        assertThat(turns)
                .containsExactly("a", "b for b c d e f g", "b again", "c", "d", "e", "f", "g", "h for h i j k l m");
    }

    @Test
    void doesNotMindThatOneItSpokeForIsGone() {
        Exchange a = say("a");
        List<Exchange> others = sayAll("b", "c", "d", "e", "f", "g");
        posted(a);
        time.advance(SECOND);
        end(others.get(3));
        posted(others.get(0));
        assertThat(turns)
                .containsExactly("a", "b for b c d e f g", "c was told", "d was told", "f was told", "g was told");
    }

    @Test
    void endsThoseForWhomAPostOnItsWaySpeaksAsThePostDoesWhenDrained() {
        for (boolean posted : List.of(true, false)) {
            turns.clear();
            Exchange a = say("a");
            List<Exchange> others = sayAll("b", "c", "d", "e", "f", "g");
            posted(a);
            time.advance(SECOND);
            ask("behind", "ops");
            pacer.drain();
            assertThat(turns).containsExactly("a", "b for b c d e f g", "behind: it is stopping");
            if (posted) {
                posted(others.get(0));
                assertThat(turns).hasSize(8).contains("c was told", "g was told");
            } else {
                pacer.failed(others.get(0));
                assertThat(turns).hasSize(8).contains("c: it is stopping", "g: it is stopping");
                end(others.get(0));
            }
            assertThat(turns).hasSize(8);
            pacer.stop();
            pacer.start();
        }
    }

    @Test
    void gathersWhereALaneIsIdle() {
        gather = Duration.ofMillis(200);
        Exchange a = say("a");
        sayAll("b", "c", "d", "e", "f");
        time.advance(Duration.ofMillis(199));
        assertThat(turns).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(turns).containsExactly("a for a b c d e f");
        say("g");
        posted(a);
        time.advance(SECOND);
        assertThat(turns).last().isEqualTo("g");
    }

    @Test
    void gathersNoLongerThanUntilAMessageIsFull() {
        gather = Duration.ofSeconds(30);
        Exchange a = say("a");
        sayAll("b", "c", "d", "e", "f", "g", "h", "i");
        assertThat(turns).isEmpty();
        sayAll("j", "k");
        assertThat(turns).containsExactly("a for a b c d e f g h i j");
        posted(a);
        time.advance(SECOND);
        assertThat(turns)
                .as("it is not held up by the look that was planned first")
                .last()
                .isEqualTo("k");
    }

    @Test
    void gathersNothingForAMessageOfItsOwnOrWhenDrained() {
        gather = Duration.ofSeconds(30);
        ask("ready-made", "dev");
        pacer.drain();
        say("last");
        assertThat(turns).containsExactly("ready-made", "last");
    }

    @Test
    void saysWhenToComeBackByWhatIsPostedTogether() {
        pacer.setMaxWaiting(100);
        IntStream.rangeClosed(0, 99).forEach(i -> say("x" + i));
        ask("ready-made", "ops");
        assertThat(later()).isEqualTo(Duration.ofSeconds(1 + 1 + 10));
        IntStream.range(0, 48).forEach(i -> later());
        assertThat(later())
                .as("99 and 50 shared, 1 alone, and a second until the next post")
                .isEqualTo(Duration.ofSeconds(1 + 1 + 15));
        pacer.hold("ops", Duration.ofMinutes(10));
        assertThat(later()).isEqualTo(Duration.ofMinutes(10).plusSeconds(1 + 15));
    }

    @Test
    void whatCanWaitGoesLastAndElseInOrder() {
        Exchange first = ask("first", "edits");
        Exchange patient = ask("patient 1", "edits");
        Exchange second = ask("second", "edits");
        ask("patient 2", "edits");
        Exchange third = ask("third", "edits");
        for (Exchange each : List.of(first, second, third, patient)) {
            pacer.done(each);
            time.advance(SECOND.multipliedBy(2));
        }
        assertThat(turns).containsExactly("first", "second", "third", "patient 1", "patient 2");
    }

    @Test
    void tellsThoseOfOneKeyInOneGoAndInOrder() {
        Exchange a = say("a");
        List<Exchange> others = Stream.of(
                        "web firing", "shop firing", "web resolved", "shop resolved", "web firing again", "x y")
                .map(name -> ask(
                        name,
                        "ops",
                        exchange(),
                        new SlackPacer.Shareable(
                                SlackRoute.alert(name)
                                        .change()
                                        .key(name.split(" ")[0])
                                        .build(),
                                null,
                                "steward")))
                .toList();
        posted(a);
        time.advance(SECOND);
        turns.clear();
        List<Runnable> tasks = new ArrayList<>();
        Runnable report = pacer.posted(others.get(0), message, tasks::add);
        assertThat(tasks).as("the exchange itself goes on first").isEmpty();
        report.run();
        assertThat(turns).isEmpty();
        assertThat(tasks).hasSize(3);
        tasks.get(1).run();
        assertThat(turns).containsExactly("web resolved was told", "web firing again was told");
        tasks.get(0).run();
        tasks.get(2).run();
        assertThat(turns.subList(2, 5))
                .containsExactly("shop firing was told", "shop resolved was told", "x y was told");
    }

    private void posted(Exchange exchange) {
        pacer.posted(exchange, message, Runnable::run).run();
    }

    private Duration later() {
        CompletionStage<?> refused = pacer.turn(exchange(), "ops", null, gather, false);
        return ((RetryAfterException) refused.toCompletableFuture()
                        .handle((turn, failure) -> failure)
                        .join())
                .after();
    }

    private Exchange say(String name) {
        return say(name, exchange());
    }

    private Exchange say(String name, Exchange exchange) {
        return say(name, exchange, "steward");
    }

    private List<Exchange> sayAll(String... names) {
        return Stream.of(names).map(this::say).toList();
    }

    private Exchange say(String name, Exchange exchange, String sender) {
        return ask(name, "ops", exchange, new SlackPacer.Shareable(SlackRoute.alert(name), null, sender));
    }

    private Exchange ask(String name, String lane) {
        return ask(name, lane, exchange());
    }

    private Exchange ask(String name, String lane, Exchange exchange) {
        return ask(name, lane, exchange, null);
    }

    private Exchange ask(String name, String lane, Exchange exchange, SlackPacer.Shareable shareable) {
        pacer.turn(exchange, lane, shareable, gather, name.startsWith("patient"))
                .whenComplete((turn, refused) -> {
                    Throwable cause = refused instanceof CompletionException ? refused.getCause() : refused;
                    if (cause != null) {
                        assertThat(cause).isInstanceOf(TransientFailureException.class);
                        turns.add(name + ": " + cause.getMessage());
                    } else if (turn.posted() != null) {
                        assertThat(turn.posted()).isSameAs(message);
                        turns.add(name + " was told");
                    } else {
                        String others = String.join(
                                " ",
                                turn.together().stream()
                                        .map(each -> each.alert().title())
                                        .toList());
                        turns.add(others.isEmpty() ? name : name + " for " + others);
                    }
                });
        return exchange;
    }

    private Exchange exchange() {
        return new DefaultExchange(camel);
    }

    /** What the unit of work does when it ends. */
    private static void end(Exchange exchange) {
        UnitOfWorkHelper.doneSynchronizations(
                exchange, exchange.getExchangeExtension().handoverCompletions());
    }
}
