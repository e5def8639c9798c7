package io.ecssteward.settings;

import io.ecssteward.alerting.ChannelRouting;
import io.ecssteward.check.RouteFiles;
import io.ecssteward.check.RouteLinks;
import io.ecssteward.claim.Durations;
import io.ecssteward.problem.Suggestion;
import io.ecssteward.slack.SlackSecrets;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings of the steward: every property in {@code application.properties} that begins with {@code steward.}, with
 * the environment over the file and {@code -D} over both, by Camel's own rule for names ({@code steward.slack.channel}
 * is {@code STEWARD_SLACK_CHANNEL}). An environment variable that is set to nothing counts as not set.
 *
 * <p>A setting whose name ends in {@code .secret} can be in a file instead, which the setting with {@code .file} behind
 * it names ({@code STEWARD_SLACK_TOKEN_SECRET_FILE}), or in Secrets Manager: {@code {{aws:name}}}. Then {@link #get}
 * always returns its value of today.
 */
public final class Settings {

    public static final String PREFIX = "steward.";

    public static final String QUEUE = "steward.events.queue-url";
    public static final String URGENT = "steward.urgent.queue-url";
    public static final String ALERTS = "steward.alerts.queue-url";
    public static final String DEAD_LETTERS = "steward.dead-letter.queue-url";
    public static final String WEBHOOK = "steward.slack.webhook.secret";
    public static final String WEBHOOKS = "steward.slack.webhooks.secret";
    public static final String TOKEN = "steward.slack.token.secret";
    public static final String CHANNEL = "steward.slack.channel";
    static final String CHANNELS = "steward.slack.channels";
    public static final String INTERVAL = "steward.slack.interval";
    public static final String API = "steward.slack.api-url";
    public static final String TOPIC = "steward.sns.topic-arn";
    public static final String OPTIONS = "steward.queues.options";
    public static final String FROM = "steward.events.from";
    public static final String CLAIMS = "steward.claims";
    public static final String ROUTES = "steward.routes";
    public static final String DRY_RUN = "steward.dry-run";
    public static final String PORT = "steward.management.port";
    public static final String EMF = "steward.metrics.emf";

    private static final Pattern SECRET = Pattern.compile("(hooks\\.slack\\.com/\\w+/|xox[a-z]-)[\\w/-]+");

    /** Kubernetes sets these in every container beside a Service called steward. */
    private static final Pattern BY_KUBERNETES = Pattern.compile("STEWARD_(SERVICE_(HOST|PORT)|PORT)(_.*)?");

    private static final Pattern SERVICES = Pattern.compile("|[\\w-]+(/[\\w-]+)?(\\s*,\\s*[\\w-]+(/[\\w-]+)?)*");
    /** A table's name, or its ARN. */
    private static final Pattern TABLE =
            Pattern.compile("dynamodb:([\\w.-]{3,255}|arn:aws[\\w-]*:dynamodb:[\\w-]+:\\d+:table/[\\w.-]{3,255})");

    private static final String SECRET_SETTING = ".secret";
    private static final String FILE = ".file";

    private final Map<String, String> values;
    private final List<String> problems = new ArrayList<>();

    /** Those that are kept elsewhere, by the name of their setting; their values are not among the values. */
    private final Map<String, Secret> secrets = new TreeMap<>();

    /** Whether a secret could not be had, so that nothing can be said about it. */
    private boolean secretsMissing;

    private Settings(Map<String, String> values) {
        this.values = values;
    }

    /**
     * The settings in the file, the environment and the system properties of this process.
     *
     * @param store looks up what is in Secrets Manager
     */
    public static Settings load(SecretStore store) {
        return of(System.getenv(), System.getProperties(), store, Clock.systemUTC());
    }

    /**
     * The settings in the file, and over it these.
     *
     * @param environment names like {@code STEWARD_SLACK_CHANNEL}
     * @param properties names like {@code steward.slack.channel}
     */
    public static Settings of(Map<String, String> environment, Map<?, ?> properties) {
        return of(environment, properties, SecretStore.NONE, Clock.systemUTC());
    }

    /** The same with a place for secrets, which are kept until they are too old by this clock. */
    public static Settings of(Map<String, String> environment, Map<?, ?> properties, SecretStore store, Clock clock) {
        Map<String, String> values = new TreeMap<>();
        defaults().forEach((name, value) -> {
            if (name.toString().startsWith(PREFIX)) {
                values.put(name.toString(), value.toString().strip());
            }
        });
        Settings settings = new Settings(values);
        List<String> secrets = values.keySet().stream()
                .filter(name -> name.endsWith(SECRET_SETTING))
                .toList();
        secrets.forEach(name -> values.put(name + FILE, ""));
        Map<String, String> names = values.keySet().stream().collect(Collectors.toMap(Settings::variable, n -> n));
        environment.forEach((variable, value) -> {
            if (variable.startsWith("STEWARD_")
                    && !value.isBlank()
                    && !BY_KUBERNETES.matcher(variable).matches()) {
                settings.set(variable, names.get(variable), value);
            }
        });
        properties.forEach((name, value) -> {
            if (name.toString().startsWith(PREFIX)) {
                settings.set(
                        name.toString(),
                        values.containsKey(name.toString()) ? name.toString() : null,
                        value.toString());
            }
        });
        secrets.forEach(name -> settings.keep(name, values.remove(name + FILE), store, clock));
        return settings;
    }

    /** Has a secret read from where it is kept, if that is elsewhere. */
    private void keep(String name, String file, SecretStore store, Clock clock) {
        String variable = variable(name);
        String setting = values.get(name);
        if (!file.isEmpty() && !setting.isEmpty()) {
            problems.add(variable + " and " + variable(name + FILE) + " are both set; keep one of them");
            return;
        }
        try {
            if (!file.isEmpty()) {
                secrets.put(name, new FileSecret(variable, file, clock));
            } else if (SecretsManagerSecret.isReference(setting)) {
                values.put(name, "");
                if (store != SecretStore.NONE) {
                    secrets.put(name, new SecretsManagerSecret(variable, setting, store, clock));
                }
            }
        } catch (IllegalArgumentException e) {
            secretsMissing = true;
            problems.add(
                    file.isEmpty()
                            ? variable + " names a secret that cannot be had: " + e.getMessage()
                            : variable(name + FILE) + " names a file that " + e.getMessage()
                                    + "; set the path of a file with the secret in it");
        }
    }

    private static Properties defaults() {
        try (InputStream in = Settings.class.getResourceAsStream("/application.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The environment variable of a property. */
    public static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private void set(String written, String name, String value) {
        if (name == null) {
            problems.add(noSetting(written));
        } else {
            values.put(name, value.strip());
        }
    }

    /** What is said of a name that is no setting. */
    public static String noSetting(String written) {
        List<String> names = new ArrayList<>();
        defaults().stringPropertyNames().stream()
                .filter(name -> name.startsWith(PREFIX))
                .forEach(name -> {
                    names.add(written.startsWith(PREFIX) ? name : variable(name));
                });
        return written + " is no setting"
                + Suggestion.to(written, names)
                        .map(name -> "; did you mean " + name + "?")
                        .orElse("; remove it, or look its name up in docs/settings.md");
    }

    /** The value of a setting; empty when it is not set. */
    public String get(String name) {
        Secret secret = secrets.get(name);
        return secret == null ? values.get(name) : secret.value();
    }

    public boolean has(String name) {
        return !get(name).isEmpty();
    }

    public boolean is(String name) {
        return Boolean.parseBoolean(get(name));
    }

    public int number(String name) {
        return Integer.parseInt(get(name));
    }

    /** These settings with one of them changed. */
    public Settings with(String name, String value) {
        Map<String, String> changed = new TreeMap<>(values);
        changed.put(name, value);
        Settings settings = new Settings(changed);
        settings.problems.addAll(problems);
        settings.secrets.putAll(secrets);
        settings.secretsMissing = secretsMissing;
        return settings;
    }

    /** What Slack is posted to with, as it is at the time. */
    public SlackSecrets slackSecrets() {
        return new SlackSecrets() {
            @Override
            public String webhook() {
                return orNull(WEBHOOK);
            }

            @Override
            public Map<String, String> webhooks() {
                return Settings.this.webhooks();
            }

            @Override
            public String token() {
                return orNull(TOKEN);
            }

            @Override
            public void renew() {
                secrets.values().forEach(Secret::renew);
            }
        };
    }

    /** The value of a setting; null when it is not set. */
    public String orNull(String name) {
        String value = get(name);
        return value.isEmpty() ? null : value;
    }

    /** How many threads read queues. */
    public int consumers() {
        return number("steward.events.consumers")
                + (has(URGENT) ? number("steward.urgent.consumers") : 0)
                + (has(ALERTS) ? 1 : 0);
    }

    /** All of them, by name, without the values of those that are kept elsewhere. */
    public Map<String, String> all() {
        return values;
    }

    /** The webhooks by channel name without its #. */
    public Map<String, String> webhooks() {
        Map<String, String> webhooks = new TreeMap<>();
        for (String entry : get(WEBHOOKS).split(",")) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                webhooks.put(
                        plain(entry.substring(0, equals).strip()),
                        entry.substring(equals + 1).strip());
            }
        }
        return webhooks;
    }

    /** Where alerts go, without anything secret. */
    public String describeSlack() {
        List<String> channels = channels().all();
        return (has(TOKEN) ? "Slack with a token" : "Slack by webhook")
                + (channels.isEmpty() ? "" : ": " + String.join(", ", channels));
    }

    public ChannelRouting channels() {
        return new ChannelRouting(has(CHANNEL) ? get(CHANNEL) : null, get(CHANNELS));
    }

    /** The DynamoDB table that claims are kept in; null when they are kept in memory. */
    public String claimsTable() {
        Matcher table = TABLE.matcher(get(CLAIMS));
        return table.matches() ? table.group(1) : null;
    }

    /**
     * How long a worker may be silent before another may do its work. Camel puts off the end of a message's visibility
     * twice in each timeout, so when its worker dies a message stays hidden for half of it at least: a lease that is no
     * longer is over when the message comes again.
     */
    public Duration lease() {
        return Duration.ofSeconds(number("steward.events.visibility-timeout")).dividedBy(2);
    }

    private static String plain(String channel) {
        return channel.startsWith("#") ? channel.substring(1) : channel;
    }

    /**
     * Everything that is wrong with the settings, each saying what to set; empty when all is well.
     *
     * @param running whether the steward is to read a queue and post to Slack, as against replaying files
     */
    public List<String> problems(boolean running) {
        List<String> found = settingsProblems(running);
        try {
            if (emptyPlaces().isEmpty()) {
                RouteLinks.problems(RouteFiles.list(get(ROUTES))).forEach(problem -> found.add(problem.toString()));
            }
        } catch (IllegalArgumentException e) {
            // Said with the setting's name.
        }
        return found;
    }

    /** The same without what is in the route files. */
    public List<String> settingsProblems(boolean running) {
        return settingsProblems(running, running);
    }

    /** The same; of the queues, what is set wrongly counts even where none has to be set. */
    public List<String> settingsProblems(boolean running, boolean queues) {
        List<String> found = new ArrayList<>(problems);
        if (queues) {
            queues(found, running);
        }
        if (!secretsMissing) {
            slack(found, running && !is(DRY_RUN));
        }
        numbers(found);
        if (!get(CLAIMS).equals("memory") && claimsTable() == null) {
            found.add(CLAIMS + " is '" + get(CLAIMS)
                    + "'; set memory, or dynamodb: and a table's name: dynamodb:ecs-steward");
        }
        if (has(TOPIC) && !get(TOPIC).matches("arn:[\\w-]+:sns:[\\w-]+:\\d{12}:[\\w-]+")) {
            found.add(TOPIC + " is '" + get(TOPIC)
                    + "'; set the ARN of a standard topic: arn:aws:sns:eu-west-1:111122223333:alerts");
        }
        if (!SERVICES.matcher(get("steward.one-per-instance.services")).matches()) {
            found.add("steward.one-per-instance.services is '" + get("steward.one-per-instance.services")
                    + "'; set names, or cluster/name, separated by commas: logging-agent, prod/metrics-agent");
        }
        try {
            emptyPlaces()
                    .forEach(place -> found.add(ROUTES + (get(ROUTES).equals(place) ? " is '" : " names '") + place
                            + "', where no file is; set a folder with routes in it: file:/etc/steward/*.camel.yaml"));
        } catch (IllegalArgumentException e) {
            found.add(ROUTES + " is '" + get(ROUTES) + "': " + e.getMessage());
        }
        return found.stream()
                .map(Settings::withVariable)
                .map(Settings::withoutSecrets)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** Where routes should be and no file is. The folder for own routes may be there before the first of them is. */
    private List<String> emptyPlaces() {
        boolean none = RouteFiles.list(get(ROUTES)).isEmpty();
        return RouteFiles.places(get(ROUTES)).stream()
                .filter(place -> RouteFiles.list(place).isEmpty())
                .filter(place -> none || !RouteFiles.isFolder(place))
                .toList();
    }

    /** People set the environment variable more often than the property, so a problem names both. */
    private static String withVariable(String problem) {
        int end = problem.indexOf(' ');
        String name = problem.substring(0, Math.max(end, 0)).replaceFirst(":$", "");
        return name.startsWith(PREFIX)
                ? variable(name) + " (" + name + ")" + problem.substring(name.length())
                : problem;
    }

    /** A secret that was set in the wrong place is a secret still. */
    private static String withoutSecrets(String problem) {
        return SECRET.matcher(problem).replaceAll("$1...");
    }

    private void queues(List<String> found, boolean running) {
        boolean sqs = running && get(FROM).startsWith("aws2-sqs:");
        if (sqs && !has(QUEUE)) {
            found.add(QUEUE + " is not set; set the URL of the SQS queue that gets the events");
        } else if (has(QUEUE) && !isUrl(get(QUEUE))) {
            found.add(QUEUE + " is '" + get(QUEUE)
                    + "'; set a URL: https://sqs.eu-west-1.amazonaws.com/111122223333/events");
        }
        if (get(QUEUE).endsWith(".fifo")) {
            found.add(QUEUE + " is a FIFO queue, which delays no single message; set a standard queue");
        }
        if (get(URGENT).endsWith(".fifo")) {
            found.add(URGENT + " is a FIFO queue, where one event waits for another; set a standard queue");
        }
        if (has(ALERTS) && !get(ALERTS).endsWith(".fifo")) {
            found.add(ALERTS
                    + " is no FIFO queue, so it would mix up what is firing and what is resolved; set the URL of one "
                    + "whose name ends in .fifo");
        }
        if (has(ALERTS) && !has(DEAD_LETTERS)) {
            found.add(DEAD_LETTERS + " is not set, and one alert that Slack refuses would hold up its channel in "
                    + variable(ALERTS) + "; set a queue's URL");
        }
        for (String queue : List.of(URGENT, ALERTS, DEAD_LETTERS)) {
            if (has(queue) && !isUrl(get(queue))) {
                found.add(queue + " is '" + get(queue) + "'; set a queue's URL");
            }
        }
        if (get(DEAD_LETTERS).endsWith(".fifo")) {
            found.add(DEAD_LETTERS + " is a FIFO queue, where one reason would block the next; set a standard queue");
        }
        Map<String, String> readers = new HashMap<>();
        for (String queue : List.of(QUEUE, URGENT, ALERTS, DEAD_LETTERS)) {
            String other = has(queue) ? readers.putIfAbsent(get(queue), queue) : null;
            if (other != null) {
                found.add(queue + " is the same queue as " + variable(other) + "; set another, or none");
            }
        }
    }

    private void slack(List<String> found, boolean posting) {
        if (posting && !has(WEBHOOK) && !has(WEBHOOKS) && !has(TOKEN)) {
            found.add(WEBHOOK + " is not set; set a Slack app's incoming webhook, or a bot token as " + variable(TOKEN)
                    + ", or try it out with " + variable(DRY_RUN) + "=true");
        }
        if (has(TOKEN) && (has(WEBHOOK) || has(WEBHOOKS))) {
            found.add(variable(has(WEBHOOK) ? WEBHOOK : WEBHOOKS) + " and " + variable(TOKEN)
                    + " are both set; keep one of them");
        }
        if (has(TOKEN) && !get(TOKEN).startsWith("xox")) {
            found.add(TOKEN + " is no bot token; set the one that begins with xoxb-");
        }
        if (has(TOKEN) && !has(CHANNEL)) {
            found.add(CHANNEL + " is not set; with a token, set the channel for what no rule sends elsewhere: #ops");
        }
        // Never with the value: a webhook's URL is all that it takes to post.
        if (has(WEBHOOK) && !isUrl(get(WEBHOOK))) {
            found.add(WEBHOOK + " is no URL; set the one that begins with https://hooks.slack.com/services/");
        }
        Map<String, String> webhooks = webhooks();
        long entries = Arrays.stream(get(WEBHOOKS).split(","))
                .filter(e -> !e.isBlank())
                .count();
        if (entries != webhooks.size() || !webhooks.values().stream().allMatch(Settings::isUrl)) {
            found.add(WEBHOOKS
                    + " cannot be read; set channel=URL pairs separated by commas: oncall=https://hooks.slack.com/...");
        }
        if (!isUrl(get(API))) {
            found.add(API + " is '" + get(API) + "'; set a URL: https://slack.com/api");
        }
        try {
            List<String> channels = channels().all();
            if (posting && !has(TOKEN)) {
                channels.stream()
                        .filter(c -> !webhooks.containsKey(plain(c))
                                && !(plain(c).equals(plain(get(CHANNEL))) && has(WEBHOOK)))
                        .forEach(c -> found.add("no webhook for the channel " + c
                                + "; a webhook posts to one channel, so add " + plain(c)
                                + "=https://hooks.slack.com/... to " + variable(WEBHOOKS) + ", or set a token"));
            }
        } catch (IllegalArgumentException e) {
            found.add(CHANNELS + ": " + e.getMessage());
        }
    }

    private void numbers(List<String> found) {
        between(found, PORT, 0, 65_535);
        between(found, "steward.events.consumers", 1, 64);
        between(found, "steward.urgent.consumers", 1, 64);
        between(found, INTERVAL, 0, 10_000);
        between(found, "steward.events.visibility-timeout", 10, 43_200);
        between(found, "steward.events.redelivery", 1, 900);
        between(found, "steward.one-per-instance.min", 0, 10_000);
        between(found, "steward.one-per-instance.max", 0, 10_000);
        between(found, "steward.one-per-instance.window", 1, 900);
        between(found, "steward.agent.grace-period", 1, 900);
        between(found, "steward.shutdown-timeout", 1, 600);
        between(found, "steward.retry.delay", 1, 60_000);
        for (String name : List.of("steward.redeploy.cool-down", "steward.events.dedup-window")) {
            try {
                Durations.parse(get(name));
            } catch (IllegalArgumentException e) {
                found.add(name + " is " + e.getMessage());
            }
        }
        for (String name : List.of(DRY_RUN, EMF, "steward.service-events.info")) {
            if (!List.of("true", "false").contains(get(name))) {
                found.add(name + " is '" + get(name) + "'; set true or false");
            }
        }
        if (!List.of("DEBUG", "INFO", "WARN", "ERROR").contains(get("steward.log-level"))) {
            found.add("steward.log-level is '" + get("steward.log-level") + "'; set DEBUG, INFO, WARN or ERROR");
        }
        if (!List.of("auto", "text", "json").contains(get("steward.log-format"))) {
            found.add("steward.log-format is '" + get("steward.log-format") + "'; set auto, text or json");
        }
        try {
            if (number("steward.one-per-instance.min") > number("steward.one-per-instance.max")) {
                found.add(
                        "steward.one-per-instance.min is greater than steward.one-per-instance.max; set a smaller one");
            }
        } catch (NumberFormatException e) {
            // Said above, with the setting's name.
        }
    }

    private void between(List<String> found, String name, int least, int most) {
        try {
            if (number(name) >= least && number(name) <= most) {
                return;
            }
        } catch (NumberFormatException e) {
            // Told below like a number out of bounds.
        }
        found.add(name + " is '" + get(name) + "'; set a whole number from " + least + " to " + most);
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = URI.create(text);
            return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
