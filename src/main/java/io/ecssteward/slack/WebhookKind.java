package io.ecssteward.slack;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The product that a webhook URL belongs to, judged by the URL: what its answers mean, and what it shows of an alert.
 * The first match counts.
 */
public enum WebhookKind {
    /**
     * Slack's <a href="https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks">incoming
     * webhooks</a>, on any host: they answer {@code ok}.
     */
    SLACK(uri -> path(uri).startsWith("/services/"), false, null),
    /**
     * A <a
     * href="https://docs.slack.dev/tools/slack-github-action/sending-techniques/sending-data-webhook-slack-workflow">
     * workflow that begins with a webhook</a>.
     */
    SLACK_WORKFLOW(
            uri -> host(uri).startsWith("hooks.slack") && path(uri).matches("/(triggers|workflows)/.*"),
            false,
            "starts a workflow in Slack, which gets the variable text and no blocks, attachments, colors or fields: "
                    + "define a variable named text in the workflow and post it, or use an incoming webhook of an app "
                    + "(https://hooks.slack.com/services/...)"),
    /** <a href="https://discord.com/developers/docs/resources/webhook#execute-slackcompatible-webhook">Discord</a>. */
    DISCORD(
            uri -> discord(uri) && path(uri).endsWith("/slack"),
            false,
            "is Discord's, which shows the first line of an alert: it does not support blocks"),
    DISCORD_ONLY(WebhookKind::discord, true, "is Discord's own, which refuses Slack's messages; add /slack to the URL"),
    /** <a href="https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors">Microsoft Teams</a>. */
    TEAMS(
            uri -> host(uri).matches(".*(\\.|^)(webhook\\.office\\.com|logic\\.azure\\.com|powerplatform\\.com)"),
            true,
            "is Microsoft Teams', which does not read Slack's messages; set steward.sns.topic-arn and convert them "
                    + "there"),
    /**
     * <a href="https://developers.mattermost.com/integrate/webhooks/incoming/">Mattermost</a> and <a
     * href="https://docs.rocket.chat/docs/integrations">Rocket.Chat</a>.
     */
    MATTERMOST_OR_ROCKET_CHAT(
            uri -> path(uri).contains("/hooks/"),
            false,
            "is Mattermost's or Rocket.Chat's, which shows the first line of an alert: it does not support blocks or "
                    + "threads"),
    /** Any other product, or a proxy to any of these. */
    OTHER(
            uri -> true,
            false,
            "is not Slack's: any 2xx counts as posted, and a server without support for blocks shows the first line of"
                    + " an alert");

    private final Predicate<URI> its;
    private final boolean unsupported;
    private final String note;

    WebhookKind(Predicate<URI> its, boolean unsupported, String note) {
        this.its = its;
        this.unsupported = unsupported;
        this.note = note;
    }

    /** The kind of a webhook. */
    public static WebhookKind of(URI uri) {
        for (WebhookKind kind : values()) {
            if (kind.its.test(uri)) {
                return kind;
            }
        }
        throw new IllegalStateException("the last kind is anybody's");
    }

    /** Whether it cannot show any alert. */
    public boolean isUnsupported() {
        return unsupported;
    }

    /** What does not work with it, and what to do, as the end of a sentence; empty if everything works. */
    public Optional<String> note() {
        return Optional.ofNullable(note);
    }

    private static boolean discord(URI uri) {
        return host(uri).matches("(.*\\.)?discord(app)?\\.com") && path(uri).contains("/webhooks/");
    }

    private static String host(URI uri) {
        return uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    }

    private static String path(URI uri) {
        return uri.getPath() == null ? "" : uri.getPath();
    }
}
