package io.ecssteward.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.check.ConnectivityCheck.Answer;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.Dynamo;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.FakeSlack;
import io.ecssteward.testing.FakeSocketMode;
import io.ecssteward.testing.Sqs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;

class ConnectivityCheckTest {

    private static final FakeSlack.Answer BOT =
            FakeSlack.Answer.of(200, "{\"ok\":true,\"team\":\"Acme\",\"user\":\"steward\"}");

    private final Sqs sqs = new Sqs();
    private final FakeEcs ecs = new FakeEcs();
    private final FakeSlack slack = new FakeSlack();
    private final Dynamo dynamo = new Dynamo();
    private final Map<String, String> set = new HashMap<>();

    @BeforeEach
    void queue() {
        String dead = sqs.createQueue("dead");
        set.put(Settings.QUEUE.name(), sqs.createQueue("events", 60, 5, dead));
        set.put(Settings.DEAD_LETTERS.name(), dead);
        set.put(Settings.TOKEN.name(), "xoxb-hush");
        set.put(Settings.CHANNEL.name(), "#ops");
        set.put(Settings.API.name(), slack.apiUrl());
    }

    @AfterEach
    void close() {
        sqs.close();
        ecs.close();
        slack.close();
        dynamo.close();
    }

    private List<Answer> ask(DynamoDbClient table) {
        try (EcsClient client = ecs.client()) {
            return ConnectivityCheck.ask(Settings.of(Map.of(), set), sqs.client(), table, client);
        }
    }

    private Answer ask(String about) {
        return ask((DynamoDbClient) null).stream()
                .filter(a -> a.asked().startsWith(about))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatCanBeUsedIsSaidToBeWell() {
        slack.next(BOT);

        assertThat(ask((DynamoDbClient) null))
                .extracting(Answer::toString)
                .containsExactly(
                        "ok STEWARD_EVENTS_QUEUE_URL " + set.get(Settings.QUEUE.name())
                                + ": 0 messages wait, dead after 5 receives",
                        "ok STEWARD_DEAD_LETTER_QUEUE_URL " + set.get(Settings.DEAD_LETTERS.name())
                                + ": 0 messages wait",
                        "ok ECS DescribeClusters",
                        "ok Slack auth.test: the bot steward in Acme; invite it to each channel, which cannot be "
                                + "checked without posting");
        assertThat(slack.asked()).singleElement().satisfies(post -> {
            assertThat(post.path()).isEqualTo("/api/auth.test");
            assertThat(post.bearer()).isEqualTo("xoxb-hush");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chat:write,channels:history,groups:history | ",
                "chat:write, channels:history | ; without groups:history (private channels), an incident may be posted "
                        + "twice if a process is killed while posting",
                "chat:write,groups:history | ; without channels:history (public channels), an incident may be posted "
                        + "twice if a process is killed while posting",
                "chat:write | ; without channels:history (public channels) and groups:history (private channels), an "
                        + "incident may be posted twice if a process is killed while posting"
            })
    void theScopesOfTheTokenAreSaidAndWhatIsLostWithoutOthers(String scopes, String lost) {
        slack.next(BOT.header("x-oauth-scopes", scopes));
        assertThat(ask("Slack").toString())
                .startsWith("ok Slack auth.test: ")
                .endsWith("; it has the scopes " + scopes.replaceAll(", ?", ", ") + (lost == null ? "" : lost));
    }

    @Test
    void aQueueThatIsNotThereIsAProblem() {
        set.put(Settings.URGENT.name(), set.get(Settings.QUEUE.name()) + "-urgent");

        assertThat(ask("STEWARD_URGENT_QUEUE_URL").toString())
                .startsWith("problem: ")
                .contains("this region has no such queue; set the URL");
    }

    @Test
    void aQueueWithoutARedrivePolicyIsAProblem() {
        set.put(Settings.QUEUE.name(), sqs.createQueue("bare"));

        assertThat(ask("STEWARD_EVENTS_QUEUE_URL")).satisfies(a -> {
            assertThat(a.well()).isFalse();
            assertThat(a.said()).contains("no redrive policy", "maxReceiveCount of 5");
        });
    }

    @Test
    void aQueueThatGivesUpAtOnceIsAProblem() {
        set.put(Settings.QUEUE.name(), sqs.createQueue("hasty", 60, 1, set.get(Settings.DEAD_LETTERS.name())));

        assertThat(ask("STEWARD_EVENTS_QUEUE_URL").toString())
                .startsWith("problem: ")
                .contains("gives up after 1 receives");
    }

    @Test
    void anotherVisibilityTimeoutIsNoted() {
        set.put(Settings.QUEUE.name(), sqs.createQueue("short", 10, 5, set.get(Settings.DEAD_LETTERS.name())));

        assertThat(ask("STEWARD_EVENTS_QUEUE_URL")).satisfies(a -> {
            assertThat(a.well()).isTrue();
            assertThat(a.said()).endsWith("Steward hides a message for 60 seconds, whatever the queue's own 10");
        });
    }

    @Test
    void whatEcsDeniesIsAProblem() {
        ecs.fail(FakeEcs.DESCRIBE_CLUSTERS, 1, FakeEcs.ACCESS_DENIED);

        assertThat(ask("ECS").toString())
                .startsWith("problem: ECS DescribeClusters: ")
                .endsWith("; give the task role the policy of the terraform module");
    }

    @Test
    void slacksWordForARefusedTokenIsShownAndTheTokenIsNot() {
        slack.next(FakeSlack.Answer.error("invalid_auth"));

        assertThat(ask("Slack").toString())
                .startsWith("problem: Slack auth.test: Slack says invalid_auth; set STEWARD_SLACK_TOKEN_SECRET")
                .doesNotContain("hush");
    }

    @Test
    void slackIsAskedWhetherItOffersAConnection() {
        set.put(Settings.APP_TOKEN.name(), "xapp-1-hush");
        slack.nextAt(FakeSocketMode.OPEN, FakeSlack.Answer.error("missing_scope"));

        assertThat(ask("Slack apps").toString())
                .startsWith("problem: Slack apps.connections.open: ")
                .contains("missing_scope", "create one that has it")
                .doesNotContain("hush");
        assertThat(ask("Slack apps"))
                .hasToString("ok Slack apps.connections.open: Slack offers a connection for buttons and /steward");
        assertThat(slack.socket.opened()).isZero();
    }

    @Test
    void slackThatIsDownIsAProblem() {
        slack.next(FakeSlack.Answer.of(503, "down"), FakeSlack.Answer.HANG_UP);

        assertThat(ask("Slack").toString()).startsWith("problem: Slack auth.test: Slack answered 503");
        set.put(Settings.TOKEN.name(), "xoxb-\nhush");
        assertThat(ask("Slack").toString()).startsWith("problem: ").doesNotContain("hush");
    }

    @Test
    void aWebhookIsNotTried() {
        set.remove(Settings.TOKEN.name());
        set.put(Settings.WEBHOOK.name(), slack.webhook("ops"));

        assertThat(ask("Slack").toString()).startsWith("ok Slack: a webhook cannot be tested without posting");
        assertThat(slack.posts()).isEmpty();
    }

    @Test
    void theTableOfTheClaimsIsLookedAt() {
        slack.next(BOT, BOT, BOT);
        set.put(Settings.CLAIMS.name(), "dynamodb:" + dynamo.createTable());
        try (DynamoDbClient client = dynamo.client()) {
            assertThat(ask(client)).anySatisfy(a -> assertThat(a.toString()).startsWith("ok STEWARD_CLAIMS dynamodb:"));
            dynamo.fail(Dynamo.DESCRIBE_TABLE, 1, Dynamo.ACCESS_DENIED);
            assertThat(ask(client))
                    .anySatisfy(a -> assertThat(a.toString())
                            .startsWith("problem: STEWARD_CLAIMS")
                            .contains("allow dynamodb:DescribeTable"));
            set.put(Settings.CLAIMS.name(), "dynamodb:nowhere");
            assertThat(ask(client))
                    .anySatisfy(a -> assertThat(a.toString())
                            .startsWith(
                                    "problem: STEWARD_CLAIMS dynamodb:nowhere: there is no DynamoDB table nowhere"));
        }
    }
}
