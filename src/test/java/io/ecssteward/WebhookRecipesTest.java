package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.settings.Settings;
import io.ecssteward.testing.AwsError;
import io.ecssteward.testing.FakeWebhook;
import io.ecssteward.testing.RunningSteward;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes that call a webhook, with one that answers. */
class WebhookRecipesTest {

    private static final AwsError BUSY = new AwsError("", 429, "");
    private static final AwsError DOWN = new AwsError("", 503, "down for maintenance");
    private static final AwsError REFUSED = new AwsError("", 400, "Length of 'routing_key' is incorrect");
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path folder;

    private final FakeWebhook webhook = new FakeWebhook();
    private RunningSteward steward;

    @BeforeEach
    void prepare() {
        steward = RunningSteward.create()
                .with("steward.routes", "classpath:routes/*.camel.yaml,file:" + folder + "/*.camel.yaml");
    }

    @AfterEach
    void stop() {
        steward.close();
        webhook.close();
    }

    /** A recipe as it is in the cookbook, with some of its texts replaced. */
    private void recipe(String name, String... replaced) throws IOException {
        String yaml = Files.readString(Path.of("docs/cookbook", name, name + ".camel.yaml"));
        for (int i = 0; i < replaced.length; i += 2) {
            assertThat(yaml).contains(replaced[i]);
            yaml = yaml.replace(replaced[i], replaced[i + 1]);
        }
        Files.writeString(folder.resolve(name + ".camel.yaml"), yaml);
        steward.start();
    }

    private void pagerDuty() throws IOException {
        recipe(
                "pagerduty",
                "https://events.pagerduty.com",
                webhook.endpoint().toString(),
                "{{env:PAGERDUTY_ROUTING_KEY}}",
                KEY);
    }

    private void happens(String sample) {
        steward.sendSample(sample);
        steward.awaitDone();
    }

    @Test
    void eachChangeIsToldOnce() throws IOException {
        pagerDuty();
        happens("incident-opened");
        happens("incident-opened");
        happens("incident-resolved");

        assertThat(webhook.requests()).hasSize(2).allSatisfy(request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.uri()).isEqualTo("/v2/enqueue");
            assertThat(request.headers().getFirst("Content-Type")).startsWith("application/json");
        });
        JsonNode opened = new ObjectMapper().readTree(webhook.requests().get(0).body());
        JsonNode resolved =
                new ObjectMapper().readTree(webhook.requests().get(1).body());
        assertThat(opened.path("routing_key").asText()).isEqualTo(KEY);
        assertThat(opened.path("event_action").asText()).isEqualTo("trigger");
        assertThat(resolved.path("event_action").asText()).isEqualTo("resolve");
        assertThat(opened.path("dedup_key")).isEqualTo(resolved.path("dedup_key"));
        assertThat(steward.over().get(0).eventOutcome()).hasToString("http POST 127.0.0.1");
        assertThat(steward.over().get(0).eventOutcome().performed().toString()).doesNotContain(KEY);
    }

    /** A route that only posts, as people write it first. */
    @Test
    void anOutsideServerHearsNothingOfHowTheEventCame() throws IOException {
        Files.writeString(folder.resolve("mine.camel.yaml"), """
                - route:
                    id: mine
                    from:
                      uri: event:mine
                      parameters:
                        pattern: '{"source": ["ecs-steward"], "detail-type": ["Incident Opened"]}'
                      steps:
                        - setBody:
                            constant: '{}'
                        - to: WEBHOOK/mine?httpMethod=POST
                """.replace(
                        "WEBHOOK", webhook.endpoint().toString()));
        steward.start();
        happens("incident-opened");

        assertThat(webhook.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.headers().keySet())
                        .isSubsetOf(
                                "Accept-encoding",
                                "Connection",
                                "Content-length",
                                "Content-type",
                                "Host",
                                "User-agent"));
    }

    @Test
    void whatIsBusyOrDownIsAskedAgain() throws IOException {
        webhook.fail(FakeWebhook.POST, 1, BUSY);
        webhook.fail(FakeWebhook.POST, 2, DOWN);
        webhook.hangUp(FakeWebhook.POST, 2);
        pagerDuty();
        happens("incident-opened");

        assertThat(webhook.requests()).hasSize(6);
        assertThat(webhook.requests().stream().map(FakeWebhook.Request::body).distinct())
                .hasSize(1);
        assertThat(steward.deadLetters()).isEmpty();
    }

    @Test
    void whatIsRefusedIsDeadLetteredAtOnceWithoutTheKey() throws IOException {
        webhook.fail(FakeWebhook.POST, 1, REFUSED);
        pagerDuty();
        happens("incident-opened");

        assertThat(webhook.requests()).hasSize(1);
        assertThat(steward.onlyReason()).isEqualTo("127.0.0.1 answers 400: Length of 'routing_key' is incorrect");
    }

    @Test
    void theUrlOfTeamsArrivesAsItIsAndIsNeverTold() throws IOException {
        String secret =
                "/workflows/0f/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual&sig=a-b_C";
        webhook.fail(FakeWebhook.POST, 1, REFUSED);
        recipe("teams", "{{env:TEAMS_WEBHOOK_URL}}", webhook.endpoint() + secret);
        happens("incident-opened");
        happens("incident-resolved");

        assertThat(webhook.requests()).extracting(FakeWebhook.Request::uri).containsExactly(secret, secret);
        assertThat(steward.over().toString()).doesNotContain("a-b_C");
        assertThat(steward.onlyReason()).doesNotContain("a-b_C");
    }

    @Test
    void theReceiverCanTellWhoSentIt() throws Exception {
        String key = Base64.getEncoder().encodeToString(KEY.getBytes(StandardCharsets.UTF_8));
        recipe(
                "signed-webhook",
                "{{env:INCIDENT_WEBHOOK_KEY}}",
                "whsec_" + key,
                "{{env:INCIDENT_WEBHOOK_URL}}",
                webhook.endpoint() + "/incidents");
        happens("incident-acknowledged");

        FakeWebhook.Request request = webhook.requests().get(0);
        String id = request.headers().getFirst("webhook-id");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] expected =
                mac.doFinal((id + "." + request.headers().getFirst("webhook-timestamp") + "." + request.body())
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(id).isEqualTo("incident/web-7f3a/1794909604000/3");
        assertThat(request.headers().getFirst("webhook-signature"))
                .isEqualTo("v1," + Base64.getEncoder().encodeToString(expected));
        assertThat(new ObjectMapper().readTree(request.body()))
                .isEqualTo(new ObjectMapper().readTree(RunningSteward.sample("incident-acknowledged")));
        assertThat(request.headers().keySet())
                .as("nothing of how the event came")
                .noneMatch(name -> name.toLowerCase().contains("sqs"));
    }

    @Test
    void aDryRunCallsNoWebhook() throws IOException {
        steward.with(Settings.DRY_RUN, "true");
        pagerDuty();
        happens("incident-opened");

        assertThat(webhook.requests()).isEmpty();
        assertThat(steward.over().get(0).eventOutcome()).hasToString("http POST 127.0.0.1");
    }

    @Test
    void aTopicIsToldOfWhatNobodyAcknowledged() throws IOException {
        recipe("unacknowledged-sns", "{{env:ONCALL_TOPIC_ARN}}", steward.sns.topicArn("oncall"));
        happens("incident-opened");
        happens("incident-unacknowledged");

        assertThat(steward.sns.published())
                .singleElement()
                .satisfies(message -> assertThat(message.toString())
                        .contains("Nobody has acknowledged web-7f3a")
                        .contains("Open for 10 minutes"));
    }
}
