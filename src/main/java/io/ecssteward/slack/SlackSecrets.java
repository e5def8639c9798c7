package io.ecssteward.slack;

import java.util.Map;

/** The webhooks and tokens of Slack, which can be rotated at run time. Each may change from one call to the next. */
public interface SlackSecrets {

    /** None at all. */
    SlackSecrets NONE = new SlackSecrets() {
        @Override
        public String webhook() {
            return null;
        }

        @Override
        public Map<String, String> webhooks() {
            return Map.of();
        }

        @Override
        public String token() {
            return null;
        }

        @Override
        public String appToken() {
            return null;
        }

        @Override
        public void renew() {}
    };

    /** The webhook of channels that have none of their own; null when there is none. */
    String webhook();

    /** Webhooks by channel, without its {@code #}. */
    Map<String, String> webhooks();

    /** The bot token; null when there is none. */
    String token();

    /** The app-level token, by which Slack says what people do; null when there is none. */
    String appToken();

    /** Looks for newer ones at once, because Slack refused one; may take seconds, and never throws. */
    void renew();
}
