package io.ecssteward.dispatch;

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
 * The endpoint that a route for events consumes from, built-in or custom. It gets every event that its pattern matches,
 * like an EventBridge rule, independently of other routes that match.
 *
 * <pre>
 * - route:
 *     id: order-import
 *     from:
 *       uri: event:order-import
 *       parameters:
 *         pattern: |
 *           {"source": ["shop.orders"], "detail-type": ["Order Import Failed"]}
 *       steps:
 *         - to: alert:order-import
 * </pre>
 *
 * <p>If several routes match, each gets a copy of the exchange. If one fails, the others still run, but the event fails
 * and is delivered again.
 *
 * <p>The step {@code to: event:dispatch}, in the route {@code process-event}, hands the event in the body to its
 * routes.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "event",
        title = "Event",
        syntax = "event:name",
        category = {Category.CORE})
public class EventEndpoint extends DefaultEndpoint {

    /** The name of the step that hands events to the routes. */
    public static final String DISPATCH = "dispatch";

    @UriPath(description = "The name of the route, unique among all routes")
    @Metadata(required = true)
    private final String name;

    @UriParam(label = "consumer", description = "The EventBridge event pattern of the events that the route gets")
    private String pattern;

    @UriParam(label = "consumer", description = "An event pattern of events that the route does not get")
    private String except;

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description = "Whether the route gets only what no other route wants")
    private String fallback = "false";

    @UriParam(
            label = "consumer",
            description = "Routes, separated by commas, that do not get the events that this one gets")
    private String replaces;

    public EventEndpoint(String uri, EventComponent component, String name) {
        super(uri, component);
        this.name = name;
    }

    @Override
    public EventComponent getComponent() {
        return (EventComponent) super.getComponent();
    }

    @Override
    public Producer createProducer() {
        return new EventProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        EventConsumer consumer = new EventConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    public String getName() {
        return name;
    }

    /** The name by which {@code replaces} refers to the route. */
    public String routeName() {
        return name;
    }

    /** The endpoint as written in route files. */
    public String address() {
        return "event:" + name;
    }

    public String getPattern() {
        return pattern;
    }

    /** The EventBridge event pattern of the events that the route gets. */
    public void setPattern(String pattern) {
        this.pattern = pattern;
    }

    public String getExcept() {
        return except;
    }

    /** An event pattern of events that the route does not get. */
    public void setExcept(String except) {
        this.except = except;
    }

    public String getFallback() {
        return fallback;
    }

    /** {@code true} if the route gets only events that no other route gets; {@code false} by default. */
    public void setFallback(String fallback) {
        this.fallback = fallback;
    }

    public String getReplaces() {
        return replaces;
    }

    /** Routes, separated by commas, that do not get the events that this one gets. */
    public void setReplaces(String replaces) {
        this.replaces = replaces;
    }
}
