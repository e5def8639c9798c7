package io.ecssteward.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.check.SettingsCheck;
import io.ecssteward.testing.AwsError;
import io.ecssteward.testing.CapturedLog;
import io.ecssteward.testing.FakeSecrets;
import io.ecssteward.testing.FakeSlack.Answer;
import io.ecssteward.testing.Gate;
import io.ecssteward.testing.ManualClock;
import io.ecssteward.testing.RunningSteward;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** Secrets in files and in Secrets Manager, and what comes of it when they are replaced. */
class SecretSettingsTest {

    private static final String OLD = "https://hooks.slack.com/services/T000/B000/hush-old";
    private static final String NEW = "https://hooks.slack.com/services/T000/B000/hush-new";

    private final ManualClock clock = ManualClock.at("2026-11-01T00:00:00Z");
    private final FakeSecrets secrets = new FakeSecrets();
    private final CapturedLog log = new CapturedLog().level("io.ecssteward", Level.TRACE);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        log.close();
        secrets.close();
        assertThat(log.text()).doesNotContain("hush");
    }

    private Settings settings(String... namesAndValues) {
        Map<String, String> environment =
                new HashMap<>(Map.of("STEWARD_EVENTS_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/1/events"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Settings.of(environment, Map.of(), SecretStore.of(secrets::client), clock);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("webhook"), content);
    }

    @Test
    void aSecretIsReadFromAFile() throws IOException {
        Settings settings =
                settings("STEWARD_SLACK_WEBHOOK_SECRET_FILE", file(OLD + "\n").toString());

        assertThat(SettingsCheck.problems(settings, true)).isEmpty();
        assertThat(settings.slack().webhook()).isEqualTo(OLD);
        assertThat(settings.with(Settings.DRY_RUN, "true").get(Settings.WEBHOOK))
                .isEqualTo(OLD);
        assertThat(settings.all().toString()).as("what Camel is told").doesNotContain("hush");
    }

    @Test
    void whatIsInTheFileIsCheckedLikeEverythingElse() throws IOException {
        assertThat(SettingsCheck.problems(
                        settings(
                                "STEWARD_SLACK_WEBHOOK_SECRET_FILE",
                                file("hush").toString()),
                        true))
                .singleElement()
                .asString()
                .startsWith("STEWARD_SLACK_WEBHOOK_SECRET (steward.slack.webhook.secret) is not a URL");
    }

    @Test
    void aVariableAndAFileAreOneTooMany() throws IOException {
        assertThat(SettingsCheck.problems(
                        settings(
                                "STEWARD_SLACK_WEBHOOK_SECRET",
                                OLD,
                                "STEWARD_SLACK_WEBHOOK_SECRET_FILE",
                                file(NEW).toString()),
                        true))
                .containsExactly(
                        "STEWARD_SLACK_WEBHOOK_SECRET and STEWARD_SLACK_WEBHOOK_SECRET_FILE are both set; keep one "
                                + "of them");
    }

    @Test
    void aFileThatCannotBeReadIsSaidWithTheOtherProblems() throws IOException {
        for (List<String> each : List.of(
                List.of(folder.resolve("none").toString(), "does not exist"),
                List.of(file(" \n").toString(), "is empty"),
                List.of(folder.toString(), "is not a file"),
                List.of(
                        Files.writeString(folder.resolve("long"), "hush".repeat(20_000))
                                .toString(),
                        "is longer than 64 KiB"),
                List.of("xoxb-hush\u0000", "cannot be read"),
                List.of("hush", "does not exist"))) {
            assertThat(SettingsCheck.problems(
                            settings("STEWARD_SLACK_TOKEN_SECRET_FILE", each.get(0), "STEWARD_DRY_RUN", "maybe"), true))
                    .containsExactly(
                            "STEWARD_SLACK_TOKEN_SECRET_FILE names a file that " + each.get(1)
                                    + "; set the path of a file that holds the secret",
                            "STEWARD_DRY_RUN (steward.dry-run) is 'maybe'; set true or false");
        }
    }

    @Test
    void onlySecretsAreReadFromFiles() {
        assertThat(SettingsCheck.problems(
                        settings("STEWARD_SLACK_WEBHOOK_SECRET", OLD, "STEWARD_SLACK_CHANNEL_FILE", "/x"), true))
                .containsExactly("STEWARD_SLACK_CHANNEL_FILE is not a setting; remove it, or look it up in "
                        + "docs/settings.md");
    }

    @Test
    void aFileThatChangesIsReadAgain() throws IOException {
        Settings settings =
                settings("STEWARD_SLACK_WEBHOOK_SECRET_FILE", file(OLD).toString());
        file(NEW + "\n");
        assertThat(settings.get(Settings.WEBHOOK))
                .as("not looked at with every alert")
                .isEqualTo(OLD);

        clock.advance(FileSecret.CHECK_INTERVAL);
        assertThat(settings.get(Settings.WEBHOOK)).isEqualTo(NEW);
        assertThat(log.text()).contains("STEWARD_SLACK_WEBHOOK_SECRET has changed");
    }

    @Test
    void aFileIsReadAtOnceWhenSlackRefusedWhatWasInIt() throws IOException {
        Settings settings =
                settings("STEWARD_SLACK_WEBHOOK_SECRET_FILE", file(OLD).toString());
        file(NEW);
        settings.slack().renew();

        assertThat(settings.get(Settings.WEBHOOK)).isEqualTo(NEW);
    }

    @Test
    void theOldSecretStaysWhenTheFileGoesAway() throws IOException {
        Path file = file(OLD);
        Settings settings = settings("STEWARD_SLACK_WEBHOOK_SECRET_FILE", file.toString());
        Files.delete(file);
        for (int i = 0; i < 3; i++) {
            clock.advance(FileSecret.CHECK_INTERVAL);
            assertThat(settings.get(Settings.WEBHOOK)).isEqualTo(OLD);
        }
        assertThat(log.lines()).singleElement().asString().contains("it does not exist; keeping the old value");

        file(NEW);
        clock.advance(FileSecret.CHECK_INTERVAL);
        assertThat(settings.get(Settings.WEBHOOK)).isEqualTo(NEW);
    }

    @Test
    void aSecretIsAskedOfSecretsManager() {
        secrets.put("prod/slack", OLD).put("all", "{\"token\": \"xoxb-hush\", \"web\": \"" + NEW + "\"}");

        assertThat(settings("STEWARD_SLACK_WEBHOOK_SECRET", "{{aws:prod/slack}}")
                        .get(Settings.WEBHOOK))
                .isEqualTo(OLD);
        Settings token = settings("STEWARD_SLACK_TOKEN_SECRET", "{{aws:all#token}}", "STEWARD_SLACK_CHANNEL", "#ops");
        assertThat(SettingsCheck.problems(token, true)).isEmpty();
        assertThat(token.slack().token()).isEqualTo("xoxb-hush");
        assertThat(token.all().toString()).doesNotContain("hush").doesNotContain("{{aws");
        assertThat(settings("STEWARD_SLACK_WEBHOOKS_SECRET", "oncall={{aws:prod/slack}}, web={{aws:all#web}}")
                        .slack()
                        .webhooks())
                .isEqualTo(Map.of("oncall", OLD, "web", NEW));
    }

    @Test
    void aSecretThatCannotBeHadIsSaidWithTheOtherProblems() {
        secrets.put("all", "{\"token\": \"xoxb-hush\"}").put("text", "hush");
        secrets.fail(
                FakeSecrets.GET,
                1,
                new AwsError("AccessDeniedException", 400, "not authorized to perform: secretsmanager:GetSecretValue"));

        assertThat(SettingsCheck.problems(settings("STEWARD_SLACK_TOKEN_SECRET", "{{aws:all}}"), true))
                .containsExactly(
                        "STEWARD_SLACK_TOKEN_SECRET names a secret that cannot be read: Secrets Manager returned "
                                + "AccessDeniedException: "
                                + "not authorized to perform: secretsmanager:GetSecretValue");
        assertThat(SettingsCheck.problems(
                        settings("STEWARD_SLACK_TOKEN_SECRET", "{{aws:none}}", "STEWARD_DRY_RUN", "maybe"), true))
                .containsExactly(
                        "STEWARD_SLACK_TOKEN_SECRET names a secret that cannot be read: Secrets Manager returned "
                                + "ResourceNotFoundException: "
                                + "Secrets Manager can't find the specified secret.",
                        "STEWARD_DRY_RUN (steward.dry-run) is 'maybe'; set true or false");
        for (String reference : List.of("{{aws:all#hook}}", "{{aws:text#token}}")) {
            assertThat(SettingsCheck.problems(settings("STEWARD_SLACK_TOKEN_SECRET", reference), true))
                    .containsExactly(
                            "STEWARD_SLACK_TOKEN_SECRET names a secret that cannot be read: the secret has no such "
                                    + "field; it must be a JSON "
                                    + "object with that field as a string");
        }
    }

    @Test
    void replayAsksForNoSecret() {
        Settings settings = Settings.of(
                Map.of(
                        "STEWARD_SLACK_TOKEN_SECRET",
                        "{{aws:all#token}}",
                        "STEWARD_SLACK_WEBHOOKS_SECRET",
                        "a={{aws:a}}"),
                Map.of());

        assertThat(SettingsCheck.problems(settings, false)).isEmpty();
    }

    @Test
    void aSecretIsAskedForAgainAfterMinutes() {
        secrets.put("slack", OLD);
        Settings settings = settings("STEWARD_SLACK_WEBHOOK_SECRET", "{{aws:slack}}");
        secrets.put("slack", NEW);
        clock.advance(SecretsManagerSecret.MAX_AGE);
        assertThat(settings.get(Settings.WEBHOOK)).isEqualTo(OLD);
        assertThat(secrets.asked()).hasSize(1);

        clock.advance(Duration.ofSeconds(1));
        // Whoever asks first does not wait for the answer.
        RunningSteward.await(() -> settings.get(Settings.WEBHOOK).equals(NEW));
        assertThat(secrets.asked()).hasSize(2);
    }

    @Test
    void aSecretIsAskedForAtOnceWhenSlackRefusedItButNotByEveryAlert() {
        secrets.put("slack", OLD);
        Settings settings = settings("STEWARD_SLACK_WEBHOOK_SECRET", "{{aws:slack}}");
        secrets.put("slack", NEW);
        for (int i = 0; i < 10; i++) {
            settings.slack().renew();
            assertThat(settings.get(Settings.WEBHOOK)).isEqualTo(NEW);
        }
        assertThat(secrets.asked()).hasSize(2);

        clock.advance(SecretsManagerSecret.BETWEEN_RENEWALS);
        secrets.fail(FakeSecrets.GET, 1, new AwsError("InternalServiceError", 500, "hush"));
        secrets.hangUp(FakeSecrets.GET, 1);
        log.level("io.ecssteward.settings.SecretsManagerSecret", Level.ERROR);
        settings.slack().renew();
        clock.advance(SecretsManagerSecret.BETWEEN_RENEWALS);
        settings.slack().renew();
        assertThat(settings.get(Settings.WEBHOOK)).isEqualTo(NEW);
        assertThat(secrets.asked()).hasSize(4);
    }

    @Test
    void anAlertThatSlackRefusesGoesOutWithTheNewWebhook() throws IOException {
        try (RunningSteward steward = RunningSteward.create()) {
            Path file = file(steward.slack.webhook("hush-old"));
            steward.with(Settings.WEBHOOK, "", Settings.WEBHOOK + ".file", file.toString())
                    .start();
            steward.slack.next(Answer.of(404, "no_service"));
            try (Gate answering = steward.slack.hold()) {
                steward.sendSample("service-start-impaired");
                RunningSteward.await(() -> steward.slack.posts().size() == 1);
                // Now it is too late to have been read in time.
                file(steward.slack.webhook("hush-new"));
            }
            steward.awaitDone();

            assertThat(steward.over())
                    .singleElement()
                    .satisfies(over -> assertThat(over.failure()).isNull());
            assertThat(steward.deadLetters()).isEmpty();
            assertThat(steward.slack.postsAt("hush-old")).hasSize(1);
            assertThat(steward.slack.postsAt("hush-new")).hasSize(1);
        }
    }
}
