package io.ecssteward.slack;

import org.apache.camel.Producer;
import org.apache.camel.component.slack.SlackEndpoint;

/**
 * {@code slack:#ops}, or {@code slack:default} for the channel that the settings name, with camel-slack's options. An
 * alert that names a channel goes to that one.
 */
public class PacedSlackEndpoint extends SlackEndpoint {

    /** The path that stands for the component's channel. */
    static final String DEFAULT = "default";

    long gather;

    PacedSlackEndpoint(String uri, String channel, PacedSlackComponent component) {
        super(uri, channel, component);
    }

    /** Unlike camel-slack's, asks for no webhook or token: there may be one for each channel, and none in a dry run. */
    @Override
    public Producer createProducer() {
        return new PacedSlackProducer(this, (PacedSlackComponent) getComponent());
    }

    /**
     * How many milliseconds an alert waits for others where its channel is idle, so that those that come together share
     * one message; 0, the default, waits for none.
     */
    public void setGather(long gather) {
        this.gather = gather;
    }

    /** Whether what somebody else wrote for Slack may mention channels and groups, by the setting. */
    boolean mayMention() {
        return Boolean.parseBoolean(
                getCamelContext().resolvePropertyPlaceholders("{{steward.slack.payload-mentions:false}}"));
    }
}
