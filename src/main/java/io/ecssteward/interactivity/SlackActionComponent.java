package io.ecssteward.interactivity;

import io.ecssteward.alerting.RawParameterText;
import io.ecssteward.dispatch.EventComponent;
import io.ecssteward.incident.Incident;
import io.ecssteward.slack.ActionButton;
import io.ecssteward.slack.IncidentButtons;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/**
 * The Camel component {@code slack-action:}, which routes for clicks and commands in Slack consume from. Such events
 * are dispatched like all others. The component also knows the permissions and the buttons of messages.
 *
 * @see SlackActionEndpoint
 */
@Component(IncidentButtons.COMPONENT)
public class SlackActionComponent extends DefaultComponent implements IncidentButtons {

    @Metadata(description = "Who may change ECS: ids of members and of user groups, separated by commas")
    private String operators = "";

    private final Map<String, SlackActionEndpoint> actions = new ConcurrentSkipListMap<>();
    private Operators allowed;

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        allowed = new Operators(operators, getCamelContext());
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        EventComponent events = getCamelContext().getComponent("event", EventComponent.class);
        SlackActionEndpoint endpoint = new SlackActionEndpoint(uri, events, this, remaining);
        parameters.replaceAll(
                (name, value) -> value instanceof String written ? RawParameterText.decode(written) : value);
        RawParameterText.checkNames(endpoint.address(), parameters, RawParameterText.names(SlackActionEndpoint.class));
        setProperties(endpoint, parameters);
        return endpoint;
    }

    void add(SlackActionEndpoint endpoint) {
        actions.put(endpoint.getName(), endpoint);
    }

    /** All actions. */
    Collection<SlackActionEndpoint> actions() {
        return actions.values();
    }

    /** The button of an action. */
    ActionButton button(String name) {
        SlackActionEndpoint endpoint = actions.get(name);
        return endpoint == null ? new ActionButton(name, name, null, List.of()) : endpoint.button();
    }

    Operators operators() {
        return allowed;
    }

    @Override
    public List<ActionButton> of(Incident incident) {
        return DefaultButtons.names(incident).stream()
                .map(actions::get)
                .filter(Objects::nonNull)
                .filter(SlackActionEndpoint::offered)
                .filter(action -> !action.forOperators() || allowed.size() > 0)
                .map(SlackActionEndpoint::button)
                .toList();
    }

    /** Who may change ECS: ids of members and of user groups, separated by commas; empty by default. */
    public void setOperators(String operators) {
        this.operators = operators;
    }
}
