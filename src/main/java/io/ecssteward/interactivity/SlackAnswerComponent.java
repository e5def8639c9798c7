package io.ecssteward.interactivity;

import io.ecssteward.alerting.RawParameterText;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/**
 * The Camel component {@code slack-answer:}, by which a route answers a person's click or command.
 *
 * @see SlackAnswerEndpoint
 */
@Component("slack-answer")
public class SlackAnswerComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        SlackAnswerEndpoint endpoint = new SlackAnswerEndpoint(uri, this, AnswerKind.of(remaining));
        parameters.replaceAll(
                (name, value) -> value instanceof String written ? RawParameterText.decode(written) : value);
        RawParameterText.checkNames(
                "slack-answer:" + remaining, parameters, RawParameterText.names(SlackAnswerEndpoint.class));
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
