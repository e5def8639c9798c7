package io.ecssteward.slack;

import org.apache.camel.Producer;
import org.apache.camel.component.slack.SlackEndpoint;

/**
 * {@code slack:#ops}, or {@code slack:default} for the channel of the settings, with camel-slack's options. An alert
 * that names a channel is posted to that channel instead.
 */
public class PacedSlackEndpoint extends SlackEndpoint {

    /** The path that means the component's channel. */
    static final String DEFAULT = "default";

    long gather;

    PacedSlackEndpoint(String uri, String channel, PacedSlackComponent component) {
        super(uri, channel, component);
    }

    /** Unlike camel-slack, requires no webhook or token: each channel may have its own, and a dry run needs none. */
    @Override
    public Producer createProducer() {
        return new PacedSlackProducer(this, (PacedSlackComponent) getComponent());
    }

    /**
     * How many milliseconds an alert for an idle channel waits for others, so that alerts that arrive together share
     * one message; 0, the default, means no wait.
     */
    public void setGather(long gather) {
        this.gather = gather;
    }

    /** Whether a payload in Slack's own format may mention channels and groups, according to the setting. */
    boolean mayMention() {
        return Boolean.parseBoolean(
                getCamelContext().resolvePropertyPlaceholders("{{steward.slack.payload-mentions:false}}"));
    }
}
