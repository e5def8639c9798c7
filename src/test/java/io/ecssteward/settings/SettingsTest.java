package io.ecssteward.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.check.SettingsCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final String QUEUE = "https://sqs.eu-west-1.amazonaws.com/111122223333/events";
    private static final String WEBHOOK = "https://hooks.slack.com/services/T000/B000/hush";

    /** What it takes at least to run; null takes one away. */
    private static Map<String, String> environment(String... changes) {
        Map<String, String> all =
                new HashMap<>(Map.of("STEWARD_EVENTS_QUEUE_URL", QUEUE, "STEWARD_SLACK_WEBHOOK_SECRET", WEBHOOK));
        for (int i = 0; i < changes.length; i += 2) {
            all.put(changes[i], changes[i + 1]);
        }
        all.values().removeIf(java.util.Objects::isNull);
        return all;
    }

    private static List<String> problems(String... changes) {
        return SettingsCheck.problems(Settings.of(environment(changes), Map.of()), true);
    }

    @Test
    void eachPlaceOfRoutesHasFilesUnlessItIsAFolderForMore() {
        String builtIn = "classpath:routes/*.camel.yaml,";

        assertThat(problems("STEWARD_ROUTES", builtIn + "file:/no/such/folder/*.yaml"))
                .singleElement()
                .asString()
                .contains("names 'file:/no/such/folder/*.yaml', which matches no file");
        assertThat(problems("STEWARD_ROUTES", builtIn + "file:docs/none-here.camel.yaml"))
                .hasSize(1);
        assertThat(problems("STEWARD_ROUTES", builtIn)).hasSize(1);
        assertThat(problems("STEWARD_ROUTES", builtIn + "file:docs/*.camel.yaml"))
                .isEmpty();
        assertThat(problems("STEWARD_ROUTES", "file:docs/*.camel.yaml")).hasSize(1);
    }

    @Test
    void neitherEverybodysHooksNorAMomentOfAnAgentAreTaken() {
        for (String hooks : List.of("*", "drain-*,*", "**", "*, drain")) {
            assertThat(problems("STEWARD_HOSTS_LIFECYCLE_HOOKS", hooks)).hasSize(1);
        }
        assertThat(problems("STEWARD_HOSTS_LIFECYCLE_HOOKS", "drain-*, *-ecs")).isEmpty();
        assertThat(problems("STEWARD_AGENT_DRAIN_AFTER", "4m")).hasSize(1);
        assertThat(problems("STEWARD_AGENT_DRAIN_AFTER", "1h30m")).isEmpty();
    }

    @Test
    void aQueueAndAWebhookAreEnough() {
        assertThat(problems()).isEmpty();
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceWithItsVariableAndARemedy() {
        List<String> problems = SettingsCheck.problems(
                Settings.of(
                        Map.of(
                                "STEWARD_EVENTS_CONSUMERS",
                                "many",
                                "STEWARD_DRY_RUN",
                                "yes",
                                "STEWARD_SLACK_CHANEL",
                                "#ops"),
                        Map.of()),
                true);

        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "STEWARD_SLACK_CHANEL is not a setting; did you mean STEWARD_SLACK_CHANNEL?",
                        "STEWARD_EVENTS_QUEUE_URL (steward.events.queue-url) is not set; set the URL of the SQS "
                                + "queue that receives the events",
                        "STEWARD_SLACK_WEBHOOK_SECRET (steward.slack.webhook.secret) is not set; set the incoming "
                                + "webhook of a Slack app, or a "
                                + "bot token as STEWARD_SLACK_TOKEN_SECRET, or try it with STEWARD_DRY_RUN=true",
                        "STEWARD_EVENTS_CONSUMERS (steward.events.consumers) is 'many'; set a whole number from 1 to "
                                + "64",
                        "STEWARD_DRY_RUN (steward.dry-run) is 'yes'; set true or false");
    }

    @Test
    void withoutSettingsReplayHasNothingToComplainAbout() {
        assertThat(SettingsCheck.problems(Settings.of(Map.of(), Map.of()), false))
                .isEmpty();
    }

    @Test
    void aDryRunNeedsNoSlack() {
        assertThat(problems("STEWARD_SLACK_WEBHOOK_SECRET", null, "STEWARD_DRY_RUN", "true"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void anEmptyVariableCountsAsNotSet(String empty) {
        Settings settings = Settings.of(
                environment(
                        "STEWARD_EVENTS_CONSUMERS",
                        empty,
                        "STEWARD_SLACK_TOKEN_SECRET",
                        empty,
                        "STEWARD_NO_SETTING_AT_ALL",
                        empty),
                Map.of());

        assertThat(SettingsCheck.problems(settings, true)).isEmpty();
        assertThat(settings.get(Settings.CONSUMERS)).isEqualTo(4);
    }

    @Test
    void spacesAroundAValueDoNotMatter() {
        assertThat(Settings.of(environment("STEWARD_EVENTS_CONSUMERS", " 8\n"), Map.of())
                        .get(Settings.CONSUMERS))
                .isEqualTo(8);
    }

    @Test
    void systemPropertiesWinOverTheEnvironmentAndThatOverTheFile() {
        Settings settings = Settings.of(
                environment("STEWARD_EVENTS_CONSUMERS", "8", "STEWARD_AGENT_GRACE_PERIOD", "30"),
                Map.of("steward.events.consumers", "16", "java.version", "17"));

        assertThat(settings.get(Settings.CONSUMERS)).isEqualTo(16);
        assertThat(settings.get(Settings.GRACE_PERIOD)).isEqualTo(30);
        assertThat(settings.get(Settings.REDELIVERY)).isEqualTo(15);
    }

    @Test
    void aMistypedSystemPropertyIsSaidToo() {
        assertThat(SettingsCheck.problems(Settings.of(environment(), Map.of("steward.event.consumers", "1")), true))
                .singleElement()
                .asString()
                .endsWith("(steward.event.consumers) is not a setting; did you mean steward.events.consumers?");
    }

    @Test
    void variablesOfOthersAreLeftAlone() {
        assertThat(problems(
                        "AWS_REGION",
                        "eu-west-1",
                        "STEWARD_SERVICE_HOST",
                        "10.0.0.1",
                        "STEWARD_PORT",
                        "tcp://10.0.0.1:80",
                        "MY_STEWARD_THING",
                        "x",
                        "STEWARDESS",
                        "x"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "STEWARD_EVENTS_QUEUE_URL|events|(steward.events.queue-url) is 'events'; set a queue's URL: https://sqs.",
                "STEWARD_EVENTS_QUEUE_URL|arn:aws:sqs:eu-west-1:1:events|is 'arn:aws:sqs:eu-west-1:1:events'; set a queue's URL: https://sqs.",
                "STEWARD_DEAD_LETTER_QUEUE_URL|dead|(steward.dead-letter.queue-url) is 'dead'; set a queue's URL",
                "STEWARD_DEAD_LETTER_QUEUE_URL|" + QUEUE
                        + "|is the same queue as STEWARD_EVENTS_QUEUE_URL; set another one, or none",
                "STEWARD_DEAD_LETTER_QUEUE_URL|https://sqs.eu-west-1.amazonaws.com/1/dead.fifo|is a FIFO queue",
                "STEWARD_URGENT_QUEUE_URL|" + QUEUE
                        + "|is the same queue as STEWARD_EVENTS_QUEUE_URL; set another one, or none",
                "STEWARD_URGENT_QUEUE_URL|https://sqs.eu-west-1.amazonaws.com/1/urgent.fifo|is a FIFO queue",
                "STEWARD_URGENT_CONSUMERS|0|is '0'; set a whole number from 1 to 64",
                "STEWARD_SLACK_INTERVAL|soon|is 'soon'; set a whole number from 0 to 10000",
                "STEWARD_CLAIMS|dynamo|(steward.claims) is 'dynamo'; set memory, or dynamodb: and a table's name: "
                        + "dynamodb:ecs-steward",
                "STEWARD_CLAIMS|dynamodb:|is 'dynamodb:'; set memory, or dynamodb: and a table's name",
                "STEWARD_CLAIMS|dynamodb:ecs steward|is 'dynamodb:ecs steward'; set memory, or dynamodb: and a "
                        + "table's name",
                "STEWARD_LOG_FORMAT|xml|(steward.log-format) is 'xml'; set auto, text or json",
                "STEWARD_SNS_TOPIC_ARN|alerts|is 'alerts'; set the ARN of a standard topic: arn:aws:sns:",
                "STEWARD_EVENTS_VISIBILITY_TIMEOUT|9|is '9'; set a whole number from 10 to 43200",
                "STEWARD_EVENTS_VISIBILITY_TIMEOUT|43201|is '43201'; set a whole number from 10 to 43200",
                "STEWARD_EVENTS_CONSUMERS|99999999999|is '99999999999'; set a whole number from 1 to 64",
                "STEWARD_REDEPLOY_COOL_DOWN|soon|is 'soon'; set a duration: 90s, 10m, 1h",
                "STEWARD_REDEPLOY_COOL_DOWN|120|is '120'; set a duration: 90s, 10m, 1h",
                "STEWARD_REDEPLOY_COOL_DOWN|-5s|is '-5s'; set a duration: 90s, 10m, 1h",
                "STEWARD_REDEPLOY_COOL_DOWN|0s|is '0s'; set a duration: 90s, 10m, 1h",
                "STEWARD_SNS_TOPIC_ARN|arn:aws:sns:eu-west-1:111122223333:alerts.fifo|set the ARN of a standard topic",
                "STEWARD_EVENTS_QUEUE_URL|https://sqs.eu-west-1.amazonaws.com/1/events.fifo|is a FIFO queue",
                "STEWARD_ONE_PER_INSTANCE_SERVICES|prod/,/x|set names, or cluster/name, separated by commas",
                "STEWARD_EVENTS_DEDUP_WINDOW|1 hour ago|is '1 hour ago'; set a duration: 90s, 10m, 1h",
                "STEWARD_SLACK_API_URL|slack.com|is 'slack.com'; set a URL: https://slack.com/api",
                "STEWARD_SLACK_CHANNELS|web=#web|(steward.slack.channels): 'web=#web' is not a rule; write "
                        + "severity:critical=#oncall",
                "STEWARD_ROUTES|/etc/steward|is '/etc/steward': write file:FOLDER/*.camel.yaml or "
                        + "classpath:FOLDER/*.camel.yaml",
                "STEWARD_ROUTES|file:/no/such/folder/*.yaml|is 'file:/no/such/folder/*.yaml', which matches no file; "
                        + "set a folder with routes",
                "STEWARD_MANAGEMENT_PORT|65536|(steward.management.port) is '65536'; set a whole number from 0 to "
                        + "65535",
                "STEWARD_METRICS_EMF|on|(steward.metrics.emf) is 'on'; set true or false",
                "STEWARD_ONE_PER_INSTANCE_MIN|1001|is greater than steward.one-per-instance.max; set a smaller number"
            })
    void aWrongValueIsShownWithTheVariableAndARemedy(String variable, String value, String said) {
        assertThat(problems(variable, value))
                .singleElement()
                .asString()
                .startsWith(variable)
                .contains(said);
    }

    @Test
    void whatADescriptionSaysOfNoneCanBeSet() {
        Pattern none = Pattern.compile("(?<![\\w.])(0s?|Empty): ");
        List<String> tried = new ArrayList<>();
        for (Setting<?> setting : Setting.all()) {
            none.matcher(setting.description()).results().forEach(found -> {
                String value = found.group(1).replace("Empty", "");
                tried.add(setting.variable() + "=" + value);
                assertThat(problems(setting.variable(), value)).noneMatch(said -> said.startsWith(setting.variable()));
            });
        }
        assertThat(tried)
                .contains("STEWARD_INCIDENTS_REMINDER=0s", "STEWARD_SPOT_SWEEP=0s", "STEWARD_MANAGEMENT_PORT=0");
    }

    @Test
    void anAlertsQueueNeedsADeadLetterQueue() {
        assertThat(problems("STEWARD_ALERTS_QUEUE_URL", QUEUE + ".fifo"))
                .singleElement()
                .asString()
                .startsWith("STEWARD_DEAD_LETTER_QUEUE_URL")
                .contains("is not set")
                .contains("STEWARD_ALERTS_QUEUE_URL");
        assertThat(problems(
                        "STEWARD_ALERTS_QUEUE_URL",
                        QUEUE + "-alerts",
                        "STEWARD_DEAD_LETTER_QUEUE_URL",
                        QUEUE + "-dead"))
                .singleElement()
                .asString()
                .startsWith("STEWARD_ALERTS_QUEUE_URL")
                .contains("set the URL of a queue whose name ends in .fifo");
        assertThat(problems(
                        "STEWARD_ALERTS_QUEUE_URL", "alerts.fifo", "STEWARD_DEAD_LETTER_QUEUE_URL", QUEUE + "-dead"))
                .singleElement()
                .asString()
                .contains("is 'alerts.fifo'; set a queue's URL");
        assertThat(problems(
                        "STEWARD_ALERTS_QUEUE_URL", QUEUE + ".fifo", "STEWARD_DEAD_LETTER_QUEUE_URL", QUEUE + "-dead"))
                .isEmpty();
    }

    @Test
    void claimsAreKeptInMemoryOrInATable() {
        assertThat(Settings.of(environment(), Map.of()).claimsTable()).isNull();
        for (String table :
                List.of("ecs-steward", "a.b_c", "arn:aws:dynamodb:eu-west-1:111122223333:table/ecs-steward")) {
            Settings settings = Settings.of(environment("STEWARD_CLAIMS", "dynamodb:" + table), Map.of());
            assertThat(SettingsCheck.problems(settings, true)).isEmpty();
            assertThat(settings.claimsTable()).isEqualTo(table);
        }
    }

    @Test
    void aLeaseIsOverBeforeTheMessageOfADeadWorkerComesAgain() {
        assertThat(Settings.of(environment("STEWARD_EVENTS_VISIBILITY_TIMEOUT", "45"), Map.of())
                        .lease())
                .isEqualTo(java.time.Duration.ofMillis(22_500));
    }

    @Test
    void aWebhookAndATokenAreOneTooMany() {
        assertThat(problems("STEWARD_SLACK_TOKEN_SECRET", "xoxb-hush", "STEWARD_SLACK_CHANNEL", "#ops"))
                .singleElement()
                .asString()
                .contains("STEWARD_SLACK_WEBHOOK_SECRET", "STEWARD_SLACK_TOKEN_SECRET", "keep one");
    }

    @Test
    void anAppLevelTokenNeedsABot() {
        assertThat(problems("STEWARD_SLACK_APP_TOKEN_SECRET", "xapp-1-hush"))
                .containsExactly(
                        "STEWARD_SLACK_TOKEN_SECRET (steward.slack.token.secret) is not set, and no webhook posts"
                                + " messages with buttons; set the bot token as well, or remove STEWARD_SLACK_APP_TOKEN_SECRET");
        assertThat(problems(
                        "STEWARD_SLACK_WEBHOOK_SECRET",
                        null,
                        "STEWARD_SLACK_TOKEN_SECRET",
                        "xoxb-hush",
                        "STEWARD_SLACK_CHANNEL",
                        "#ops",
                        "STEWARD_SLACK_APP_TOKEN_SECRET",
                        "xoxb-hush"))
                .containsExactly("STEWARD_SLACK_APP_TOKEN_SECRET (steward.slack.app-token.secret) is not an app-level"
                        + " token; set the one that begins with xapp-");
    }

    @Test
    void onlyWhoReadsAQueueAndActsHearsWhatPeopleDo() {
        Settings settings = Settings.of(environment("STEWARD_SLACK_APP_TOKEN_SECRET", "xapp-1-hush"), Map.of());

        assertThat(settings.placeholders()).containsEntry(Settings.SOCKET, "true");
        assertThat(settings.with(Settings.DRY_RUN, "true").placeholders()).containsEntry(Settings.SOCKET, "false");
        assertThat(settings.with(Settings.FROM, "direct:events").placeholders())
                .containsEntry(Settings.SOCKET, "false");
        assertThat(Settings.of(environment(), Map.of()).placeholders()).containsEntry(Settings.SOCKET, "false");
    }

    @Test
    void aTokenNeedsAChannel() {
        assertThat(problems("STEWARD_SLACK_WEBHOOK_SECRET", null, "STEWARD_SLACK_TOKEN_SECRET", "xoxb-hush"))
                .containsExactly("STEWARD_SLACK_CHANNEL (steward.slack.channel) is not set; a token needs a "
                        + "default channel: #ops");
    }

    @Test
    void everyChannelNeedsAWebhook() {
        assertThat(problems(
                        "STEWARD_SLACK_CHANNEL",
                        "#all",
                        "STEWARD_SLACK_CHANNELS",
                        "severity:critical=#oncall,cluster:prod=#prod",
                        "STEWARD_SLACK_WEBHOOKS_SECRET",
                        "#prod=" + WEBHOOK))
                .singleElement()
                .asString()
                .contains(
                        "no webhook for the channel #oncall",
                        "add oncall=https://hooks.slack.com/...",
                        "STEWARD_SLACK_WEBHOOKS_SECRET");
    }

    @Test
    void oneTokenReachesEveryChannel() {
        assertThat(problems(
                        "STEWARD_SLACK_WEBHOOK_SECRET",
                        null,
                        "STEWARD_SLACK_TOKEN_SECRET",
                        "xoxb-hush",
                        "STEWARD_SLACK_CHANNEL",
                        "#all",
                        "STEWARD_SLACK_CHANNELS",
                        "severity:critical=#oncall"))
                .isEmpty();
    }

    @Test
    void webhooksAreReadByChannel() {
        Settings settings = Settings.of(
                environment(
                        "STEWARD_SLACK_WEBHOOKS_SECRET",
                        " #oncall = " + WEBHOOK + "?a=b , web=https://x.example.com/,"),
                Map.of());

        assertThat(SettingsCheck.problems(settings, true)).isEmpty();
        assertThat(settings.slack().webhooks())
                .isEqualTo(Map.of("oncall", WEBHOOK + "?a=b", "web", "https://x.example.com/"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "STEWARD_SLACK_WEBHOOK_SECRET|hooks.slack.com/services/T000/B000/hush",
                "STEWARD_SLACK_WEBHOOK_SECRET|xoxb-hush",
                "STEWARD_SLACK_WEBHOOKS_SECRET|oncall:https://hooks.slack.com/services/T000/B000/hush",
                "STEWARD_SLACK_WEBHOOKS_SECRET|oncall=hush",
                "STEWARD_SLACK_TOKEN_SECRET|hush",
                "STEWARD_SLACK_TOKEN_SECRET|xoxb-hush",
                "STEWARD_SLACK_APP_TOKEN_SECRET|hush",
                "STEWARD_SLACK_APP_TOKEN_SECRET|xoxb-hush",
                "STEWARD_SLACK_API_URL|xapp-1-hush",
                "STEWARD_SLACK_CHANNELS|oncall=https://hooks.slack.com/services/T000/B000/hush",
                "STEWARD_SLACK_CHANNELS|severity:critical=https://hooks.slack.com/services/T000/B000/hush",
                "STEWARD_SLACK_API_URL|xoxb-hush",
                "STEWARD_EVENTS_CONSUMERS|xoxb-1-hush"
            })
    void aSecretIsNeverShownEvenWhereItDoesNotBelong(String variable, String value) {
        assertThat(problems(variable, value))
                .isNotEmpty()
                .allSatisfy(p -> assertThat(p).doesNotContain("hush"));
    }

    @ParameterizedTest
    @CsvSource({
        "steward.events.remember, steward.events.dedup-window, 5m",
        "steward.agent.wait, steward.agent.grace-period, 30"
    })
    void aFormerNameStillWorksAndLeadsToAWarning(String former, String name, String value) {
        Settings byProperty = Settings.of(environment(), Map.of(former, value));
        assertThat(SettingsCheck.problems(byProperty, true)).isEmpty();
        assertThat(byProperty.all()).containsEntry(name, value).doesNotContainKey(former);
        assertThat(byProperty.placeholders()).containsEntry(former, value);
        assertThat(byProperty.warnings())
                .containsExactly(
                        former + " is now called " + name + "; " + former + " will be removed in the next version");

        String variable = Setting.variable(former);
        Settings byVariable = Settings.of(environment(variable, value), Map.of());
        assertThat(SettingsCheck.problems(byVariable, true)).isEmpty();
        assertThat(byVariable.all()).containsEntry(name, value);
        assertThat(byVariable.warnings())
                .containsExactly(variable + " is now called " + Setting.variable(name) + "; " + variable
                        + " will be removed in the next version");
    }

    @ParameterizedTest
    @CsvSource({
        "STEWARD_DETAILS_LOGS, true, STEWARD_SLACK_TOKEN_SECRET, xoxb-1, shows nothing: a webhook has no threads",
        "STEWARD_DETAILS_GRAPHS, true, STEWARD_SLACK_TOKEN_SECRET, xoxb-1, shows nothing: a webhook has no threads",
        "STEWARD_DETAILS_DEPLOYMENTS, true, STEWARD_SLACK_TOKEN_SECRET, xoxb-1, shows nothing: a webhook has no threads",
        "STEWARD_SLACK_OPERATORS, U012AB3CD, STEWARD_SLACK_APP_TOKEN_SECRET, xapp-1, has no effect: Slack has no buttons"
    })
    void whatHasNoEffectWithoutATokenIsAWarning(
            String variable, String value, String token, String secret, String words) {
        Settings without = Settings.of(environment(variable, value), Map.of());
        assertThat(SettingsCheck.problems(without, true)).isEmpty();
        assertThat(SettingsCheck.warnings(without))
                .singleElement()
                .asString()
                .startsWith(variable + " " + words)
                .contains(token);
        assertThat(SettingsCheck.warnings(Settings.of(environment(variable, value, token, secret), Map.of())))
                .isEmpty();
    }

    @Test
    void theNewNameWinsOverTheFormerOne() {
        Settings settings =
                Settings.of(environment("STEWARD_AGENT_GRACE_PERIOD", "20"), Map.of("steward.agent.wait", "30"));

        assertThat(settings.get(Settings.GRACE_PERIOD)).isEqualTo(20);
        assertThat(settings.warnings())
                .containsExactly("steward.agent.wait is now called steward.agent.grace-period, which is set too and is"
                        + " used; remove steward.agent.wait");
    }

    @Test
    void theValueOfAFormerNameIsCheckedUnderTheNewName() {
        assertThat(problems("STEWARD_AGENT_WAIT", "soon"))
                .containsExactly("STEWARD_AGENT_GRACE_PERIOD (steward.agent.grace-period) is 'soon'; set a whole number"
                        + " from 1 to 900");
    }

    @Test
    void everyDefaultIsValid() {
        assertThat(Settings.declared())
                .allSatisfy(setting -> assertThat(setting.defaultValue().isEmpty()
                                || setting.problem(setting.defaultValue()).isEmpty())
                        .isTrue());
    }
}
