package io.ecssteward.settings;

import io.ecssteward.alerting.AccountNames;
import io.ecssteward.alerting.ChannelRouting;
import io.ecssteward.slack.SlackSecrets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The settings of Slack, with the current values of the secrets. */
public final class SlackSettings implements SlackSecrets {

    private final Settings settings;
    private final Collection<Secret> secrets;

    SlackSettings(Settings settings, Collection<Secret> secrets) {
        this.settings = settings;
        this.secrets = secrets;
    }

    @Override
    public String webhook() {
        return settings.orNull(Settings.WEBHOOK);
    }

    /** The webhooks by channel name without its #. */
    @Override
    public Map<String, String> webhooks() {
        Map<String, String> webhooks = new TreeMap<>();
        for (String entry : settings.get(Settings.WEBHOOKS).split(",")) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                webhooks.put(
                        plain(entry.substring(0, equals).strip()),
                        entry.substring(equals + 1).strip());
            }
        }
        return webhooks;
    }

    @Override
    public String token() {
        return settings.orNull(Settings.TOKEN);
    }

    @Override
    public String appToken() {
        return settings.orNull(Settings.APP_TOKEN);
    }

    @Override
    public void renew() {
        secrets.forEach(Secret::renew);
    }

    /**
     * The routing rules.
     *
     * @throws IllegalArgumentException if a rule cannot be read; the message names it
     */
    public ChannelRouting channels() {
        return new ChannelRouting(
                settings.orNull(Settings.CHANNEL),
                settings.get(Settings.CHANNELS),
                new AccountNames(settings.get(Settings.ACCOUNTS)));
    }

    /** Whether a webhook posts to this channel. */
    public boolean hasWebhookFor(String channel) {
        String name = plain(channel);
        return webhooks().containsKey(name)
                || settings.has(Settings.WEBHOOK) && name.equals(plain(settings.get(Settings.CHANNEL)));
    }

    /** The destinations of alerts, without secrets. */
    public String describe() {
        List<String> channels = channels().all();
        return (settings.has(Settings.TOKEN) ? "Slack with a token" : "Slack by webhook")
                + (channels.isEmpty() ? "" : ": " + String.join(", ", channels));
    }

    /** A channel's name without its #. */
    public static String plain(String channel) {
        return channel.startsWith("#") ? channel.substring(1) : channel;
    }
}
