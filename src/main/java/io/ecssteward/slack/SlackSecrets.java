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

    /** The webhook for channels without their own; null for none. */
    String webhook();

    /** Webhooks by channel, without its {@code #}. */
    Map<String, String> webhooks();

    /** The bot token; null for none. */
    String token();

    /** The app-level token for Socket Mode, which delivers clicks and commands; null for none. */
    String appToken();

    /** Fetches the current ones now, because Slack refused one; may take seconds, and never throws. */
    void renew();
}
