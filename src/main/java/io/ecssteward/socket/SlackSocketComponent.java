package io.ecssteward.socket;

import io.ecssteward.slack.SlackSecrets;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/**
 * The Camel component {@code slack-socket:}, from which a route receives clicks and commands in Slack. It uses the
 * app-level token of the {@link SlackSecrets} in the registry.
 *
 * @see SlackSocketEndpoint
 */
@Component("slack-socket")
public class SlackSocketComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        SlackSocketEndpoint endpoint = new SlackSocketEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    SlackSecrets secrets() {
        SlackSecrets secrets = getCamelContext().getRegistry().findSingleByType(SlackSecrets.class);
        return secrets == null ? SlackSecrets.NONE : secrets;
    }
}
