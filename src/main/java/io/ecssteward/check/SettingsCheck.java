package io.ecssteward.check;

import io.ecssteward.settings.Setting;
import io.ecssteward.settings.Settings;
import io.ecssteward.settings.SlackSettings;
import io.ecssteward.slack.WebhookKind;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds all problems of the settings, each with what to set. */
public final class SettingsCheck {

    private static final Pattern SECRET = Pattern.compile("(hooks\\.slack\\.com/\\w+/|xox[a-z]-|xapp-)[\\w/-]+");

    private final Settings settings;
    private final boolean running;
    private final List<String> found;

    private SettingsCheck(Settings settings, boolean running) {
        this.settings = settings;
        this.running = running;
        found = new ArrayList<>(settings.problems());
    }

    /**
     * The problems of the settings and of the route files that they name; empty if there are none.
     *
     * @param running true for {@code run}, which needs a queue and Slack; false for commands that replay files
     */
    public static List<String> problems(Settings settings, boolean running) {
        List<String> found = settingsProblems(settings, running, running);
        try {
            if (emptyPlaces(settings).isEmpty()) {
                RouteCheck.beforeStart(settings).forEach(problem -> found.add(problem.toString()));
            }
        } catch (IllegalArgumentException e) {
            // Already reported with the problems of the settings.
        }
        return found;
    }

    /**
     * The same without the route files.
     *
     * @param queues whether to check the queues' settings even if no queue is required
     */
    public static List<String> settingsProblems(Settings settings, boolean running, boolean queues) {
        SettingsCheck check = new SettingsCheck(settings, running);
        check.values(queues);
        if (queues) {
            check.queues();
        }
        if (!settings.secretsMissing()) {
            check.slack(running && !Boolean.parseBoolean(settings.raw(Settings.DRY_RUN)));
        }
        check.counts();
        check.routes();
        return check.found.stream()
                .map(SettingsCheck::withVariable)
                .map(problem -> SECRET.matcher(problem).replaceAll("$1..."))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /**
     * Warnings about settings with a former name, settings without effect, and what webhooks of other products do not
     * show.
     */
    public static List<String> warnings(Settings settings) {
        List<String> warnings = new ArrayList<>(settings.warnings());
        if (!settings.secretsMissing()) {
            withoutTokens(settings).forEach(warnings::add);
            webhooks(settings)
                    .forEach((name, url) -> WebhookKind.of(url)
                            .note()
                            .filter(note -> !WebhookKind.of(url).isUnsupported())
                            .ifPresent(note -> warnings.add(name + " " + note)));
        }
        return warnings;
    }

    /** What does not work without a token. */
    private static Stream<String> withoutTokens(Settings settings) {
        Stream<String> details = settings.has(Settings.TOKEN)
                ? Stream.of()
                : Settings.DETAILS.stream()
                        .filter(detail -> Boolean.parseBoolean(settings.raw(detail)))
                        .map(detail -> detail.variable() + " shows nothing: a webhook has no threads to reply in; set a"
                                + " bot token as " + Settings.TOKEN.variable());
        Stream<String> operators = !settings.has(Settings.OPERATORS) || settings.has(Settings.APP_TOKEN)
                ? Stream.of()
                : Stream.of(Settings.OPERATORS.variable() + " has no effect: Slack has no buttons and no /steward"
                        + " without an app-level token; set it as " + Settings.APP_TOKEN.variable());
        return Stream.concat(details, operators);
    }

    /** The webhooks that are valid URLs, by a name to show instead: their URLs are secret. */
    private static Map<String, URI> webhooks(Settings settings) {
        Map<String, URI> webhooks = new TreeMap<>();
        if (Setting.isUrl(settings.get(Settings.WEBHOOK))) {
            webhooks.put("the webhook in " + Settings.WEBHOOK.variable(), URI.create(settings.get(Settings.WEBHOOK)));
        }
        settings.slack().webhooks().forEach((channel, url) -> {
            if (Setting.isUrl(url)) {
                webhooks.put("the webhook of " + channel + " in " + Settings.WEBHOOKS.variable(), URI.create(url));
            }
        });
        return webhooks;
    }

    private void values(boolean queues) {
        for (Setting<?> setting : Settings.declared()) {
            if (queues || !Settings.QUEUES.contains(setting)) {
                settings.problem(setting).ifPresent(found::add);
            }
        }
    }

    private void queues() {
        if (running && settings.get(Settings.FROM).startsWith("aws2-sqs:") && !settings.has(Settings.QUEUE)) {
            found.add(Settings.QUEUE + " is not set; set the URL of the SQS queue that receives the events");
        }
        fifo(Settings.QUEUE, "which cannot delay a single message");
        fifo(Settings.URGENT, "in which one event waits for another");
        fifo(Settings.DEAD_LETTERS, "in which one message would block the next");
        if (settings.has(Settings.ALERTS) && !isFifo(Settings.ALERTS)) {
            found.add(Settings.ALERTS + " is not a FIFO queue, so it would not keep the order of firing and resolved"
                    + " alerts; set the URL of a queue whose name ends in .fifo");
        }
        if (settings.has(Settings.ALERTS) && !settings.has(Settings.DEAD_LETTERS)) {
            found.add(Settings.DEAD_LETTERS + " is not set, so an alert that Slack refuses would block its channel in "
                    + Settings.ALERTS.variable() + "; set a queue's URL");
        }
        Map<String, Setting<?>> readers = new HashMap<>();
        for (Setting<?> queue : Settings.QUEUES) {
            Setting<?> other = settings.has(queue) ? readers.putIfAbsent(settings.raw(queue), queue) : null;
            if (other != null) {
                found.add(queue + " is the same queue as " + other.variable() + "; set another one, or none");
            }
        }
    }

    private boolean isFifo(Setting<String> queue) {
        return settings.get(queue).endsWith(".fifo");
    }

    private void fifo(Setting<String> queue, String why) {
        if (isFifo(queue)) {
            found.add(queue + " is a FIFO queue, " + why + "; set a standard queue");
        }
    }

    private void slack(boolean posting) {
        boolean webhook = settings.has(Settings.WEBHOOK);
        boolean webhooks = settings.has(Settings.WEBHOOKS);
        boolean token = settings.has(Settings.TOKEN);
        if (posting && !webhook && !webhooks && !token) {
            found.add(Settings.WEBHOOK + " is not set; set the incoming webhook of a Slack app, or a bot token as "
                    + Settings.TOKEN.variable() + ", or try it with " + Settings.DRY_RUN.variable() + "=true");
        }
        if (token && (webhook || webhooks)) {
            found.add((webhook ? Settings.WEBHOOK : Settings.WEBHOOKS).variable() + " and " + Settings.TOKEN.variable()
                    + " are both set; keep one of them");
        }
        // Never shows the value: anyone with the URL of a webhook can post.
        if (token && !settings.get(Settings.TOKEN).startsWith("xox")) {
            found.add(Settings.TOKEN + " is not a bot token; set the one that begins with xoxb-");
        }
        if (settings.has(Settings.APP_TOKEN)) {
            appToken(token);
        }
        if (token && !settings.has(Settings.CHANNEL)) {
            found.add(Settings.CHANNEL + " is not set; a token needs a default channel: #ops");
        }
        if (webhook && !Setting.isUrl(settings.get(Settings.WEBHOOK))) {
            found.add(
                    Settings.WEBHOOK + " is not a URL; set the one that begins with https://hooks.slack.com/services/");
        }
        Map<String, String> byChannel = settings.slack().webhooks();
        long entries = Arrays.stream(settings.get(Settings.WEBHOOKS).split(","))
                .filter(entry -> !entry.isBlank())
                .count();
        if (entries != byChannel.size() || !byChannel.values().stream().allMatch(Setting::isUrl)) {
            found.add(Settings.WEBHOOKS
                    + " cannot be read; set channel=URL pairs separated by commas: oncall=https://hooks.slack.com/...");
        }
        webhooks(settings)
                .forEach((name, url) -> WebhookKind.of(url)
                        .note()
                        .filter(note -> WebhookKind.of(url).isUnsupported())
                        .ifPresent(note -> found.add(name + " " + note)));
        try {
            settings.slack().channels().all().stream()
                    .filter(channel -> posting && !token && !settings.slack().hasWebhookFor(channel))
                    .forEach(channel -> found.add("no webhook for the channel " + channel
                            + "; a webhook posts to one channel, so add " + SlackSettings.plain(channel)
                            + "=https://hooks.slack.com/... to " + Settings.WEBHOOKS.variable() + ", or set a token"));
        } catch (IllegalArgumentException e) {
            if (settings.problem(Settings.ACCOUNTS).isEmpty()) {
                found.add(Settings.CHANNELS + ": " + e.getMessage());
            }
        }
    }

    private void appToken(boolean token) {
        if (!settings.get(Settings.APP_TOKEN).startsWith("xapp-")) {
            found.add(Settings.APP_TOKEN + " is not an app-level token; set the one that begins with xapp-");
        }
        if (!token) {
            found.add(Settings.TOKEN + " is not set, and no webhook posts messages with buttons; set the bot token as"
                    + " well, or remove " + Settings.APP_TOKEN.variable());
        }
    }

    private void counts() {
        try {
            if (settings.get(Settings.MIN_COUNT) > settings.get(Settings.MAX_COUNT)) {
                found.add(Settings.MIN_COUNT + " is greater than " + Settings.MAX_COUNT + "; set a smaller number");
            }
        } catch (NumberFormatException e) {
            // Already reported, with the setting's name.
        }
    }

    private void routes() {
        String routes = settings.get(Settings.ROUTES);
        try {
            emptyPlaces(settings)
                    .forEach(place -> found.add(Settings.ROUTES + (routes.equals(place) ? " is '" : " names '") + place
                            + "', which matches no file; set a folder with routes: file:/etc/steward/*.camel.yaml"));
        } catch (IllegalArgumentException e) {
            found.add(Settings.ROUTES + " is '" + routes + "': " + e.getMessage());
        }
    }

    /** The places without route files. The folder of custom routes may be empty. */
    private static List<String> emptyPlaces(Settings settings) {
        String routes = settings.get(Settings.ROUTES);
        boolean none = RouteFiles.list(routes).isEmpty();
        return RouteFiles.places(routes).stream()
                .filter(place -> RouteFiles.list(place).isEmpty())
                .filter(place -> none || !RouteFiles.isFolder(place))
                .toList();
    }

    /** People set the environment variable more often than the property, so a problem names both. */
    private static String withVariable(String problem) {
        int end = problem.indexOf(' ');
        String name = problem.substring(0, Math.max(end, 0)).replaceFirst(":$", "");
        return name.startsWith(Settings.PREFIX)
                ? Setting.variable(name) + " (" + name + ")" + problem.substring(name.length())
                : problem;
    }
}
