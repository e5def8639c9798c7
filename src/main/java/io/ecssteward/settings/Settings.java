package io.ecssteward.settings;

import static io.ecssteward.settings.Setting.duration;
import static io.ecssteward.settings.Setting.durationOrNever;
import static io.ecssteward.settings.Setting.flag;
import static io.ecssteward.settings.Setting.integer;
import static io.ecssteward.settings.Setting.oneOf;
import static io.ecssteward.settings.Setting.share;
import static io.ecssteward.settings.Setting.text;
import static io.ecssteward.settings.Setting.url;

import io.ecssteward.alerting.AccountNames;
import io.ecssteward.interactivity.Operators;
import io.ecssteward.limits.SqsLimits;
import io.ecssteward.time.Durations;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings: their declarations and their values. The environment takes precedence over the defaults, and {@code -D}
 * over both. An empty environment variable counts as not set.
 *
 * <p>A setting whose name ends in {@code .secret} can be in a file instead, which the setting with {@code .file}
 * appended names ({@code STEWARD_SLACK_TOKEN_SECRET_FILE}), or in Secrets Manager: {@code {{aws:name}}}. Then
 * {@link #get} always returns its current value.
 *
 * <p>Long because it declares every setting, with what it is for.
 */
public final class Settings {

    public static final String PREFIX = "steward.";

    /** The placeholder that says whether this process uses Socket Mode, with an app-level token. */
    public static final String SOCKET = "steward.slack.socket";

    /** The location of the built-in routes, in the format of {@link #ROUTES}. */
    public static final String BUILT_IN_ROUTES = "classpath:routes/*.camel.yaml";

    private static final String QUEUE_URL = "a queue's URL: https://sqs.REGION.amazonaws.com/ACCOUNT/NAME";

    /** A table's name, or its ARN. */
    private static final Pattern TABLE =
            Pattern.compile("dynamodb:([\\w.-]{3,255}|arn:aws[\\w-]*:dynamodb:[\\w-]+:\\d+:table/[\\w.-]{3,255})");

    private static final Pattern SERVICES = Pattern.compile("[\\w-]+(/[\\w-]+)?(\\s*,\\s*[\\w-]+(/[\\w-]+)?)*");
    private static final List<String> SPOT_POLICIES = List.of("redeploy", "observe", "failover");
    private static final Pattern POLICIES =
            Pattern.compile("([\\w*-]+(/[\\w*-]+)?\\s*=\\s*(redeploy|observe|failover)\\s*(,\\s*|$))*");
    private static final Pattern AGENT_DRAIN = Pattern.compile("([1-9]\\d{0,8}(s|m|h|d))+");
    private static final Pattern TOPIC_ARN = Pattern.compile("arn:[\\w-]+:sns:[\\w-]+:\\d{12}:[\\w-]+");

    public static final Setting<String> QUEUE = url("steward.events.queue-url", "", QUEUE_URL)
            .describedAs("SQS queue that EventBridge, CloudWatch and SNS deliver to. Required.");
    public static final Setting<Integer> CONSUMERS = integer("steward.events.consumers", 4)
            .between(1, 64)
            .describedAs("Number of threads that read the queue. Each processes up to ten messages at a time.");
    public static final Setting<Integer> VISIBILITY_TIMEOUT = integer("steward.events.visibility-timeout", 60)
            .between(10, (int) SqsLimits.VISIBILITY.toSeconds())
            .describedAs("Visibility timeout in seconds. Extended while a message is being processed.");
    public static final Setting<Integer> REDELIVERY = integer("steward.events.redelivery", 15)
            .between(1, 900)
            .describedAs("Seconds before a failed event is retried. Doubles with each delivery, up to half an hour.");
    public static final Setting<String> URGENT = url("steward.urgent.queue-url", "", QUEUE_URL)
            .describedAs("Second queue, for urgent events such as Spot interruptions: a flood of other events does not"
                    + " delay them. Empty: none.");
    public static final Setting<Integer> URGENT_CONSUMERS = integer("steward.urgent.consumers", 2)
            .between(1, 64)
            .describedAs("Number of threads that read the urgent queue.");
    public static final Setting<String> DEAD_LETTERS = url("steward.dead-letter.queue-url", "", QUEUE_URL)
            .describedAs("Receives messages that cannot be processed. Empty: they stay in the queue until its redrive"
                    + " policy moves them.");
    public static final Setting<String> WEBHOOK = text("steward.slack.webhook.secret", "")
            .describedAs(
                    "Incoming webhook of a Slack app. Either this or the token is required, unless it is a dry run.");
    public static final Setting<String> WEBHOOKS = text("steward.slack.webhooks.secret", "")
            .describedAs("Webhooks of more channels: oncall=https://hooks.slack.com/...,team-web=https://...");
    public static final Setting<String> TOKEN = text("steward.slack.token.secret", "")
            .describedAs(
                    "Bot token (xoxb-...) with the scope chat:write. Posts to every channel the bot is a member of.");
    public static final Setting<String> APP_TOKEN = text("steward.slack.app-token.secret", "")
            .describedAs("App-level token (xapp-...) with the scope connections:write, for Socket Mode: buttons and"
                    + " /steward. Needs the bot token as well. Empty: none.");
    public static final Setting<String> OPERATORS = text("steward.slack.operators", "")
            .matching(
                    Pattern.compile("(" + Operators.ID + "\\s*(,\\s*|$))*"),
                    "ids of members and user groups, separated by commas: U012AB3CD,S0604QSJC")
            .describedAs(
                    "Who may change ECS from Slack: ids of members (U..., W...) and of user groups (S...). Groups need"
                            + " the scope usergroups:read; members are read every five minutes. Empty: nobody.");
    public static final Setting<String> CHANNEL = text("steward.slack.channel", "")
            .describedAs(
                    "Default channel, used when no routing rule matches. Required with a token; with a single webhook"
                            + " it is only a name.");
    public static final Setting<String> CHANNELS = text("steward.slack.channels", "")
            .describedAs("Routing rules, the first match wins: severity:critical=#oncall, cluster:staging=#staging,"
                    + " service:prod/web=#web, account:shop-prod/eu-west-1=#shop, account:111122223333=#shop,"
                    + " region:us-east-1=#us");
    public static final Setting<String> ACCOUNTS = text("steward.accounts", "")
            .matching(Settings::areAccounts, "accounts with their names: 111122223333=shop-prod,444455556666=shop-dev")
            .describedAs("Names of AWS accounts, for alerts and routing rules: 111122223333=shop-prod. Empty: none.");
    public static final Setting<Boolean> PAYLOAD_MENTIONS = flag("steward.slack.payload-mentions")
            .describedAs("Ready-made Slack payloads may mention @here, @channel, @everyone and user groups. Anyone who"
                    + " can publish to a topic can then page people.");
    public static final Setting<Integer> INTERVAL = integer("steward.slack.interval", 1000)
            .between(0, 10_000)
            .describedAs("Milliseconds between two messages to a channel. Slack allows one message per second.");
    public static final Setting<String> ALERTS = url("steward.alerts.queue-url", "", QUEUE_URL)
            .describedAs(
                    "FIFO queue (alerts.fifo) in which alerts wait for Slack, so that all replicas together keep to a"
                            + " channel's rate limit. Empty: alerts wait in memory.");
    public static final Setting<String> API = url(
                    "steward.slack.api-url", "https://slack.com/api", "a URL: https://slack.com/api")
            .describedAs("URL of the Slack API. Set it to use a proxy.");
    public static final Setting<String> TOPIC = text("steward.sns.topic-arn", "")
            .matching(TOPIC_ARN, "the ARN of a standard topic: arn:aws:sns:eu-west-1:111122223333:alerts")
            .describedAs("SNS topic that also receives every alert, for email or paging. Empty: none.");
    public static final Setting<String> SERVICES_PER_INSTANCE = text("steward.one-per-instance.services", "")
            .matching(SERVICES, "names, or cluster/name, separated by commas: logging-agent, prod/metrics-agent")
            .describedAs("Services that run one task on each container instance. Empty: none.");
    public static final Setting<Integer> MIN_COUNT = integer("steward.one-per-instance.min", 0)
            .between(0, 10_000)
            .describedAs("Minimum desired count of these services.");
    public static final Setting<Integer> MAX_COUNT = integer("steward.one-per-instance.max", 1000)
            .between(0, 10_000)
            .describedAs("Maximum desired count of these services.");
    public static final Setting<Boolean> FROM_ZERO = flag("steward.one-per-instance.from-zero")
            .describedAs("Also raise these services if somebody has set their desired count to 0. Otherwise they are"
                    + " left alone.");
    public static final Setting<Integer> WINDOW = integer("steward.one-per-instance.window", 10)
            .between(1, SqsLimits.DELAY_SECONDS)
            .describedAs("Seconds from the first container instance event until the instances are counted again.");
    public static final Setting<Duration> REDEPLOY_COOL_DOWN = duration("steward.redeploy.cool-down", "120s")
            .describedAs("Minimum time between two Spot-triggered redeployments of a service. Doubles with each one"
                    + " within an hour.");
    public static final Setting<String> SPOT_POLICY = text("steward.spot.policy", "redeploy")
            .matching(SPOT_POLICIES::contains, "redeploy, observe or failover")
            .describedAs(
                    "What to do when Fargate Spot interrupts a service's task. redeploy: start a new deployment, within"
                            + " the limits below. observe: only alert. failover: move the service to on-demand when"
                            + " Spot has no capacity, and back later. In any case, ECS itself replaces the task if it"
                            + " can. The service's tag ecs-steward:spot overrides this setting.");
    public static final Setting<String> SPOT_POLICY_BY_SERVICE = text("steward.spot.policies", "")
            .matching(POLICIES, "services and policies: prod/batch-*=observe, web=redeploy")
            .describedAs("The same for single services; the first match wins: prod/batch-*=observe, web=redeploy.");
    public static final Setting<Double> SPOT_SHARE = share("steward.spot.redeploy-share", 0.1)
            .describedAs("Share of a service's running tasks that Spot has to interrupt within five minutes before the"
                    + " service is redeployed, which replaces all of them. 0: any.");
    public static final Setting<Integer> SPOT_LIMIT = integer("steward.spot.redeploys-per-hour", 4)
            .between(1, 60)
            .describedAs("Maximum number of Spot-triggered redeployments of a service per hour.");
    public static final Setting<Duration> FAILOVER_AFTER = duration("steward.spot.failover-after", "5m")
            .matching(upTo(Duration.ofMinutes(30)), "a duration from 1s to 30m: 90s, 5m")
            .describedAs("How long a service with the policy failover may be short of tasks before it moves to"
                    + " on-demand. If ECS reports that Spot has no capacity, it moves at once.");
    public static final Setting<Duration> CALM_TIME = duration("steward.spot.calm-time", "30m")
            .matching(upTo(Duration.ofHours(8)), "a duration from 1s to 8h: 10m, 1h")
            .describedAs(
                    "How long such a service stays on-demand before it goes back to Spot. Doubles, up to eight hours,"
                            + " each time Spot fails within an hour of going back.");
    public static final Setting<String> SPOT_SWEEP = text("steward.spot.sweep", "")
            .matching(Pattern.compile("(\\d{1,9}[smhd])+"), "a duration: 10m, 1h")
            .describedAs("How often to search all services for those that were moved to on-demand and forgotten; also"
                    + " done at startup. Needs ecs:ListClusters and ecs:ListServices. Empty: every hour if one of the"
                    + " two policies above says failover, otherwise never. Set it if only tags say failover. 0s:"
                    + " never.");
    public static final Setting<Integer> GRACE_PERIOD = integer("steward.agent.grace-period", 60)
            .between(1, SqsLimits.DELAY_SECONDS)
            .formerly("steward.agent.wait")
            .describedAs(
                    "Seconds before a disconnected agent causes an alert. Agents reconnect several times an hour.");
    public static final Setting<String> HOSTS_DRAIN = oneOf(
                    "steward.hosts.drain", "spot-interruption", "none", "spot-interruption", "rebalance-recommendation")
            .describedAs(
                    "When to set a container instance to DRAINING: when EC2 interrupts its Spot Instance, which leaves"
                            + " two minutes, or also when EC2 only recommends a rebalance. none: never.");
    public static final Setting<String> HOSTS_CLUSTERS = text("steward.hosts.clusters", "")
            .matching(
                    Pattern.compile("([\\w*-]+\\s*(,\\s*|$))*"),
                    "names of clusters, with *, separated by commas: prod,batch-*")
            .describedAs("Clusters to search for an EC2 instance; * is a wildcard. Empty: all that have instances.");
    public static final Setting<String> HOSTS_LIFECYCLE_HOOKS = text("steward.hosts.lifecycle-hooks", "")
            .matching(
                    Pattern.compile("((?!\\*+\\s*(,|$))[\\w/*-]+\\s*(,\\s*|$))*"),
                    "names of lifecycle hooks, with *, separated by commas: drain-*; not * alone")
            .describedAs(
                    "Auto Scaling lifecycle hooks to complete once the instance's tasks have moved; * is a wildcard."
                            + " Name only hooks that nothing else completes. Empty: none.");
    public static final Setting<String> AGENT_DRAIN_AFTER = text("steward.agent.drain-after", "")
            .matching(
                    after -> after.isEmpty()
                            || AGENT_DRAIN.matcher(after).matches()
                                    && Durations.parse(after).toMinutes() >= 5,
                    "a duration of five minutes or more: 15m, 1h")
            .describedAs(
                    "How long an agent has to stay disconnected before its container instance is set to DRAINING, so"
                            + " that ECS starts its tasks elsewhere. Empty: never.");
    public static final Setting<Double> AGENT_DRAIN_SHARE = share("steward.agent.drain-share", 0)
            .describedAs(
                    "Drain for that only while at most this share of the cluster's agents is disconnected; one always"
                            + " may be. If there are more, the cause is the network or ECS.");
    public static final Setting<Duration> DEDUP_WINDOW = duration("steward.events.dedup-window", "1h")
            .formerly("steward.events.remember")
            .describedAs("How long a handled event is remembered, so that duplicates are dropped.");
    public static final Setting<String> CLAIMS = text("steward.claims", "memory")
            .matching(
                    claims -> claims.equals("memory") || TABLE.matcher(claims).matches(),
                    "memory, or dynamodb: and a table's name: dynamodb:ecs-steward")
            .describedAs("Where claims are stored. More than one replica needs a DynamoDB table, which also survives a"
                    + " restart.");
    public static final Setting<Boolean> SERVICE_EVENTS_INFO = flag("steward.service-events.info")
            .describedAs(
                    "Also alert when a service reaches a steady state, and when a deployment begins or completes.");
    public static final Setting<Duration> INCIDENT_REOPEN = duration("steward.incidents.reopen", "10m")
            .describedAs(
                    "How long after an incident is resolved an alert reopens it. Later, the alert opens a new one.");
    public static final Setting<Integer> INCIDENT_FLAPPING = integer("steward.incidents.flapping", 3)
            .between(0, 100)
            .describedAs(
                    "How many times an incident opens within an hour before it counts as flapping, and its message is"
                            + " only edited. 0: never.");
    public static final Setting<Duration> INCIDENT_CALM = duration("steward.incidents.calm", "30m")
            .describedAs("How long a flapping incident must stay unchanged before it no longer counts as flapping.");
    public static final Setting<Duration> INCIDENT_REMINDER = durationOrNever("steward.incidents.reminder", "4h")
            .describedAs(
                    "Time until the first reminder of an open incident that nobody has acknowledged; then twice that,"
                            + " and so on. 0s: never.");
    public static final Setting<Duration> INCIDENT_UNACKNOWLEDGED = durationOrNever(
                    "steward.incidents.unacknowledged", "10m")
            .describedAs("Time until an open incident that nobody has acknowledged causes the event Incident"
                    + " Unacknowledged. 0s: never.");
    public static final Setting<Integer> INCIDENT_SWEEP = integer("steward.incidents.sweep", 10_000)
            .between(0, 600_000)
            .describedAs("Milliseconds between two checks for incidents that are due. 0: none, as in replay.");
    public static final Setting<Boolean> DETAIL_LOGS = flag("steward.details.logs")
            .describedAs("Reply in an incident's thread with the last log lines of the container whose task stopped."
                    + " Needs ecs:DescribeTasks, ecs:DescribeTaskDefinition and logs:GetLogEvents, and a bot token.");
    public static final Setting<Boolean> DETAIL_GRAPHS = flag("steward.details.graphs")
            .describedAs("Reply in an incident's thread with the graph of an alarm. Needs cloudwatch:DescribeAlarms and"
                    + " cloudwatch:GetMetricWidgetImage, and a bot token with the scope files:write.");
    public static final Setting<Boolean> DETAIL_DEPLOYMENTS = flag("steward.details.deployments")
            .describedAs("Reply in an incident's thread with the last deployments of its service, and what they"
                    + " changed. Needs ecs:ListServiceDeployments, ecs:DescribeServiceRevisions and"
                    + " ecs:DescribeTaskDefinition, and a bot token.");
    public static final Setting<Integer> RETRY_DELAY = integer("steward.retry.delay", 500)
            .between(1, 60_000)
            .describedAs("Milliseconds before a failed call is first retried. Doubles twice.");
    public static final Setting<String> ROUTES = text("steward.routes", BUILT_IN_ROUTES)
            .describedAs("Route files. Add custom ones: " + BUILT_IN_ROUTES + ",file:/etc/steward/*.camel.yaml. A file"
                    + " replaces an earlier one of the same name.");
    public static final Setting<String> SILENCES = text("steward.silences", "")
            .matching(Pattern.compile("file:.+"), "file: and a path: file:/etc/steward/silences.yaml")
            .describedAs("File of planned silences, in YAML. Read again every ten seconds. Empty: none.");
    public static final Setting<String> TIME_ZONE = text("steward.time-zone", "UTC")
            .matching(ZoneId.getAvailableZoneIds()::contains, "a time zone: Europe/Berlin")
            .describedAs("Time zone of the times that people see and choose in Slack, such as until 9:00.");
    public static final Setting<Boolean> DRY_RUN = flag("steward.dry-run")
            .describedAs("Read from ECS, but change and post nothing: the log shows what would happen.");
    public static final Setting<Integer> SHUTDOWN_TIMEOUT = integer("steward.shutdown-timeout", 25)
            .between(1, 600)
            .describedAs("Seconds to wait after SIGTERM for events in flight. Unfinished events are delivered again.");
    public static final Setting<Integer> PORT = integer("steward.management.port", 8080)
            .between(0, 65_535)
            .describedAs("Port of /observe/health/live, /observe/health/ready and /observe/metrics. 0: none.");
    public static final Setting<Boolean> EMF = flag("steward.metrics.emf")
            .describedAs("Also write metrics to stdout every minute in CloudWatch EMF, for setups without Prometheus.");
    public static final Setting<String> LOG_LEVEL = oneOf("steward.log-level", "INFO", "DEBUG", "INFO", "WARN", "ERROR")
            .describedAs("Lowest level that is logged.");
    public static final Setting<String> LOG_FORMAT = oneOf("steward.log-format", "auto", "auto", "text", "json")
            .describedAs("Log format. json writes one object per line; auto is text on a terminal and JSON elsewhere.");
    public static final Setting<String> OPTIONS = text(
                    "steward.queues.options",
                    "maxMessagesPerPoll=10&waitTimeSeconds=20&visibilityTimeout={{steward.events.visibility-timeout}}"
                            + "&extendMessageVisibility=true&greedy=true&initialDelay=0"
                            + "&attributeNames=ApproximateReceiveCount,SentTimestamp,MessageGroupId"
                            + "&backoffErrorThreshold=1&backoffMultiplier=10&exceptionHandler=#redelivery"
                            + "&headerFilterStrategy=#drop-all-headers")
            .describedAs("Options of Camel's aws2-sqs component for all queues.");
    public static final Setting<String> FROM = text(
                    "steward.events.from",
                    "aws2-sqs:events?queueUrl={{steward.events.queue-url}}"
                            + "&concurrentConsumers={{steward.events.consumers}}&{{steward.queues.options}}")
            .describedAs("Camel endpoint that events come from. replay and tests set direct:events.");
    public static final Setting<String> URGENT_FROM = text(
                    "steward.urgent.from",
                    "aws2-sqs:urgent?queueUrl={{steward.urgent.queue-url}}"
                            + "&concurrentConsumers={{steward.urgent.consumers}}&{{steward.queues.options}}")
            .describedAs("Camel endpoint that urgent events come from.");
    public static final Setting<String> ALERTS_FROM = text(
                    "steward.alerts.from",
                    "aws2-sqs:alerts.fifo?queueUrl={{steward.alerts.queue-url}}&{{steward.queues.options}}")
            .describedAs("Camel endpoint that queued alerts come from. One consumer is enough.");

    /** The settings that enable details in an incident's thread. */
    public static final List<Setting<Boolean>> DETAILS = List.of(DETAIL_LOGS, DETAIL_GRAPHS, DETAIL_DEPLOYMENTS);

    /** The queues that messages are read from, in the order in which they are named. */
    public static final List<Setting<String>> QUEUES = List.of(QUEUE, URGENT, ALERTS, DEAD_LETTERS);

    private final Map<String, String> values;
    private final SettingsReader read;

    private Settings(Map<String, String> values, SettingsReader read) {
        this.values = values;
        this.read = read;
    }

    private static Predicate<Duration> upTo(Duration max) {
        return value -> value.compareTo(Duration.ZERO) > 0 && value.compareTo(max) <= 0;
    }

    private static boolean areAccounts(String written) {
        new AccountNames(written);
        return true;
    }

    /**
     * The settings of this process, from its environment and system properties.
     *
     * @param store reads secrets from Secrets Manager
     */
    public static Settings load(SecretStore store) {
        return of(System.getenv(), System.getProperties(), store, Clock.systemUTC());
    }

    /**
     * The given settings, and the defaults of the others.
     *
     * @param environment names like {@code STEWARD_SLACK_CHANNEL}
     * @param properties names like {@code steward.slack.channel}
     */
    public static Settings of(Map<String, String> environment, Map<?, ?> properties) {
        return of(environment, properties, SecretStore.NONE, Clock.systemUTC());
    }

    /** The same with a store of secrets; the clock says when they are read again. */
    public static Settings of(Map<String, String> environment, Map<?, ?> properties, SecretStore store, Clock clock) {
        SettingsReader reader = new SettingsReader(store, clock);
        return new Settings(reader.read(environment, properties), reader);
    }

    /** All settings, in the order of docs/settings.md. */
    public static Collection<Setting<?>> declared() {
        return Setting.all();
    }

    /** The property with this name, or with this environment variable; unknown names are returned unchanged. */
    public static String property(String written) {
        return SettingsReader.names().getOrDefault(written, written);
    }

    /** The problem of a name that is not a setting. */
    public static String notASetting(String written) {
        return SettingsReader.notASetting(written);
    }

    /** The setting that had this name in the previous version. */
    public static Optional<Setting<?>> renamed(String formerName) {
        return Optional.ofNullable(Setting.formerNames().get(formerName));
    }

    /** The value of a setting. */
    public <T> T get(Setting<T> setting) {
        return setting.parse(raw(setting));
    }

    /** The value of a setting as text; empty if it is not set. */
    public String raw(Setting<?> setting) {
        Secret secret = read.secrets.get(setting.name());
        return secret == null ? values.get(setting.name()) : secret.value();
    }

    /** The value of a setting; null if it is not set. */
    public String orNull(Setting<?> setting) {
        return has(setting) ? raw(setting) : null;
    }

    public boolean has(Setting<?> setting) {
        return !raw(setting).isEmpty();
    }

    /** Why its value is not valid, and what to set instead; empty if it is valid, or optional and not set. */
    public Optional<String> problem(Setting<?> setting) {
        return has(setting) || !setting.defaultValue().isEmpty() ? setting.problem(raw(setting)) : Optional.empty();
    }

    /** A copy of these settings with one changed. */
    public Settings with(Setting<?> setting, String value) {
        Map<String, String> changed = new TreeMap<>(values);
        changed.put(setting.name(), value);
        return new Settings(changed, read);
    }

    /** All settings as text, by name, without secrets from files or Secrets Manager. */
    public Map<String, String> all() {
        return values;
    }

    /**
     * The placeholders for route files: all settings, their former names, and values that are derived from settings.
     * From the policies for Spot: {@code steward.spot.sweep-seconds} (0 for never) and
     * {@code steward.spot.sweep-known-seconds}, for how long no other replica needs to sweep. From the app-level token,
     * which may be in a file or in Secrets Manager: {@code steward.slack.buttons}, whether messages have buttons, and
     * {@link #SOCKET}, whether this process uses Socket Mode.
     */
    public Map<String, String> placeholders() {
        Map<String, String> placeholders = new TreeMap<>(values);
        Setting.formerNames().forEach((former, setting) -> placeholders.put(former, values.get(setting.name())));
        boolean reads = values.get(FROM.name()).startsWith("aws2-sqs:")
                && values.get(DRY_RUN.name()).equals("false");
        long sweep = reads ? spotSweep().toSeconds() : 0;
        placeholders.put("steward.spot.sweep-seconds", Long.toString(sweep));
        placeholders.put("steward.spot.sweep-known-seconds", Long.toString(sweep * 9 / 10));
        placeholders.put("steward.slack.buttons", Boolean.toString(has(APP_TOKEN)));
        placeholders.put(SOCKET, Boolean.toString(has(APP_TOKEN) && reads));
        return placeholders;
    }

    /** How often to sweep for services that were moved to on-demand; zero for never. */
    public Duration spotSweep() {
        boolean failover = (get(SPOT_POLICY) + get(SPOT_POLICY_BY_SERVICE)).contains("failover");
        String set = has(SPOT_SWEEP) ? get(SPOT_SWEEP) : failover ? "1h" : "0s";
        return Durations.parseOrZero(set);
    }

    /** Names that are not settings, and secrets that cannot be read. */
    public List<String> problems() {
        return List.copyOf(read.problems);
    }

    /** Former names that are in use. */
    public List<String> warnings() {
        return List.copyOf(read.warnings);
    }

    /** Whether a secret cannot be read, so that its value is unknown. */
    public boolean secretsMissing() {
        return read.secretsMissing;
    }

    /** The settings of Slack. */
    public SlackSettings slack() {
        return new SlackSettings(this, read.secrets.values());
    }

    /** How many threads read queues. */
    public int consumers() {
        return get(CONSUMERS) + (has(URGENT) ? get(URGENT_CONSUMERS) : 0) + (has(ALERTS) ? 1 : 0);
    }

    /** The DynamoDB table that claims are kept in; null when they are kept in memory. */
    public String claimsTable() {
        Matcher table = TABLE.matcher(get(CLAIMS));
        return table.matches() ? table.group(1) : null;
    }

    /**
     * How long the lease of a claim lasts without renewal. Camel extends the visibility of a message twice in each
     * timeout, so if its process dies, the message stays hidden for at least half the timeout. A lease that is no
     * longer than that has ended when the message is delivered again.
     */
    public Duration lease() {
        return Duration.ofSeconds(get(VISIBILITY_TIMEOUT)).dividedBy(2);
    }
}
