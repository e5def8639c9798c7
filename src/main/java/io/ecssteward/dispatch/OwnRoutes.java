package io.ecssteward.dispatch;

import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;

/** The bean {@code own-routes}: lets a shipped route know whether an operator's own routes take an event. */
public class OwnRoutes implements CamelContextAware {

    private CamelContext camelContext;
    private EventComponent component;

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /** Whether the pattern of an own route matches the event in the body. */
    public boolean match(Exchange exchange) {
        return !component().matching(exchange).isEmpty();
    }

    private EventComponent component() {
        if (component == null) {
            component = camelContext.getComponent("event", EventComponent.class);
        }
        return component;
    }
}
