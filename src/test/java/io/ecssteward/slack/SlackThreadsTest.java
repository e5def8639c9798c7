package io.ecssteward.slack;

import static io.ecssteward.slack.SlackRoute.SOON;
import static io.ecssteward.slack.SlackRoute.alert;
import static io.ecssteward.slack.SlackRoute.effects;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.alert.Alert;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.claim.MemoryClaimStore;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.FakeSlack;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.Gate;
import io.ecssteward.testing.ManualClock;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Alerts that have a thread, and what Slack gets of them. */
@Timeout(60)
class SlackThreadsTest {

    private final ManualClock clock = ManualClock.at("2026-11-20T10:00:00Z");
    private final ClaimStore store = new MemoryClaimStore(clock);

    /** With a token, and the store of this test. */
    private SlackRoute withToken() {
        SlackRoute route = SlackRoute.withToken();
        route.camel.getRegistry().bind("claimStore", store);
        return route;
    }

    private static Alert in(String thread, String title) {
        return alert(title).change().thread(thread).build();
    }

    /** For each message that came, its text and the text of what it is a reply to. */
    private static List<String> told(SlackRoute route) {
        List<FakeSlack.Post> posts = route.slack.posts();
        return posts.stream()
                .map(post -> post.text()
                        + (post.thread() == null
                                ? ""
                                : " < "
                                        + posts.stream()
                                                .filter(first -> post.thread().equals(first.ts()))
                                                .map(FakeSlack.Post::text)
                                                .findFirst()
                                                .orElse("?")))
                .toList();
    }

    private static void allPosted(List<CompletableFuture<Exchange>> sent) throws Exception {
        for (CompletableFuture<Exchange> one : sent) {
            assertThat(one.get(SOON.toSeconds(), TimeUnit.SECONDS).getException())
                    .isNull();
        }
    }

    @Test
    void theFirstIsAMessageAndTheOthersAreRepliesToIt() throws Exception {
        try (SlackRoute route = withToken().start()) {
            route.post(in("a", "a1"));
            route.post(in("b", "b1"));
            Exchange reply = route.post(in("a", "a2"));
            route.post(alert("none"));
            route.post(in(" a", "a3"));
            route.post(in(" ", "blank"));
            route.post(in("a", "elsewhere").change().channel("#web").build());

            assertThat(told(route)).containsExactly("a1", "b1", "a2 < a1", "none", "a3 < a1", "blank", "elsewhere");
            assertThat(route.slack.posts().get(2).body().path("channel").asText())
                    .isEqualTo(route.slack.channelId("#ops"));
            assertThat(effects(reply)).singleElement().satisfies(effect -> {
                assertThat(effect.about()).isEqualTo("#ops");
                assertThat(effect.request())
                        .isEqualTo(route.slack.posts().get(2).body());
            });
        }
    }

    @Test
    void ofTwoThatComeAtOnceOneIsTheFirst() throws Exception {
        try (SlackRoute route = withToken().start()) {
            Gate gate = route.slack.hold();
            List<CompletableFuture<Exchange>> sent = IntStream.range(0, 4)
                    .mapToObj(i -> route.send(in("a", "a" + i)))
                    .toList();
            gate.awaitArrivals(1, SOON);
            gate.open();
            allPosted(sent);

            assertThat(told(route)).containsExactly("a0", "a1 < a0", "a2 < a0", "a3 < a0");
        }
    }

    @Test
    void whoSharesTheStoreGoesOnWithTheThread() throws Exception {
        try (SlackRoute route = withToken().start();
                SlackRoute other = withToken()) {
            other.component.setServerUrl(route.slack.url());
            other.start();
            route.post(in("a", "a1"));
            other.post(in("a", "a2"));
            clock.advance(Duration.ofDays(2));
            other.post(in("a", "two days later"));
            route.post(in("a", "a3"));

            assertThat(told(route)).containsExactly("a1", "a2 < a1", "two days later", "a3 < two days later");
        }
    }

    @Test
    void oneThatLeadsNowhereBeginsAnew() throws Exception {
        try (CapturedLog log = new CapturedLog();
                SlackRoute route = withToken().start()) {
            route.post(in("a", "a1"));
            route.slack.delete(route.slack.posts().get(0));
            assertThat(route.post(in("a", "a2")).getException()).isNull();
            route.post(in("a", "a3"));

            assertThat(told(route)).containsExactly("a1", "a2 < a1", "a2", "a3 < a2");
            assertThat(route.slack.posts().get(2).body().path("channel").asText())
                    .isEqualTo("#ops");
            assertThat(log.text())
                    .contains("posting to Slack channel #ops: thread_not_found; that was a reply, "
                            + "so it is posted as the first message of a new thread");
        }
    }

    @Test
    void whatSlackRefusesAsAFirstMessageTooIsRefusedAndTheThreadGoesOn() throws Exception {
        try (SlackRoute route = withToken().start()) {
            route.post(in("a", "a1"));
            route.slack.next(Answer.error("restricted_action"), Answer.error("restricted_action"));
            assertThat(route.post(in("a", "a2")).getException())
                    .isExactlyInstanceOf(PermanentFailureException.class)
                    .hasMessage("posting to Slack channel #ops: restricted_action");
            route.post(in("a", "a3"));

            assertThat(told(route)).containsExactly("a1", "a2 < a1", "a2", "a3 < a1");
        }
    }

    @Test
    void aReplyThatFailsForAWhileIsStillOne() throws Exception {
        try (SlackRoute route = withToken().start()) {
            route.post(in("a", "a1"));
            route.slack.next(Answer.of(503, ""), Answer.tooFast(0), Answer.HANG_UP);
            assertThat(route.post(in("a", "a2")).getException()).isNull();

            assertThat(told(route)).containsExactly("a1", "a2 < a1", "a2 < a1", "a2 < a1", "a2 < a1");
        }
    }

    @Test
    void thoseOfOneThreadShareMessagesInsideIt() throws Exception {
        try (SlackRoute route = withToken().start()) {
            backlog(route, IntStream.range(0, 8).mapToObj(i -> in("a", "a" + i)).toList());

            assertThat(told(route)).containsExactly("a0", "7 alerts: 7 info: a1 < a0");
        }
    }

    @Test
    void thoseOfDifferentThreadsNeverShareAMessage() throws Exception {
        try (SlackRoute route = withToken().start()) {
            backlog(
                    route,
                    IntStream.range(0, 21)
                            .mapToObj(i -> i < 7 ? in("a", "a" + i) : i < 14 ? in("b", "b" + i) : alert("c" + i))
                            .toList());

            assertThat(told(route))
                    .containsExactly(
                            "a0", "6 alerts: 6 info: a1 < a0", "7 alerts: 7 info: b7", "7 alerts: 7 info: c14");
        }
    }

    @Test
    void aDigestOfAThreadThatLeadsNowhereBeginsItAnew() throws Exception {
        try (SlackRoute route = withToken().start()) {
            route.post(in("a", "old"));
            route.slack.delete(route.slack.posts().get(0));
            backlog(
                    route,
                    IntStream.range(0, 8)
                            .mapToObj(i -> i == 0 ? alert("other") : in("a", "a" + i))
                            .toList());
            route.post(in("a", "last"));

            assertThat(told(route))
                    .containsExactly(
                            "old",
                            "other",
                            "7 alerts: 7 info: a1 < old",
                            "7 alerts: 7 info: a1",
                            "last < 7 alerts: 7 info: a1");
        }
    }

    @Test
    void aDigestThatSlackRefusesIsJudgedOneByOneInTheThread() throws Exception {
        try (SlackRoute route = withToken().start()) {
            route.post(in("a", "old"));
            route.slack.next(
                    Answer.of(200, "{\"ok\":true}"), Answer.error("invalid_blocks"), Answer.error("invalid_blocks"));
            backlog(
                    route,
                    IntStream.range(0, 7)
                            .mapToObj(i -> i == 0 ? alert("other") : in("a", "a" + i))
                            .toList());

            assertThat(told(route))
                    .containsExactly(
                            "old",
                            "other",
                            "6 alerts: 6 info: a1 < old",
                            "6 alerts: 6 info: a1",
                            "a1 < old",
                            "a2 < old",
                            "a3 < old",
                            "a4 < old",
                            "a5 < old",
                            "a6 < old");
        }
    }

    @Test
    void aWebhookHasNoThreadsAndThatIsSaidOnce() throws Exception {
        try (CapturedLog log = new CapturedLog();
                SlackRoute route = SlackRoute.withWebhook().start()) {
            backlog(
                    route,
                    IntStream.range(0, 8).mapToObj(i -> in("t" + i, "a" + i)).toList());

            assertThat(told(route)).as("and they share messages").containsExactly("a0", "7 alerts: 7 info: a1");
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("thread"))
                    .singleElement()
                    .asString()
                    .contains("an alert has a thread (t0), and is posted without it")
                    .contains("set steward.slack.token.secret");
        }
    }

    @Test
    void anAnswerThatDoesNotTellWhatToReplyToBeginsNoThread() throws Exception {
        try (SlackRoute route = withToken().start()) {
            route.slack.next(Answer.of(200, "{\"ok\":true}"));
            route.post(in("a", "a1"));
            route.post(in("a", "a2"));
            route.post(in("a", "a3"));

            assertThat(told(route)).containsExactly("a1", "a2", "a3 < a2");
        }
    }

    @Test
    void aStoreThatIsAwayCostsTheThreadAndNotTheAlertAndIsNotAskedForEachOfThem() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        ClaimStore away = (ClaimStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ClaimStore.class}, (p, m, a) -> {
                    if (m.getDeclaringClass() != ClaimStore.class) {
                        return m.invoke(asked, a);
                    }
                    asked.incrementAndGet();
                    throw new TransientFailureException("looking up: no answer from DynamoDB");
                });
        try (CapturedLog log = new CapturedLog();
                SlackRoute route = SlackRoute.withToken()) {
            route.camel.getRegistry().bind("claimStore", ClaimStore.class, away);
            route.start();
            assertThat(route.post(in("a", "a1")).getException()).isNull();

            assertThat(told(route)).containsExactly("a1");
            assertThat(asked).as("and not for the note of it").hasValue(1);
            assertThat(log.text())
                    .contains("looking up: no answer from DynamoDB; rather a new thread in Slack than no alert");
        }
    }

    @Test
    void aDryRunShowsTheThreadByItsName() throws Exception {
        try (SlackRoute route = withToken()) {
            route.component.setDryRun(true);
            route.start();
            Exchange shown = route.post(in("spot/prod", "a1"));

            assertThat(effects(shown))
                    .singleElement()
                    .satisfies(
                            e -> assertThat(e.request().path("thread").asText()).isEqualTo("spot/prod"));
            assertThat(route.slack.posts()).isEmpty();
        }
    }

    /** Hands them over while Slack does not answer to the first, and waits until all are posted. */
    private static void backlog(SlackRoute route, List<Alert> alerts) throws Exception {
        List<CompletableFuture<Exchange>> sent;
        try (Gate gate = route.slack.hold()) {
            sent = alerts.stream().map(route::send).toList();
        }
        allPosted(sent);
    }
}
