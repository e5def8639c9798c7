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
 * Where a route of an operator's own begins. It gets every event that its pattern matches, as rules of EventBridge do:
 * beside the shipped routes, and beside every other own route that matches.
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
 * <p>Each route works on a copy of the exchange. One that fails keeps no other from its turn, but the event has failed
 * then and comes again.
 *
 * <p>The step {@code to: event:all} with the parameter {@code shipped} is the other end: it hands the event in the body
 * to all of them, and to that endpoint. There is one such step, in the route {@code event}.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "event",
        title = "Event",
        syntax = "event:name",
        category = {Category.CORE})
public class EventEndpoint extends DefaultEndpoint {

    @UriPath(description = "A name for this route, unique among the own routes")
    @Metadata(required = true)
    private final String name;

    @UriParam(label = "consumer", description = "The EventBridge event pattern of the events that the route is for")
    private String pattern;

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description = "Whether the shipped routes leave these events alone")
    private String instead = "false";

    @UriParam(label = "producer", description = "The endpoint of the shipped routes")
    private String shipped;

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

    public String getPattern() {
        return pattern;
    }

    /** The EventBridge event pattern of the events that the route is for. */
    public void setPattern(String pattern) {
        this.pattern = pattern;
    }

    public String getInstead() {
        return instead;
    }

    /** {@code true} when the shipped routes are to leave these events alone; {@code false} by default. */
    public void setInstead(String instead) {
        this.instead = instead;
    }

    public String getShipped() {
        return shipped;
    }

    /** The endpoint of the shipped routes, in the step that hands events out. */
    public void setShipped(String shipped) {
        this.shipped = shipped;
    }
}
