package io.ecssteward.slack;

import org.apache.camel.Producer;
import org.apache.camel.component.slack.SlackEndpoint;

/**
 * {@code slack:#ops}, or {@code slack:default} for the channel that the settings name, with camel-slack's options. An
 * alert that names a channel goes to that one.
 */
public class SteadySlackEndpoint extends SlackEndpoint {

    /** The path that stands for the component's channel. */
    static final String DEFAULT = "default";

    SteadySlackEndpoint(String uri, String channel, SteadySlackComponent component) {
        super(uri, channel, component);
    }

    /** Unlike camel-slack's, asks for no webhook or token: there may be one for each channel, and none in a dry run. */
    @Override
    public Producer createProducer() {
        return new SteadySlackProducer(this, (SteadySlackComponent) getComponent());
    }
}
