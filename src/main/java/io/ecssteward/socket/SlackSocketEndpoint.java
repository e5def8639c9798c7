package io.ecssteward.socket;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * The endpoint of a route that receives clicks and commands from Slack: each click on a button, choice from a menu and
 * slash command is an exchange. Its body is the message of an {@link io.ecssteward.event.SlackAction}, as JSON text. It
 * is acknowledged to Slack if the exchange succeeds; otherwise Slack shows an error to the person.
 *
 * <pre>
 * from:
 *   uri: slack-socket:actions
 * steps:
 *   - to: aws2-sqs:events?queueUrl={{steward.events.queue-url}}
 * </pre>
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "slack-socket",
        title = "Slack Socket Mode",
        syntax = "slack-socket:name",
        consumerOnly = true,
        category = {Category.CHAT})
public class SlackSocketEndpoint extends DefaultEndpoint {

    @UriPath(description = "Any name")
    @Metadata(required = true)
    private final String name;

    @UriParam(defaultValue = "https://slack.com/api", description = "The URL of the Slack API")
    String apiUrl = "https://slack.com/api";

    public SlackSocketEndpoint(String uri, SlackSocketComponent component, String name) {
        super(uri, component);
        this.name = name;
    }

    @Override
    public SlackSocketComponent getComponent() {
        return (SlackSocketComponent) super.getComponent();
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("slack-socket:" + name + " can only begin a route");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        SlackSocketConsumer consumer = new SlackSocketConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    /** The URL of the Slack API; may end in {@code /api}. */
    public void setApiUrl(String apiUrl) {
        this.apiUrl = apiUrl;
    }
}
